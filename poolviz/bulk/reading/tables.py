"""One file as tables, one after the other: never more of it in memory than a part."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from poolviz.bulk.reading.inputs import Input
from poolviz.bulk.reading.lines import as_found, of_fasttext, of_json_lines, of_lines
from poolviz.datasets.readers import containers, objects, parquet, tables
from poolviz.datasets.readers.brought.files import findings_of, read_table
from poolviz.datasets.readers.brought.foreign import refuse_foreign, refuse_page
from poolviz.datasets.readers.encodings import Decoded, decode
from poolviz.datasets.readers.reading import How, Table, Wanted, largest_file, titles
from poolviz.datasets.readers.separated import fasttext
from poolviz.datasets.readers.workbooks import xls

PART = 4_000_000  # bytes or characters of a text that are read at once
_ROWS = 4_096  # of a Parquet file at once
Stream = BinaryIO | gzip.GzipFile
_OF_LINES = (".jsonl", ".ndjson")
_LOOKED_AT = 100  # lines of them
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
    return read_table(name, start + stream.read(largest_file() + 1 - len(start)), wanted)


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
        wanted = as_found(wanted, table)
        before += len(batch)
        yield table, before / file.metadata.num_rows


def _of_text(name: str, stream: Stream, wanted: Wanted) -> Iterator[Table]:
    start = stream.read(PART)
    refuse_foreign(name, start)
    decoded = decode(name, _whole_characters(start), wanted.encoding)
    refuse_page(name, decoded.text)
    json_text = objects.looks_like(name, decoded.text)
    if json_text and not _an_entry_a_line(name, decoded.text):
        yield _whole(name, stream, wanted, start)
        return
    parts = _decoded(start, stream, decoded)
    if json_text:
        read = of_json_lines(name, parts, wanted)
    elif fasttext.looks_like(decoded.text):
        read = of_fasttext(name, parts, wanted)
    else:
        read = of_lines(name, parts, wanted)
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


def _an_entry_a_line(name: str, text: str) -> bool:
    """Whether the first line is an entry, or where that is damaged one of those that follow."""
    lines = text.lstrip().split("\n", _LOOKED_AT)[:_LOOKED_AT]
    named = name.lower().endswith(_OF_LINES)
    return any(_is_entry(line) for line in (lines if named else lines[:1]))


def _is_entry(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict | str)
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
