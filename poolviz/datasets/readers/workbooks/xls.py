"""Workbooks of Excel before 2007 (.xls) become tables, read by xlrd.

xlrd is Python alone, and a sheet has 65,536 rows and 256 columns at most: no file can end the
process, or make it ask for memory that its cells are not worth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from poolviz.datasets.readers.containers import damaged
from poolviz.datasets.readers.reading import Table, Wanted, check_shape
from poolviz.datasets.readers.workbooks.dates import day, plain
from poolviz.datasets.readers.workbooks.sheets import Rows, check_part, empty, table_of
from poolviz.errors import PoolvizError
from poolviz.text.tokens import clean_text
from poolviz.watch import QUIET, Cancelled, Watch

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NUMBER, _DATE, _TRUTH, _ERROR = 2, 3, 4, 5  # kinds of cells of xlrd
# Records that hold a cell, or several of one row, and begin with its place.
_CELLS = {0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E}
_CHECKED = 1_000  # records between two looks at the watch


def read(name: str, content: bytes, wanted: Wanted, watch: Watch = QUIET) -> Table:
    """The rows of one sheet: the one that is wanted, else the first that holds something.

    Raises
    ------
    ChoiceError : no such sheet or column.
    DataError : the workbook is damaged, encrypted or too large, or the file holds another document.
    Cancelled : it was stopped.
    """
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=content, logfile=_Silence(), on_demand=True, ragged_rows=True
        )
        book.get_record_parts = _watched(name, book.get_record_parts, watch)
        return _table(name, book, wanted, watch)
    except (PoolvizError, Cancelled):
        raise
    except Exception as error:  # whatever a damaged file makes of xlrd: assertions, indices
        raise damaged(name) from error


def _table(name: str, book: Any, wanted: Wanted, watch: Watch) -> Table:
    titles = list(map(clean_text, book.sheet_names()))
    check_part(name, wanted.part, titles)
    places = range(len(titles)) if wanted.part is None else [titles.index(wanted.part)]
    for hidden in (False, True):
        for place in places:
            sheet = book.sheet_by_index(place)
            if wanted.part is None and bool(sheet.visibility) != hidden:
                continue
            rows = _rows(name, sheet, book.datemode, watch)
            if rows.cells:
                return table_of(rows, titles[place], titles, "Excel", wanted)
    raise empty(name)


class _Silence:
    """What xlrd writes of damaged files."""

    def write(self, said: str) -> None:
        """Drop it."""


def _watched(name: str, step: Callable[[], Any], watch: Watch) -> Callable[[], Any]:
    """The step by which xlrd reads record after record; stops where cells become too many."""
    count = rows = widest = 0
    last = -1

    def next_record() -> Any:
        nonlocal count, rows, widest, last
        record, length, data = step()
        count += 1
        if count % _CHECKED == 0:
            watch.check()
        if record in _CELLS:
            row, column = int.from_bytes(data[:2], "little"), int.from_bytes(data[2:4], "little")
            rows, last = rows + (row != last), row
            widest = max(widest, column + 1)
            check_shape(name, rows, widest)
        return record, length, data

    return next_record


def _rows(name: str, sheet: Any, datemode: Literal[0, 1], watch: Watch) -> Rows:
    rows = Rows(name)
    for number in range(sheet.nrows):
        if number % _CHECKED == 0:
            watch.check()
            watch.progress(number, sheet.nrows)
        kinds, values = sheet.row_types(number), sheet.row_values(number)
        cells = [_cell(*cell, datemode) for cell in zip(kinds, values, strict=True)]
        rows.add(number + 1, cells)
    return rows


def _cell(kind: int, value: Any, datemode: Literal[0, 1]) -> str:
    if kind == _ERROR:
        return ""
    if kind == _TRUTH:
        return "TRUE" if value else "FALSE"
    if kind == _DATE:
        return day(value, since_1904=datemode == 1)
    if kind == _NUMBER:
        return plain(value)
    return clean_text(str(value))
