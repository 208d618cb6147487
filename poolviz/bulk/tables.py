"""One file as tables, one after the other: never more of it in memory than a part.

Text is read by the one reader, part by part. So that each part is read alike, the first lines of
the file stand before it: by them the reader finds the separator, the header, and the columns.
"""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from poolviz.bulk.inputs import Input
from poolviz.datasets.readers import containers, objects, parquet, tables
from poolviz.datasets.readers.brought.files import findings_of, read_table
from poolviz.datasets.readers.brought.foreign import refuse_foreign, refuse_page
from poolviz.datasets.readers.encodings import Decoded, decode
from poolviz.datasets.readers.reading import MAX_BYTES, Finding, How, Table, Wanted, titles
from poolviz.datasets.readers.separated import fasttext
from poolviz.datasets.readers.separated import rows as separated
from poolviz.datasets.readers.workbooks import xls
from poolviz.errors import DataError

LEFT_OUT = "too many columns"  # the finding of rows that the reader of lines leaves out
NO_JSON = "no JSON"  # the finding of lines that are none
PART = 4_000_000  # bytes or characters of a text that are read at once
_MOST = 4 * PART  # characters, where lines are so long that a part holds too few of them
_SAMPLED = tables.SAMPLED  # lines that the reader looks at before it reads
_ROWS = 4_096  # of a Parquet file at once
_CELL = 1_000  # lines of the longest cell
Stream = BinaryIO | gzip.GzipFile
_PACKED = (*containers.ZIP_MARKS, xls.MARK)


def tables_of(file: Input, wanted: Wanted) -> Iterator[tuple[Table, int]]:
    """The rows of a file, some at a time, and how many bytes of it have been read.

    Parquet, CSV, TSV, lines of text and of JSON may be of any size, text also in a `.gz`; what
    else the reader takes is read as a whole.

    Raises
    ------
    ChoiceError : what is wanted of the file is not there.
    DataError : it cannot be read.
    """
    with file.open() as raw:
        try:
            mark = raw.read(8)
            raw.seek(0)
            if mark.startswith(parquet.MARK):  # of which one read may take in any number of rows
                for table, share in _of_parquet(file.name, raw, wanted):
                    yield table, int(share * file.size)
                return
            for table in _tables(file.name, raw, mark, wanted):
                yield table, min(raw.tell(), file.size)
        except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
            raise containers.damaged(file.name) from error


def _tables(name: str, raw: BinaryIO, mark: bytes, wanted: Wanted) -> Iterator[Table]:
    if mark.startswith(containers.GZIP_MARK):
        unpacked = gzip.GzipFile(fileobj=raw)
        if unpacked.peek(8).startswith((*_PACKED, containers.GZIP_MARK, parquet.MARK)):
            yield _whole(name, unpacked, wanted)
        else:
            inner = name[:-3] if name.lower().endswith(".gz") else name
            yield from _of_text(inner, unpacked, wanted)
    elif mark.startswith(_PACKED):
        yield _whole(name, raw, wanted)
    else:
        yield from _of_text(name, raw, wanted)


def _whole(name: str, stream: Stream, wanted: Wanted, start: bytes = b"") -> Table:
    return read_table(name, start + stream.read(MAX_BYTES + 1 - len(start)), wanted)


def _of_parquet(name: str, raw: BinaryIO, wanted: Wanted) -> Iterator[tuple[Table, float]]:
    """The rows, and which share of all has been read."""
    file = pq.ParquetFile(raw)
    names = titles(file.schema_arrow.names)
    before = 0
    for batch in file.iter_batches(_ROWS):
        columns = {
            title: column if pa.types.is_string(column.type) else parquet.strings(column)
            for title, column in zip(names, batch.columns, strict=True)
        }
        columns = {title: column.fill_null("") for title, column in columns.items()}
        numbers = range(before + 1, before + len(batch) + 1)
        table = tables.of_columns(name, columns, numbers, How("Parquet"), wanted)
        wanted = _as_found(wanted, table)
        before += len(batch)
        yield table, before / file.metadata.num_rows


