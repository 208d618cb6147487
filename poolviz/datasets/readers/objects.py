"""JSON and JSON Lines, as doccano, Label Studio and pandas write them, become rows."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import regex

from poolviz.datasets.readers import tables
from poolviz.datasets.readers.reading import (
    Counted,
    How,
    Table,
    Wanted,
    check_shape,
)
from poolviz.errors import DataError
from poolviz.text.tokens import clean_text
from poolviz.watch import QUIET, Watch

ENDINGS = (".json", ".jsonl", ".ndjson")
_SPACES = regex.compile(r"[\s,]*+")
_CHECKED = 1_000  # entries between two looks at the watch
# Numbers keep the form in which they are written, however long.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_WRAPPED = ("data", "rows", "records", "items", "examples", "results")


def looks_like(name: str, text: str) -> bool:
    """Whether a file is JSON: by its name, or by its first entry."""
    if name.lower().endswith(ENDINGS):
        return True
    start = text[:200].lstrip()
    return start.startswith(("{", "[")) and _begins_with_entry(text)


def _begins_with_entry(text: str) -> bool:
    start = _behind_spaces(text, 0)
    start = _behind_spaces(text, start + text.startswith("[", start))
    try:
        return isinstance(_DECODER.raw_decode(text, start)[0], dict)
    except (ValueError, RecursionError):
        return False


def _behind_spaces(text: str, place: int) -> int:
    match = _SPACES.match(text, place)
    return match.end() if match else place


def entries(
    name: str, text: str, watch: Watch = QUIET, unread: Counted | None = None
) -> Iterator[tuple[int, Any]]:
    """The entries of a list, or of lines, one by one, with their numbers from 1.

    Numbers in them are strings. An object that holds one list of objects, or columns, stands for
    its rows.

    Parameters
    ----------
    unread : takes the numbers of lines that are no JSON, which are passed over; without it, and
        where the first entry is none, they are an error.

    Raises
    ------
    DataError : it is no JSON.
    Cancelled : it was stopped.
    """
    number = 0
    for value, place in _values(name, text, unread):
        for entry in value if number == 0 and isinstance(value, _Rows) else (value,):
            number += 1
            if value is _UNREAD:
                continue
            if number % _CHECKED == 0:
                watch.check()
                watch.progress(place, len(text))
            yield number, entry


_UNREAD = object()  # what stands for a line that is no JSON


class _Rows(list[Any]):
    """The rows that one object stood for."""


def _values(name: str, text: str, unread: Counted | None) -> Iterator[tuple[Any, int]]:
    """The values that a text consists of, and where each ends."""
    place = _behind_spaces(text, 0)
    listed = text.startswith("[", place) and not _lines_of_lists(text, place)
    place += listed
    number = 0
    while True:
        place = _behind_spaces(text, place)
        if listed and text.startswith("]", place):
            if _behind_spaces(text, place + 1) < len(text):
                raise _no_json(name, number + 1)
            return
        if place >= len(text):
            if listed:
                raise _no_json(name, number + 1)
            return
        number += 1
        try:
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            if unread is None or listed or number == 1:
                raise _no_json(name, number) from error
            unread.add(number)
            end = text.find("\n", place)
            place = len(text) if end < 0 else end
            yield _UNREAD, place
            continue
        alone = not listed and number == 1 and _behind_spaces(text, place) == len(text)
        yield (_rows_within(value) if alone and isinstance(value, dict) else value), place


def _lines_of_lists(text: str, place: int) -> bool:
    """Whether each line is a list, so that the first bracket is not that of all."""
    end = text.find("\n", place)
    return (
        end >= 0 and text[place:end].rstrip().endswith("]") and bool(text[end : end + 99].strip())
    )


def _rows_within(value: Mapping[str, Any]) -> Any:
    """The rows that an object holds, where it is all of a file; else the object."""
    for key in _WRAPPED:
        inner = value.get(key)
        if isinstance(inner, list) and inner and all(isinstance(each, dict) for each in inner):
            return _Rows(inner)
    parts = list(value.values())
    if len(parts) < 2:
        return value
    if all(isinstance(part, list) for part in parts) and len(set(map(len, parts))) == 1:
        return _Rows(dict(zip(value, row, strict=True)) for row in zip(*parts, strict=True))
    if all(isinstance(part, dict) for part in parts) and len(set(map(tuple, parts))) == 1:
        return _Rows({name: value[name][key] for name in value} for key in parts[0])
    return value


def read(name: str, text: str, wanted: Wanted, watch: Watch = QUIET) -> Table:
    """The rows of a file of JSON.

    Raises
    ------
    ChoiceError : a column that is wanted is not there.
    DataError : it is no JSON, or has too many entries or columns.
    Cancelled : it was stopped.
    """
    found: dict[str, list[str]] = {}
    count, unread, numbers = 0, Counted(), array("i")
    for number, entry in entries(name, text, watch, unread):
        for title, value in _cells(name, number, entry).items():
            column = found.setdefault(title, [])
            column.extend([""] * (count - len(column)))
            column.append(clean_text(value))
        numbers.append(number)
        count += 1
        check_shape(name, count, len(found))
    if unread.count and unread.count >= count:
        raise _no_json(name, unread.lines[0])
    for column in found.values():
        column.extend([""] * (count - len(column)))
    packed = {title: pa.array(column, pa.string()) for title, column in found.items()}
    how = How("JSON", header=True)
    table = tables.of_columns(name, packed, numbers, how, wanted)
    return replace(table, findings=tuple(unread.finding("unread entries")))


def _cells(name: str, number: int, entry: Any) -> dict[str, str]:
    """What an entry holds, by the names of columns."""
    if isinstance(entry, Mapping):
        fields: dict[str, Any] = dict(entry)
        inner = fields.get("data")
        if isinstance(inner, Mapping):  # Label Studio: the texts, and what people said of them
            fields = {**inner, **_choices(fields)}
        return {key: as_cell(value) for key, value in fields.items()}
    if isinstance(entry, Sequence) and not isinstance(entry, str):
        return {str(place): as_cell(value) for place, value in enumerate(entry, 1)}
    return {"text": as_cell(entry)}


def _choices(task: Mapping[str, Any]) -> dict[str, Any]:
    """The classes that people chose for a task of Label Studio, of the first who did."""
    for annotation in task.get("annotations") or task.get("completions") or ():
        if not isinstance(annotation, Mapping) or annotation.get("was_cancelled"):
            continue
        for result in annotation.get("result") or ():
            value = result.get("value") if isinstance(result, Mapping) else None
            if isinstance(value, Mapping) and isinstance(value.get("choices"), list):
                return {"label": value["choices"]}
            if isinstance(value, Mapping) and "rating" in value:
                return {"label": value["rating"]}
    return {"label": None}


def as_cell(value: Any) -> str:
    """A value of JSON as the cell of a table: a list of one as that, nothing as ""."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping) and isinstance(value.get("choices"), list):
        return as_cell(value["choices"])
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "|".join(value)
    return json.dumps(value, ensure_ascii=False)


def _no_json(name: str, number: int) -> DataError:
    return DataError(
        "{name} is no JSON that can be read, from entry {number} on; save it again.",
        name=name,
        number=number,
    )
