"""The heaviest tokens in words, for somebody who cannot see a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from poolviz.language import _, listed, ngettext
from poolviz.text.pieces import as_label
from poolviz.values.pairs import PairExplanation
from poolviz.views.panel import Panel, Row

HEAVIEST = 3  # tokens that are said
ALIKE = 1e-6  # of the largest value: a smaller difference is one of rounding


def heaviest(row: Row) -> str:
    """The tokens with the largest absolute values, the first of those that are as good as equal.

    Parameters
    ----------
    row : has a value for each token of its explanation.
    """
    tokens = row.explanation.tokens
    return listed(as_label(tokens[position].text) for position in _largest(row.values))


def heads_with_heaviest(panel: Panel) -> str:
    """All rows of a panel by name, each with its heaviest tokens."""
    return listed(
        _("{line} (most: {tokens})").format(line=row.label, tokens=heaviest(row))
        for row in panel.rows
    )


def heaviest_pairs(pair: PairExplanation) -> str:
    """The pairs of tokens that add most to a score, or take most from it; its cells are there."""
    assert pair.cells is not None, "its cells are there"
    places = np.unravel_index(_largest(pair.cells.ravel()), pair.cells.shape)
    names = [
        [as_label(side.tokens[number].text) for number in numbers]
        for side, numbers in zip(pair.sides, places, strict=True)
    ]
    return listed(" – ".join(both) for both in zip(*names, strict=True))


def between_sentences(pair: PairExplanation, names: Sequence[str], count: int) -> str:
    """What a picture of lines between the tokens of two sentences shows.

    Parameters
    ----------
    names : of the two sentences.
    count : of the lines.
    """
    return ngettext(
        "{first} above, {second} below, lines between {count} pair of tokens; most: {tokens}.",
        "{first} above, {second} below, lines between {count} pairs of tokens; most: {tokens}.",
        count,
    ).format(first=names[0], second=names[1], count=count, tokens=heaviest_pairs(pair))


def _largest(values: np.ndarray) -> list[int]:
    sizes = np.abs(values)
    steps = np.rint(sizes * (1 / ALIKE) / (sizes.max() or 1))
    return np.argsort(-steps, kind="stable")[:HEAVIEST].tolist()
