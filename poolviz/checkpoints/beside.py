"""Files kept beside a checkpoint's card: measured with its model, worthless with another.

Each is written in one step and marked with the SHA-256 of the model that it speaks of. Rows are
known by the hash of their text; no file holds a text but that of a film. What is read has the
types and ranges of `poolviz.checkpoints.schemas`, or is as if it were not there; `faults` says so.
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
from poolviz.checkpoints.schemas import SCHEMAS, TABLES, misfit_of_json, misfit_of_table
from poolviz.datasets import Corpus
from poolviz.errors import DataError
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
_MODEL = "onnx_sha256"  # the name under which JSON has the mark of the model


def provenance(checkpoint: Checkpoint, corpus: Corpus) -> dict[str, Any]:
    """`onnx_sha256` of the model, and `files`: name and SHA-256 of what was read."""
    return {
        _MODEL: checkpoint.onnx_hash,
        "files": [{name: file[name] for name in ("name", "sha256")} for file in corpus.files],
    }


def write_json(checkpoint: Checkpoint, name: str, version: int, content: Mapping[str, Any]) -> Path:
    """Write what holds `onnx_sha256`, under a schema version."""
    return save_json(checkpoint.folder / name, version, content)


def read_json(checkpoint: Checkpoint, name: str, version: int) -> dict[str, Any] | None:
    """What `write_json` wrote; None where there is nothing, it is not of this model, or it does not
    fit its schema."""
    found = load_json(checkpoint.folder / name, version)
    return found if found and found.get(_MODEL) == checkpoint.onnx_hash else None


def save_json(place: Path, version: int, content: Mapping[str, Any]) -> Path:
    """Write a file of several models, which says itself whose its parts are."""
    whole = {"schema_version": version, **content}
    text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    with replacing(place) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    return place


def load_json(place: Path, version: int) -> dict[str, Any] | None:
    """What `save_json` wrote; None where there is nothing, it is of another version, or it does not
    fit the schema of its name."""
    try:
        found = _parsed(place)
    except (OSError, ValueError, RecursionError):
        return None
    if not is_object(found) or found.get("schema_version") != version:
        return None
    return found if misfit_of_json(place.name, found) is None else None


def write_table(checkpoint: Checkpoint, name: str, table: pd.DataFrame, **marks: str) -> Path:
    """Write a table as Parquet, marked with the model and whatever else is said of it."""
    return tables.write(checkpoint.folder / name, table, _marks(checkpoint) | marks)


def read_table(checkpoint: Checkpoint, name: str) -> pd.DataFrame | None:
    """What `write_table` wrote; None where there is nothing, it is not of this model, or it does
    not fit its schema.

    The marks stand in the table's `attrs`.
    """
    found = tables.read(checkpoint.folder / name, _marks(checkpoint))
    if found is None or name not in TABLES:
        return found
    misfit = misfit_of_table(name, found, len(checkpoint.classes))
    return found if misfit is None else None


def faults(checkpoint: Checkpoint) -> list[DataError]:
    """A sentence for each file beside a card that cannot be read, or does not fit its schema.

    Those that all models of the data set have together are among them; files of other models count
    as none.
    """
    return [error for place in _places(checkpoint) if (error := _fault(checkpoint, place))]


def _places(checkpoint: Checkpoint) -> list[Path]:
    """The files that there are, of the model and of all models of its data set."""
    folders = (checkpoint.folder, checkpoint.folder.parent)
    places = [folder / name for folder in folders for name in (*SCHEMAS, *TABLES)]
    return [place for place in places if place.is_file()]


def _fault(checkpoint: Checkpoint, place: Path) -> DataError | None:
    if place.name in TABLES:
        at = _fault_of_table(checkpoint, place)
    else:
        at = _fault_of_json(checkpoint, place)
    if at is None:
        return None
    file = "/".join(place.parts[-3:])
    if not at:
        return DataError("The file {file} is damaged; measure it again, or delete it.", file=file)
    return DataError(
        "The file {file} says of {field} what cannot be; measure it again, or delete it.",
        file=file,
        field=at[:100],
    )


def _fault_of_json(checkpoint: Checkpoint, place: Path) -> str | None:
    """Where it does not fit: "" where it is no JSON at all."""
    try:
        found = _parsed(place)
    except (OSError, ValueError, RecursionError):
        return ""
    if is_object(found) and found.get(_MODEL, checkpoint.onnx_hash) != checkpoint.onnx_hash:
        return None
    return misfit_of_json(place.name, found)


def _fault_of_table(checkpoint: Checkpoint, place: Path) -> str | None:
    """The column that does not fit: "" where it is no table at all."""
    found = tables.read(place, {})
    if found is None:
        return ""
    if any(found.attrs.get(name) != value for name, value in _marks(checkpoint).items()):
        return None
    return misfit_of_table(place.name, found, len(checkpoint.classes))


def _parsed(place: Path) -> Any:
    return json.loads(place.read_text(encoding="utf-8"))


def _marks(checkpoint: Checkpoint) -> dict[str, str]:
    return {tables.MODEL: checkpoint.onnx_hash}
