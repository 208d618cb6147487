"""Many sentences: the same numbers as one by one, each read once, in any batch."""

from functools import partial
from itertools import chain, repeat

import numpy as np
import pytest

from poolviz.engine import ranking
from poolviz.engine.pairs import PairExplainer
from poolviz.errors import CheckpointError
from poolviz.text.encoding import encode
from poolviz.watch import Cancelled, Watch
from tests.copies import without_numbers
from tests.engine.test_pairs import KEYS

QUERY = "请问怎么去机场"
SENTENCES = ["想坐飞机该找谁", "", "哪里能吃火锅呢", "想坐飞机该找谁", "　", "好" * 100_001, "去"]


@pytest.fixture(scope="module", params=KEYS, ids="-".join)
def explainer(request, trained_matcher):
    return PairExplainer(trained_matcher(*request.param))


def test_scores_are_those_of_single_pairs(explainer):
    pairs = [(QUERY, "去机场"), ("去", "想坐飞机该找谁"), (QUERY, "吃火锅" * 9), ("去", "去")]
    found = ranking.score_pairs(explainer, pairs)
    alone = [explainer.explain(*pair) for pair in pairs]
    np.testing.assert_allclose(found.score, [pair.score for pair in alone], atol=2e-4, rtol=1e-4)
    np.testing.assert_allclose(found.probability, [pair.probability for pair in alone], atol=1e-4)


def test_ranking(explainer):
    found = ranking.rank(explainer, QUERY, SENTENCES)
    readable = [0, 2, 3, 6]
    alone = [explainer.explain(QUERY, SENTENCES[i]).score for i in readable]
    np.testing.assert_allclose(found.score[readable], alone, atol=2e-4, rtol=1e-4)
    assert np.isnan(found.score[[1, 4, 5]]).all()
    assert sorted(found.order) == readable
    assert (np.diff(found.score[found.order]) <= 0).all()
    assert found.order.tolist().index(0) < found.order.tolist().index(3)


def test_each_sentence_is_read_once(explainer, monkeypatch):
    read = []
    run = explainer.encoder.run

    def counted(ids, outputs=None):
        read.extend(map(bytes, ids))
        return run(ids, outputs)

    monkeypatch.setattr(explainer.encoder, "run", counted)
    ranking.rank(explainer, QUERY, ["去机场"] * 50 + ["吃火锅"] * 50)
    assert len(read) == 3  # the query and two sentences


def test_progress_ends_with_all_and_cancelling_ends_early(explainer):
    seen = []
    sentences = ["去" * n for n in range(1, 30)]
    ranking.rank(explainer, QUERY, sentences, Watch(lambda *done: seen.append(done)))
    assert seen[-1] == (29, 29)
    for questions in (0, 20, 40):  # before, while the sentences are looked up, after it
        answers = chain(repeat(False, questions), repeat(True))
        with pytest.raises(Cancelled):
            ranking.rank(explainer, QUERY, sentences, Watch(cancelled=partial(next, answers)))
    with pytest.raises(Cancelled):
        ranking.score_pairs(explainer, [(QUERY, "去")], Watch(cancelled=lambda: True))


@pytest.mark.parametrize("key", KEYS, ids="-".join)
def test_a_model_that_gives_no_numbers_is_named(trained_matcher, tmp_path, key):
    broken = without_numbers(trained_matcher(*key), tmp_path)
    explainer = PairExplainer(broken)
    for work in (
        lambda: ranking.rank(explainer, QUERY, SENTENCES),
        lambda: ranking.score_pairs(explainer, [(QUERY, "去")]),
    ):
        with pytest.raises(CheckpointError, match=f"{broken.name} gives something that is no num"):
            work()


def test_an_empty_list(explainer):
    found = ranking.rank(explainer, QUERY, [])
    assert len(found.score) == len(found.order) == 0


def test_class_probabilities_are_those_of_single_pairs(trained_matcher):
    explainer = PairExplainer(trained_matcher("label", "average", "cosine"))
    texts = ["这家店的菜好吃", "脏乱"]
    ids = [encode(text, explainer.vocabulary).ids for text in texts]
    found = ranking.class_probabilities(explainer, ids)
    names = explainer.checkpoint.classes
    wanted = [[explainer.explain(t, name).probability for name in names] for t in texts]
    np.testing.assert_allclose(found, wanted, atol=1e-4)
    assert [names[k] for k in found.argmax(axis=1)] == ["好评", "差评"]
