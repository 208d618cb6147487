"""Test figures of matchers of pairs, again and again the same, and of what they must beat."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from poolviz.datasets.pairs import split_pairs, texts_of_pairs
from poolviz.errors import CheckpointError, DataError
from poolviz.evaluation import baselines, metrics
from poolviz.evaluation.pairs import baseline_figures, matcher_figures, unseen_pairs
from poolviz.watch import Cancelled, Watch


@pytest.fixture(scope="module")
def siamese(trained_matcher):
    return trained_matcher("siamese", "attention")


@pytest.fixture(scope="module")
def rows(pair_corpus):
    return split_pairs(pair_corpus)


def as_json(figures):
    return json.loads(json.dumps(figures))


def test_the_cards_figures_come_out_again(siamese, pair_corpus, rows):
    unseen = unseen_pairs(rows)
    found = as_json(matcher_figures(siamese, pair_corpus, unseen))
    assert found == {name: siamese.card[name] for name in ("test", "test_unseen")}
    found = as_json(baseline_figures(rows, "invented_pairs", unseen))
    assert found == siamese.card["baselines"]


def test_unseen_figures_are_those_of_the_unseen_pairs(siamese, pair_corpus, rows):
    unseen = np.arange(len(rows.test)) % 3 > 0
    only = rows.test[unseen]
    some = replace(pair_corpus, rows=only.assign(split="test"))
    found = matcher_figures(siamese, pair_corpus, unseen)
    assert found["test_unseen"]["confusion"] == matcher_figures(siamese, some)["test"]["confusion"]
    assert found["test"]["rows"] == len(rows.test)


def test_no_unseen_figures_where_there_are_none(siamese, pair_corpus, rows):
    matches = rows.test["label"].to_numpy() == 1
    for unseen in (None, np.zeros(len(rows.test), bool), matches):
        assert list(matcher_figures(siamese, pair_corpus, unseen)) == ["test"]


def test_baselines_are_measured_on_the_same_rows(rows):
    found = baseline_figures(rows, "invented_pairs", unseen_pairs(rows))
    scores = baselines.character_cosines(texts_of_pairs(rows.test))
    labels = rows.test["label"].to_numpy()
    cosine = found["character-cosine"]
    assert cosine["test"] == metrics.evaluate_pairs(labels, scores, cosine["threshold"])
    assert found["ngram-regression"]["test"]["rows"] == len(rows.test)


def test_the_regression_does_not_learn_from_other_data_sets(rows):
    foreign = rows.train.assign(source="other", label=1 - rows.train["label"])
    mixed = replace(rows, train=pd.concat([rows.train, foreign], ignore_index=True))
    unseen = unseen_pairs(rows)
    assert baseline_figures(mixed, "invented_pairs", unseen) == baseline_figures(
        rows, "invented_pairs", unseen
    )


def test_cancelled(siamese, pair_corpus):
    with pytest.raises(Cancelled):
        matcher_figures(siamese, pair_corpus, watch=Watch(cancelled=lambda: True))


def test_what_cannot_be_measured(siamese, pair_corpus):
    other = replace(pair_corpus, dataset=replace(pair_corpus.dataset, classes=("a", "b")))
    with pytest.raises(CheckpointError, match="other classes"):
        matcher_figures(siamese, other)
    training = pair_corpus.rows[pair_corpus.rows["split"] != "test"]
    with pytest.raises(DataError, match="no row to test on"):
        matcher_figures(siamese, replace(pair_corpus, rows=training))
