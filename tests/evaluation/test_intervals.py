"""Intervals over rows and over trainings: by hand, and against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, t, ttest_ind

from poolviz.evaluation.intervals import mean_difference, of_mean, of_samples, of_share
from poolviz.values.interval import Interval

ACCURACIES = st.lists(st.integers(0, 1_000).map(lambda n: n / 1_000), min_size=2, max_size=6)


def test_one_pair_by_hand():
    # Means .85 and .88; variances .0001 each, so 2/3 · .0001 of the difference and 4 degrees.
    found = mean_difference([([0.84, 0.85, 0.86], [0.87, 0.88, 0.89])])
    reach = 2.776445 * (0.0001 * 2 / 3) ** 0.5
    assert found.value == pytest.approx(0.03)
    assert (found.low, found.high) == pytest.approx((0.03 - reach, 0.03 + reach), abs=1e-8)
    assert found.is_clear


@given(ACCURACIES, ACCURACIES)
def test_one_pair_is_welchs_interval(first, second):
    if np.var(first) + np.var(second) > 0:
        expected = ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
        found = mean_difference([(first, second)])
        assert (found.low, found.high) == pytest.approx(tuple(expected), rel=1e-9, abs=1e-12)


def test_pairs_weigh_the_same_and_narrow_the_interval():
    pair = ([0.84, 0.85, 0.86], [0.85, 0.86, 0.87])
    one, four = mean_difference([pair]), mean_difference([pair] * 4)
    assert one.value == pytest.approx(four.value) == pytest.approx(0.01)
    # A quarter of the variance, and four times the degrees of freedom.
    reach = t.ppf(0.975, 16) * (0.0001 * 2 / 3 / 4) ** 0.5
    assert four.high - four.value == pytest.approx(reach)
    assert four.is_clear and not one.is_clear
    both = mean_difference([pair, (pair[1], pair[0])])
    assert both.value == pytest.approx(0)


def test_groups_that_do_not_vary():
    found = mean_difference([([0.5, 0.5], [0.6, 0.6])])
    assert (found.low, found.high) == (found.value, found.value)


@given(st.integers(1, 2_000), st.data())
def test_a_share_has_wilsons_interval(rows, data):
    hits = data.draw(st.integers(0, rows))
    found = of_share(hits, rows)
    expected = binomtest(hits, rows).proportion_ci(method="wilson")
    assert found.value == hits / rows
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-6)


def test_all_right_is_not_certain():
    assert of_share(20, 20).low == pytest.approx(0.839, abs=1e-3)


def test_a_mean_by_hand():
    # Mean 2, standard deviation 1, so the standard error of 4 rows is 1/2.
    found = of_mean(np.array([1.0, 1.0, 3.0, 3.0]))
    assert (found.value, found.low, found.high) == pytest.approx((2, 2 - 0.98, 2 + 0.98))


def test_samples_by_hand():
    # Of 0, 1, … 40 the first and the last are cut off; what is not defined is not counted.
    samples = np.append(np.arange(41.0), np.nan)
    assert of_samples(np.float32(20), samples) == Interval(20.0, 1.0, 39.0)
