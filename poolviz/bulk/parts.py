"""A folder of results: parts that are whole or not there, and a second run that goes on.

A part is named by its place, and by a hash of its rows and of what is made of them. Whatever makes
a part again, another run or a worker in place of one that was lost, gives the same name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from poolviz.bulk.reading.blocks import Bad, unpacked
from poolviz.errors import ChoiceError
from poolviz.writing import replacing

SCHEMA_VERSION = 1  # of what docs/bulk.md says
MANIFEST = "_manifest.json"  # readers of Parquet pass over names that begin so
BAD_ROWS = "_bad_rows.jsonl"
_PARTS = "part-*.parquet"
_DIGITS = 16
_BAD = b"poolviz.bad_rows"
_ABOUT = b"poolviz"


class Work(Protocol):
    """What is made of rows; travels to other processes."""

    def __call__(self, rows: pa.RecordBatch) -> tuple[pa.Table, list[Bad]]:
        """The results of the rows that can be worked on, in their order, and the other rows."""
        ...


@dataclass(frozen=True)
class Part:
    """A part that is there: how many rows it has, and which rows it lacks."""

    name: str
    rows: int
    bad: tuple[Bad, ...]


@dataclass(frozen=True)
class Task:
    """A part to be made of packed rows, in any process that sees the folder."""

    name: str
    packed: bytes
    read: int = 0

    def run(self, work: Work, folder: Path, about: Mapping[str, Any]) -> Part:
        """Make it.

        Raises
        ------
        DiskFull, OSError : it cannot be written.
        """
        block = unpacked(self.packed)
        table, bad = work(block.rows)
        bad = sorted((*block.bad, *bad), key=lambda each: each.line)
        metadata = {
            _ABOUT: json.dumps(about, ensure_ascii=False),
            _BAD: json.dumps([list(vars(each).values()) for each in bad], ensure_ascii=False),
        }
        labels = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
        with replacing(folder / self.name) as unfinished:
            pq.write_table(
                table.replace_schema_metadata(metadata),
                unfinished,
                compression="zstd",
                use_dictionary=labels,  # of numbers that hardly repeat none is worth its time
            )
        return Part(self.name, table.num_rows, tuple(bad))


class Results:
    """The folder of one set of arguments.

    Parameters
    ----------
    about : what decides what the parts hold: models, outputs, input. The results of others are
        refused.

    Raises
    ------
    ChoiceError : the folder holds results of other arguments.
    OSError : it cannot be written to.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any]):
        self.folder = folder
        self.about = json.loads(json.dumps({"schema_version": SCHEMA_VERSION, **about}))
        folder.mkdir(parents=True, exist_ok=True)
        known = self._known()
        if known is None and any(folder.glob(_PARTS)) or known not in (None, self.about):
            raise ChoiceError(
                "{folder} holds results of other models, rows or outputs; give another folder with "
                "--output, or empty this one.",
                folder=folder,
            )
        self._write_manifest(complete=False)

    def name_of(self, number: int, packed: bytes) -> str:
        """The name of the part of these rows."""
        digest = hashlib.sha256(json.dumps(self.about, sort_keys=True).encode("utf-8"))
        digest.update(packed)
        return f"part-{number:06d}-{digest.hexdigest()[:_DIGITS]}.parquet"

    def find(self, name: str) -> Part | None:
        """A part that is there already."""
        path = self.folder / name
        if not path.exists():
            return None
        file = pq.ParquetFile(path)
        bad = json.loads(file.metadata.metadata[_BAD])
        return Part(name, file.metadata.num_rows, tuple(Bad(*each) for each in bad))

    def keep(self, parts: Iterable[Part], complete: bool) -> dict[str, Any]:
        """Write what there is beside the parts: the rows that are in none, and the manifest.

        Parts of rows that the input no longer has go once the run is complete.
        """
        parts = sorted(parts, key=lambda part: part.name)
        with (
            replacing(self.folder / BAD_ROWS) as unfinished,
            open(unfinished, "w", encoding="utf-8") as file,
        ):
            for part in parts:
                for bad in part.bad:
                    file.write(json.dumps(vars(bad), ensure_ascii=False) + "\n")
        names = {part.name for part in parts}
        for path in self.folder.glob(_PARTS) if complete else ():
            if path.name not in names:
                path.unlink()
        return self._write_manifest(
            complete,
            rows=sum(part.rows for part in parts),
            bad_rows=sum(len(part.bad) for part in parts),
            parts=[{"name": part.name, "rows": part.rows} for part in parts],
        )

    def _known(self) -> dict[str, Any] | None:
        try:
            return json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))["about"]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write_manifest(self, complete: bool, **facts: Any) -> dict[str, Any]:
        manifest = {"about": self.about, "complete": complete, **facts}
        with replacing(self.folder / MANIFEST) as unfinished:
            content = json.dumps(manifest, ensure_ascii=False, indent=1)
            unfinished.write_text(content + "\n", encoding="utf-8")
        return manifest
