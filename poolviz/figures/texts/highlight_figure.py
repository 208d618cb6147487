"""Texts with tinted tokens as a drawing for vector files: of one head, or of all below each other.

Every letter is 8 points high at the width of the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.figures import colours
from poolviz.figures.drawing import Dots, Drawing, Rectangle, Text
from poolviz.figures.grid import Cell, Grid, lay_out
from poolviz.figures.layout import wrapped
from poolviz.figures.method import method_of
from poolviz.figures.sheet import LETTERS, Sheet
from poolviz.figures.texts.highlight import alt_text
from poolviz.language import _, joined
from poolviz.model.class_names import class_label
from poolviz.text.tokens import has_visible
from poolviz.text.width import width_units
from poolviz.values.explanation import Explanation
from poolviz.views.captions import number, reading_notes
from poolviz.views.panel import Panel, Row
from poolviz.views.tints import strengths, tint_power

_UNIT = 0.6033 * LETTERS  # pixels that a narrow character of a fixed-width font takes
_LINE = 1.8 * LETTERS
_TINT = (0.2 * LETTERS, 1.45 * LETTERS)  # where in a line its tints begin, how high they are
_BASE = 1.25 * LETTERS  # where in a line its letters stand
_UNDER = 1.55 * LETTERS  # where in a line the dots under unknown tokens are
_NOTE_LINE = 1.35 * LETTERS
_NOTE_UNIT = 0.583 * LETTERS  # pixels a narrow character of a note takes, at most
_SIDE = 4.0
_BETWEEN = 0.6 * LETTERS  # two heads
_NAMES = 128.0  # of the column of names, where there is room for one
_ROOM_FOR_NAMES = 450.0  # the least width that has
_SCALE = (140.0, 0.9 * LETTERS)  # of the bar: width, height
_SLICES = 2 * colours.TINT_STEPS
_FULL = 60  # lines of a page; what is longer gets longer lines, lest it grow into a ribbon


@dataclass(frozen=True)
class _Block:
    """The text of one head in its place.

    Parameters
    ----------
    left, top : of its first line.
    names : lines beside it or, on a narrow sheet, above it, each with the y that it stands on.
    """

    row: Row
    left: float
    top: float
    names: Sequence[tuple[float, str]]


def highlight_drawing(panel: Panel, rows: Sequence[Row], sheet: Sheet | None = None) -> Drawing:
    """The texts of heads with each token tinted by its value, on white.

    Unknown tokens have a dotted line below. Several heads stand below each other, each with its
    name and its decision. Texts of more than a page make the drawing wider than its sheet.

    Parameters
    ----------
    panel : what to show.
    rows : of the panel's summaries (heads).
    sheet : what to fit it to; None for the usual one.
    """
    sheet = sheet or Sheet()
    several = len(rows) > 1
    beside = several and sheet.width >= _ROOM_FOR_NAMES
    left = _SIDE + (_NAMES if beside else 0)
    first = rows[0].explanation
    grid = lay_out(first.text, first.tokens, int((sheet.width - left - _SIDE) / _UNIT), _FULL)
    width = max(sheet.width, left + grid.units * _UNIT + _SIDE)
    headings = list(_headings(panel, rows, width)) if sheet.titled else []
    top = headings[-1].y + _BETWEEN if headings else 2.0
    blocks, bottom = _blocks(rows, grid, (left, top), named=several, beside=beside)
    power = tint_power(panel)
    return Drawing(
        width=width,
        height=bottom + 2.6 * LETTERS,
        alt=" ".join(alt_text(row) for row in rows),
        rectangles=[
            *(one for block in blocks for one in _tints(panel, block, grid, power)),
            *_scale_bar(panel, power, bottom),
        ],
        dots=[one for block in blocks for one in _unknown_marks(block, grid)],
        texts=[
            *headings,
            *(one for block in blocks for one in _letters(panel, block, grid, power)),
            *_scale_numbers(rows, bottom),
        ],
    )


def _headings(panel: Panel, rows: Sequence[Row], width: float) -> Iterator[Text]:
    name = rows[0].label if len(rows) == 1 else _("All heads")
    unit = rows[0].unit if len(rows) == 1 else panel.unit
    notes = dict.fromkeys(note for row in rows for note in reading_notes(panel, row))
    y = 1.4 * LETTERS
    for text in (_("{head}: {unit}").format(head=name, unit=unit), joined(notes), method_of(panel)):
        for line in wrapped(text, int((width - 2 * _SIDE) / _NOTE_UNIT)):
            yield Text(_SIDE, y, line, LETTERS, colours.PAPER, room=width - 2 * _SIDE)
            y += _NOTE_LINE


def _blocks(
    rows: Sequence[Row], grid: Grid, corner: tuple[float, float], named: bool, beside: bool
) -> tuple[list[_Block], float]:
    """The heads' texts below each other, and where the last of them ends."""
    left, top = corner
    blocks = []
    for row in rows:
        decision = _decision(row.explanation)
        lines = [] if not named else [row.label, decision]
        if named and not beside:
            lines = [_("{head}: {decision}").format(head=row.label, decision=decision)]
        names = [(top + _BASE + n * _NOTE_LINE, line) for n, line in enumerate(lines)]
        below = top + (_NOTE_LINE + 2 if named and not beside else 0)
        blocks.append(_Block(row, left, below, names))
        end = below + grid.lines * _LINE
        top = max(end, top + _LINE + _NOTE_LINE if beside else 0) + _BETWEEN
    return blocks, top - _BETWEEN


