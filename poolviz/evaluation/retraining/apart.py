"""How far a head's weights lie from those of other heads, and from its own after retraining.

Distances are Jensen-Shannon divergences on the same rows, in nats from 0 to ln 2. With R rows and n
trainings of each head, every pair of trainings has a mean over the rows. `to_others` is the mean
over the other heads and all pairs of trainings of the two, `to_retrained` that over all pairs of
trainings of the head itself. Both are chance in two ways: the rows, and the trainings. The variance
of each is the sum of the rows' and, for each head, of the jackknife's over that head's trainings
(Efron and Stein 1981, which tends to be too large); with so few trainings the interval is Student's
t with Satterthwaite's degrees of freedom (1946). `tests/evaluation/retraining` simulates what it
covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.special import stdtr, stdtrit

from poolviz.evaluation.anatomy import divergence
from poolviz.evaluation.comparison import LEVEL, holm
from poolviz.values.interval import Interval

FEWEST_TRAININGS = 3  # of each head: of two, a pair is left out with either
PARTS = ("to_others", "to_retrained", "difference")


@dataclass(frozen=True)
class Apart:
    """One head's distances, with intervals over rows and trainings.

    Parameters
    ----------
    to_others, to_retrained : see the module; `difference` is the first less the second.
    p : of there being no difference, two-sided, corrected by Holm over the heads measured together.
    """

    to_others: Interval
    to_retrained: Interval
    difference: Interval
    p: float

    @property
    def further(self) -> bool | None:
        """Whether it lies further from other heads than from its own retraining; None: not shown.

        False where it is shown to be nearer.
        """
        if not self.p < LEVEL:
            return None
        return self.difference.value > 0

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Apart:
        """What `to_json` wrote."""
        others, own, difference = (Interval.read(found[part]) for part in PARTS)
        return cls(others, own, difference, found["p"])

    def to_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**{part: getattr(self, part).to_json() for part in PARTS}, "p": self.p}


def apart(weights: Mapping[str, Sequence[Sequence[np.ndarray]]]) -> dict[str, Apart]:
    """The distances of each head.

    Parameters
    ----------
    weights : by head, of each of its trainings the weights (tokens,) of the same rows. Two or more
        heads, each with `FEWEST_TRAININGS` or more.
    """
    trainings = [of_rows for by_seed in weights.values() for of_rows in by_seed]
    heads = np.repeat(np.arange(len(weights)), [len(by_seed) for by_seed in weights.values()])
    return dict(zip(weights, of_distances(_distances(trainings), heads), strict=True))


def of_distances(distances: np.ndarray, heads: np.ndarray) -> list[Apart]:
    """The same from the distances themselves.

    Parameters
    ----------
    distances : (M, M, R) between M trainings on R rows.
    heads : (M,) number of the head of each training, from 0.
    """
    rows = distances.shape[-1]
    per_row = _parts(distances, heads)  # (parts, heads, R)
    value = per_row.mean(axis=-1)
    sources = [(per_row.var(axis=-1, ddof=1) / rows, rows - 1)]
    mean = distances.mean(axis=-1)
    for head in np.unique(heads):
        sources.append(_jackknife(mean, heads, head))
    variance = np.sum([part for part, _freedom in sources], axis=0)
    squares = np.sum([part**2 / freedom for part, freedom in sources], axis=0)
    freedom = variance**2 / squares
    error = np.sqrt(variance)
    reach = stdtrit(freedom, 0.975) * error
    p = 2 * stdtr(freedom[-1], -np.abs(value[-1] / error[-1]))
    adjusted = holm(p.tolist())
    found = []
    for head, p_value in enumerate(adjusted):
        ends = zip(value[:, head].tolist(), reach[:, head].tolist(), strict=True)
        others, own, difference = (Interval(v, v - r, v + r) for v, r in ends)
        found.append(Apart(_distance(others), _distance(own), difference, p_value))
    return found


def _distance(found: Interval) -> Interval:
    """The interval without what is below 0: no distance is."""
    return Interval(found.value, max(found.low, 0.0), found.high)


def _distances(trainings: Sequence[Sequence[np.ndarray]]) -> np.ndarray:
    """(M, M, R): of every training from every other on every row."""
    found = np.zeros((len(trainings), len(trainings), len(trainings[0])))
    for row, weights in enumerate(zip(*trainings, strict=True)):
        of_row = np.stack(weights)
        found[:, :, row] = divergence(of_row[:, None], of_row[None, :])
    return found


def _parts(distances: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """(3, heads, …) of distances (M, M, …): to others, to retrained, and their difference."""
    numbers = np.unique(heads)
    between = np.stack(
        [[_mean_between(distances, heads, one, other) for other in numbers] for one in numbers]
    )
    own = between[numbers, numbers]
    others = (between.sum(axis=1) - own) / (len(numbers) - 1)
    return np.stack([others, own, others - own])


def _mean_between(distances: np.ndarray, heads: np.ndarray, one: int, other: int) -> np.ndarray:
    first, second = np.flatnonzero(heads == one), np.flatnonzero(heads == other)
    pairs = (
        list(combinations(first, 2)) if one == other else [(i, j) for i in first for j in second]
    )
    return np.mean([distances[pair] for pair in pairs], axis=0)


def _jackknife(mean: np.ndarray, heads: np.ndarray, head: int) -> tuple[np.ndarray, int]:
    """(3, heads) variance that comes from one head's trainings, and its degrees of freedom."""
    own = np.flatnonzero(heads == head)
    left = []
    for training in own:
        kept = np.delete(np.arange(len(heads)), training)
        left.append(_parts(mean[np.ix_(kept, kept)], heads[kept]))
    found = np.var(left, axis=0) * (len(own) - 1)
    return found, len(own) - 1
