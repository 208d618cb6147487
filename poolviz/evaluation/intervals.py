"""95 % intervals: of figures over rows, and of differences between trainings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betaincinv, ndtr, stdtr, stdtrit

from poolviz.values.interval import Interval

FEWEST = 20  # rows from which on a mean has an interval; of fewer none is known to cover
RESAMPLED_FROM = 200  # rows from which on the bootstrap covers what it says
_LEAST_OF_EACH = 5  # rows that are right, and rows that are wrong
_ENDS = (0.025, 0.975)
_GAUSSIAN = 1.959964


def of_samples(value: float, samples: np.ndarray) -> Interval:
    """A figure with the percentile interval of its bootstrap samples; undefined ones are left out.

    Efron 1979. It speaks of the choice of rows only, not of what another training would give.
    """
    low, high = np.nanquantile(samples, _ENDS)
    return Interval(float(value), float(low), float(high))


def resampling_covers(right: int, wrong: int) -> bool:
    """Whether the bootstrap's interval of a share, or of what follows from shares, can be believed.

    Of 20 rows it covers an accuracy of .95 in 64 of 100 cases, of 50 rows one of .97 in 78; and
    where next to nothing is wrong, nothing is resampled.
    """
    return right + wrong >= RESAMPLED_FROM and min(right, wrong) >= _LEAST_OF_EACH


def of_mean(values: np.ndarray) -> Interval:
    """The mean of (rows,) with Student's t interval; it speaks of rows, as `of_samples` does.

    None of fewer than `FEWEST` rows: figures of texts are skewed, and a t interval of a few of them
    covers less than it says.
    """
    mean = float(np.mean(values))
    reach = t_reach(float(np.std(values)) / len(values) ** 0.5, len(values))
    return Interval(mean, float(mean - reach), float(mean + reach))


def t_reach(error: Any, rows: Any) -> Any:
    """How far a mean's t interval reaches to either side; NaN of fewer than `FEWEST` rows.

    Parameters
    ----------
    error : standard deviation of the rows, with as many degrees of freedom as rows, by the root of
        their number; one mean's, or of many.
    rows : how many rows each mean is of.
    """
    freedom = np.maximum(np.asarray(rows) - 1, 1)
    reach = stdtrit(freedom, _ENDS[1]) * error * np.sqrt((freedom + 1) / freedom)
    return np.where(np.asarray(rows) < FEWEST, math.nan, reach)


def of_share(hits: int, rows: int) -> Interval:
    """A share of rows by Wilson's score (1927), below `FEWEST` rows by Clopper and Pearson (1934).

    For small groups of rows: unlike the bootstrap it stays honest where all rows are right, and
    Clopper and Pearson's covers in at least 95 of 100 cases whatever the share.

    >>> of_share(33, 33).as_share()
    '100.0% (89.6% – 100.0%)'
    """
    value = hits / rows
    if rows < FEWEST:
        low = betaincinv(hits, rows - hits + 1, _ENDS[0]) if hits else 0.0
        high = betaincinv(hits + 1, rows - hits, _ENDS[1]) if hits < rows else 1.0
        return Interval(value, float(low), float(high))
    z = _GAUSSIAN
    centre = (value + z**2 / (2 * rows)) / (1 + z**2 / rows)
    reach = z / (1 + z**2 / rows) * (value * (1 - value) / rows + z**2 / (4 * rows**2)) ** 0.5
    return Interval(value, max(centre - reach, 0.0), min(centre + reach, 1.0))


def mean_p(values: np.ndarray) -> np.ndarray:
    """(…): two-sided p-values of the means of (…, rows) being 0, by a t test that allows for skew.

    Hall 1992 (doi:10.2307/2345832): the t statistic is transformed so that the skewness of the
    rows no longer moves it; then Student's distribution. Values that do not vary give 1 where they
    are 0, else 0.
    """
    values = np.asarray(values, np.float64)
    rows = values.shape[-1]
    mean, deviation = values.mean(axis=-1), values.std(axis=-1, ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        skew = ((values - mean[..., None]) ** 3).mean(axis=-1) / deviation**3
        s = mean / deviation
        moved = s + skew * s**2 / 3 + skew**2 * s**3 / 27 + skew / (6 * rows)
        found = 2 * stdtr(rows - 1, -np.abs(np.sqrt(rows) * moved))
    return np.where(deviation > 0, found, np.where(mean == 0, 1.0, 0.0))


@dataclass(frozen=True)
class MeanDifference:
    """A mean difference of groups: its interval, and the two-sided p-value of there being none."""

    interval: Interval
    p: float


def mean_difference(
    pairs: Sequence[tuple[Sequence[float], Sequence[float]]], row_error: float = 0.0
) -> MeanDifference:
    """Mean over the pairs of groups of (mean of the second − mean of the first).

    There are few trainings on each side, so this is Student's t. For one pair it is Welch's
    interval (1947): the groups may vary differently. For several each pair weighs the same, and the
    degrees of freedom are Satterthwaite's (1946) over all groups; it speaks of other trainings of
    these very pairs. Groups that do not vary at all give an interval without width.

    Parameters
    ----------
    pairs : of groups of independent values, two or more in each group.
    row_error : standard error of the same difference over other rows, many of them; with 0 the
        interval speaks of these very rows.
    """
    values = [np.mean(second) - np.mean(first) for first, second in pairs]
    groups = [np.asarray(group, np.float64) for pair in pairs for group in pair]
    variances = np.array([group.var(ddof=1) / len(group) for group in groups]) / len(pairs) ** 2
    freedom = np.array([len(group) - 1 for group in groups])
    of_trainings = variances.sum()
    value, variance = float(np.mean(values)), of_trainings + row_error**2
    if not of_trainings:
        reach = _GAUSSIAN * row_error
        p = 2 * ndtr(-abs(value) / row_error) if row_error else float(value == 0)
        return MeanDifference(Interval(value, value - reach, value + reach), float(p))
    freedom_of_all = variance**2 / (variances**2 / freedom).sum()
    reach = stdtrit(freedom_of_all, _ENDS[1]) * variance**0.5
    p = 2 * stdtr(freedom_of_all, -abs(value) / variance**0.5)
    return MeanDifference(Interval(value, float(value - reach), float(value + reach)), float(p))