def _of_text(name: str, stream: Stream, wanted: Wanted) -> Iterator[Table]:
    start = stream.read(PART)
    refuse_foreign(name, start)
    decoded = decode(name, _whole_characters(start), wanted.encoding)
    refuse_page(name, decoded.text)
    json_text = objects.looks_like(name, decoded.text)
    if json_text and not _an_entry_a_line(decoded.text):
        yield _whole(name, stream, wanted, start)
        return
    parts = _decoded(start, stream, decoded)
    if json_text:
        read = _of_json_lines(name, parts, wanted)
    elif fasttext.looks_like(decoded.text):
        read = _of_fasttext(name, parts, wanted)
    else:
        read = _of_lines(name, parts, wanted)
    said = tuple(findings_of(decoded))
    for table in read:
        how = replace(table.how, encoding=decoded.encoding)
        yield replace(table, how=how, findings=(*said, *table.findings))
        said = ()


def _whole_characters(start: bytes) -> bytes:
    """The first part of a file up to where no character can be cut."""
    if len(start) < PART:
        return start
    if b"\0" in start:  # two or four bytes each
        return start[: len(start) // 4 * 4]
    return start[: start.rfind(b"\n") + 1 or None]


def _an_entry_a_line(text: str) -> bool:
    first = text.lstrip().partition("\n")[0]
    try:
        return isinstance(json.loads(first), dict | str)
    except (ValueError, RecursionError):
        return False


def _decoded(start: bytes, stream: Stream, decoded: Decoded) -> Iterator[tuple[str, bool]]:
    """The text, part by part, and whether a part is the last one."""
    decoder = codecs.getincrementaldecoder(decoded.encoding)("replace")
    first = True
    while True:
        following = stream.read(PART)
        text = decoder.decode(start, final=not following)
        yield (text.removeprefix("\ufeff") if first else text), not following
        if not following:
            return
        start, first = following, False


def _of_fasttext(name: str, parts: Iterator[tuple[str, bool]], wanted: Wanted) -> Iterator[Table]:
    before = 0
    for text in _whole_lines(parts):
        yield _shifted(fasttext.read(name, text, wanted), 0, before, ())
        before += text.count("\n")


def _of_lines(name: str, parts: Iterator[tuple[str, bool]], wanted: Wanted) -> Iterator[Table]:
    head, before = "", 0  # the first lines, and the lines of the parts before
    known: tuple[Finding, ...] = ()
    plain_text = name.lower().endswith(".txt")
    for text in _whole_rows(parts, 2 * _SAMPLED):
        table = _with_left_out(separated.read(name, head + text, plain_text, wanted), head + text)
        in_head = head.count("\n")
        yield _shifted(table, in_head, before - in_head, known)
        if not head:
            head = _first_lines(text)
            known = separated.read(name, head, plain_text, wanted).findings
        before += text.count("\n")


def _with_left_out(table: Table, text: str) -> Table:
    """A table whose finding of rows that were left out names all of their lines.

    Those are the lines with something on them that belong to no row; a row has as many lines as
    there are line ends in its cells, and one.
    """
    left_out = next((f for f in table.findings if f.kind == LEFT_OUT), None)
    if left_out is None:
        return table
    more = np.zeros(len(table), np.int64)
    for column in table.columns.values():
        more += pc.count_substring(column, "\n").to_numpy()
    taken = np.zeros(text.count("\n") + 3, bool)
    starts = table.lines - 1
    for row in np.flatnonzero(more):
        taken[starts[row] : starts[row] + more[row] + 1] = True
    taken[starts] = True
    free = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() and not taken[n - 1]]
    lines = tuple(free[-left_out.count :])
    findings = [replace(f, lines=lines) if f is left_out else f for f in table.findings]
    return replace(table, findings=tuple(findings))