def _decision(explanation: Explanation) -> str:
    share = float(explanation.probabilities.max())
    return f"{class_label(explanation.predicted)} {share:.0%}"


def _kind(panel: Panel, strength: float) -> str:
    if not panel.diverging:
        return "weight"
    return "negative" if strength < 0 else "positive"


def _colours(panel: Panel, strength: float) -> tuple[colours.Colour, colours.Colour]:
    """Of the tint and of the letters on it, as the page has them in the light theme."""
    step = round(abs(strength) * colours.TINT_STEPS)
    return colours.tint(_kind(panel, strength), step, "light")


def _token_cells(grid: Grid) -> Iterator[tuple[Cell, int]]:
    return ((cell, cell.index) for cell in grid.cells if cell.index is not None)


def _tints(panel: Panel, block: _Block, grid: Grid, power: float) -> Iterator[Rectangle]:
    strength = strengths(block.row, power)
    offset, height = _TINT
    for cell, index in _token_cells(grid):
        x = block.left + cell.start * _UNIT
        y = block.top + cell.line * _LINE + offset
        colour, _text = _colours(panel, strength[index])
        yield Rectangle(x, y, cell.units * _UNIT, height, colour)


def _letters(panel: Panel, block: _Block, grid: Grid, power: float) -> Iterator[Text]:
    for y, name in block.names:
        room = _NAMES - 6 if block.left > _SIDE else None
        yield Text(_SIDE, y, name, LETTERS, colours.PAPER, room=room)
    strength = strengths(block.row, power)
    for cell in grid.cells:
        if cell.index is not None:
            _tint, colour = _colours(panel, strength[cell.index])
        elif has_visible(cell.text):
            colour = colours.LEFT_OUT
        else:
            continue
        yield Text(
            block.left + (cell.start + cell.units / 2) * _UNIT,
            block.top + cell.line * _LINE + _BASE,
            cell.text,
            LETTERS,
            colour,
            centred=True,
            room=max(cell.units, width_units(cell.text)) * _UNIT,
            fixed=True,
        )


def _unknown_marks(block: _Block, grid: Grid) -> Iterator[Dots]:
    tokens = block.row.explanation.tokens
    for cell, index in _token_cells(grid):
        if not tokens[index].known:
            x = block.left + (cell.start + 0.2) * _UNIT
            yield Dots(x, block.top + cell.line * _LINE + _UNDER, (cell.units - 0.4) * _UNIT)


def _scale_bar(panel: Panel, power: float, top: float) -> Iterator[Rectangle]:
    """The colour scale under the texts, in slices that overlap, so that no seams show."""
    width, height = _SCALE
    left = _scale_left()
    fractions = np.linspace(-1.0 if panel.diverging else 0.0, 1.0, _SLICES)
    for slice_number, strength in enumerate(np.sign(fractions) * np.abs(fractions) ** power):
        x = left + slice_number * width / _SLICES
        room = min(1.5 * width / _SLICES, left + width - x)
        colour, _text = _colours(panel, float(strength))
        yield Rectangle(x, top + 0.8 * LETTERS, room, height, colour)


def _scale_left() -> float:
    return _SIDE + 4 * _UNIT


def _scale_numbers(rows: Sequence[Row], top: float) -> Iterator[Text]:
    """Beside the bar the numbers at its ends, where they hold for every head."""
    width, _height = _SCALE
    left, y = _scale_left(), top + 1.55 * LETTERS
    ends = {(row.low, row.high) for row in rows}
    if len(ends) > 1:
        own = _("each row's own scale")
        yield Text(left + width + _UNIT, y, own, LETTERS, colours.PAPER)
        return
    [(low, high)] = ends
    yield Text(_SIDE, y, number(low), LETTERS, colours.PAPER, room=3.6 * _UNIT)
    if high != low:  # else nothing but zeros
        yield Text(left + width + _UNIT, y, number(high), LETTERS, colours.PAPER)
