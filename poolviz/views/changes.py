"""Two texts under the same heads: what becomes of the decision, and of each token's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from poolviz.text.subsequence import common_subsequence
from poolviz.text.tokens import Token
from poolviz.values.explanation import Explanation
from poolviz.views.panel import Panel, Row, panel, with_one_scale, with_target
from poolviz.views.view import View


@dataclass(frozen=True)
class Aligned:
    """A token of one text or of both: its position in each from 0, None where it is not there."""

    before: int | None
    after: int | None

    @property
    def kept(self) -> bool:
        """Whether both texts have it."""
        return self.before is not None and self.after is not None


@dataclass(frozen=True, eq=False)
class HeadChange:
    """Two texts under one head.

    Parameters
    ----------
    explained : what the head says of the text before, and after.
    panels : what a view shows of them; all heads and both texts have one colour scale.
    """

    explained: tuple[Explanation, Explanation]
    panels: tuple[Panel, Panel]

    @property
    def label(self) -> str:
        """The head's name."""
        return self.panels[0].summaries[0].label

    @property
    def summaries(self) -> tuple[Row, Row]:
        """What the highlights show of the text before, and after."""
        before, after = self.panels
        return before.summaries[0], after.summaries[0]

    @property
    def flips(self) -> bool:
        """Whether the head decides otherwise."""
        before, after = self.explained
        return before.predicted_index != after.predicted_index

    @property
    def probabilities(self) -> np.ndarray:
        """(2, K), before and after."""
        return np.stack([explanation.probabilities for explanation in self.explained])


@dataclass(frozen=True, eq=False)
class Changes:
    """Two texts under several heads.

    Parameters
    ----------
    heads : one change for each head.
    shared : positions (before, after) of the tokens that both texts have, by their longest common
        subsequence; None where the texts are too long and too different.
    """

    heads: tuple[HeadChange, ...]
    shared: tuple[tuple[int, int], ...] | None

    @property
    def texts(self) -> tuple[str, str]:
        """The text before, and after."""
        before, after = self.heads[0].explained
        return before.text, after.text

    @property
    def scale_groups(self) -> tuple[str, ...]:
        """For each head the group of its values; only those of one group share a scale."""
        contributions = self.heads[0].panels[0].view.quantity == "contribution"
        return tuple("" if contributions else head.summaries[0].unit for head in self.heads)

    @property
    def unit(self) -> str:
        """What the values are, in words."""
        return " / ".join(dict.fromkeys(head.summaries[0].unit for head in self.heads))

    @cached_property
    def aligned(self) -> tuple[Aligned, ...]:
        """All tokens of both texts in one order, what is gone before what is new."""
        before, after = (len(panel.tokens) for panel in self.heads[0].panels)
        found: list[Aligned] = []
        i = j = 0
        for both in [*(self.shared or ()), (before, after)]:
            found += [Aligned(position, None) for position in range(i, both[0])]
            found += [Aligned(None, position) for position in range(j, both[1])]
            found.append(Aligned(*both))
            i, j = both[0] + 1, both[1] + 1
        return tuple(found[:-1])  # the last one is the end of both texts

    def token(self, each: Aligned) -> Token:
        """An aligned token, as it stands after where it does."""
        before, after = (panel.tokens for panel in self.heads[0].panels)
        if each.after is not None:
            return after[each.after]
        assert each.before is not None, "one of the texts has it"
        return before[each.before]


def compare_texts(
    before: Sequence[Explanation], after: Sequence[Explanation], view: View
) -> Changes:
    """The changes from one text to another, as a view shows them.

    All colours are on one scale, also where the view gives each head its own. Contributions go to
    one class in both texts: the one that the view names, else that of the text before.

    Parameters
    ----------
    before, after : of the two texts, by the same checkpoints in the same order.

    Raises
    ------
    ChoiceError : the target, or the class it is compared with, is not among the classes.
    """
    shared_view = with_target(view, before)
    if view.scale == "head":
        shared_view = replace(shared_view, scale="shared")
    pairs = list(zip(before, after, strict=True))
    panels = iter(
        with_one_scale(
            [panel([explanation], shared_view) for pair in pairs for explanation in pair]
        )
    )
    heads = tuple(HeadChange(pair, (next(panels), next(panels))) for pair in pairs)
    shared = common_subsequence(*(one.tokens for one in heads[0].panels))
    return Changes(heads, None if shared is None else tuple(shared))


def values_at(aligned: Sequence[Aligned], before: Row, after: Row) -> np.ndarray:
    """(2, aligned): the values of a row before and after, NaN where a text lacks the token."""
    values = np.full((2, len(aligned)), np.nan)
    sides = ([each.before for each in aligned], [each.after for each in aligned])
    for line, row, positions in zip(values, (before, after), sides, strict=True):
        there = np.array([position is not None for position in positions], bool)
        line[there] = row.values[[position for position in positions if position is not None]]
    return values
