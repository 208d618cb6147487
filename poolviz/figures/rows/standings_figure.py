"""The heads of a data set as a drawing for vector files: a forest plot of their accuracies.

Every letter is 8 points high at the width of the sheet. On a narrow sheet the costs are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from poolviz.evaluation.standings import Standing
from poolviz.figures import colours
from poolviz.figures.drawing import Drawing, Rectangle, Text
from poolviz.figures.layout import wrapped
from poolviz.figures.rows.standings import Axis
from poolviz.figures.sheet import LETTERS, Sheet
from poolviz.language import _, listed
from poolviz.text.width import width_units
from poolviz.trust.rows.believed import Believed

_UNIT = 0.583 * LETTERS  # pixels a narrow character takes, at most
_SIDE = 4.0
_LINE = 2.0 * LETTERS
_NOTE_LINE = 1.35 * LETTERS
_GAP = 0.8 * LETTERS  # between two columns
_ROOM_FOR_COSTS = 450.0  # the least width that has
_NARROW_NAME = 13  # narrow characters of a name on a narrow sheet
_DOT, _SEED, _THIN = 0.55 * LETTERS, (1.3, 0.9 * LETTERS), 2.2
_INTERVAL, _POINT, _OTHER = (154, 127, 209), (84, 39, 136), (199, 123, 48)
_RULE = (215, 215, 215)


@dataclass(frozen=True)
class _Column:
    """Numbers of all heads below a heading, flush right at `right`."""

    title: str
    cells: Sequence[str]
    right: float = 0.0

    @property
    def width(self) -> float:
        return max(map(width_units, (self.title, *self.cells))) * _UNIT


def standings_drawing(
    found: Sequence[Standing],
    believed: Mapping[str, Believed],
    title: str,
    sheet: Sheet | None = None,
) -> Drawing:
    """Accuracies with intervals and other trainings on one axis, numbers beside it.

    Parameters
    ----------
    found : one or more, in their order.
    believed : of the heads of which it was measured.
    title : its heading, left out on a sheet without titles.
    sheet : what to fit it to; None for the usual one.
    """
    sheet = sheet or Sheet()
    wide = sheet.width >= _ROOM_FOR_COSTS
    columns = _placed(_columns(found, believed, wide), sheet.width)
    names = max(width_units(standing.name) for standing in found)
    left = _SIDE + (names if wide else min(names, _NARROW_NAME)) * _UNIT + _GAP
    right = columns[0].right - columns[0].width - 1.5 * _GAP
    headings = list(_headings(title, _notes(found, bool(believed)), sheet)) if sheet.titled else []
    top = (headings[-1].y + _GAP if headings else 0.0) + 1.4 * LETTERS
    axis = Axis(found)
    lines = [(top + _LINE * (n + 0.75), standing) for n, standing in enumerate(found)]
    return Drawing(
        width=sheet.width,
        height=lines[-1][0] + _LINE,
        alt=_alt(found, title),
        rectangles=[
            *_grid(axis, left, right, top, lines[-1][0]),
            *(mark for y, standing in lines for mark in _marks(axis, left, right, y, standing)),
        ],
        dots=[],
        texts=[
            *headings,
            *_ticks(axis, left, right, top),
            *(text for column in columns for text in _numbers(column, top, lines)),
            *(_name(standing, y, left) for y, standing in lines),
        ],
    )


def _columns(
    found: Sequence[Standing], believed: Mapping[str, Believed], wide: bool
) -> list[_Column]:
    accuracy = _Column(_("Accuracy, %"), [standing.accuracy.as_percent() for standing in found])
    if not wide:
        return [accuracy]
    columns = [
        accuracy,
        _Column(_("Parameters"), [f"{standing.parameters:,}" for standing in found]),
        _Column(_("Train, s"), [f"{standing.training:.0f}" for standing in found]),
        _Column(
            _("Explain, ms"),
            ["–" if s.explaining is None else f"{s.explaining:.2f}" for s in found],
        ),
    ]
    if believed:
        weights = [believed[s.head].weights if s.head in believed else None for s in found]
        columns.append(_Column("NAOPC", [f"{each.value:.2f}" if each else "–" for each in weights]))
    return columns


def _placed(columns: Sequence[_Column], width: float) -> list[_Column]:
    """The columns side by side, the last at the right edge."""
    placed, right = [], width - _SIDE
    for column in reversed(columns):
        placed.append(_Column(column.title, column.cells, right))
        right -= column.width + _GAP
    return placed[::-1]


def _headings(title: str, notes: str, sheet: Sheet) -> Iterator[Text]:
    y, room = 1.4 * LETTERS, sheet.width - 2 * _SIDE
    for text in (title, notes):
        for line in wrapped(text, int(room / _UNIT)):
            yield Text(_SIDE, y, line, LETTERS, colours.PAPER, room=room)
            y += _NOTE_LINE


def _notes(found: Sequence[Standing], naopc: bool) -> str:
    parts = [
        _("Square and bar: accuracy with its 95 % interval over {rows:,} test rows").format(
            rows=found[0].rows
        )
    ]
    if not all(standing.trained_once for standing in found):
        parts.append(_("ticks: other trainings"))
    if naopc:
        parts.append(_("NAOPC: order of the weights, 0 the worst, 1 the best"))
    return "; ".join(parts)


def _alt(found: Sequence[Standing], title: str) -> str:
    said = listed(f"{standing.name} {standing.accuracy.as_share()}" for standing in found)
    return f"{title}: {said}"


def _at(axis: Axis, left: float, right: float, accuracy: float) -> float:
    return left + axis.place(accuracy) * (right - left)


def _grid(axis: Axis, left: float, right: float, top: float, bottom: float) -> Iterator[Rectangle]:
    for tick in axis.ticks:
        x = _at(axis, left, right, tick)
        yield Rectangle(x - 0.4, top + 3, 0.8, bottom - top + 0.4 * _LINE, _RULE)


def _ticks(axis: Axis, left: float, right: float, top: float) -> Iterator[Text]:
    """The axis' numbers, as many as have room."""
    end = 0.0
    for tick, label in axis.ticks.items():
        x, half = _at(axis, left, right, tick), width_units(label) * _UNIT / 2
        if x - half >= end:
            yield Text(x, top, label, LETTERS, colours.PAPER, centred=True)
            end = x + half + 4


def _marks(
    axis: Axis, left: float, right: float, y: float, standing: Standing
) -> Iterator[Rectangle]:
    low, high, value = (
        _at(axis, left, right, end)
        for end in (standing.accuracy.low, standing.accuracy.high, standing.accuracy.value)
    )
    middle = y - 0.35 * LETTERS
    yield Rectangle(low, middle - _THIN / 2, high - low, _THIN, _INTERVAL)
    for seed in standing.other_seeds:
        x, (width, height) = _at(axis, left, right, seed), _SEED
        yield Rectangle(x - width / 2, middle - height / 2, width, height, _OTHER)
    yield Rectangle(value - _DOT / 2, middle - _DOT / 2, _DOT, _DOT, _POINT)


def _numbers(
    column: _Column, top: float, lines: Sequence[tuple[float, Standing]]
) -> Iterator[Text]:
    ys = (top, *(y for y, _standing in lines))
    for y, text in zip(ys, (column.title, *column.cells), strict=True):
        width = width_units(text) * _UNIT
        yield Text(column.right - width / 2, y, text, LETTERS, colours.PAPER, centred=True)


def _name(standing: Standing, y: float, left: float) -> Text:
    return Text(_SIDE, y, standing.name, LETTERS, colours.PAPER, room=left - _SIDE - _GAP / 2)
