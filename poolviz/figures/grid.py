"""A text laid out in lines of cells on a grid, wide characters taking two units: for files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import regex

from poolviz.text.pieces import pieces
from poolviz.text.tokens import Token, has_visible
from poolviz.text.width import graphemes, width_units

_NEW_LINE = regex.compile(r"\R")
_RIGHT_TO_LEFT = regex.compile(
    r"[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]"
)
_LETTER_OR_DIGIT = regex.compile(r"[\p{L}\p{N}]")


@dataclass(frozen=True)
class Cell:
    """A piece of text on the grid: `index` is its token, or None between tokens."""

    text: str
    index: int | None
    units: int
    line: int = 0
    start: int = 0


@dataclass(frozen=True)
class Grid:
    """Cells in place; `units` wide, `lines` high."""

    cells: tuple[Cell, ...]
    units: int
    lines: int


def lay_out(text: str, tokens: Sequence[Token], units: int, lines: int) -> Grid:
    """Place a text's tokens, and what stands between them, in lines.

    Lines break at the text's own line breaks and between any two cells. Paragraphs that begin in a
    right-to-left script run from the right.

    Parameters
    ----------
    units : of a line.
    lines : of a page. A text of more gets longer lines, so that it stays about as high as it is
        wide instead of growing into a ribbon.
    """
    cells = list(_cells(text, tokens))
    taken = sum(cell.units for cell in cells)
    if taken > units * lines:
        units = max(units, math.ceil(math.sqrt(2 * taken)))
    placed: list[Cell] = []
    line = 0
    for paragraph in _paragraphs(cells):
        right_to_left = next((d for d in map(_direction, paragraph) if d is not None), False)
        for row in _rows(paragraph, units):
            placed += _placed(row, line, units, right_to_left)
            line += 1
    return Grid(tuple(placed), units, max(line, 1))


def _cells(text: str, tokens: Sequence[Token]) -> Iterator[Cell]:
    for part, index in pieces(text, tokens):
        if index is not None:
            yield Cell(part, index, _units(part))
        else:
            for grapheme in graphemes(part):
                # What is invisible there takes no room, but for white space.
                seen = grapheme.isspace() or has_visible(grapheme)
                yield Cell(grapheme, None, _units(grapheme) if seen else 0)


def _units(text: str) -> int:
    """Room on the grid; a mark without a letter must be seen, too."""
    return max(width_units(text), 1)


def _paragraphs(cells: list[Cell]) -> Iterator[list[Cell]]:
    paragraph: list[Cell] = []
    for cell in cells:
        if cell.index is None and _NEW_LINE.fullmatch(cell.text):
            yield paragraph
            paragraph = []
        else:
            paragraph.append(cell)
    yield paragraph


def _rows(paragraph: list[Cell], units: int) -> Iterator[list[Cell]]:
    """Rows of at most `units`; white space at which a row breaks is left out."""
    row: list[Cell] = []
    used = 0
    for cell in paragraph:
        for part in _parts(cell, units):
            if used + part.units > units:
                yield row
                row, used = [], 0
                if part.index is None:
                    continue
            row.append(part)
            used += part.units
    yield row


def _parts(cell: Cell, units: int) -> list[Cell]:
    """The cell, or where it is longer than a line, parts that are not."""
    if cell.units <= units:
        return [cell]
    characters = graphemes(cell.text)
    size = units // 2  # so many fit even if all are wide
    texts = ["".join(characters[i : i + size]) for i in range(0, len(characters), size)]
    return [Cell(text, cell.index, _units(text)) for text in texts]


def _placed(row: list[Cell], line: int, units: int, right_to_left: bool) -> Iterator[Cell]:
    """The row's cells with their positions, runs against its direction turned round.

    A short form of the Unicode bidirectional algorithm (https://www.unicode.org/reports/tr9/): one
    level of nesting, enough for foreign words in a sentence.
    """
    position = 0
    against = _against(row, right_to_left)
    for turned, group in groupby(range(len(row)), key=against.__getitem__):
        order = list(group)
        for index in reversed(order) if turned else order:
            width = row[index].units
            start = units - position - width if right_to_left else position
            yield replace(row[index], line=line, start=start)
            position += width


def _against(row: list[Cell], right_to_left: bool) -> list[bool]:
    """True for cells that run against the row: foreign ones, and neutral ones between two such."""
    directions = [_direction(cell) for cell in row]
    marks = [direction not in (None, right_to_left) for direction in directions]
    last = None
    for index, direction in enumerate(directions):
        if direction is None:
            continue
        if marks[index] and last is not None and marks[last]:
            marks[last:index] = [True] * (index - last)
        last = index
    return marks


def _direction(cell: Cell) -> bool | None:
    return runs_leftwards(cell.text)


def runs_leftwards(text: str) -> bool | None:
    """True for right to left, False for left to right, None where no letter or digit tells."""
    if _RIGHT_TO_LEFT.search(text):
        return True
    return False if _LETTER_OR_DIGIT.search(text) else None
