"""What somebody has said of runs: a name, and that one is kept; in one file for each data set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolviz.json_types import is_object
from poolviz.writing import replacing

FILE = "runs.json"
VERSION = 1


@dataclass(frozen=True)
class RunMark:
    """Which run a checkpoint is of, and what was said of it.

    Parameters
    ----------
    id : the first digits of its identity; empty where that is not known.
    name : empty where it was given none.
    kept : whether it is shown before newer ones, and not deleted.
    """

    id: str = ""
    name: str = ""
    kept: bool = False


def read_marks(folder: Path) -> dict[str, RunMark]:
    """By run what was said of it; nothing where the file is missing or damaged.

    Parameters
    ----------
    folder : of a data set's checkpoints.
    """
    try:
        found: Any = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    runs: Any = found.get("runs") if is_object(found) else None
    if not is_object(runs) or found["schema_version"] != VERSION:
        return {}
    return {run: _read(run, said) for run, said in runs.items() if is_object(said)}


def write_marks(folder: Path, marks: Mapping[str, RunMark]) -> None:
    """Write what is said of a data set's runs; those of which nothing is said are left out."""
    said = {
        run: {"name": mark.name, "kept": mark.kept}
        for run, mark in marks.items()
        if mark.name or mark.kept
    }
    content = json.dumps({"schema_version": VERSION, "runs": said}, ensure_ascii=False, indent=1)
    if not said:
        (folder / FILE).unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / FILE) as unfinished:
        unfinished.write_text(content + "\n", encoding="utf-8")


def _read(run: str, said: Mapping[str, Any]) -> RunMark:
    name = said.get("name")
    return RunMark(run, name if isinstance(name, str) else "", said.get("kept") is True)
