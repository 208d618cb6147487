"""Triplets: who is whose negative."""

import numpy as np
import pytest

from poolviz.datasets.pairs import Pairs
from poolviz.datasets.split import row_key
from poolviz.training.matching.triplets import TripletMaker

# Sentences by their tokens; 0, 1, 2 mean the same by a chain, 6 repeats 3.
SENTENCES = [[2, 3], [2, 4], [2, 5], [6, 7], [2, 3, 8], [9], [6, 7]]
MATCHES = [(0, 1), (1, 2), (3, 5)]


def pairs(rejected=()) -> Pairs:
    rows = [(a, b, 1) for a, b in MATCHES] + [(a, b, 0) for a, b in rejected]
    a, b, labels = (np.array(column) for column in zip(*rows, strict=True))
    texts = [" ".join(map(str, ids)) for ids in SENTENCES]
    ids = [np.array(sentence, np.int32) for sentence in SENTENCES]
    return Pairs(ids, a, b, labels.astype(np.int32), [row_key(text) for text in texts])


def triplets(rejected=(), batch=None, tries=40) -> set[tuple[int, int, int]]:
    data = pairs(rejected)
    maker = TripletMaker(data)
    batch = np.arange(len(data)) if batch is None else np.array(batch)
    random = np.random.default_rng(0)
    return {tuple(map(int, row)) for _ in range(tries) for row in maker.of_batch(batch, random)}


def test_anchor_and_positive_are_a_match_in_either_order():
    assert {frozenset(t[:2]) for t in triplets()} == {frozenset(match) for match in MATCHES}
    assert {(0, 1), (1, 0)} <= {t[:2] for t in triplets()}


def test_a_partner_that_does_not_match_is_the_negative():
    found = triplets(rejected=[(0, 5), (0, 4)])
    assert {n for a, _, n in found if a == 0} == {4, 5}
    assert {n for a, _, n in found if a in (1, 2)} == {4}


def test_else_the_sentence_of_the_batch_with_the_most_similar_characters():
    found = triplets(rejected=[(4, 3)])  # brings sentence 4 into the batch
    assert {n for a, _, n in found if a == 0} == {4}


def test_a_known_match_is_never_the_negative():
    data = pairs(rejected=[(0, 2), (3, 6), (4, 5)])  # the first two contradict what is known
    maker = TripletMaker(data)
    for _ in range(40):
        for anchor, _positive, negative in maker.of_batch(
            np.arange(len(data)), np.random.default_rng(_)
        ):
            assert maker.meanings[anchor] != maker.meanings[negative]
    assert maker.meanings[0] == maker.meanings[2]
    assert maker.meanings[3] == maker.meanings[6]


def test_without_any_negative_there_is_no_triplet():
    assert triplets(batch=[0, 1]) == set()


@pytest.mark.parametrize("batch", [[3], []])
def test_without_a_match_there_is_no_triplet(batch):
    data = pairs(rejected=[(0, 5)])
    found = TripletMaker(data).of_batch(np.array(batch, np.int64), np.random.default_rng(0))
    assert found.shape == (0, 3)
