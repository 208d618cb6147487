"""Any file that people bring becomes a table: one way in for pages and commands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from poolviz.datasets.readers import (
    containers,
    encodings,
    objects,
    parquet,
)
from poolviz.datasets.readers.brought.foreign import refuse_foreign, refuse_page
from poolviz.datasets.readers.containers import Archive
from poolviz.datasets.readers.reading import AS_FOUND, Finding, How, Table, Wanted, check_size
from poolviz.datasets.readers.separated import fasttext
from poolviz.datasets.readers.separated import rows as separated
from poolviz.datasets.readers.workbooks import ods, xls, xlsb, xlsx
from poolviz.errors import DataError
from poolviz.watch import QUIET, Watch

MAX_DEPTH = 3  # archives within each other
# What is in an archive that is one workbook, and what reads it.
WORKBOOKS = {xlsx.WORKBOOK: xlsx.read, xlsb.WORKBOOK: xlsb.read, ods.CONTENT: ods.read}


class Entries(NamedTuple):
    """The entries of a file of JSON as they stand there, each with its line or number, and how the
    file was read."""

    entries: list[tuple[int, Any]]
    how: How
    findings: list[Finding]


def read_path(path: Path, wanted: Wanted = AS_FOUND, watch: Watch = QUIET) -> Table:
    """The rows of a file on disk; see `read_table`.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `read_table`; also where the file cannot be opened.
    """
    return read_table(path.name, content_of(path), wanted, watch)


def content_of(path: Path) -> bytes:
    """The bytes of a file that is not too large.

    Raises
    ------
    DataError : it is, or it cannot be opened.
    """
    try:
        check_size(path.name, path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            "The file {path} cannot be read ({reason}); give the path of a file with rows.",
            path=path,
            reason=error.strerror,
        ) from error


def read_table(name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET) -> Table:
    """The rows of a file: what it is shows in its content first, then in its name.

    >>> table = read_table("a.csv", "评论;标签\\n房间很干净;好\\n".encode("gb18030"))
    >>> table.how.encoding, table.how.separator, table.text, table.column("标签")
    ('gb18030', ';', '评论', ['好'])

    Parameters
    ----------
    name : of the file.
    content : text with separators or without, JSON, a workbook of Excel or OpenDocument, Parquet;
        any of them in a ZIP or a `.gz`.
    watch : counts lines, or rows.

    Raises
    ------
    ChoiceError : what is wanted of the file is not there.
    DataError : it is damaged, too large, or in no format that is known.
    Cancelled : it was stopped.
    """
    inner = _unpacked(name, content, wanted, watch)
    table = _table(inner, watch)
    if not inner.parts:
        return replace(table, name=name)
    found, others = table.findings, len(inner.parts) - 1
    if others > 0 and wanted.part is None:
        found = (Finding("other parts", others, values={"part": inner.name}), *found)
    how = replace(table.how, part=inner.name, parts=inner.parts)
    return replace(table, name=name, how=how, findings=found)


def read_entries(
    name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET
) -> Entries | None:
    """The entries of a file of JSON.

    None where the file is of another format; see `poolviz.datasets.readers.objects.entries`.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `read_table`.
    """
    inner = _unpacked(name, content, wanted, watch)
    if inner.workbook or inner.content.startswith((parquet.MARK, xls.MARK)):
        return None
    decoded = encodings.decode(inner.name, inner.content, wanted.encoding)
    if not objects.looks_like(inner.name, decoded.text):
        return None
    entries = list(objects.entries(inner.name, decoded.text, watch))
    part = inner.name if inner.parts else None
    how = How("JSON", decoded.encoding, part=part, parts=inner.parts)
    return Entries(entries, how, findings_of(decoded))


@dataclass(frozen=True)
class _Inner:
    """A file out of the archives that it was packed in.

    Parameters
    ----------
    workbook : what it is itself, where it is a workbook that consists of files.
    wanted : what somebody says of this file.
    parts : the files of the archive that it was chosen from.
    """

    name: str
    content: bytes
    wanted: Wanted
    parts: tuple[str, ...] = ()
    workbook: Archive | None = None


def _unpacked(name: str, content: bytes, wanted: Wanted, watch: Watch) -> _Inner:
    inner = _Inner(name, content, wanted)
    for _depth in range(MAX_DEPTH + 1):
        name, content, wanted = inner.name, inner.content, inner.wanted
        check_size(name, len(content))
        if content.startswith(containers.GZIP_MARK):
            without = name[:-3] if name.lower().endswith(".gz") else name
            inner = replace(inner, name=without, content=containers.gunzipped(name, content, watch))
        elif content.startswith(containers.ZIP_MARKS):
            archive = Archive(name, content)
            if any(map(archive.holds, WORKBOOKS)):
                return replace(inner, workbook=archive)
            member = archive.chosen(wanted.part)
            within = replace(wanted, part=None)
            inner = _Inner(member, archive.read(member, watch), within, archive.tables())
        else:
            return inner
    raise DataError(
        "{name} is packed more than {limit} times; unpack it.", name=name, limit=MAX_DEPTH
    )


def _table(inner: _Inner, watch: Watch) -> Table:
    name, content, wanted = inner.name, inner.content, inner.wanted
    if inner.workbook:
        read = next(read for path, read in WORKBOOKS.items() if inner.workbook.holds(path))
        return read(name, inner.workbook, wanted, watch)
    if content.startswith(parquet.MARK):
        return parquet.read(name, content, wanted, watch)
    if content.startswith(xls.MARK):
        return xls.read(name, content, wanted, watch)
    refuse_foreign(name, content)
    return _of_text(name, content, wanted, watch)


def _of_text(name: str, content: bytes, wanted: Wanted, watch: Watch) -> Table:
    decoded = encodings.decode(name, content, wanted.encoding)
    refuse_page(name, decoded.text)
    if objects.looks_like(name, decoded.text):
        table = objects.read(name, decoded.text, wanted, watch)
    elif fasttext.looks_like(decoded.text):
        table = fasttext.read(name, decoded.text, wanted, watch)
    else:
        plain_text = name.lower().endswith(".txt")
        table = separated.read(name, decoded.text, plain_text, wanted, watch)
    how = replace(table.how, encoding=decoded.encoding)
    return replace(table, how=how, findings=(*findings_of(decoded), *table.findings))


def findings_of(decoded: encodings.Decoded) -> list[Finding]:
    """What there is to say of how a text was decoded."""
    found = []
    title = encodings.ENCODINGS[decoded.encoding]
    if decoded.doubtful:
        found.append(Finding("doubtful encoding", values={"encoding": title}))
    elif decoded.guessed:
        found.append(Finding("guessed encoding", values={"encoding": title}, grave=False))
    if decoded.replaced:
        found.append(Finding("replaced", decoded.replaced, values={"encoding": title}))
    return found
