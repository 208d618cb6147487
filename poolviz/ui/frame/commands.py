"""Commands that a page shows for what it lacks."""

from __future__ import annotations

import shlex

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import CATALOGUE


def command(name: str, checkpoint: Checkpoint, *flags: str) -> str:
    """The command of this name for a checkpoint's data set and read-out."""
    words = [f"python -m poolviz {name} --dataset {checkpoint.task}"]
    if checkpoint.task not in CATALOGUE:
        files = checkpoint.card.get("data", {}).get("files") or [{"name": "FILE.csv"}]
        words.append(f"--csv {shlex.quote(files[0]['name'])}")
    if checkpoint.readout != checkpoint.kind_record.usual_readout:
        words.append(f"--readout {checkpoint.readout}")
    return " ".join([*words, *flags])
