"""Binary workbooks of Excel (.xlsb) become tables, read record by record.

[MS-XLSB], chapter 2.1.4 (records) and 2.4 (those that are read here).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from poolviz.datasets.readers.containers import Archive, damaged
from poolviz.datasets.readers.reading import Table, Wanted, check_shape
from poolviz.datasets.readers.workbooks.dates import day, days, plain
from poolviz.datasets.readers.workbooks.sheets import Place, Rows, first_with_rows
from poolviz.datasets.readers.workbooks.xlsx import inside, relations
from poolviz.text.tokens import clean_text
from poolviz.watch import QUIET, Watch

WORKBOOK = "xl/workbook.bin"
_STRINGS = "xl/sharedStrings.bin"
_STYLES = "xl/styles.bin"
_ROW, _SHEET, _SHARED = 0, 156, 19  # kinds of records
_SETTINGS, _FORMAT, _STYLE, _OF_CELLS, _OF_CELLS_END = 153, 44, 47, 617, 618
_CHECKED = 1_000  # records between two looks at the watch


def read(name: str, archive: Archive, wanted: Wanted, watch: Watch = QUIET) -> Table:
    """The rows of one sheet: the one that is wanted, else the first that holds something.

    Raises
    ------
    ChoiceError : no such sheet or column.
    DataError : the workbook is damaged or too large.
    Cancelled : it was stopped.
    """
    try:
        sheets, since_1904 = _sheets(name, archive, watch)
        book = _Book(_shared_strings(archive, watch), _days(archive, watch), since_1904)

        def rows_of(path: str) -> Rows:
            return _rows(name, archive.read(path, watch), book, watch)

        return first_with_rows(name, sheets, rows_of, "Excel", wanted)
    except (struct.error, IndexError) as error:
        raise damaged(name) from error


@dataclass(frozen=True)
class _Book:
    """What the cells of all sheets refer to: strings, and the styles that show days."""

    strings: list[str]
    days: frozenset[int]
    since_1904: bool


def _sheets(name: str, archive: Archive, watch: Watch) -> tuple[dict[str, Place], bool]:
    """The sheets by their names, in their order, and whether days are counted from 1904 on."""
    linked = relations(name, archive, WORKBOOK, watch)
    found: dict[str, Place] = {}
    since_1904 = False
    for kind, data in _records(archive.read(WORKBOOK, watch), watch):
        if kind == _SETTINGS:
            since_1904 = bool(data[0] & 1)
        elif kind == _SHEET:
            link, behind = _string(data, 8)
            title, _behind = _string(data, behind)
            path = inside(linked.get(link, ""))
            if archive.holds(path):
                found[title] = Place(path, hidden=data[0] != 0)
    if not found:
        raise damaged(name)
    return found, since_1904


def _days(archive: Archive, watch: Watch) -> frozenset[int]:
    """The styles of cells that hold days."""
    numbers: list[int] = []
    formats: dict[int, str] = {}
    of_cells = False
    if not archive.holds(_STYLES):
        return frozenset()
    for kind, data in _records(archive.read(_STYLES, watch), watch):
        if kind in (_OF_CELLS, _OF_CELLS_END):
            of_cells = kind == _OF_CELLS
        elif kind == _FORMAT:
            formats[_half(data, 0)] = _string(data, 2)[0]
        elif kind == _STYLE and of_cells:
            numbers.append(_half(data, 2))
    return days(numbers, formats)


def _shared_strings(archive: Archive, watch: Watch) -> list[str]:
    if not archive.holds(_STRINGS):
        return []
    records = _records(archive.read(_STRINGS, watch), watch)
    return [_string(data, 1)[0] for kind, data in records if kind == _SHARED]


def _rows(name: str, content: bytes, book: _Book, watch: Watch) -> Rows:
    rows = Rows(name)
    number, cells = 0, []
    for kind, data in _records(content, watch):
        if kind == _ROW:
            rows.add(number, cells)
            number, cells = _number(data, 0) + 1, []
        elif kind in _VALUES:
            column = _number(data, 0)
            check_shape(name, 0, column + 1)
            if value := _VALUES[kind](data, book):
                cells += [""] * (column + 1 - len(cells))
                cells[column] = value
    rows.add(number, cells)
    return rows


def _records(content: bytes, watch: Watch) -> Iterator[tuple[int, bytes]]:
    """The kinds of all records, and what each holds."""
    place = count = 0
    while place < len(content):
        count += 1
        if count % _CHECKED == 0:
            watch.check()
            watch.progress(place, len(content))
        kind = content[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | content[place] << 7
            place += 1
        length = shift = 0
        while shift < 28:
            part = content[place]
            place += 1
            length |= (part & 0x7F) << shift
            shift += 7
            if not part & 0x80:
                break
        yield kind, content[place : place + length]
        place += length


def _number(data: bytes, place: int) -> int:
    return struct.unpack_from("<I", data, place)[0]


def _half(data: bytes, place: int) -> int:
    return struct.unpack_from("<H", data, place)[0]


def _string(data: bytes, place: int) -> tuple[str, int]:
    """A string, and where it ends."""
    end = place + 4 + 2 * _number(data, place)
    return clean_text(data[place + 4 : end].decode("utf-16-le", "replace")), end


def _short(data: bytes, book: _Book) -> str:
    """A number in four bytes: the upper ones of a float, a whole number, or a hundredth of it."""
    bits = _number(data, 8)
    if bits & 2:
        value = float(struct.unpack_from("<i", data, 8)[0] >> 2)
    else:
        value = struct.unpack("<d", bytes(4) + struct.pack("<I", bits & ~3))[0]
    return _shown(value / 100 if bits & 1 else value, data, book)


def _shown(value: float, data: bytes, book: _Book) -> str:
    """A number, or the day that it is by the style of its cell."""
    style = int.from_bytes(data[4:7], "little")
    return day(value, book.since_1904) if style in book.days else plain(value)


def _truth(data: bytes, _book: _Book) -> str:
    return "TRUE" if data[8] else "FALSE"


def _float(data: bytes, book: _Book) -> str:
    return _shown(struct.unpack_from("<d", data, 8)[0], data, book)


def _shared(data: bytes, book: _Book) -> str:
    number = _number(data, 8)
    return book.strings[number] if number < len(book.strings) else ""


def _own(data: bytes, _book: _Book) -> str:
    return _string(data, 8)[0]


# What a cell holds, by the kind of its record; those of errors and of nothing hold nothing.
_VALUES: dict[int, Callable[[bytes, _Book], str]] = {
    2: _short,
    4: _truth,
    5: _float,
    6: _own,
    7: _shared,
    8: _own,
    9: _float,
    10: _truth,
}
