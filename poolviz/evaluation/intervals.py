"""95 % intervals for differences between trainings: few values on each side, so Student's t."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

_SHARE = 0.95


@dataclass(frozen=True)
class Difference:
    """A difference of means with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def mean_difference(pairs: Sequence[tuple[Sequence[float], Sequence[float]]]) -> Difference:
    """Mean over the pairs of groups of (mean of the second − mean of the first).

    For one pair this is Welch's interval (1947): the groups may vary differently. For several each
    pair weighs the same, and the degrees of freedom are Satterthwaite's (1946) over all groups; it
    speaks of other trainings of these very pairs. Groups that do not vary at all give an interval
    without width.

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
        return Difference(value, value, value)
    freedom_of_all = variance**2 / (variances**2 / freedom).sum()
    reach = stdtrit(freedom_of_all, (1 + _SHARE) / 2) * variance**0.5
    return Difference(value, float(value - reach), float(value + reach))
