"""Intervals over rows and over trainings: by hand, and against SciPy."""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, t, ttest_1samp, ttest_ind

from poolviz import places
from poolviz.evaluation.intervals import (
    FEWEST,
    mean_difference,
    mean_p,
    of_mean,
    of_samples,
    of_share,
    t_reach,
)
from poolviz.values.interval import Interval

ACCURACIES = st.lists(st.integers(0, 1_000).map(lambda n: n / 1_000), min_size=2, max_size=6)


def test_one_pair_by_hand():
    # Means .85 and .88; variances .0001 each, so 2/3 · .0001 of the difference and 4 degrees.
    found = mean_difference([([0.84, 0.85, 0.86], [0.87, 0.88, 0.89])]).interval
    reach = 2.776445 * (0.0001 * 2 / 3) ** 0.5
    assert found.value == pytest.approx(0.03)
    assert (found.low, found.high) == pytest.approx((0.03 - reach, 0.03 + reach), abs=1e-8)
    assert found.low > 0


@given(ACCURACIES, ACCURACIES)
def test_one_pair_is_welchs_interval(first, second):
    if np.var(first) + np.var(second) > 0:
        expected = ttest_ind(second, first, equal_var=False)
        found = mean_difference([(first, second)])
        ends = tuple(expected.confidence_interval(0.95))
        assert (found.interval.low, found.interval.high) == pytest.approx(ends, rel=1e-9, abs=1e-12)
        assert found.p == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-12)


def test_pairs_weigh_the_same_and_narrow_the_interval():
    pair = ([0.84, 0.85, 0.86], [0.85, 0.86, 0.87])
    one, four = mean_difference([pair]).interval, mean_difference([pair] * 4).interval
    assert one.value == pytest.approx(four.value) == pytest.approx(0.01)
    # A quarter of the variance, and four times the degrees of freedom.
    reach = t.ppf(0.975, 16) * (0.0001 * 2 / 3 / 4) ** 0.5
    assert four.high - four.value == pytest.approx(reach)
    assert one.low < 0 < four.low
    both = mean_difference([pair, (pair[1], pair[0])]).interval
    assert both.value == pytest.approx(0)


def test_groups_that_do_not_vary():
    found = mean_difference([([0.5, 0.5], [0.6, 0.6])])
    assert (found.interval.low, found.interval.high) == (found.interval.value,) * 2
    assert found.p == 0 and mean_difference([([0.5, 0.5], [0.5, 0.5])]).p == 1


def test_the_error_of_rows_widens_the_interval_of_trainings():
    pair = ([0.84, 0.85, 0.86], [0.85, 0.86, 0.87])
    of_trainings = 0.0001 * 2 / 3
    found = mean_difference([pair], row_error=0.01).interval
    variance = of_trainings + 0.0001
    freedom = variance**2 / (2 * (0.0001 / 3) ** 2 / 2)
    assert found.high - found.value == pytest.approx(t.ppf(0.975, freedom) * variance**0.5)
    still = mean_difference([([0.5, 0.5], [0.6, 0.6])], row_error=0.05)
    assert still.interval.high - 0.1 == pytest.approx(1.959964 * 0.05)
    assert still.p == pytest.approx(0.0455, abs=1e-4)


def test_intervals_of_trainings_and_rows_cover():
    """Each row has a chance of its own to be found right; three trainings of either kind."""
    rng = np.random.default_rng(5)
    rows, covered = 400, []
    for _draw in range(400):
        chance = rng.uniform(0.2, 0.9, rows)
        sides = []
        for gain in (0.0, 0.02):
            luck = rng.normal(gain, 0.01, (3, 1))
            sides.append(rng.random((3, rows)) < chance + luck)
        differences = sides[1][0].astype(float) - sides[0][0]
        error = float(differences.std(ddof=1) / rows**0.5)
        accuracies = [side.mean(axis=1).tolist() for side in sides]
        found = mean_difference([tuple(accuracies)], error).interval
        covered.append(found.low <= 0.02 <= found.high)
    assert np.mean(covered) >= 0.93


@given(st.integers(1, 2_000), st.data())
def test_a_share_has_wilsons_interval_or_that_of_clopper_and_pearson(rows, data):
    hits = data.draw(st.integers(0, rows))
    found = of_share(hits, rows)
    expected = binomtest(hits, rows).proportion_ci(method="exact" if rows < FEWEST else "wilson")
    assert found.value == hits / rows
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-6)


def test_all_right_is_not_certain():
    assert of_share(20, 20).low == pytest.approx(0.839, abs=1e-3)