def _whole_rows(parts: Iterator[tuple[str, bool]], lines: int) -> Iterator[str]:
    """Parts that end where a row does, as far as that can be told; the first of so many lines."""
    kept = ""
    for text, last in parts:
        kept += text
        if "\n" not in kept:
            kept = kept.replace("\r", "\n")
        if last:
            break
        if kept.count("\n") < lines and len(kept) < _MOST:
            continue
        end = _end_of_row(kept)
        if end:
            yield kept[:end]
            kept, lines = kept[end:], 1
    if kept:
        yield kept


def _end_of_row(text: str) -> int:
    """Where the last whole row ends: behind a line end that is in no quoted cell.

    >>> _end_of_row('1,good\\n2,"not\\n')
    7
    """
    last = end = text.rfind("\n") + 1
    quotes = text.count('"', 0, end)
    for _line in range(_CELL):
        if quotes % 2 == 0 or not end:
            return end or last
        start = text.rfind("\n", 0, end - 1) + 1
        quotes -= text.count('"', start, end)
        end = start
    return last


def _first_lines(text: str) -> str:
    """The lines that the reader looks at first, and those that their last row goes on in."""
    end = 0
    for number in range(_SAMPLED + _CELL):
        found = text.find("\n", end) + 1
        if not found:
            return text if text.endswith("\n") else f"{text}\n"
        end = found
        if number >= _SAMPLED and text.count('"', 0, end) % 2 == 0:
            break
    return text[:end]


def _shifted(table: Table, skipped: int, by: int, known: tuple[Finding, ...]) -> Table:
    """A table without the rows of its first lines, its line numbers those of the file.

    Parameters
    ----------
    known : what is to be said of those lines, and was said before.
    """
    kept = table.lines > skipped
    first = int(len(kept) - kept.sum())
    columns = {title: column.slice(first) for title, column in table.columns.items()}
    counts = {finding.kind: finding.count for finding in known} if skipped else {}
    findings = [
        replace(
            finding,
            count=finding.count - counts.get(finding.kind, 0),
            lines=tuple(line + by for line in finding.lines if line > skipped),
        )
        for finding in table.findings
    ]
    return replace(
        table,
        columns=columns,
        lines=table.lines[first:] + by,
        findings=tuple(finding for finding in findings if finding.count > 0),
    )


def _of_json_lines(name: str, parts: Iterator[tuple[str, bool]], wanted: Wanted) -> Iterator[Table]:
    before = 0
    for text in _whole_lines(parts):
        lines = text.split("\n")
        numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
        before, shift = before + text.count("\n"), before
        if not numbered:
            continue
        table = _of_entries(name, numbered, wanted)
        wanted = _as_found(wanted, table)
        yield _shifted(table, 0, shift, ())


def _whole_lines(parts: Iterator[tuple[str, bool]]) -> Iterator[str]:
    kept = ""
    for text, last in parts:
        kept += text
        end = len(kept) if last else kept.rfind("\n") + 1
        if end:
            yield kept[:end]
            kept = kept[end:]


def _of_entries(name: str, numbered: list[tuple[int, str]], wanted: Wanted) -> Table:
    """A table of lines with an entry each; a finding names those that are no JSON."""
    damaged: list[int] = []
    table = None
    with suppress(DataError):
        table = objects.read(name, "\n".join(line for _number, line in numbered), wanted)
    if table is None or table.findings:
        good = []
        for number, line in numbered:
            if _is_json(line):
                good.append((number, line))
            else:
                damaged.append(number)
        numbered = good
        table = objects.read(name, "\n".join(line for _number, line in numbered), wanted)
    numbers = np.array([number for number, _line in numbered], np.int32)
    lines = numbers if len(numbers) == len(table) else table.lines
    said = (Finding(NO_JSON, len(damaged), tuple(damaged)),) if damaged else ()
    return replace(table, lines=lines, findings=(*said, *table.findings))


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _as_found(wanted: Wanted, table: Table) -> Wanted:
    """What is wanted of the following parts: the columns that were found in the first one."""
    return replace(wanted, text=table.text) if wanted.text is None else wanted
