"""Where the tokens of two sentences stand, one sentence above the other, for lines between them."""

from __future__ import annotations

import numpy as np

from poolviz.text.pieces import as_label
from poolviz.text.width import width_units
from poolviz.values.pairs import PairExplanation

MAX_TOKENS = 60  # of a sentence: more would not be readable side by side
LINES = 12  # between the strongest pairs


def can_draw(pair: PairExplanation) -> bool:
    """Whether the cells are there, and both sentences short enough for lines."""
    return pair.cells is not None and max(pair.cells.shape) <= MAX_TOKENS


def edges_of(pair: PairExplanation) -> list[np.ndarray]:
    """For each sentence (T + 1,): where each token begins, and where the last one ends.

    In narrow characters. The shorter sentence stands in the middle.
    """
    edges = []
    for side in pair.sides:
        widths = [max(width_units(as_label(token.text)), 2) + 1 for token in side.tokens]
        edges.append(np.concatenate([[0], np.cumsum(widths)]).astype(float))
    widest = max(of_side[-1] for of_side in edges)
    return [of_side + (widest - of_side[-1]) / 2 for of_side in edges]