def test_a_share_of_few_rows_is_covered():
    """Not simulated: the chance of every number of hits is known."""
    shares = np.linspace(0.01, 0.99, 99)
    for rows in range(1, FEWEST):
        found = [of_share(hits, rows) for hits in range(rows + 1)]
        chances = binom.pmf(np.arange(rows + 1)[:, None], rows, shares)
        within = [(each.low <= shares) & (shares <= each.high) for each in found]
        assert (chances * within).sum(axis=0).min() >= 0.95


def test_a_mean_by_hand():
    # Mean 2, standard deviation 1 of 20 rows, 19 of which are free.
    found = of_mean(np.array([1.0, 3.0] * 10))
    reach = 2.093024 / 19**0.5
    assert (found.value, found.low, found.high) == pytest.approx((2, 2 - reach, 2 + reach))


@given(st.lists(st.integers(-50, 50), min_size=FEWEST, max_size=60))
def test_a_mean_has_students_interval(values):
    found = of_mean(np.array(values, np.float64))
    if np.ptp(values):
        expected = ttest_1samp(values, 0).confidence_interval(0.95)
        assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-9)
    else:
        assert found.low == found.high == found.value


def test_few_rows_have_no_interval():
    for values in (np.array([1.0]), np.arange(FEWEST - 1.0)):
        found = of_mean(values)
        assert found.value == values.mean() and math.isnan(found.low) and math.isnan(found.high)


def test_samples_by_hand():
    # Of 0, 1, … 40 the first and the last are cut off; what is not defined is not counted.
    samples = np.append(np.arange(41.0), np.nan)
    assert of_samples(np.float32(20), samples) == Interval(20.0, 1.0, 39.0)


def figures_of_shipped_surveys() -> Iterator[np.ndarray]:
    """Figures of single test rows, as skewed as they are."""
    for task in ("bbc_news", "chnsenticorp_htl_all", "thucnews_title", "simplifyweibo_4_moods"):
        for head in ("max", "attention", "min-variance"):
            rows = pd.read_parquet(places.SHIPPED_CHECKPOINTS / task / head / "trust.parquet")
            for name in ("tau", "gap", "flip", "aopc_comprehensiveness"):
                found = rows[f"mask.weight.{name}"].dropna().to_numpy(np.float64)
                if len(found) > 200:
                    yield found


def covered(rows: int, times: int = 1_500) -> np.ndarray:
    """For each population how often the interval of so many rows has its mean within."""
    rng = np.random.default_rng(20_261)
    found = []
    for population in figures_of_shipped_surveys():
        drawn = rng.choice(population, (times, rows))
        reach = t_reach(drawn.std(axis=1) / rows**0.5, rows)
        found.append(np.mean(np.abs(drawn.mean(axis=1) - population.mean()) <= reach + 1e-12))
    return np.array(found)


def test_intervals_of_rows_cover_what_they_say():
    assert covered(FEWEST).mean() >= 0.93
    assert covered(100).min() >= 0.93


@pytest.mark.parametrize("draw", [np.random.Generator.normal, np.random.Generator.uniform])
@pytest.mark.parametrize("rows", [FEWEST, 25, 40])
def test_intervals_of_even_rows_cover_what_they_say(draw, rows):
    rng = np.random.default_rng(20_261)
    drawn = draw(rng, size=(4_000, rows))
    mean = 0.0 if draw is np.random.Generator.normal else 0.5
    reach = t_reach(drawn.std(axis=1) / rows**0.5, rows)
    assert 0.935 <= np.mean(np.abs(drawn.mean(axis=1) - mean) <= reach) <= 0.965


def test_a_p_value_is_that_of_a_t_test_where_rows_are_even():
    values = np.random.default_rng(5).normal(0.1, 1, (20, 200))
    values = np.concatenate([values, 0.2 - values], axis=1)  # no skewness at all
    expected = ttest_1samp(values, 0, axis=1).pvalue
    np.testing.assert_allclose(mean_p(values), expected, rtol=0.02, atol=1e-6)


def test_a_p_value_by_hand():
    # s = mean / deviation, and the skewness moves it: Hall's formula, written out.
    values = np.array([0.0, 0.0, 0.0, 1.0, 3.0])
    mean, deviation = 0.8, np.std(values, ddof=1)
    skew, s = np.mean((values - mean) ** 3) / deviation**3, mean / deviation
    moved = s + skew * s * s / 3 + skew * skew * s**3 / 27 + skew / 30
    assert float(mean_p(values)) == pytest.approx(2 * t.sf(5**0.5 * moved, 4))
    assert mean_p(np.array([[0.0] * 9, [2.0] * 9])).tolist() == [1, 0]
