"""The smallest set of tokens without which a head decides otherwise, by greedy search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from poolviz.trust.erasure import Ablation


@dataclass(frozen=True, eq=False)
class Flip:
    """A set of units whose erasure changes the class.

    Parameters
    ----------
    units : numbers of the erased units, in the order of the text.
    probabilities : (K,) without them.
    minimal : True where no smaller set can exist: a single unit. No member of a larger set can be
        put back without the old class returning, but another set may be smaller.
    """

    units: tuple[int, ...]
    probabilities: np.ndarray
    minimal: bool


def smallest_flip(
    ablation: Ablation,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Flip | None:
    """Search a small set of units whose erasure flips the class; None where there is none.

    Each step erases the unit that costs the class most, measured as its probability less that of
    its strongest rival; then each member that is not needed is put back, the least useful first. At
    most S²/2 + S passes for S units.

    Parameters
    ----------
    progress : called with (units erased, S) after each step.
    cancelled : asked before each step; True ends the search with None.
    """
    erased = np.zeros(ablation.count, bool)
    order = []
    while not erased.all():
        if cancelled():
            return None
        candidates = np.flatnonzero(~erased)
        tried = np.repeat(erased[None], len(candidates), axis=0)
        tried[np.arange(len(candidates)), candidates] = True
        best = int(_margins(ablation, ablation.probabilities(tried)).argmin())
        erased = tried[best]
        order.append(int(candidates[best]))
        if progress:
            progress(len(order), ablation.count)
        if _flipped(ablation, erased):
            return _without_the_needless(ablation, erased, order)
    return None


def _without_the_needless(ablation: Ablation, erased: np.ndarray, order: list[int]) -> Flip:
    """Put units back, the least useful first, until each that is left is needed."""
    shrinking = True
    while shrinking:
        shrinking = False
        for unit in [unit for unit in reversed(order) if erased[unit]]:
            smaller = erased.copy()
            smaller[unit] = False
            if _flipped(ablation, smaller):
                erased, shrinking = smaller, True
    units = tuple(int(unit) for unit in np.flatnonzero(erased))
    return Flip(units, ablation.probabilities(erased[None])[0], len(units) == 1)


def _flipped(ablation: Ablation, erased: np.ndarray) -> bool:
    return int(ablation.probabilities(erased[None])[0].argmax()) != ablation.target


def _margins(ablation: Ablation, probabilities: np.ndarray) -> np.ndarray:
    """(B,): the target's probability less the greatest other."""
    others = np.delete(probabilities, ablation.target, axis=1)
    return probabilities[:, ablation.target] - others.max(axis=1)
