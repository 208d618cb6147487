"""What each matcher says, as rows on one axis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.values.pairs import TripletExplanation
from poolviz.views.matchers import (
    count_of_matches,
    count_of_nearer,
    margin_note,
    pair_row,
    place,
    standing,
    triplet_row,
)
from tests.fakes import fake_pair

SHARES = st.floats(0, 1)


def pair(score: float = 0.5, probability: float = 0.7, threshold: float = 0.6, **fields):
    return fake_pair(score=score, probability=probability, threshold=threshold, **fields)


def triplet(positive: float, negative: float, **fields) -> TripletExplanation:
    return TripletExplanation(pair(positive, **fields), pair(negative, **fields), margin=0.3)


@pytest.mark.parametrize(
    ("probability", "threshold", "wanted"),
    [
        (0.6, 0.6, 0.0),
        (0.8, 0.6, 0.5),
        (1.0, 0.6, 1.0),
        (0.3, 0.6, -0.5),
        (0.0, 0.6, -1.0),
        (1.0, 1.0, 0.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_the_threshold_lies_in_the_middle(probability, threshold, wanted):
    assert place(pair(0.5, probability, threshold)) == pytest.approx(wanted)


@given(SHARES, SHARES)
def test_a_place_is_on_the_side_of_the_decision(probability, threshold):
    here = pair(0.5, probability, threshold)
    assert -1 <= place(here) <= 1
    assert (place(here) >= 0) == here.matches


@pytest.mark.parametrize(
    ("score", "needed", "said"),
    [
        (0.8856, 0.8532, "cosine 0.89, needs 0.85"),
        (0.8381, 0.8420, "cosine 0.838, needs 0.842"),
        (0.86871, 0.86862, "cosine 0.8687, needs 0.8686"),
        (-0.001, 0.85, "cosine 0.00, needs 0.85"),
        (0.85, 0.85, "cosine 0.85, needs 0.85"),
    ],
)
def test_a_cosine_stands_beside_the_one_that_is_needed(score, needed, said):
    assert standing(pair(score, needed=needed)) == said


def test_other_scores_stand_by_their_probability():
    dense = pair(1.5, 0.348, 0.549, readout="dense", needed=0.2)
    assert standing(dense) == "probability 34.8%, threshold 54.9%"
    assert standing(pair(0.5, 0.348, 0.549)) == "probability 34.8%, threshold 54.9%"  # an old file


def test_a_row_of_a_pair():
    of = pair(0.9, 0.8, 0.6, needed=0.85)
    row = pair_row(of)
    assert (row.label, row.verdict) == ("Siamese · Attention", "match")
    assert (row.name, row.standing) == (of.sides[0].checkpoint, standing(of))
    assert row.marks == (pytest.approx(0.5),)
    assert pair_row(pair(0.9, 0.5, 0.6)).verdict == "no match"


@pytest.mark.parametrize(
    ("scores", "verdict", "compared"),
    [
        ((0.9, 0.25), "positive nearer by 0.650", "cosine 0.90 against 0.25"),
        ((0.25, 0.9), "negative nearer by 0.650", "cosine 0.25 against 0.90"),
        ((0.9001, 0.9), "both equally near", "cosine 0.9001 against 0.9000"),
    ],
)
def test_a_triplet_has_one_verdict(scores, verdict, compared):
    row = triplet_row(triplet(*scores))
    assert (row.verdict, row.standing) == (verdict, compared)
    assert len(row.marks) == 2


def test_a_triplet_of_logits_says_so():
    assert triplet_row(triplet(1.5, -4, readout="dense")).standing == "logit 1.50 against -4.00"


def test_verdicts_are_counted():
    yes, no = pair(0.9, 0.9), pair(0.1, 0.1)
    assert count_of_matches([yes, no, yes]) == "2 of 3 say match."
    assert count_of_matches([yes, no]) == "1 of 2 says match."
    assert count_of_matches([no]) == "0 of 1 say match."
    found = [triplet(0.9, 0.1), triplet(0.1, 0.9), triplet(0.5, 0.5)]
    assert count_of_nearer(found) == "1 of 3 finds the positive nearer to the anchor."


def test_only_of_matchers_that_were_asked_for_a_margin_it_is_told():
    assert margin_note([triplet(0.9, 0.1)]) == ""
    asked = [triplet(0.9, 0.1), triplet(0.9, 0.1, kind="triplet")]
    assert margin_note(asked) == (
        "In training Triplet · Attention was asked for a gap of 0.30 or more."
    )
