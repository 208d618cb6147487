"""Workbooks of Excel (.xlsx) become tables: the strings of their cells, read as a stream of XML.

Office Open XML, ECMA-376 part 1: chapter 18.3 (sheets), 18.4 (shared strings). The XML is read by
expat and never becomes a tree, so that a workbook costs what its cells are worth; a document type,
with which a small file can expand to a large one, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from xml.parsers import expat

import regex

from poolviz.datasets.readers import tables
from poolviz.datasets.readers.containers import Archive, damaged
from poolviz.datasets.readers.reading import Finding, How, Table, Wanted, check_shape
from poolviz.errors import ChoiceError, DataError
from poolviz.text.tokens import clean_text
from poolviz.watch import QUIET, Watch

WORKBOOK = "xl/workbook.xml"
OLD_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of .xls
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_ESCAPED = regex.compile(r"_x([0-9A-Fa-f]{4})_")
_PLACE = regex.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read(name: str, archive: Archive, wanted: Wanted, watch: Watch = QUIET) -> Table:
    """The rows of one sheet: the one that is wanted, else the first that holds something.

    Raises
    ------
    ChoiceError : no such sheet or column.
    DataError : the workbook is damaged or too large.
    Cancelled : it was stopped.
    """
    sheets = _sheets(name, archive, watch)
    strings = _shared_strings(name, archive, watch)
    titles = tuple(sheets)
    if wanted.part is not None and wanted.part not in sheets:
        raise ChoiceError(
            "{name} holds no sheet {part}; choose one of {known}.",
            name=name,
            part=wanted.part,
            known=", ".join(titles[:20]),
        )
    for title in titles if wanted.part is None else (wanted.part,):
        reader = _Sheet(name, strings)
        _parse(name, archive, sheets[title], reader.start, reader.end, reader.text, watch)
        if reader.rows:
            break
    else:
        raise DataError("{name} holds no row with a text; add rows to it.", name=name)
    form = How("Excel", part=title, parts=titles)
    table = tables.of_rows(name, reader.rows, reader.numbers, form, wanted)
    if len(titles) > 1 and wanted.part is None:
        others = Finding("other parts", len(titles) - 1, values={"part": title})
        table = replace(table, findings=(others, *table.findings))
    return table


def refuse_old(name: str) -> DataError:
    """What to say of a workbook in the format of before 2007."""
    return DataError(
        "{name} is a workbook in Excel's old format; save it as .xlsx or as CSV.", name=name
    )


def _sheets(name: str, archive: Archive, watch: Watch) -> dict[str, str]:
    """The paths of the sheets in the archive, by their names."""
    relations: dict[str, str] = {}
    found: dict[str, str] = {}

    def relation(tag: str, values: Mapping[str, str]) -> None:
        if tag == "Relationship" and "Id" in values:
            relations[values["Id"]] = values.get("Target", "")

    def sheet(tag: str, values: Mapping[str, str]) -> None:
        target = relations.get(values.get("id", "")) if tag == "sheet" else None
        if target:
            found[values.get("name", "")] = _inside(target)

    _parse(name, archive, _RELATIONS, relation, watch=watch)
    _parse(name, archive, WORKBOOK, sheet, watch=watch)
    found = {title: path for title, path in found.items() if archive.holds(path)}
    if not found:
        raise damaged(name)
    return found


def _inside(target: str) -> str:
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return str(PurePosixPath(path))


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

    _parse(name, archive, _STRINGS, start, end, text.add, watch)
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
    """Gathers the rows that hold something, with their numbers."""

    name: str
    strings: list[str]
    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    _text: _Text = field(default_factory=_Text)
    _row: list[str] = field(default_factory=list)
    _number: int = 0
    _column: int = 0
    _kind: str = ""
    _widest: int = 1

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
            self._text.clear()
        self._text.start(tag)

    def end(self, tag: str) -> None:
        self._text.end(tag)
        if tag == "c":
            if value := self._value():
                check_shape(self.name, 0, self._column + 1)
                self._row.extend([""] * (self._column + 1 - len(self._row)))
                self._row[self._column] = value
        elif tag == "row" and any(cell.strip() for cell in self._row):
            self.rows.append(self._row)
            self.numbers.append(self._number)
            self._widest = max(self._widest, len(self._row))
            check_shape(self.name, len(self.rows), self._widest)

    def text(self, data: str) -> None:
        self._text.add(data)

    def _value(self) -> str:
        text = self._text.whole()
        if self._kind == "s":
            number = int(text) if text.isdecimal() and len(text) < 10 else len(self.strings)
            return self.strings[number] if number < len(self.strings) else ""
        if self._kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return "" if self._kind == "e" else text


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _parse(
    name: str,
    archive: Archive,
    member: str,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] = lambda tag: None,
    text: Callable[[str], None] = lambda data: None,
    watch: Watch = QUIET,
) -> None:
    """Go through the XML of one member; names of elements and attributes stand without prefix."""

    def local(tag: str) -> str:
        return tag.rpartition(":")[2]

    def refuse(*declaration: object) -> None:
        raise damaged(name)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, values: start(
        local(tag), {local(key): value for key, value in values.items()}
    )
    parser.EndElementHandler = lambda tag: end(local(tag))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        for chunk in archive.chunks(member, watch):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged(name) from error
