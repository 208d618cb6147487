"""The smallest set of tokens without which a head decides otherwise, by greedy search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from poolviz.trust.ablation.erasure import MOST_UNITS, Ablation, segments
from poolviz.trust.ablation.model import Model

_STEPS = 100  # of the progress for each head


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
    among: Sequence[int] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Flip | None:
    """Search a small set of units whose erasure flips the class; None where there is none.

    Each step erases the unit that costs the class most, measured as its probability less that of
    its strongest rival; then each member that is not needed is put back, the least useful first. At
    most S² + 2S + 2 passes for S units.

    Parameters
    ----------
    among : the only units that may be erased; all where None.
    progress : called with (units erased, S) after each step.
    cancelled : asked before each step, and before each unit that may be put back; True ends the
        search with None.
    """
    left = list(range(ablation.count) if among is None else among)
    count = len(left)
    erased = np.zeros(ablation.count, bool)
    order: list[int] = []
    while left:
        if cancelled():
            return None
        tried = np.repeat(erased[None], len(left), axis=0)
        tried[np.arange(len(left)), left] = True
        best = int(_margins(ablation, ablation.probabilities(tried)).argmin())
        erased = tried[best]
        order.append(left.pop(best))
        progress(len(order), count)
        if _flipped(ablation, erased):
            return _without_the_needless(ablation, erased, order, cancelled)
    return None


def smallest_removals(
    models: Sequence[Model],
    ids: Sequence[np.ndarray],
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Removal | None]:
    """For each head a small set of tokens that must go for it to decide otherwise.

    By `smallest_flip`, with "remove" for the way to erase: what is judged is what
    `poolviz.text.edits.without` makes. A text of more than
    `poolviz.trust.ablation.erasure.MOST_UNITS` tokens is searched in so many segments, then what
    was found in finer ones, down to single tokens. None for a head for which no set was found that
    leaves a token to read.

    Parameters
    ----------
    ids : for each head (T,), of the text by the vocabulary of its own checkpoint.
    progress : called with the steps done, and the most there can be.
    cancelled : as for `smallest_flip`; True leaves the other heads without a set.
    """
    found = []
    for number, (model, own) in enumerate(zip(models, ids, strict=True)):
        report = partial(_report, progress, number, len(models))
        found.append(_smallest_removal(model, own, report, cancelled))
        report(1.0)
    return found


def _report(progress: Callable[[int, int], None], number: int, heads: int, share: float) -> None:
    """A share of the work for the head with this number as progress of all heads."""
    progress(number * _STEPS + int(share * _STEPS), heads * _STEPS)


def _smallest_removal(
    model: Model,
    ids: np.ndarray,
    report: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Removal | None:
    places, most, ahead = np.arange(len(ids)), MOST_UNITS, 1.0
    while True:
        units = np.zeros(len(ids), int)  # unit 0 is what stays
        units[places] = 1 + segments(len(places), most)
        ablation = Ablation(model.probabilities, ids, units, how="remove")
        step = partial(_round, report, ahead)
        flip = smallest_flip(ablation, range(1, ablation.count), step, cancelled)
        if flip is None:
            return None
        places = np.flatnonzero(np.isin(units, flip.units))
        if len(places) == len(flip.units):
            if len(places) == len(ids):
                return None
            return Removal(tuple(places.tolist()), flip.probabilities, flip.minimal)
        most, ahead = 2 * most, ahead / 2


def _round(report: Callable[[float], None], ahead: float, done: int, total: int) -> None:
    """Progress within a round. How many are to come is not known: each gets half of the rest."""
    report(1 - ahead * (1 - done / total / 2))


def _without_the_needless(
    ablation: Ablation, erased: np.ndarray, order: list[int], cancelled: Callable[[], bool]
) -> Flip | None:
    """Put units back, the least useful first, until each left is needed; None where cancelled."""
    shrinking = True
    while shrinking:
        shrinking = False
        for unit in [unit for unit in reversed(order) if erased[unit]]:
            if cancelled():
                return None
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
