"""What a pair and a triplet say of themselves, and what of a file they believe.

That the sentences of a pair have equal heads and read-outs, so that either tells them, is true of
every pair: a change from the first to the second changes nothing.
"""

import json
from dataclasses import FrozenInstanceError, replace

import pytest

from poolviz.errors import PoolvizError
from poolviz.model.kinds import EXPLAINED, UNTRAINED
from poolviz.model.poolings import POOLINGS
from poolviz.values.pairs import (
    PAIR_SCHEMA_VERSION,
    PairExplanation,
    TripletExplanation,
    read_explained,
)
from tests.fakes import fake_pair, fake_triplet

SIAMESE = fake_pair()
BARE = fake_pair(
    kind=UNTRAINED, head=next(iter(POOLINGS)), readout="cosine", probability=None, threshold=None
)


def again(explained):
    """What is read of what was written."""
    return read_explained(json.loads(json.dumps(explained.to_json())))


def test_what_a_pair_says_of_itself():
    assert (SIAMESE.head, SIAMESE.readout, SIAMESE.exact) == ("attention", "cosine", True)
    assert SIAMESE.kind_record is EXPLAINED["siamese"]
    assert SIAMESE.readout_record is EXPLAINED["siamese"].readouts["cosine"]
    assert SIAMESE.pairs == (SIAMESE,) and SIAMESE.sentences == SIAMESE.sides
    with pytest.raises(FrozenInstanceError):
        SIAMESE.score = 1.0


@pytest.mark.parametrize(
    ("probability", "threshold", "matches"),
    [
        *[(0.5, 0.5, True), (0.49, 0.5, False), (0.51, 0.5, True)],
        *[(None, 0.5, None), (0.5, None, None), (None, None, None)],
    ],
)
def test_a_pair_matches_from_the_threshold_on(probability, threshold, matches):
    pair = fake_pair(probability=probability, threshold=threshold)
    assert pair.matches is matches and pair.to_json()["matches"] is matches


def test_a_triplet_has_its_anchor_once():
    triplet = fake_triplet("甲", "乙", "丙")
    assert [sentence.text for sentence in triplet.sentences] == ["甲", "乙", "丙"]
    assert triplet.pairs == (triplet.positive, triplet.negative)


@pytest.mark.parametrize(
    ("scores", "loss"), [((0.9, 0.1), 0.0), ((0.4, 0.3), 0.2), ((0.1, 0.5), 0.7), ((0.5, 0.2), 0.0)]
)
def test_what_training_would_still_take_from_a_triplet(scores, loss):
    triplet = fake_triplet(margin=0.3)
    positive, negative = (
        replace(pair, score=score) for pair, score in zip(triplet.pairs, scores, strict=True)
    )
    triplet = replace(triplet, positive=positive, negative=negative)
    assert triplet.gap == pytest.approx(scores[0] - scores[1])
    assert triplet.loss == pytest.approx(loss)


@pytest.mark.parametrize("needed", [None, 0.8])
@pytest.mark.parametrize("probability", [0.0, 0.75, 1.0])
def test_a_pair_is_read_as_it_was_written(needed, probability):
    pair = fake_pair(needed=needed, probability=probability, threshold=0.25)
    found = again(pair)
    assert isinstance(found, PairExplanation)
    assert (found.probability, found.threshold, found.needed) == (probability, 0.25, needed)
    assert found.to_json() == pair.to_json()


def test_a_pair_of_an_encoder_is_read_without_a_decision():
    found = again(BARE)
    assert found.to_json() == BARE.to_json()
    odd = {**BARE.to_json(), "probability": 0.5, "threshold": 0.5}  # nothing was trained to decide
    assert PairExplanation.from_json(odd).matches is None
    with pytest.raises(PoolvizError, match="damaged"):
        PairExplanation.from_json({**SIAMESE.to_json(), "kind": UNTRAINED})


def test_a_triplet_is_read_as_one():
    found = again(fake_triplet())
    assert isinstance(found, TripletExplanation)
    assert found.to_json() == fake_triplet().to_json()


@pytest.mark.parametrize("version", [0, -1, PAIR_SCHEMA_VERSION + 1, "1", None])
@pytest.mark.parametrize("explained", [SIAMESE, fake_triplet()], ids=["pair", "triplet"])
def test_another_version_is_said(explained, version):
    with pytest.raises(PoolvizError, match="no poolviz explanation"):
        read_explained({**explained.to_json(), "pair_schema_version": version})


@pytest.mark.parametrize("data", ["positive", ["positive"], 1, None])
def test_what_is_no_object_is_said(data):
    with pytest.raises(PoolvizError, match="no poolviz explanation"):
        read_explained(data)


@pytest.mark.parametrize("name", ["kind", "sides", "score", "probability", "cells", "rest"])
def test_a_field_that_is_missing_is_said(name):
    data = {key: value for key, value in SIAMESE.to_json().items() if key != name}
    with pytest.raises(PoolvizError, match="damaged"):
        read_explained(data)


@pytest.mark.parametrize(
    "change",
    [
        *[{"probability": 1.01}, {"probability": -0.01}, {"threshold": "0.5"}],
        *[{"sides": SIAMESE.to_json()["sides"][:1]}, {"kind": "a"}, {"kind": "zz"}],
    ],
)
def test_a_value_that_cannot_be_is_said(change):
    with pytest.raises(PoolvizError, match="damaged"):
        read_explained({**SIAMESE.to_json(), **change})


def test_two_anchors_are_none():
    data = fake_triplet("甲", "乙", "丙").to_json()
    for other in ("甲甲", "一"):
        odd = fake_pair(other, "丙", kind="triplet").to_json()
        with pytest.raises(PoolvizError, match="damaged"):
            read_explained({**data, "negative": odd})
