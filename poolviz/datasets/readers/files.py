"""Any file that people bring becomes a table: one way in for pages and commands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from poolviz.datasets.readers import (
    containers,
    encodings,
    objects,
    parquet,
    separated,
    sheets,
)
from poolviz.datasets.readers.reading import AS_FOUND, Finding, How, Table, Wanted, check_size
from poolviz.errors import DataError
from poolviz.watch import QUIET, Watch


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
    content : text with separators or without, JSON, a workbook of Excel, Parquet; any of them in a
        ZIP or a `.gz`.
    watch : counts lines, or rows.

    Raises
    ------
    ChoiceError : what is wanted of the file is not there.
    DataError : it is damaged, too large, or in no format that is known.
    Cancelled : it was stopped.
    """
    check_size(name, len(content))
    if content.startswith(containers.GZIP_MARK):
        inner = name[:-3] if name.lower().endswith(".gz") else name
        unpacked = containers.gunzipped(name, content, watch)
        return replace(read_table(inner, unpacked, wanted, watch), name=name)
    if content.startswith(containers.ZIP_MARKS):
        archive = containers.Archive(name, content)
        if archive.holds(sheets.WORKBOOK):
            return sheets.read(name, archive, wanted, watch)
        return _of_archive(name, archive, wanted, watch)
    if content.startswith(parquet.MARK):
        return parquet.read(name, content, wanted, watch)
    if content.startswith(sheets.OLD_MARK):
        raise sheets.refuse_old(name)
    return _of_text(name, content, wanted, watch)


def read_entries(
    name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET
) -> Entries | None:
    """The entries of a file of JSON.

    None where the file is of another format; see `poolviz.datasets.readers.objects.entries`.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `read_table`.
    """
    check_size(name, len(content))
    if content.startswith(containers.GZIP_MARK):
        inner, unpacked = name.removesuffix(".gz"), containers.gunzipped(name, content, watch)
        return read_entries(inner, unpacked, wanted, watch)
    if content.startswith(containers.ZIP_MARKS):
        archive = containers.Archive(name, content)
        if archive.holds(sheets.WORKBOOK):
            return None
        member = archive.chosen(wanted.part)
        found = read_entries(member, archive.read(member, watch), wanted, watch)
        how = found and replace(found.how, part=member, parts=archive.tables())
        return found and found._replace(how=how)
    if content.startswith((parquet.MARK, sheets.OLD_MARK)):
        return None
    decoded = encodings.decode(name, content, wanted.encoding)
    if not objects.looks_like(name, decoded.text):
        return None
    entries = list(objects.entries(name, decoded.text, watch))
    return Entries(entries, How("JSON", decoded.encoding), findings_of(decoded))


def _of_archive(name: str, archive: containers.Archive, wanted: Wanted, watch: Watch) -> Table:
    parts = archive.tables()
    member = archive.chosen(wanted.part)
    table = read_table(member, archive.read(member, watch), replace(wanted, part=None), watch)
    others = len(parts) - 1
    found = table.findings
    if others > 0 and wanted.part is None:
        found = (Finding("other parts", others, values={"part": member}), *found)
    how = replace(table.how, part=member, parts=parts)
    return replace(table, name=name, how=how, findings=found)


def _of_text(name: str, content: bytes, wanted: Wanted, watch: Watch) -> Table:
    decoded = encodings.decode(name, content, wanted.encoding)
    if objects.looks_like(name, decoded.text):
        table = objects.read(name, decoded.text, wanted, watch)
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
