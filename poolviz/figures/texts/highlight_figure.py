"""The highlight as a drawing on a grid, for vector files."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from poolviz.figures import colours
from poolviz.figures.drawing import Dots, Drawing, Rectangle, Text
from poolviz.figures.grid import Grid, lay_out
from poolviz.figures.layout import wrapped
from poolviz.figures.texts.highlight import alt_text
from poolviz.language import _
from poolviz.text.width import width_units
from poolviz.views.captions import method, number, reading_notes
from poolviz.views.panel import Panel, Row

_FONT = 15
_UNIT = 9.05  # pixels that a narrow character of a fixed-width font takes at this size
_LINE = 30
_SIDE = 8
_TINT = (3, 24)  # where in a line its tints begin, and how high they are
_BASE = 20.5  # where in a line its letters stand
_UNDER = 26.5  # where in a line the dots under unknown tokens are
_TITLE_BASE = 26
_NOTE_FONT, _NOTE_LINE, _NOTE_UNIT = 12, 16, 7
_NOTES_TOP = 46
_SCALE = (3 * _UNIT, 30 * _UNIT, 12.0)  # of the bar: left, width, height
_SLICES = 60
_LEGEND = 60


def highlight_drawing(panel: Panel, index: int) -> Drawing:
    """The text of one head with each token tinted by its value, in lines, on white.

    Unknown tokens have a dotted line below.

    Parameters
    ----------
    panel : what to show.
    index : which of the panel's summaries (heads).
    """
    row = panel.summaries[index]
    grid = lay_out(row.explanation.text, row.explanation.tokens)
    width = round(grid.units * _UNIT) + 2 * _SIDE
    headings = list(_headings(panel, row, width))
    top = headings[-1].y + _NOTE_LINE - 4
    bottom = top + grid.lines * _LINE
    return Drawing(
        width=width,
        height=bottom + _LEGEND,
        alt=alt_text(row),
        rectangles=[*_tints(panel, row, grid, top), *_scale_bar(panel, bottom)],
        dots=list(_unknown_marks(row, grid, top)),
        texts=[*headings, *_tokens(grid, top), *_scale_numbers(row, bottom)],
    )


def _headings(panel: Panel, row: Row, width: float) -> Iterator[Text]:
    title = _("{head}: {unit}").format(head=row.label, unit=row.unit)
    yield Text(_SIDE, _TITLE_BASE, title, _FONT, colours.PAPER, room=width - 2 * _SIDE)
    y = _NOTES_TOP
    for note in (*reading_notes(panel, row), method(row.explanation)):
        for line in wrapped(note, int(width) // _NOTE_UNIT):
            yield Text(_SIDE, y, line, _NOTE_FONT, colours.PAPER, room=width - 2 * _SIDE)
            y += _NOTE_LINE


def _tints(panel: Panel, row: Row, grid: Grid, top: float) -> Iterator[Rectangle]:
    fractions = row.fractions
    offset, height = _TINT
    for cell in grid.cells:
        if cell.index is not None:
            colour = colours.over(fractions[cell.index], panel.diverging)
            x, y = _SIDE + cell.start * _UNIT, top + cell.line * _LINE + offset
            yield Rectangle(x, y, cell.units * _UNIT, height, colour)


def _tokens(grid: Grid, top: float) -> Iterator[Text]:
    for cell in grid.cells:
        if cell.index is not None:
            middle = _SIDE + (cell.start + cell.units / 2) * _UNIT
            yield Text(
                middle,
                top + cell.line * _LINE + _BASE,
                cell.text,
                _FONT,
                colours.BLACK,
                centred=True,
                room=max(cell.units, width_units(cell.text)) * _UNIT,
                fixed=True,
            )


def _unknown_marks(row: Row, grid: Grid, top: float) -> Iterator[Dots]:
    tokens = row.explanation.tokens
    for cell in grid.cells:
        if cell.index is not None and not tokens[cell.index].known:
            x = _SIDE + (cell.start + 0.2) * _UNIT
            yield Dots(x, top + cell.line * _LINE + _UNDER, (cell.units - 0.4) * _UNIT)


def _scale_bar(panel: Panel, top: float) -> Iterator[Rectangle]:
    """The colour scale under the text, in slices that overlap, so that no seams show."""
    left, width, height = _SCALE
    fractions = np.linspace(-1.0 if panel.diverging else 0.0, 1.0, _SLICES).tolist()
    for slice_number, fraction in enumerate(fractions):
        x = left + slice_number * width / _SLICES
        room = min(1.5 * width / _SLICES, left + width - x)
        yield Rectangle(x, top + 18, room, height, colours.over(fraction, panel.diverging))


def _scale_numbers(row: Row, top: float) -> Iterator[Text]:
    """The numbers at the bar's ends and middle; one in the middle where all are 0."""
    left, width, _height = _SCALE
    marks = (0, 0.5, 1) if row.high else (0.5,)
    for mark, value in zip(marks, row.ends, strict=True):
        x = left + mark * width
        yield Text(x, top + 46, number(value), _NOTE_FONT, colours.PAPER, centred=True)
