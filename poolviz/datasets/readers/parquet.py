"""Parquet files become tables; what they unpack to is watched, whatever they say of it."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from poolviz.datasets.readers import tables
from poolviz.datasets.readers.containers import damaged
from poolviz.datasets.readers.objects import as_cell
from poolviz.datasets.readers.reading import (
    How,
    Table,
    Wanted,
    check_shape,
    check_size,
    titles,
)
from poolviz.text.tokens import clean_text
from poolviz.watch import QUIET, Watch

MARK = b"PAR1"
_BATCH = 500  # rows: a dictionary may repeat one long text


def read(name: str, content: bytes, wanted: Wanted, watch: Watch = QUIET) -> Table:
    """The rows of a Parquet file; what is no string is written as one.

    Raises
    ------
    ChoiceError : a column that is wanted is not there.
    DataError : it is damaged, or too large.
    Cancelled : it was stopped.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        rows, names = file.metadata.num_rows, titles(file.schema_arrow.names)
        check_shape(name, rows, len(names))
        parts: list[list[pa.Array]] = []
        done = size = 0
        for batch in file.iter_batches(_BATCH):
            watch.check()
            parts.append([strings(column) for column in batch.columns])
            size += sum(column.nbytes for column in parts[-1])
            check_size(name, size)
            done += len(batch)
            watch.progress(done, rows)
    except (pa.ArrowException, OSError, UnicodeError, OverflowError) as error:
        raise damaged(name) from error
    columns = zip(*parts, strict=True) if parts else [[pa.array([], pa.string())]] * len(names)
    packed = {title: pa.concat_arrays(column) for title, column in zip(names, columns, strict=True)}
    return tables.of_columns(name, packed, range(1, done + 1), How("Parquet"), wanted)


def strings(column: pa.Array) -> pa.Array:
    """A column of any type as strings, each as it would stand in a table of text."""
    return pa.array([clean_text(_cell(value)) for value in column.to_pylist()], pa.string())


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else repr(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if value is None or isinstance(value, str | bool | list | dict):
        try:
            return as_cell(value)
        except TypeError:  # a list of dates or bytes
            return str(value)
    return str(value)
