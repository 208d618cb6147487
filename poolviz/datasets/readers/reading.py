"""What a file was read as: its rows as columns of strings, and what there is to say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from poolviz import places, program
from poolviz.errors import ChoiceError, DataError
from poolviz.language import N_

# What a server reads of one file, unpacked. Commands read more: their memory is their user's alone.
MAX_BYTES = 50_000_000
MAX_LINES = 1_000_000
MAX_COLUMNS = 500
MAX_CELLS = 10_000_000
TIMES_AT_COMMANDS = 10
_BLOCK = 10_000  # rows
NO_SPLIT = "none"  # instead of a column's name: rows are split as if no column said how
SHOWN_LINES = 3  # line numbers that a finding names


@dataclass(frozen=True)
class Wanted:
    """What somebody says of a file, where it is not to be found out.

    Parameters
    ----------
    encoding : any name of one of `poolviz.datasets.readers.encodings.ENCODINGS`.
    text, label : names of the columns, or their numbers from 1.
    part : a sheet of a workbook, or a file in an archive.
    join_labels : labels that differ in capitals, spaces or the form of a number are one.
    split : the column that says which rows are to train and to test on, or `NO_SPLIT`.
    other, negative : of pairs the column of the second texts, of triplets those of the third, too.
    match : of pairs the labels that mean a match, see `poolviz.datasets.own_pairs.outcomes`.
    """

    encoding: str | None = None
    text: str | None = None
    label: str | None = None
    part: str | None = None
    join_labels: bool = False
    split: str | None = None
    other: str | None = None
    negative: str | None = None
    match: str | None = None


AS_FOUND = Wanted()


@dataclass(frozen=True)
class Finding:
    """One thing to say of a file; `poolviz.datasets.readers.sentences` says it.

    Parameters
    ----------
    kind : a key of `sentences.SENTENCES`.
    count : of rows, bytes or names, whichever the kind counts.
    lines : the first lines of the file where it is so, from 1.
    values : what else its sentence names.
    grave : whoever believes the rows should have read it.
    """

    kind: str
    count: int = 1
    lines: tuple[int, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    grave: bool = True


class Counted:
    """Counts lines of which one thing is to be said, and keeps the first numbers."""

    def __init__(self) -> None:
        self.count = 0
        self.lines: list[int] = []

    def add(self, line: int) -> None:
        """One more, on this line."""
        self.count += 1
        if len(self.lines) < SHOWN_LINES:
            self.lines.append(line)

    def finding(self, kind: str, grave: bool = True, **values: str) -> list[Finding]:
        """What was counted; nothing where there was nothing."""
        if not self.count:
            return []
        return [Finding(kind, self.count, tuple(self.lines), values, grave)]


@dataclass(frozen=True)
class How:
    """How a file was read.

    Parameters
    ----------
    form : "CSV", "lines of text", "Excel", "JSON" …
    encoding : a key of `ENCODINGS`; None where the format leaves no choice.
    separator : between columns; None where there is none.
    header : whether the first row names the columns.
    part : the sheet or the file in an archive that was read, of `parts`.
    """

    form: str
    encoding: str | None = None
    separator: str | None = None
    header: bool = True
    part: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a file.

    Parameters
    ----------
    name : of the file.
    columns : their strings by name; "" where a row has nothing.
    lines : (rows,) the line of the file in which each row begins, from 1; the number of the row
        where a format has no lines.
    text, label : which columns hold the texts and the labels; None where that is not to be told.
    findings : what there is to say, the gravest first.
    """

    name: str
    columns: Mapping[str, pa.Array]
    lines: np.ndarray
    how: How
    text: str | None = None
    label: str | None = None
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, name: str) -> list[str]:
        """The strings of one column."""
        return list(self.cells(name))

    def cells(self, name: str) -> Iterator[str]:
        """The strings of one column, one by one: they take more memory than the column."""
        column = self.columns[name]
        for start in range(0, len(column), _BLOCK):
            yield from column.slice(start, _BLOCK).to_pylist()


