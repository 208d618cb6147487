"""Agreement with marked tokens: by hand, over all orders of ties, and against scikit-learn."""

import math
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from poolviz.trust.marks.plausibility import agreement, average_precision, token_overlap


def test_overlap_by_hand():
    scores = np.array([0.5, 0.3, 0.2, 0.0])
    found = token_overlap(scores, np.array([True, False, True, False]))
    # The top two are tokens 0 and 1; one of them is marked.
    assert found == pytest.approx({"iou": 1 / 3, "precision": 0.5, "recall": 0.5, "f1": 0.5})


def test_ties_at_the_border_are_averaged():
    found = token_overlap(np.array([0.4, 0.3, 0.3, 0.3]), np.array([True, True, False, False]))
    # Token 0, and one of the tied ones: in one case of three the marked one.
    assert found["precision"] == pytest.approx((1 + 1 / 3) / 2)
    assert found["iou"] == pytest.approx(1 / 3 * 1 + 2 / 3 * 1 / 3)


@pytest.mark.parametrize("scores", [[1, 1, 1, 1], [2, 1, 1, 1], [2, 2, 1, 1], [2, 2, 0, 0]])
def test_ties_are_the_mean_over_all_their_orders(scores):
    scores = np.array(scores, float)
    for count in range(1, 5):
        for chosen in combinations(range(4), count):
            marked = np.isin(np.arange(4), chosen)
            orders = [scores + 0.01 * np.array(each) for each in permutations(range(4))]
            orders = [np.where(scores > 0, order, -order) for order in orders]
            found = token_overlap(scores, marked)
            for name in found:
                mean = np.mean([token_overlap(order, marked)[name] for order in orders])
                assert found[name] == pytest.approx(mean)
            mean = np.mean([average_precision(order, marked) for order in orders])
            assert average_precision(scores, marked) == pytest.approx(mean)


def test_equal_weights_are_no_better_and_no_worse_than_chance():
    marked = np.array([True, False, False, True, False])
    found = agreement(np.full((1, 5), 0.2), np.ones((1, 5, 2)), 0, marked)
    assert found["weight"] == found["contribution"] == found["chance"]


def test_negative_scores_are_no_reason():
    found = token_overlap(np.array([0.5, -1, -2]), np.array([True, True, False]))
    assert found == pytest.approx({"iou": 0.5, "precision": 1, "recall": 0.5, "f1": 2 / 3})


@pytest.mark.parametrize(
    ("scores", "marked"), [([1, 2.0], [False, False]), ([-1, 0.0], [True, False])]
)
def test_not_defined(scores, marked):
    found = token_overlap(np.array(scores), np.array(marked))
    assert all(math.isnan(value) for value in found.values())


def test_nothing_marked_has_no_average_precision():
    assert math.isnan(average_precision(np.array([1.0, 2]), np.zeros(2, bool)))


@given(
    st.dictionaries(st.integers(-30, 30), st.booleans(), min_size=1, max_size=20).filter(
        lambda marked: any(marked.values())
    )
)
def test_average_precision_without_ties_is_scikit_learns(marks):
    scores, marked = np.array(list(marks)), np.array(list(marks.values()))
    wanted = average_precision_score(marked, scores)
    assert average_precision(scores.astype(float), marked) == pytest.approx(wanted)
