"""Workbooks of Excel (.xlsx) become tables: the strings of their cells, read as a stream of XML.

Office Open XML, ECMA-376 part 1: chapter 18.3 (sheets), 18.4 (shared strings).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import regex

from poolviz.datasets.readers.containers import Archive, damaged
from poolviz.datasets.readers.reading import Table, Wanted, check_shape
from poolviz.datasets.readers.workbooks.dates import day, days
from poolviz.datasets.readers.workbooks.sheets import Place, Rows, empty, first_with_rows
from poolviz.datasets.readers.workbooks.xml import parse
from poolviz.text.tokens import clean_text
from poolviz.watch import QUIET, Watch

WORKBOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_ESCAPED = regex.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = regex.compile(r"[0-9]{1,9}(\.[0-9]+)?(E-?[0-9]{1,2})?")
_PLACE = regex.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read(name: str, archive: Archive, wanted: Wanted, watch: Watch = QUIET) -> Table:
    """The rows of one sheet: the one that is wanted, else the first that holds something.

    Raises
    ------
    ChoiceError : no such sheet or column.
    DataError : the workbook is damaged or too large.
    Cancelled : it was stopped.
    """
    sheets, since_1904 = _sheets(name, archive, watch)
    strings = _shared_strings(name, archive, watch)
    styles = _days(name, archive, watch)

    def rows_of(path: str) -> Rows:
        reader = _Sheet(Rows(name), strings, styles, since_1904)
        parse(name, archive, path, reader.start, reader.end, reader.text, watch)
        return reader.rows

    return first_with_rows(name, sheets, rows_of, "Excel", wanted)


def relations(name: str, archive: Archive, member: str, watch: Watch = QUIET) -> dict[str, str]:
    """What a member of a workbook refers to, by the names that it has for it.

    Raises
    ------
    DataError, Cancelled : see `poolviz.datasets.readers.workbooks.xml.parse`.
    """
    found: dict[str, str] = {}

    def relation(tag: str, values: Mapping[str, str]) -> None:
        if tag == "Relationship" and "Id" in values:
            found[values["Id"]] = values.get("Target", "")

    place = PurePosixPath(member)
    parse(name, archive, f"{place.parent}/_rels/{place.name}.rels", relation, watch=watch)
    return found


def inside(target: str) -> str:
    """The path in the archive of what the workbook refers to."""
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return str(PurePosixPath(path))


def _sheets(name: str, archive: Archive, watch: Watch) -> tuple[dict[str, Place], bool]:
    """The sheets by their names, in their order, and whether days are counted from 1904 on."""
    listed: list[Mapping[str, str]] = []
    since_1904 = False

    def start(tag: str, values: Mapping[str, str]) -> None:
        nonlocal since_1904
        if tag == "workbookPr":
            since_1904 = values.get("date1904", "0") in ("1", "true")
        elif tag == "sheet":
            listed.append(values)

    parse(name, archive, WORKBOOK, start, watch=watch)
    if not listed:
        raise empty(name)
    linked = relations(name, archive, WORKBOOK, watch)
    found: dict[str, Place] = {}
    for values in listed:
        path = inside(linked.get(values.get("id", ""), ""))
        if archive.holds(path):
            hidden = values.get("state", "visible") != "visible"
            found[values.get("name", "")] = Place(path, hidden)
    if not found:
        raise damaged(name)
    return found, since_1904


def _days(name: str, archive: Archive, watch: Watch) -> frozenset[int]:
    """The styles of cells that hold days."""
    numbers: list[int] = []
    formats: dict[int, str] = {}
    of_cells = False
    if not archive.holds(_STYLES):
        return frozenset()

    def start(tag: str, values: Mapping[str, str]) -> None:
        nonlocal of_cells
        if tag == "numFmt":
            formats[_index(values.get("numFmtId", ""))] = values.get("formatCode", "")
        elif tag == "cellXfs":
            of_cells = True
        elif tag == "xf" and of_cells:
            numbers.append(_index(values.get("numFmtId", "")))

    def end(tag: str) -> None:
        nonlocal of_cells
        of_cells = of_cells and tag != "cellXfs"

    parse(name, archive, _STYLES, start, end, watch=watch)
    return days(numbers, formats)


def _index(given: str) -> int:
    """A number of a style or a format; -1 where none is given."""
    return int(given) if given.isdecimal() and len(given) < 10 else -1


def _shared_strings(name: str, archive: Archive, watch: Watch) -> list[str]:
    found: list[str] = []
    if not archive.holds(_STRINGS):
        return found
    text = _Text()

    def start(tag: str, values: Mapping[str, str]) -> None:
        if tag == "si":
            text.clear()
        text.start(tag)

    def end(tag: str) -> None:
        text.end(tag)
        if tag == "si":
            found.append(text.whole())

    parse(name, archive, _STRINGS, start, end, text.add, watch)
    return found


class _Text:
    """The text of a cell, in parts of different looks, without the hints to read it aloud."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._within = self._aloud = False

    def clear(self) -> None:
        self._parts.clear()

    def start(self, tag: str) -> None:
        self._aloud = self._aloud or tag == "rPh"
        self._within = tag in ("t", "v") and not self._aloud

    def end(self, tag: str) -> None:
        self._within = False
        self._aloud = self._aloud and tag != "rPh"

    def add(self, data: str) -> None:
        if self._within:
            self._parts.append(data)

    def whole(self) -> str:
        text = "".join(self._parts)
        if "_x" in text:
            text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        return clean_text(text)


@dataclass
class _Sheet:
    """Gathers the rows of a sheet."""

    rows: Rows
    strings: list[str]
    days: frozenset[int]  # styles
    since_1904: bool
    _text: _Text = field(default_factory=_Text)
    _row: list[str] = field(default_factory=list)
    _number: int = 0
    _column: int = 0
    _kind: str = ""
    _style: int = 0

    def start(self, tag: str, values: Mapping[str, str]) -> None:
        if tag == "row":
            given = values.get("r", "")
            self._number = int(given) if given.isdecimal() and len(given) < 9 else self._number + 1
            self._row = []
            self._column = -1
        elif tag == "c":
            match = _PLACE.fullmatch(values.get("r", ""))
            self._column = _column_number(match[1]) if match else self._column + 1
            self._kind = values.get("t", "n")
            self._style = _index(values.get("s", "0"))
            self._text.clear()
        self._text.start(tag)

    def end(self, tag: str) -> None:
        self._text.end(tag)
        if tag == "c":
            if value := self._value():
                check_shape(self.rows.name, 0, self._column + 1)
                self._row.extend([""] * (self._column + 1 - len(self._row)))
                self._row[self._column] = value
        elif tag == "row":
            self.rows.add(self._number, self._row)

    def text(self, data: str) -> None:
        self._text.add(data)

    def _value(self) -> str:
        text = self._text.whole()
        if self._kind == "s":
            number = int(text) if text.isdecimal() and len(text) < 10 else len(self.strings)
            return self.strings[number] if number < len(self.strings) else ""
        if self._kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if self._kind == "n" and self._style in self.days and _NUMBER.fullmatch(text):
            return day(float(text), self.since_1904)
        return "" if self._kind == "e" else text


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