def titles(header: Iterable[str]) -> list[str]:
    """Names of columns that tell them apart; a column without one has its number.

    >>> titles(["text", "text", ""])
    ['text', 'text (2)', '3']
    """
    found: dict[str, None] = {}
    for number, title in enumerate(header, 1):
        plain = " ".join(title.split()) or str(number)
        found.setdefault(plain if plain not in found else f"{plain} ({number})")
    return list(found)


def place_of(name: str, wanted: str, columns: Sequence[str]) -> int:
    """The place of a column that somebody names, or gives the number of.

    Raises
    ------
    ChoiceError : the file has no such column.
    """
    if wanted in columns:
        return columns.index(wanted)
    folded = [column.casefold() for column in columns]
    if wanted.casefold() in folded:
        return folded.index(wanted.casefold())
    if wanted.isdecimal() and 1 <= int(wanted) <= len(columns):
        return int(wanted) - 1
    shown = ", ".join(columns[:20]) + (" …" if len(columns) > 20 else "")
    raise ChoiceError(
        "{name} has no column {column}; choose one of {known}.",
        name=name,
        column=wanted,
        known=shown,
    )


def largest_file() -> int:
    """How many bytes are read here of one file."""
    return MAX_BYTES * _times()


def most_lines() -> int:
    """How many lines are read here of one file: on pages a server's setting may say fewer.

    Raises
    ------
    ChoiceError : the setting is no number.
    """
    if program.is_command():
        return MAX_LINES * TIMES_AT_COMMANDS
    return min(places.most_rows() or MAX_LINES, MAX_LINES)


def _times() -> int:
    return TIMES_AT_COMMANDS if program.is_command() else 1


def check_size(name: str, size: int) -> None:
    """Check that a file has at most `largest_file()` bytes.

    Raises
    ------
    DataError : it has more.
    """
    if size > largest_file():
        raise _too_large(
            N_("{name} holds more than {limit} MB; split it into smaller files."),
            N_(
                "{name} holds more than {limit} MB, and no more is read on a page; split it into "
                "smaller files, or train on it with a command: {command}"
            ),
            name=name,
            limit=largest_file() // 1_000_000,
        )


def _too_large(sentence: str, on_a_page: str, name: str, **values: int) -> DataError:
    """The one sentence or, where commands would read more, the other with the command."""
    if program.is_command():
        return DataError.again(sentence, {"name": name, **values})
    command = program.command("train", "--csv", name, "--dry-run")
    return DataError.again(on_a_page, {"name": name, "command": command, **values})


def check_shape(name: str, rows: int, columns: int) -> None:
    """Check that a table is not larger than can be read at a cost that its size is worth.

    Raises
    ------
    DataError : it has more rows, columns or cells.
    """
    times = _times()
    if columns > MAX_COLUMNS * times:
        raise _too_large(
            N_("{name} has {count:,} columns; up to {limit:,} can be read, so leave out others."),
            N_(
                "{name} has {count:,} columns; up to {limit:,} can be read on a page, so leave out "
                "others, or train on it with a command, which reads up to {most:,}: {command}"
            ),
            name=name,
            count=columns,
            limit=MAX_COLUMNS * times,
            most=MAX_COLUMNS * TIMES_AT_COMMANDS,
        )
    if rows > most_lines():
        raise _too_large(
            N_("{name} has {count:,} lines; up to {limit:,} can be read, so split it."),
            N_(
                "{name} has {count:,} lines; up to {limit:,} can be read on a page, so split it, "
                "or train on it with a command: {command}"
            ),
            name=name,
            count=rows,
            limit=most_lines(),
        )
    if rows * columns > MAX_CELLS * times:
        raise _too_large(
            N_(
                "{name} has {count:,} lines of {columns} columns; up to {limit:,} cells can be "
                "read, so split it or leave out columns."
            ),
            N_(
                "{name} has {count:,} lines of {columns} columns; up to {limit:,} cells can be "
                "read on a page, so split it, leave out columns, or train on it with a command: "
                "{command}"
            ),
            name=name,
            count=rows,
            columns=columns,
            limit=MAX_CELLS * times,
        )
