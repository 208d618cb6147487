"""What the workbooks of all formats have in common: sheets, of which one is read, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from poolviz.datasets.readers import tables
from poolviz.datasets.readers.reading import Finding, How, Table, Wanted, check_shape, check_size
from poolviz.datasets.readers.reading import titles as names_of
from poolviz.datasets.readers.separated.dialect import has_header
from poolviz.errors import ChoiceError, DataError


@dataclass(frozen=True)
class Place:
    """Where a sheet lies in an archive, and whether the program that wrote it shows it."""

    path: str
    hidden: bool


class Rows:
    """The rows of a sheet that hold something, with their numbers from 1.

    Parameters
    ----------
    name : of the file.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells: list[list[str]] = []
        self.numbers: list[int] = []
        self._widest = 1
        self._size = 0

    def add(self, number: int, cells: list[str], times: int = 1) -> None:
        """A row, or several alike that begin with this number.

        Raises
        ------
        DataError : the rows are too many, too wide or too large. One long string in a small file
            may stand in many cells.
        """
        if not any(cell.strip() for cell in cells):
            return
        self._widest = max(self._widest, len(cells))
        check_shape(self.name, len(self.cells) + times, self._widest)
        self._size += times * sum(map(len, cells))
        check_size(self.name, self._size)
        self.cells += [cells] * times
        self.numbers += range(number, number + times)


def check_part(name: str, wanted: str | None, titles: Sequence[str]) -> None:
    """Check that a workbook has the sheet that is wanted.

    Raises
    ------
    ChoiceError : it has not.
    """
    if wanted is not None and wanted not in titles:
        raise ChoiceError(
            "{name} holds no sheet {part}; choose one of {known}.",
            name=name,
            part=wanted,
            known=", ".join(titles[:20]),
        )


def empty(name: str) -> DataError:
    """What to say of a workbook without a row."""
    return DataError("{name} holds no row with a text; add rows to it.", name=name)


def table_of(rows: Rows, title: str, titles: Sequence[str], form: str, wanted: Wanted) -> Table:
    """The table of the sheet that was read, whose first row may name the columns.

    Parameters
    ----------
    title : of the sheet, of all `titles`.
    form : "Excel", "OpenDocument".

    Raises
    ------
    ChoiceError : a column that is wanted is not there.
    """
    width = max(map(len, rows.cells))
    whole = [row if len(row) == width else _filled_up(row, width) for row in rows.cells]
    header = has_header(whole[: tables.SAMPLED])
    names = names_of(whole[0] if header else [""] * width)
    below, numbers = whole[header:], rows.numbers[header:]
    columns = zip(*below, strict=True) if below else [()] * width
    packed = {name: pa.array(c, pa.string()) for name, c in zip(names, columns, strict=True)}
    how = How(form, header=header, part=title, parts=tuple(titles))
    table = tables.of_columns(rows.name, packed, numbers, how, wanted)
    if len(titles) > 1 and wanted.part is None:
        others = Finding("other parts", len(titles) - 1, values={"part": title})
        table = replace(table, findings=(others, *table.findings))
    return table


def _filled_up(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def first_with_rows(
    name: str,
    sheets: Mapping[str, Place],
    rows_of: Callable[[str], Rows],
    form: str,
    wanted: Wanted,
) -> Table:
    """The table of the sheet that is wanted, else of the first that holds something.

    One that is shown goes before one that is not.

    Parameters
    ----------
    sheets : by their names, in their order.
    rows_of : the rows of the sheet that lies at a path.

    Raises
    ------
    ChoiceError : no such sheet or column.
    DataError : no sheet holds anything.
    """
    check_part(name, wanted.part, list(sheets))
    shown = sorted(sheets, key=lambda title: sheets[title].hidden)
    for title in shown if wanted.part is None else [wanted.part]:
        rows = rows_of(sheets[title].path)
        if rows.cells:
            return table_of(rows, title, list(sheets), form, wanted)
    raise empty(name)
