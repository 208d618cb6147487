"""Taking tokens out of a text, in three ways, and what a model then says.

Behind a convolution the three differ, so every figure names its own. Ablations of one text keep its
length, so that all of them are one batch: tokens that are removed make room for padding at the end,
which counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from poolviz.errors import check_choice
from poolviz.language import N_
from poolviz.text.vocabulary import PADDING_ID, UNKNOWN_ID
from poolviz.values.explanation import WHOLE_TEXT
from poolviz.values.shapes import (
    Erased,
    ErasedTokens,
    IdBatch,
    Ids,
    PerClass,
    PerTextClass,
    PerToken,
    PerUnit,
    PerUnitClass,
    Units,
)
from poolviz.watch import QUIET, Watch

MOST_UNITS = 32
_TOKENS_AT_ONCE = 262_144  # so that a long text's ablations are not all in memory together
_DIGITS = 12  # decimals of a probability that float64 arithmetic leaves meaningful
Forward = Callable[[IdBatch], PerTextClass]

ERASURES: dict[str, str] = {
    "mask": N_("masked: a zero vector in its place, weight 0"),
    "unknown": N_("replaced by the unknown token"),
    "remove": N_("removed: its neighbours meet"),
}

# The same before a pretrained encoder, which then reads the text again.
ERASURES_BEFORE_ENCODER: dict[str, str] = {
    "mask": N_("masked: the encoder reads [MASK] in its place"),
    "unknown": N_("replaced by the encoder's unknown token"),
    "remove": N_("removed, and the encoder reads what is left"),
}


def erasures(window: Sequence[int] = ()) -> dict[str, str]:
    """What each way to erase does, by how far a position's vector reads."""
    return ERASURES_BEFORE_ENCODER if tuple(window) == WHOLE_TEXT else ERASURES


def erase(ids: Ids, erased: ErasedTokens, how: str, masked_id: int = PADDING_ID) -> IdBatch:
    """Ids (B, T) of a text (T,) without the tokens marked in (B, T) booleans.

    Parameters
    ----------
    masked_id : what stands for a masked token, see `poolviz.text.vocabulary.Vocabulary`.

    >>> ids, erased = np.array([5, 6, 7]), np.array([[False, True, False]])
    >>> {how: erase(ids, erased, how).tolist() for how in ERASURES}
    {'mask': [[5, 0, 7]], 'unknown': [[5, 1, 7]], 'remove': [[5, 7, 0]]}

    Raises
    ------
    ChoiceError : `how` is not in `ERASURES`.
    """
    check_choice(N_("way to erase"), how, ERASURES)
    if how == "unknown":
        return np.where(erased, UNKNOWN_ID, ids).astype(np.int32)
    if how == "mask":
        return np.where(erased, masked_id, ids).astype(np.int32)
    masked = np.where(erased, PADDING_ID, ids).astype(np.int32)
    return np.take_along_axis(masked, np.argsort(erased, axis=1, kind="stable"), axis=1)


def segments(count: int, most: int = MOST_UNITS) -> Units:
    """(T,): the number of each token's unit, from 0: itself, or one of `most` equal segments.

    A text of more tokens than `most` is measured in segments, whose lengths differ by one at most.
    """
    return np.arange(count) * min(count, most) // count


def row_keys(erased: Erased) -> np.ndarray:
    """(B,): for each row of (B, S) booleans one value that is equal where rows are."""
    packed = np.packbits(erased, axis=1)
    return packed.view(f"V{packed.shape[1]}").ravel()


class Ablation:
    """One text under one model, and what becomes of its class when units of it are erased.

    Parameters
    ----------
    forward : ids (B, T) → probabilities (B, K).
    ids : (T,), at least one token, none of id 0.
    units : (T,), which of S units each token belongs to, see `segments`.
    how : one of `ERASURES`.
    masked_id : what stands for a masked token.
    watch : looked at before each batch of ablations; counts `passes`, of nobody knows how many.

    Attributes
    ----------
    count : S.
    target : column of the class that the whole text is given; it is kept fixed.
    passes : how many passes through the model were needed so far.
    """

    def __init__(
        self,
        forward: Forward,
        ids: Ids,
        units: Units | None = None,
        how: str = "mask",
        watch: Watch = QUIET,
        masked_id: int = PADDING_ID,
    ):
        self._forward = forward
        self.ids = ids
        self.units = segments(len(ids)) if units is None else units
        self.how = how
        self._masked_id = masked_id
        self._watch = watch
        self.count = int(self.units.max()) + 1
        self.passes = 0

    @cached_property
    def whole(self) -> PerClass:
        """(K,): probabilities of the whole text."""
        return self.probabilities(np.zeros((1, self.count), bool))[0]

    @property
    def target(self) -> int:
        """Column of the most probable class of the whole text."""
        return int(np.argmax(self.whole))

    def probabilities(self, erased: Erased) -> PerTextClass:
        """(B, K) probabilities without the units marked in (B, S) booleans; equal rows run once."""
        _, first, place = np.unique(row_keys(erased), return_index=True, return_inverse=True)
        distinct, found = erased[first], []
        size = 4 * max(_TOKENS_AT_ONCE // len(self.ids), 1)
        for start in range(0, len(distinct), size):
            self._watch.check()
            batch = distinct[start : start + size]
            ids = erase(self.ids, batch[:, self.units], self.how, self._masked_id)
            found.append(self._forward(ids))
            self.passes += len(batch)
            self._watch.progress(self.passes, None)
        return np.concatenate(found)[place.reshape(-1)]

    @cached_property
    def leave_one_out(self) -> PerUnitClass:
        """(S, K): how much each class loses when one unit is erased, p(x) − p(x without it).

        What the arithmetic cannot tell from 0 is 0.
        """
        return np.round(self.whole - self.probabilities(np.eye(self.count, dtype=bool)), _DIGITS)

    def unit_means(self, values: PerToken) -> PerUnit:
        """(S,): the mean over each unit's tokens of values (T,)."""
        return np.bincount(self.units, values) / np.bincount(self.units)
