"""Do two rankings of the same units agree?"""

from __future__ import annotations

import math

import numpy as np

from poolviz.values.shapes import UnitRanking

TOP_SHARE = 0.2


def kendall_tau(first: UnitRanking, second: UnitRanking) -> float:
    """Kendall's tau-b (1945): agreement of two rankings of S units, ties allowed for.

    (concordant − discordant) / √(pairs untied in first × pairs untied in second) over all pairs.
    No unit; from -1 (reversed) over 0 (unrelated) to 1 (same order); higher = closer. NaN where
    either ranks nothing: all values equal, or a single unit.

    >>> round(kendall_tau(np.array([3, 2, 1]), np.array([3, 1, 2])), 3)
    0.333

    Parameters
    ----------
    first, second : (S,).
    """
    one = np.sign(first[:, None] - first[None, :])
    two = np.sign(second[:, None] - second[None, :])
    pairs = math.sqrt(np.square(one).sum() * np.square(two).sum())
    return float((one * two).sum() / pairs) if pairs else math.nan


def mean_tau(scores: np.ndarray, other: np.ndarray) -> float:
    """Kendall's tau-b of (S,) with each row of (D, S), on average."""
    return float(np.mean([kendall_tau(row, other) for row in scores]))


def top_overlap(first: np.ndarray, second: np.ndarray, share: float = TOP_SHARE) -> float:
    """Share of the top k units that two rankings have in common, k = ⌈share × S⌉.

    No unit; from 0 (none in common) to 1 (the same); chance gives about k/S. Means over all pairs
    of orders, which is how ties are averaged. NaN for a single unit.

    Parameters
    ----------
    first, second : (R, S) and (Q, S), orders of the units, first unit first.
    """
    count = first.shape[1]
    if count < 2:
        return math.nan
    k = steps_for(share, count)
    in_first = np.zeros((len(first), count))
    in_second = np.zeros((len(second), count))
    np.put_along_axis(in_first, first[:, :k], 1, axis=1)
    np.put_along_axis(in_second, second[:, :k], 1, axis=1)
    return float((in_first @ in_second.T).mean() / k)


def steps_for(share: float, count: int) -> int:
    """How many of `count` units a share is, rounded up; rounding errors do not count."""
    return math.ceil(share * count - 1e-9)
