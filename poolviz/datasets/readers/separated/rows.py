"""Rows of a text file: cells between separators, in quotes or not, whole or damaged."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pyarrow as pa

from poolviz.datasets.readers.reading import (
    AS_FOUND,
    Counted,
    Finding,
    How,
    Table,
    Wanted,
    check_shape,
)
from poolviz.datasets.readers.separated import dialect
from poolviz.datasets.readers.separated.dialect import QUOTE, fields_of, next_field
from poolviz.datasets.readers.separated.ragged import without_empty_surplus
from poolviz.datasets.readers.separated.shape import Shape
from poolviz.datasets.readers.separated.shape import find as find_shape
from poolviz.datasets.readers.tables import SAMPLED
from poolviz.text.tokens import MAX_CHARACTERS
from poolviz.watch import QUIET, Watch

_BLOCK = 10_000  # rows that become compact columns at once
_LINES = 1_000  # of a cell
_INNER = 50  # of them that are looked at
_REMEMBERED = 10_000  # lines that need not be looked at again


def read(
    name: str, text: str, plain_text: bool, wanted: Wanted = AS_FOUND, watch: Watch = QUIET
) -> Table:
    """The rows of a text.

    Parameters
    ----------
    plain_text : it is a text file: each line is a text, or a label and a text between tabs.
    watch : counts lines.

    Raises
    ------
    ChoiceError : a column that is wanted is not there.
    DataError : it has more lines, columns or cells than can be read.
    Cancelled : it was stopped.
    """
    lines = lines_of(name, text)
    first = [line for line in lines[:SAMPLED] if line.strip()][:SAMPLED]
    found = dialect.find(first, plain_text)
    if found.separator and first:
        widest = max(line.count(found.separator) for line in first[found.skipped :][:1] or [""])
        check_shape(name, len(lines), widest + 1)
    shape = find_shape(name, first, found, wanted)
    reader = _Reader(lines, shape, watch)
    table = reader.columns()
    how = How("lines" if found.separator is None else "CSV", None, found.separator, found.header)
    text_name, label_name = (
        None if n is None else shape.names[n] for n in (shape.text, shape.label)
    )
    numbers = np.asarray(reader.numbers, np.int32)
    return Table(name, table, numbers, how, text_name, label_name, reader.findings())


def lines_of(name: str, text: str) -> list[str]:
    """The lines; a carriage return within one is a space, where lines end otherwise.

    Raises
    ------
    DataError : there are more than can be read.
    """
    end = "\n" if "\n" in text else "\r"
    check_shape(name, text.count(end), 1)
    lines = text.split(end)
    if end == "\n" and "\r" in text:
        lines = [line.rstrip("\r").replace("\r", " ") for line in lines]
    return lines


@dataclass
class _Reader:
    """Goes through the lines once."""

    lines: list[str]
    shape: Shape
    watch: Watch
    numbers: array[int] = field(default_factory=lambda: array("i"))
    _blocks: list[list[pa.Array]] = field(default_factory=list)
    _open: Counted = field(default_factory=Counted)
    _like_rows: Counted = field(default_factory=Counted)
    _joined: Counted = field(default_factory=Counted)
    _wider: Counted = field(default_factory=Counted)
    _shorter: Counted = field(default_factory=Counted)
    _looked_at: dict[int, bool | None] = field(default_factory=dict)
    _closer: int = 0  # the first line from here on that may end a quoted cell

    def columns(self) -> dict[str, pa.Array]:
        """The rows as columns; counts on the way what there is to say."""
        block: list[list[str]] = []
        for row in self._rows():
            block.append(row)
            if len(block) == _BLOCK:
                self._pack(block)
                block = []
        self._pack(block)
        parts = zip(*self._blocks, strict=True)
        return dict(zip(self.shape.names, map(pa.concat_arrays, parts), strict=True))

    def findings(self) -> tuple[Finding, ...]:
        above = self.shape.dialect.above
        return (
            *([Finding("above", above, grave=False)] if above else ()),
            *self._open.finding("open quote"),
            *self._like_rows.finding("lines like rows"),
            *self._wider.finding("too many columns"),
            *self._joined.finding("joined"),
            *self._shorter.finding("too few columns"),
        )

    def _pack(self, block: list[list[str]]) -> None:
        cells = zip(*block, strict=True) if block else [()] * self.shape.width
        self._blocks.append([pa.array(column, pa.string()) for column in cells])
        self.watch.check()
        self.watch.progress(min(len(self.numbers), len(self.lines)), len(self.lines))

    def _rows(self) -> Iterator[list[str]]:
        separator, quoted = self.shape.dialect.separator, self.shape.dialect.quoted
        place, width = self._begin(), self.shape.width
        header = self.shape.dialect.header
        starting = dialect.starting_quote(separator)
        while place < len(self.lines):
            line, start = self.lines[place], place
            place += 1
            if not line or line.isspace():
                if start % _BLOCK == 0:
                    self.watch.check()
                continue
            if quoted and QUOTE in line and starting.search(line):
                row, place = self._quoted(start)
            else:
                row = [line] if separator is None else line.split(separator, dialect.MAX_FIELDS)
            if header:
                header = False
                continue
            if len(row) != width:
                row = self._of_other_width(row, start + 1)
                if row is None:
                    continue
            self.numbers.append(start + 1)
            yield row

    def _begin(self) -> int:
        """The line behind those that are skipped."""
        skipped = self.shape.dialect.skipped
        written = (n for n, line in enumerate(self.lines, 1) if line.strip())
        return max(islice(written, skipped), default=0)

    def _of_other_width(self, row: list[str], number: int) -> list[str] | None:
        """A row with more or fewer cells than there are columns; None where it cannot be one."""
        width = self.shape.width
        if len(row) < width:
            self._shorter.add(number)
            return row + [""] * (width - len(row))
        row = without_empty_surplus(row, width)
        if len(row) == width:
            return row
        if whole := self.shape.mended(row):
            self._joined.add(number)
            return whole
        self._wider.add(number)
        return None

    def _quoted(self, start: int) -> tuple[list[str], int]:
        """The cells of the row that begins on a line, and the line after it."""
        line, separator = self.lines[start], self.shape.dialect.separator
        cells: list[str] = []
        position, after = 0, start + 1
        while position <= len(line) and len(cells) <= dialect.MAX_FIELDS:
            cell, behind, closed = next_field(line, position, separator)
            if not closed and cell.startswith(QUOTE) and cell.count(QUOTE) % 2 == 1:
                end = self._end_of_cell(after)
                if whole := self._whole(line, position, after, end):
                    line, after = whole, end + 1
                    cell, behind, _closed = next_field(line, position, separator)
                else:
                    self._open.add(start + 1)
                    cell = cell.removeprefix(QUOTE)
            cells.append(cell)
            position = behind
        return cells, after

    def _end_of_cell(self, after: int) -> int:
        """The next line on which a quote stands before a separator or at the end."""
        closing = dialect.ending_quote(self.shape.dialect.separator)
        self._closer = max(self._closer, after)
        while self._closer < len(self.lines):
            line = self.lines[self._closer]
            if QUOTE in line and closing.search(line):
                break
            self._closer += 1
        return self._closer

    def _whole(self, line: str, position: int, after: int, end: int) -> str | None:
        """The line with those that its open cell goes on in; None where the quote is a stray."""
        if end >= len(self.lines) or end - after >= _LINES:
            return None
        alike = self._are_rows(line, after, end)
        if alike or sum(map(len, self.lines[after : end + 1])) > MAX_CHARACTERS:
            return None
        whole = "\n".join((line, *self.lines[after : end + 1]))
        pattern = dialect.quoted_cell(self.shape.dialect.separator)
        if not pattern.match(whole, position):
            return None
        if alike is None:
            self._like_rows.add(after)
        return whole

    def _are_rows(self, line: str, after: int, end: int) -> bool | None:
        """Whether the lines that a cell would hold look like the rows around it.

        None where they have as many cells, but nothing else tells.
        """
        numbers = range(after, min(end + 1, after + _INNER))
        fitting = [self._fits_alone(line), *map(self._fits_at, numbers)]
        if 2 * fitting.count(True) > len(fitting):
            return True
        maybe = self.shape.width > 1 or len(fitting) > _INNER / 2
        return None if maybe and 2 * fitting.count(None) > len(fitting) else False

    def _fits_at(self, number: int) -> bool | None:
        """`_fits_alone` of a line, which is looked at once, however many cells it may be in."""
        if number not in self._looked_at:
            if len(self._looked_at) >= _REMEMBERED:
                self._looked_at.clear()
            self._looked_at[number] = self._fits_alone(self.lines[number])
        return self._looked_at[number]

    def _fits_alone(self, line: str) -> bool | None:
        """Whether a line alone is a row like the others; None where that cannot be told."""
        row = fields_of(line, self.shape.dialect.separator, True)
        return self.shape.fits(row) if len(row) == self.shape.width else False
