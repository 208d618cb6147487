"""Tables on disk: Parquet files of numbers, written in one step, marked with what made them."""

# pandas says nothing of its types, and nothing else here is unknown.
# pyright: reportUnknownParameterType=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd  # pyright: ignore[reportMissingTypeStubs]
import pyarrow  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.parquet  # pyright: ignore[reportMissingTypeStubs]

from poolviz.writing import replacing

MODEL = "onnx_sha256"  # the mark that names the model

_arrow: Any = pyarrow  # it says nothing of its types
_parquet: Any = pyarrow.parquet


def write(place: Path, table: pd.DataFrame, marks: Mapping[str, str]) -> Path:
    """Write a table: either all of it is there, or nothing changed.

    Parameters
    ----------
    marks : kept in the file beside the table, such as the hash of the model that made it.
    """
    content = _arrow.Table.from_pandas(table, preserve_index=False)
    content = content.replace_schema_metadata({k.encode(): v.encode() for k, v in marks.items()})
    with replacing(place) as unfinished:
        _parquet.write_table(content, unfinished, compression="zstd")
    return place


def read(place: Path, marks: Mapping[str, str]) -> pd.DataFrame | None:
    """What `write` wrote; None where there is nothing, it is damaged, or has other marks.

    The marks stand in the table's `attrs`, those that were not asked for included.
    """
    try:
        content = _parquet.read_table(place)
    except (OSError, _arrow.ArrowException):
        return None
    kept: dict[bytes, bytes] = content.schema.metadata or {}
    found: dict[Hashable, str] = {
        name.decode("utf-8", "replace"): value.decode("utf-8", "replace")
        for name, value in kept.items()
    }
    if any(found.get(name) != value for name, value in marks.items()):
        return None
    table: pd.DataFrame = content.to_pandas()
    table.attrs = found
    return table
