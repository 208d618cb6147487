"""A list ranked by a matcher."""

import csv
import io

import numpy as np
import pytest

from poolviz.engine.pairs import PairExplainer
from poolviz.engine.ranking import ranked
from poolviz.export.files import nearest_file_name, nearest_to_csv
from poolviz.watch import Cancelled, Watch

QUERY = "请问怎么去机场"
LIST = ("想去机场该找谁", "=哪里能吃火锅呢", "最近看电影方便吗", "甲" * 100_001)


@pytest.fixture(scope="module")
def explainer(trained_matcher) -> PairExplainer:
    return PairExplainer(trained_matcher("siamese", "attention"))


def test_the_best_come_first_with_the_explainers_scores(explainer):
    ranking = ranked(explainer, QUERY, LIST)
    found = ranking.best(10)
    assert ranking.unreadable == 1 and len(found) == 3
    scores = [score for _sentence, score, _share in found]
    assert scores == sorted(scores, reverse=True)
    for sentence, score, share in found:
        pair = explainer.explain(QUERY, sentence)
        np.testing.assert_allclose([score, share], [pair.score, pair.probability], atol=1e-5)
    assert len(ranking.best(1)) == 1


def test_the_table_starts_no_formula(explainer):
    ranking = ranked(explainer, QUERY, LIST)
    rows = list(csv.DictReader(io.StringIO(nearest_to_csv(ranking).decode("utf-8-sig"))))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert {row["sentence"] for row in rows} == {LIST[0], f"'{LIST[1]}", LIST[2]}
    name = nearest_file_name(ranking)
    assert name.endswith(".csv") and "/" not in name


def test_a_ranking_can_be_cancelled(explainer):
    with pytest.raises(Cancelled):
        ranked(explainer, QUERY, LIST, Watch(cancelled=lambda: True))
