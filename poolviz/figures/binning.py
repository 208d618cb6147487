"""Long texts in fewer columns: runs of tokens become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from poolviz.text.tokens import Token
from poolviz.views.panel import Panel, Row, scaled


def binned(panel: Panel, columns: int) -> Panel:
    """The panel with at most `columns` columns; a shorter one comes back unchanged.

    A column has the mean of its tokens' weights or the sum of their contributions, and the colour
    scale is fitted anew. `Row.explanation` keeps the single tokens.
    """
    size = -(-len(panel.tokens) // columns)
    if size <= 1:
        return panel
    starts = np.arange(0, len(panel.tokens), size)
    summed = panel.view.quantity == "contribution"
    lengths = 1 if summed else np.diff(np.append(starts, len(panel.tokens)))

    def shortened(values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, starts) / lengths

    def rescaled(rows: Sequence[Row]) -> tuple[Row, ...]:
        short = [replace(row, values=shortened(row.values)) for row in rows]
        return scaled(short, panel.view, panel.diverging)

    return replace(
        panel,
        tokens=tuple(_run(panel, start, size) for start in map(int, starts)),
        rows=rescaled(panel.rows),
        summaries=rescaled(panel.summaries),
        reference=None if panel.reference is None else shortened(panel.reference),
        per_column=size,
    )


def _run(panel: Panel, first: int, size: int) -> Token:
    tokens = panel.tokens[first : first + size]
    start, end = tokens[0].start, tokens[-1].end
    text = panel.rows[0].explanation.text[start:end]
    return Token(text, start, end, all(token.known for token in tokens))
