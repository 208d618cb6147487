"""Files kept beside a checkpoint's card: measured with its model, worthless with another.

Each is written in one step and marked with the SHA-256 of the model that it speaks of. Rows are
known by the hash of their text; no file holds a text but that of a film.
"""

# pandas says nothing of its types, and nothing else here is unknown.
# pyright: reportUnknownParameterType=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd  # pyright: ignore[reportMissingTypeStubs]

from poolviz.checkpoints import tables
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import Corpus
from poolviz.json_types import is_object
from poolviz.writing import replacing

# Names of such files; what they hold is measured by parts further up.
MEASURED = (
    "anatomy.json",
    "measured.json",
    "predictions.parquet",
    "seeds.parquet",
    "shifted.json",
    "trust.json",
    "trust.parquet",
)


def provenance(checkpoint: Checkpoint, corpus: Corpus) -> dict[str, Any]:
    """`onnx_sha256` of the model, and `files`: name and SHA-256 of what was read."""
    return {
        "onnx_sha256": checkpoint.onnx_hash,
        "files": [{name: file[name] for name in ("name", "sha256")} for file in corpus.files],
    }


def write_json(checkpoint: Checkpoint, name: str, version: int, content: Mapping[str, Any]) -> Path:
    """Write what holds `onnx_sha256`, under a schema version."""
    return save_json(checkpoint.folder / name, version, content)


def read_json(checkpoint: Checkpoint, name: str, version: int) -> dict[str, Any] | None:
    """What `write_json` wrote; None where there is nothing, or it is not of this model."""
    found = load_json(checkpoint.folder / name, version)
    return found if found and found.get("onnx_sha256") == checkpoint.onnx_hash else None


def save_json(place: Path, version: int, content: Mapping[str, Any]) -> Path:
    """Write a file of several models, which says itself whose its parts are."""
    whole = {"schema_version": version, **content}
    text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    with replacing(place) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    return place


def load_json(place: Path, version: int) -> dict[str, Any] | None:
    """What `save_json` wrote; None where there is nothing, or it is of another version."""
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not is_object(found) or found.get("schema_version") != version:
        return None
    return found


def write_table(checkpoint: Checkpoint, name: str, table: pd.DataFrame, **marks: str) -> Path:
    """Write a table as Parquet, marked with the model and whatever else is said of it."""
    return tables.write(checkpoint.folder / name, table, _marks(checkpoint) | marks)


def read_table(checkpoint: Checkpoint, name: str) -> pd.DataFrame | None:
    """What `write_table` wrote; None where there is nothing, or it is not of this model.

    The marks stand in the table's `attrs`.
    """
    return tables.read(checkpoint.folder / name, _marks(checkpoint))


def _marks(checkpoint: Checkpoint) -> dict[str, str]:
    return {tables.MODEL: checkpoint.onnx_hash}
