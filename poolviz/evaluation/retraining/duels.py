"""Which head is more accurate over several trainings of each: every pair, with an interval.

The mean accuracies of two heads differ by chance in two ways: the trainings, and the rows. The
interval is a t interval over both (Welch, Satterthwaite); the rows' part is that of the first
trainings' right and wrong answers, the only ones that are kept, which is rather too large for a
mean over trainings. p-values are corrected by Holm over all pairs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation.comparison import LEVEL, holm
from poolviz.evaluation.intervals import mean_difference
from poolviz.evaluation.predictions import right_on_same_rows
from poolviz.evaluation.retraining.apart import FEWEST_TRAININGS
from poolviz.values.interval import Interval


@dataclass(frozen=True)
class Duel:
    """Two heads.

    Parameters
    ----------
    first, second : their keys.
    difference : mean accuracy of the first less that of the second, from -1 to 1.
    p : of there being no difference, two-sided, corrected by Holm over all pairs.
    """

    first: str
    second: str
    difference: Interval
    p: float

    @property
    def better(self) -> str | None:
        """The head that is shown to be more accurate at the 5 % level; None: not shown."""
        if not self.p < LEVEL:
            return None
        return self.first if self.difference.value > 0 else self.second

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Duel:
        """What `to_json` wrote."""
        return cls(found["first"], found["second"], Interval.read(found["difference"]), found["p"])

    def to_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        difference = self.difference.to_json()
        return {"first": self.first, "second": self.second, "difference": difference, "p": self.p}


def duels(checkpoints: Sequence[Checkpoint]) -> list[Duel]:
    """Every pair of the heads that were trained several times and measured on the same rows.

    Parameters
    ----------
    checkpoints : one a head.
    """
    right = right_on_same_rows(checkpoints)
    accuracies = {c.head: c.card.get("seeds", {}).get("accuracy", []) for c in checkpoints}
    often = {
        head: of_seeds
        for head, of_seeds in accuracies.items()
        if head in right and len(of_seeds) >= FEWEST_TRAININGS
    }
    return of_trainings(often, right)


def of_trainings(
    accuracies: Mapping[str, Sequence[float]], right: Mapping[str, np.ndarray]
) -> list[Duel]:
    """The same from the figures themselves.

    Parameters
    ----------
    accuracies : of each head those of its trainings, `FEWEST_TRAININGS` or more.
    right : of each of these heads (rows,) booleans, whether its first training is right.
    """
    pairs = list(combinations(accuracies, 2))
    found = [
        mean_difference([(accuracies[b], accuracies[a])], _row_error(right[a], right[b]))
        for a, b in pairs
    ]
    adjusted = holm([each.p for each in found])
    return [
        Duel(*pair, each.interval, p) for pair, each, p in zip(pairs, found, adjusted, strict=True)
    ]


def _row_error(first: np.ndarray, second: np.ndarray) -> float:
    """Standard error over rows of the difference between two models."""
    return float((first * 1.0 - second).std(ddof=1) / len(first) ** 0.5)
