"""The smallest set of tokens without which a head decides otherwise, by greedy search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.trust.ablation.erasure import MOST_UNITS, Ablation, segments
from poolviz.trust.ablation.model import Model
from poolviz.values.shapes import Ids, IdsOfText, PerClass, PerText, PerTextClass
from poolviz.watch import QUIET, Watch

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
    probabilities: PerClass
    minimal: bool


@dataclass(frozen=True, eq=False)
class Removal:
    """Tokens of a text without which a head decides otherwise.

    Parameters
    ----------
    positions : which tokens, from 0, in the order of the text.
    probabilities : (K,) without them.
    minimal : True where no smaller set can exist.
    """

    positions: tuple[int, ...]
    probabilities: PerClass
    minimal: bool


def smallest_flip(
    ablation: Ablation,
    among: Sequence[int] | None = None,
    watch: Watch = QUIET,
) -> Flip | None:
    """Search a small set of units whose erasure flips the class; None where there is none.

    Each step erases the unit that costs the class most, measured as its probability less that of
    its strongest rival; then each member that is not needed is put back, the least useful first. At
    most S² + 2S + 2 passes for S units.

    Parameters
    ----------
    among : the only units that may be erased; all where None.
    watch : looked at before each step, and before each unit that may be put back; counts the
        units that are erased.
    """
    left = list(range(ablation.count) if among is None else among)
    count = len(left)
    erased = np.zeros(ablation.count, bool)
    order: list[int] = []
    while left:
        watch.check()
        tried = np.repeat(erased[None], len(left), axis=0)
        tried[np.arange(len(left)), left] = True
        best = int(_margins(ablation, ablation.probabilities(tried)).argmin())
        erased = tried[best]
        order.append(left.pop(best))
        watch.progress(len(order), count)
        if _flipped(ablation, erased):
            return _without_the_needless(ablation, erased, order, watch)
    return None


def smallest_removals(
    models: Sequence[Model],
    ids: Sequence[IdsOfText],
    watch: Watch = QUIET,
    special_ids: Sequence[int] = (),
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
    watch : counts steps, of the most that there can be.
    special_ids : of tokens that always stay, as they stand for nothing in the text.
    """
    found = []
    for number, (model, own) in enumerate(zip(models, ids, strict=True)):
        part = watch.part(number * _STEPS, len(models) * _STEPS)
        found.append(_smallest_removal(model, own, part, special_ids))
        part.progress(_STEPS, _STEPS)
    return found


def _smallest_removal(
    model: Model, ids: Ids, watch: Watch, special_ids: Sequence[int]
) -> Removal | None:
    all_positions = np.flatnonzero(~np.isin(ids, special_ids))
    positions, most, ahead = all_positions, MOST_UNITS, 1.0
    while True:
        units = np.zeros(len(ids), int)  # unit 0 is what stays
        units[positions] = 1 + segments(len(positions), most)
        ablation = Ablation(model.probabilities, ids, units, how="remove")
        flip = smallest_flip(ablation, range(1, ablation.count), _round(watch, ahead))
        if flip is None:
            return None
        positions = np.flatnonzero(np.isin(units, flip.units))
        if len(positions) == len(flip.units):
            if len(positions) == len(all_positions):
                return None
            return Removal(tuple(positions.tolist()), flip.probabilities, flip.minimal)
        most, ahead = 2 * most, ahead / 2


def _round(watch: Watch, ahead: float) -> Watch:
    """Of a round that begins when this share of the head's work is ahead.

    How many rounds are to come is not known: each gets half of the rest.
    """

    def progress(done: int, total: int) -> None:
        watch.progress(int((1 - ahead * (1 - done / total / 2)) * _STEPS), _STEPS)

    return Watch(progress, watch.cancelled)


def _without_the_needless(
    ablation: Ablation, erased: np.ndarray, order: list[int], watch: Watch
) -> Flip:
    """Put units back, the least useful first, until each left is needed."""
    shrinking = True
    while shrinking:
        shrinking = False
        for unit in [unit for unit in reversed(order) if erased[unit]]:
            watch.check()
            smaller = erased.copy()
            smaller[unit] = False
            if _flipped(ablation, smaller):
                erased, shrinking = smaller, True
    units = tuple(int(unit) for unit in np.flatnonzero(erased))
    return Flip(units, ablation.probabilities(erased[None])[0], len(units) == 1)


def _flipped(ablation: Ablation, erased: np.ndarray) -> bool:
    return int(ablation.probabilities(erased[None])[0].argmax()) != ablation.target


def _margins(ablation: Ablation, probabilities: PerTextClass) -> PerText:
    """(B,): the target's probability less the greatest other."""
    others = np.delete(probabilities, ablation.target, axis=1)
    return probabilities[:, ablation.target] - others.max(axis=1)
