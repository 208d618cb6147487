"""95 % intervals: of figures over rows, and of differences between trainings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit

from poolviz.values.interval import Interval

NORMAL_REACH = 1.96  # standard errors on each side of a mean
_ENDS = (0.025, 0.975)


def of_samples(value: float, samples: np.ndarray) -> Interval:
    """A figure with the percentile interval of its bootstrap samples; undefined ones are left out.

    Efron 1979. It speaks of the choice of rows only, not of what another training would give.
    """
    low, high = np.nanquantile(samples, _ENDS)
    return Interval(float(value), float(low), float(high))


def of_mean(values: np.ndarray) -> Interval:
    """The mean of (rows,), 1.96 standard errors around; it speaks of rows, as `of_samples` does."""
    mean = float(np.mean(values))
    reach = NORMAL_REACH * float(np.std(values)) / len(values) ** 0.5
    return Interval(mean, mean - reach, mean + reach)


def of_share(hits: int, rows: int) -> Interval:
    """A share of rows by Wilson's score (1927).

    For small groups of rows: unlike the bootstrap it stays honest where all rows are right.

    >>> of_share(33, 33).as_share()
    '100.0% (89.6% – 100.0%)'
    """
    z = 1.959964
    value = hits / rows
    centre = (value + z**2 / (2 * rows)) / (1 + z**2 / rows)
    reach = z / (1 + z**2 / rows) * (value * (1 - value) / rows + z**2 / (4 * rows**2)) ** 0.5
    return Interval(value, max(centre - reach, 0.0), min(centre + reach, 1.0))


def mean_difference(pairs: Sequence[tuple[Sequence[float], Sequence[float]]]) -> Interval:
    """Mean over the pairs of groups of (mean of the second − mean of the first).

    There are few trainings on each side, so this is Student's t. For one pair it is Welch's
    interval (1947): the groups may vary differently. For several each pair weighs the same, and the
    degrees of freedom are Satterthwaite's (1946) over all groups; it speaks of other trainings of
    these very pairs. Groups that do not vary at all give an interval without width.

    Parameters
    ----------
    pairs : of groups of independent values, two or more in each group.
    """
    values = [np.mean(second) - np.mean(first) for first, second in pairs]
    groups = [np.asarray(group, np.float64) for pair in pairs for group in pair]
    variances = np.array([group.var(ddof=1) / len(group) for group in groups]) / len(pairs) ** 2
    freedom = np.array([len(group) - 1 for group in groups])
    value, variance = float(np.mean(values)), variances.sum()
    if not variance:
        return Interval(value, value, value)
    freedom_of_all = variance**2 / (variances**2 / freedom).sum()
    reach = stdtrit(freedom_of_all, _ENDS[1]) * variance**0.5
    return Interval(value, float(value - reach), float(value + reach))
