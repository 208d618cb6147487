"""A CSV file of somebody's own, alone or in a ZIP: whatever is wrong with it is a sentence."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from poolviz.datasets.readers.published import csv_records
from poolviz.errors import DataError
from poolviz.text.tokens import MAX_CHARACTERS, clean_text, has_visible

MAX_BYTES = 50_000_000  # of the CSV, unpacked
TEXT_COLUMNS = ("text", "review", "content", "title")
LABEL_COLUMNS = ("label", "class", "cat")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")  # the second begins an empty one


@dataclass(frozen=True)
class Upload:
    """The rows of one file.

    Parameters
    ----------
    name : of the file.
    texts : in the order of the file.
    labels : as they stand in the file; None where it has no column of labels.
    malformed : lines left out: another number of columns than the first line, or too long a text.
    empty : rows left out, as nothing in them is visible.
    """

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...] | None
    malformed: int
    empty: int


def read_upload(name: str, content: bytes) -> Upload:
    """Read a CSV file with a header line: a column of texts and, if there is one, of labels.

    UTF-8 with or without a byte-order mark, UTF-16 with one, or GB18030 (and so GBK, GB2312).

    Parameters
    ----------
    name : of the file, for messages.
    content : CSV, or a ZIP that holds one CSV file; nothing is unpacked to disk.

    Raises
    ------
    DataError : it is neither, it is too large, or it holds no row with a text.
    """
    if content.startswith(_ZIP_MARKS):
        content = _only_member(name, content)
    check_size(name, len(content))
    records = csv_records(io.StringIO(decoded(name, content), newline="\n"))
    try:
        header = [column.lower() for column in next(records) or []]
        text, label = _columns(name, header)
        upload = _read(name, records, text, label)
    except csv.Error as error:
        raise not_readable(name) from error
    if not upload.texts:
        raise DataError(
            "{name} holds no row with a text below its first line; add rows to it.", name=name
        )
    return upload


def _read(name: str, records, text: int, label: int | None) -> Upload:
    texts, labels, malformed, empty = [], [], 0, 0
    for fields in records:
        if fields is None or len(fields[text]) > MAX_CHARACTERS:
            malformed += 1
        elif not has_visible(cleaned := clean_text(fields[text].strip())):
            empty += 1
        else:
            texts.append(cleaned)
            labels.append("" if label is None else fields[label].strip())
    found = None if label is None else tuple(labels)
    return Upload(name, tuple(texts), found, malformed, empty)


def _columns(name: str, header: Sequence[str]) -> tuple[int, int | None]:
    """Numbers of the column of texts and of the column of labels, if there is one."""
    text = next((column for column in TEXT_COLUMNS if column in header), None)
    if text is None:
        raise DataError(
            "{name} has no column of texts; name one of them {columns} in the first line.",
            name=name,
            columns=" / ".join(TEXT_COLUMNS),
        )
    label = next((column for column in LABEL_COLUMNS if column in header), None)
    return header.index(text), None if label is None else header.index(label)


def decoded(name: str, content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with a byte-order mark, or GB18030.

    Raises
    ------
    DataError : it is in none of them.
    """
    encodings = ("utf-16",) if content.startswith(_UTF16_MARKS) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(
        "{name} is text in neither UTF-8 nor GB18030; save it again as CSV in UTF-8.", name=name
    )


def _only_member(name: str, content: bytes) -> bytes:
    """The content of the only CSV file in an archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if any(_leads_outside(member.filename) for member in members):
                raise DataError(
                    "{name} holds a file with a path outside of the archive; pack it again.",
                    name=name,
                )
            tables = [member for member in members if member.filename.lower().endswith(".csv")]
            if len(tables) != 1:
                raise DataError(
                    "{name} holds {count} CSV files; pack exactly one.",
                    name=name,
                    count=len(tables),
                )
            with archive.open(tables[0]) as file:
                # What the archive says of the size is not to be trusted.
                return file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        # RuntimeError: encrypted, or packed by a method unknown here.
        raise not_readable(name) from error


def _leads_outside(path: str) -> bool:
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    return posix.is_absolute() or bool(windows.anchor) or ".." in windows.parts


def check_size(name: str, size: int) -> None:
    """Check that a file has at most `MAX_BYTES`.

    Raises
    ------
    DataError : it has more.
    """
    if size > MAX_BYTES:
        raise DataError(
            "{name} holds more than {limit} MB; split it into smaller files.",
            name=name,
            limit=MAX_BYTES // 1_000_000,
        )


def not_readable(name: str) -> DataError:
    """What to say of a file that is no table."""
    return DataError(
        "{name} cannot be read as CSV or as a ZIP with one CSV file; save it again.", name=name
    )
