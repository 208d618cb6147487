"""Spreadsheets of OpenDocument (.ods) become tables, read as a stream of XML.

OpenDocument 1.3, part 3: chapter 9.1 (tables), 6.1 (text), 19.385 and 19.675 (what is repeated).
A few bytes can say that a cell or a row is repeated a million times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from poolviz.datasets.readers.containers import Archive
from poolviz.datasets.readers.reading import Table, Wanted, check_shape
from poolviz.datasets.readers.workbooks.sheets import Rows, check_part, empty, table_of
from poolviz.datasets.readers.workbooks.xml import parse
from poolviz.text.tokens import clean_text
from poolviz.watch import QUIET, Watch

CONTENT = "content.xml"
_BESIDE = ("annotation", "forms", "shapes", "tracked-changes")  # what they hold is in no cell
_MOST_SPACES = 1_000
_FAR = 1_000_000_000


def read(name: str, archive: Archive, wanted: Wanted, watch: Watch = QUIET) -> Table:
    """The rows of one sheet: the one that is wanted, else the first that holds something.

    Raises
    ------
    ChoiceError : no such sheet or column.
    DataError : the file is damaged or too large.
    Cancelled : it was stopped.
    """
    for hidden in (False, True):
        found = _Content(Rows(name), wanted.part, hidden or wanted.part is not None)
        parse(name, archive, CONTENT, found.start, found.end, found.text, watch)
        check_part(name, wanted.part, found.titles)
        if found.rows.cells:
            return table_of(found.rows, found.title, found.titles, "OpenDocument", wanted)
    raise empty(name)


@dataclass
class _Content:
    """Goes through all sheets, and gathers the rows of one.

    Parameters
    ----------
    wanted : the sheet; None for the first that holds something.
    hidden : take one that is not shown, too.
    """

    rows: Rows
    wanted: str | None
    hidden: bool
    titles: list[str] = field(default_factory=list)
    title: str = ""
    _unseen: set[str] = field(default_factory=set)  # styles of sheets that are not shown
    _style: str = ""
    _taken: bool = False  # whether the sheet that is gone through is the one
    _tables: int = 0  # within each other
    _row: list[str] = field(default_factory=list)
    _number: int = 1
    _times: int = 1
    _column: int = 0
    _columns: int = 1
    _paragraphs: list[list[str]] = field(default_factory=list)
    _within: bool = False  # a paragraph
    _beside: int = 0
    _value: str = ""

    def start(self, tag: str, values: Mapping[str, str]) -> None:
        if self._beside or tag in _BESIDE:
            self._beside += tag in _BESIDE
        elif tag == "style":
            self._style = values.get("name", "")
        elif tag == "table-properties":
            if values.get("display") == "false":
                self._unseen.add(self._style)
        elif tag == "table":
            self._tables += 1
            if self._tables == 1:
                self._begin_table(values)
        elif self._taken and self._tables == 1:
            self._start_inside(tag, values)

    def _begin_table(self, values: Mapping[str, str]) -> None:
        title = values.get("name", "") or str(len(self.titles) + 1)
        self.titles.append(title)
        shown = self.hidden or values.get("style-name") not in self._unseen
        first = self.wanted is None and not self.rows.cells and shown
        self._taken = title == self.wanted or first
        self._number = 1
        if self._taken:
            self.title = title

    def _start_inside(self, tag: str, values: Mapping[str, str]) -> None:
        if tag == "table-row":
            self._row, self._column = [], 0
            self._times = _count(values, "number-rows-repeated")
        elif tag in ("table-cell", "covered-table-cell"):
            self._columns = _count(values, "number-columns-repeated")
            self._paragraphs = []
            self._value = _value(values)
        elif tag in ("p", "h"):
            self._paragraphs.append([])
            self._within = True
        elif tag == "s":
            self.text(" " * min(_count(values, "c"), _MOST_SPACES))
        elif tag in ("tab", "line-break"):
            self.text("\t" if tag == "tab" else "\n")

    def end(self, tag: str) -> None:
        if tag in _BESIDE:
            self._beside -= 1
        elif self._beside:
            return
        elif tag == "table":
            self._tables -= 1
            self._taken = self._taken and self._tables > 0
        elif self._taken and self._tables == 1:
            self._end_inside(tag)

    def _end_inside(self, tag: str) -> None:
        if tag in ("p", "h"):
            self._within = False
        elif tag in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif tag == "table-row":
            self.rows.add(self._number, self._row, self._times)
            self._number = min(self._number + self._times, _FAR)

    def _end_cell(self) -> None:
        text = clean_text("\n".join("".join(parts) for parts in self._paragraphs))
        if value := self._value or text:
            check_shape(self.rows.name, 0, self._column + self._columns)
            self._row += [""] * (self._column - len(self._row)) + [value] * self._columns
        self._column = min(self._column + self._columns, _FAR)

    def text(self, data: str) -> None:
        if self._within and self._paragraphs and not self._beside and self._tables == 1:
            self._paragraphs[-1].append(data)


def _count(values: Mapping[str, str], name: str) -> int:
    """How often something is repeated."""
    given = values.get(name, "1")
    return int(given) if given.isdecimal() and len(given) < 10 else 1


def _value(values: Mapping[str, str]) -> str:
    """The value of a cell whose text is only one way to show it: of a number 0.5, not "50 %"."""
    kind = values.get("value-type", "")
    if kind in ("float", "percentage", "currency"):
        return values.get("value", "")
    if kind == "boolean":
        return values.get("boolean-value", "").upper()
    return values.get("date-value", "") if kind == "date" else ""
