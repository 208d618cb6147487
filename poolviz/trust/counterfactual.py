"""The smallest set of tokens without which a head decides otherwise, by greedy search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from poolviz.trust.erasure import Ablation
from poolviz.trust.model import Model


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


@dataclass(frozen=True, eq=False)
class Removal:
    """Tokens of a text without which a head decides otherwise.

    Parameters
    ----------
    places : which tokens, from 0, in the order of the text.
    probabilities : (K,) without them.
    minimal : True where no smaller set can exist.
    """

    places: tuple[int, ...]
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


def smallest_removals(
    models: Sequence[Model],
    ids: np.ndarray,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Removal | None]:
    """For each head a small set of tokens that must go for it to decide otherwise.

    By `smallest_flip`, in at most `poolviz.trust.erasure.MOST_UNITS` units of the text, with
    "remove" for the way to erase: what is judged is what `poolviz.edits.without` makes. None for a
    head for which no set was found that leaves a token to read.

    Parameters
    ----------
    ids : (T,), of the text.
    progress : called with the steps done, and the most there can be.
    cancelled : asked before each step; True ends the search.
    """
    found = []
    for number, model in enumerate(models):
        ablation = Ablation(model.probabilities, ids, how="remove")
        report = partial(_report, progress, number, len(models))
        found.append(_removal(ablation, smallest_flip(ablation, report, cancelled)))
        report(ablation.count, ablation.count)
    return found


def _report(
    progress: Callable[[int, int], None], number: int, heads: int, done: int, steps: int
) -> None:
    """Progress of the head with this number as that of all heads."""
    progress(number * steps + done, heads * steps)


def _removal(ablation: Ablation, flip: Flip | None) -> Removal | None:
    """The tokens of a flip; None where there is no flip, or no token would be left."""
    if flip is None or len(flip.units) == ablation.count:
        return None
    places = np.flatnonzero(np.isin(ablation.units, flip.units))
    single_tokens = ablation.count == len(ablation.ids)
    return Removal(tuple(places.tolist()), flip.probabilities, flip.minimal and single_tokens)


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
