"""How heads divide their weight over one text, as a drawing for vector files.

A row each: bars along the text, how many tokens it is spread out as and, where there is room, how
far it is from the others. Every letter is 8 points high at the width of the sheet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from poolviz.evaluation.anatomy import divergences, effective_tokens
from poolviz.figures import colours
from poolviz.figures.binning import binned
from poolviz.figures.drawing import Dots, Drawing, Rectangle, Text
from poolviz.figures.layout import wrapped
from poolviz.figures.sheet import LETTERS, Sheet
from poolviz.figures.texts.anatomy import MAX_COLUMNS, anatomy_notes, letter, weight_rows
from poolviz.language import _, joined, listed
from poolviz.text.pieces import as_label
from poolviz.text.width import width_units
from poolviz.views.panel import Panel

_UNIT = 0.583 * LETTERS  # pixels a narrow character takes, at most
_SIDE = 4.0
_NOTE_LINE = 1.35 * LETTERS
_BARS = 2.4 * LETTERS  # height of the highest bar
_LINE = _BARS + 0.8 * LETTERS
_CELL = 4.6 * _UNIT  # of a distance
_ROOM_FOR_DISTANCES = 450.0  # the least width that has
_NAME = 14  # narrow characters of a name


def anatomy_drawing(panel: Panel, title: str, sheet: Sheet | None = None) -> Drawing:
    """The rows that `anatomy_html` shows.

    Parameters
    ----------
    panel : weights relative to average pooling.
    title : its heading, left out on a sheet without titles.
    sheet : what to fit it to; None for the usual one.
    """
    sheet = sheet or Sheet()
    weights, short = weight_rows(panel), binned(panel, MAX_COLUMNS)
    top = max(float(row.values.max()) for row in short.rows)
    matrix = len(panel.rows) * _CELL if sheet.width >= _ROOM_FOR_DISTANCES else 0.0
    left = _SIDE + _NAME * _UNIT
    width = sheet.width - left - _SIDE - (matrix and matrix + 2 * _UNIT)
    notes = joined(anatomy_notes(short, top))
    headings = list(_headings(title, notes, sheet)) if sheet.titled else []
    above = (headings[-1].y if headings else 0.0) + 1.5 * LETTERS
    rows = [above + number * _LINE + 0.5 * LETTERS for number in range(len(panel.rows))]
    rectangles = [
        bar
        for y, row in zip(rows, short.rows, strict=True)
        for bar in _bars(row.values / top, left, y, width)
    ]
    texts = [*headings, *_tokens(short, left, above, width)]
    for y, row, spread in zip(rows, panel.rows, effective_tokens(weights), strict=True):
        texts += _name(row.label, _spread(spread, len(row.values)), y)
    if matrix:
        tints, numbers = _matrix(divergences(weights), sheet.width - _SIDE - matrix, above, rows)
        rectangles += tints
        texts += numbers
    return Drawing(
        width=sheet.width,
        height=rows[-1] + _LINE,
        alt=f"{title}: {listed(_said(panel, weights))}",
        rectangles=rectangles,
        dots=[Dots(left, y + _BARS * (1 - 1 / top), width) for y in rows],
        texts=texts,
    )


def _headings(title: str, notes: str, sheet: Sheet) -> Iterator[Text]:
    y, room = 1.4 * LETTERS, sheet.width - 2 * _SIDE
    for text in (title, notes):
        for line in wrapped(text, int(room / _UNIT)):
            yield Text(_SIDE, y, line, LETTERS, colours.PAPER, room=room)
            y += _NOTE_LINE


def _bars(heights: np.ndarray, left: float, y: float, width: float) -> Iterator[Rectangle]:
    """Heights are parts of the highest bar's."""
    step = width / len(heights)
    for number, height in enumerate(heights.tolist()):
        high = _BARS * height
        yield Rectangle(left + step * number, y + _BARS - high, step, high, colours.WEIGHT)


def _tokens(panel: Panel, left: float, y: float, width: float) -> list[Text]:
    """The text above the bars, where all of it finds room."""
    labels, step = [as_label(token.text) for token in panel.tokens], width / len(panel.tokens)
    if panel.per_column > 1 or max(map(width_units, labels)) * _UNIT > step:
        return []
    return [_centred(left + step * (number + 0.5), y, label) for number, label in enumerate(labels)]


def _name(label: str, spread: str, y: float) -> list[Text]:
    room = (_NAME - 1) * _UNIT
    return [
        Text(_SIDE, y + (line + 1) * 1.1 * LETTERS, text, LETTERS, colours.PAPER, room=room)
        for line, text in enumerate((label, spread))
    ]


def _spread(spread: float, count: int) -> str:
    return _("{few} of {count:,}").format(few=f"{spread:.1f}", count=count)


def _matrix(
    distances: np.ndarray, left: float, above: float, rows: Sequence[float]
) -> tuple[list[Rectangle], list[Text]]:
    """Tints and numbers of the distances, with letters above the columns and before the rows."""
    places = [left + _CELL * number for number in range(len(rows))]
    tints: list[Rectangle] = []
    texts = [_centred(x + _CELL / 2, above, letter(n)) for n, x in enumerate(places)]
    for number, y in enumerate(rows):
        middle = y + _BARS / 2 + 0.35 * LETTERS
        texts.append(_centred(left - _UNIT, middle, letter(number)))
        for other, x in enumerate(places):
            if other != number:
                distance = float(distances[number, other])
                back, ink = _tint(distance)
                tints.append(Rectangle(x, y, _CELL - 1, _BARS, back))
                texts.append(_centred(x + _CELL / 2, middle, f"{distance:.2f}", ink))
    return tints, texts


def _tint(distance: float) -> tuple[colours.Colour, colours.Colour]:
    """Background and letters of a distance in nats."""
    step = round(distance / math.log(2) * colours.TINT_STEPS)
    return colours.tint("weight", step, "light")


def _centred(x: float, y: float, text: str, colour: colours.Colour = colours.PAPER) -> Text:
    return Text(x, y, text, LETTERS, colour, centred=True)


def _said(panel: Panel, weights: np.ndarray) -> Iterator[str]:
    for row, spread in zip(panel.rows, effective_tokens(weights), strict=True):
        yield f"{row.label} {_spread(spread, len(row.values))}"
