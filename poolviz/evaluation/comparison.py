"""Do two trained models differ on the same test rows? McNemar's test with Holm's correction.

The test speaks of two trained models. That one *head* is better needs more than one training: see
`Comparison.better`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy.special import bdtr

LEVEL = 0.05


@dataclass(frozen=True)
class Comparison:
    """Two heads of one data set on the same test rows.

    Parameters
    ----------
    first, second : names of the two.
    only_first, only_second : rows that only the one, or only the other, gets right.
    p : McNemar's two-sided p-value; `adjusted` the same after Holm's correction.
    better : the name of the better head where the two models differ at the 5 % level and every
        training of the one beats every training of the other; else None.
    """

    first: str
    second: str
    only_first: int
    only_second: int
    p: float
    adjusted: float
    better: str | None = None

    @property
    def differ(self) -> bool:
        """Whether these two trained models differ at the 5 % level after correction."""
        return self.adjusted < LEVEL

    @property
    def ahead(self) -> str | None:
        """The head that alone is right on more rows; None where both are on as many."""
        if self.only_first == self.only_second:
            return None
        return self.first if self.only_first > self.only_second else self.second

    def other(self, head: str) -> str:
        """The head that this one is compared with."""
        return self.second if head == self.first else self.first


def between(comparisons: Iterable[Comparison], one: str, other: str) -> Comparison | None:
    """The comparison of two heads; None where they were not compared."""
    pair = {one, other}
    return next((each for each in comparisons if {each.first, each.second} == pair), None)


def compare(
    right: Mapping[str, np.ndarray], seeds: Mapping[str, Sequence[float]]
) -> list[Comparison]:
    """Compare every pair of heads of one data set.

    Parameters
    ----------
    right : for each head (rows,) booleans, True where its prediction is right; the same rows in the
        same order for all.
    seeds : for each head the test accuracies of its trainings; one training proves nothing.
    """
    counts = {
        (first, second): (
            int((right[first] & ~right[second]).sum()),
            int((right[second] & ~right[first]).sum()),
        )
        for first, second in combinations(right, 2)
    }
    return [replace(c, better=_better(c, seeds)) for c in from_counts(counts)]


def from_counts(counts: Mapping[tuple[str, str], tuple[int, int]]) -> list[Comparison]:
    """Comparisons of trained models; of no head is it said that it is better.

    Parameters
    ----------
    counts : for each pair of heads how many rows only the first, and only the second gets right.
    """
    values = {pair: mcnemar(*only) for pair, only in counts.items()}
    adjusted = holm(list(values.values()))
    return [
        Comparison(*pair, *counts[pair], p, corrected)
        for (pair, p), corrected in zip(values.items(), adjusted, strict=True)
    ]


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided p-value of McNemar's test (1947) from the two counts of disagreeing rows.

    Where the models are equally good, each disagreement falls to either side like a fair coin.
    """
    tail = bdtr(min(only_first, only_second), only_first + only_second, 0.5)
    return min(1.0, 2 * float(tail))


def holm(values: Sequence[float]) -> list[float]:
    """p-values after Holm's step-down correction (1979), in their order."""
    adjusted = [0.0] * len(values)
    largest = 0.0
    for rank, index in enumerate(sorted(range(len(values)), key=lambda i: values[i])):
        largest = max(largest, min(1.0, (len(values) - rank) * values[index]))
        adjusted[index] = largest
    return adjusted


def _better(comparison: Comparison, seeds: Mapping[str, Sequence[float]]) -> str | None:
    first, second = seeds.get(comparison.first, ()), seeds.get(comparison.second, ())
    if not comparison.differ or len(first) < 2 or len(second) < 2:
        return None
    if min(first) > max(second):
        return comparison.first
    return comparison.second if min(second) > max(first) else None
