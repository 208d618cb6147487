"""The least and the greatest AOPC that any order of a text's units has under a model, and NAOPC.

Edin et al. 2025 (arXiv 2408.08137): what AOPC can reach depends on the model, so models are
compared by where between their own bounds an order lies.

AOPC sums over the sets of units erased on the way, whatever the order within a set. The exact
bounds are therefore found step by step over the 2^S sets rather than the S! orders; that is
affordable up to `EXACT_UNITS`. Beyond, a beam search keeps the best `BEAM` sets of each size. The
authors' own beam keeps orders (their code: 50), of which several can have erased the same set.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from poolviz.trust.ablation.erasure import Ablation, row_keys
from poolviz.values.shapes import Erased, PerText

EXACT_UNITS = 10
BEAM = 5


@dataclass(frozen=True)
class Bounds:
    """Least and greatest AOPC of one text under one model; `exact`, or found by a beam search."""

    low: float
    high: float
    exact: bool

    def widened(self, observed: Iterable[float]) -> Bounds:
        """The bounds with orders that were met elsewhere: a beam search can miss the extremes."""
        observed = list(observed)
        return Bounds(min(self.low, *observed), max(self.high, *observed), self.exact)

    def normalise(self, aopc: float) -> float:
        """(AOPC − low) / (high − low): NAOPC, from 0 to 1, its direction that of the AOPC given.

        NaN where low and high are equal: no order could be better than another.
        """
        if self.high - self.low < _EQUAL:
            return math.nan
        return (aopc - self.low) / (self.high - self.low)


_EQUAL = 1e-9


def bounds(ablation: Ablation, beam: int = BEAM) -> Bounds:
    """Search the bounds of one text; exact up to `EXACT_UNITS` units."""
    if ablation.count <= EXACT_UNITS:
        return _exact(ablation)
    return Bounds(-_beam_search(ablation, beam, -1), _beam_search(ablation, beam, 1), False)


def _exact(ablation: Ablation) -> Bounds:
    """Over all sets, from small to large: the extreme sum of a set is that of its best subset."""
    count = ablation.count
    members = (np.arange(2**count)[:, None] >> np.arange(count)) & 1 == 1  # (sets, S)
    drops = _drops(ablation, members)
    low, high = np.zeros(2**count), np.zeros(2**count)
    by_size = members.sum(axis=1)
    for size in range(1, count + 1):
        sets = np.flatnonzero(by_size == size)
        # (sets, size): each set without one of its members
        before = sets[:, None] ^ (1 << np.nonzero(members[sets])[1].reshape(-1, size))
        low[sets] = drops[sets] + low[before].min(axis=1)
        high[sets] = drops[sets] + high[before].max(axis=1)
    return Bounds(float(low[-1] / count), float(high[-1] / count), True)


def _beam_search(ablation: Ablation, beam: int, sign: int) -> float:
    """The greatest AOPC found, times `sign`: -1 searches the least."""
    count = ablation.count
    states, sums = np.zeros((1, count), bool), np.zeros(1)
    for _ in range(count):
        origin, added = np.nonzero(~states)
        grown = states[origin]
        grown[np.arange(len(added)), added] = True
        totals = sums[origin] + sign * _drops(ablation, grown)
        order = np.argsort(-totals, kind="stable")
        # Different ways to the same set go on alike: only the best of them is worth a place.
        _, first = np.unique(row_keys(grown[order]), return_index=True)
        best = order[np.sort(first)[:beam]]
        states, sums = grown[best], totals[best]
    return float(sums.max() / count)


def _drops(ablation: Ablation, erased: Erased) -> PerText:
    """(B,): what the target loses without the units marked in (B, S)."""
    left = ablation.probabilities(erased)[:, ablation.target]
    return ablation.whole[ablation.target] - left
