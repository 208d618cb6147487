"""How often heads agree, and how far they lie apart on a row: by hand."""

import math

import numpy as np
import pytest

from poolviz.evaluation.anatomy import divergence
from poolviz.explore.agreement import against_majority, agreement, class_spread, for_length


def test_rows_on_which_heads_agree_and_are_right_are_counted():
    predicted = np.array([[1, 1, 1], [1, 1, 0], [0, 1, 2], [2, 2, 2]])
    found = agreement(predicted, np.array([1, 0, -1, 0]), -1)
    assert (found.rows, found.unanimous, found.labelled) == (4, 2, 3)
    assert found.together.tolist() == [[4, 3, 2], [3, 4, 2], [2, 2, 4]]
    assert found.right.tolist() == [1, 1, 2]


def test_without_labels_nothing_is_right():
    found = agreement(np.array([[1], [0]]), np.array([-1, -1]), -1)
    assert (found.unanimous, found.labelled, found.right.tolist()) == (2, 0, [0])


@pytest.mark.parametrize(
    ("votes", "share"),
    [
        ([1, 1, 1, 1, 1], 0),
        ([1, 1, 0, 1, 1], 1 / 5),
        ([0, 1, 0, 1, 0], 2 / 5),
        ([0, 0, 1, 1, 2], 3 / 5),
        ([0, 1, 2, 3, 4], 4 / 5),
        ([3], 0),
    ],
)
def test_the_share_of_heads_against_the_majority(votes, share):
    assert against_majority(np.array([votes]))[0] == pytest.approx(share)


@pytest.mark.parametrize(
    ("probabilities", "apart"),
    [
        ([[0.1, 0.9], [0.3, 0.7]], 0.2),  # the second class, whatever is predicted
        ([[0.9, 0.1], [0.8, 0.2]], 0.1),
        ([[0.6, 0.3, 0.1], [0.5, 0.1, 0.4]], 0.1),  # the first: mean .55
        ([[0.6, 0.4, 0.0], [0.0, 0.5, 0.5]], 0.1),  # the second: mean .45
        ([[0.2, 0.8]], 0),
    ],
)
def test_the_spread_on_the_named_class(probabilities, apart):
    assert class_spread(np.array([probabilities]))[0] == pytest.approx(apart)


def test_divergences_by_the_logarithm_of_the_length():
    apart = np.array([[0.3, 0.6], [0.3, 0.6], [0.3, 0.6]])
    found = for_length(apart, np.array([1, 10, 1000]))
    assert found[0].tolist() == found[1].tolist()
    assert found[1] == pytest.approx(np.array([0.3, 0.6]) / math.log(10))
    assert found[2] == pytest.approx(np.array([0.1, 0.2]) / math.log(10))


@pytest.mark.parametrize("times", [2, 5, 100])
def test_a_longer_text_of_the_same_shape_does_not_lie_further_apart(times):
    """Every token becomes several that share its weight, and the divergence stays what it was."""
    p, q = np.array([0.5, 0.3, 0.1, 0.1] + [0.0] * 8), np.array([0.1] * 8 + [0.05] * 4)
    longer = [np.repeat(weights, times) / times for weights in (p, q)]
    both = np.array([divergence(p, q), divergence(*longer)])
    assert both[0] == pytest.approx(both[1])
    short, long = for_length(both, np.array([12, 12 * times]))
    assert long < short


def test_one_token_against_all_alike_is_not_further_apart_in_a_longer_text():
    """The divergence alone grows: a head that looks at one token, and one that weighs all alike."""
    lengths = np.array([10, 30, 100, 1000])
    alone = np.array([divergence(np.eye(n)[0], np.full(n, 1 / n)) for n in lengths])
    assert (np.diff(alone) > 0).all()
    assert (np.diff(for_length(alone, lengths)) < 0).all()
