"""Copies of checkpoints, to be changed by a test."""

from __future__ import annotations

import shutil
from pathlib import Path

from poolviz.checkpoints import checkpoint as checkpoints
from poolviz.checkpoints.checkpoint import Checkpoint


def copied(
    source: Checkpoint, root: Path, task: str = "", name: str = "", **card: object
) -> Checkpoint:
    """A copy below `root`, under the source's task and name unless others are given.

    `card` are changed entries of its card; one with the value None is left out.
    """

    def copy(folder: Path) -> None:
        for file in source.card["files"]:
            shutil.copy(source.path(file), folder / file)

    changed = {key: value for key, value in {**source.card, **card}.items() if value is not None}
    return checkpoints.write(root, task or source.task, name or source.name, changed, copy)
