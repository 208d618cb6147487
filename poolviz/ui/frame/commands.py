"""Commands that a page shows for what it lacks."""

from __future__ import annotations

import shlex

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import CATALOGUE
from poolviz.datasets.own import FLAGS_OF_FILE, JOIN_LABELS


def command(name: str, checkpoint: Checkpoint, *flags: str) -> str:
    """The command of this name for a checkpoint's data set and read-out."""
    words = [f"python -m poolviz {name} --dataset {checkpoint.task}"]
    if checkpoint.task not in CATALOGUE:
        files = checkpoint.card.get("data", {}).get("files") or [{"name": "FILE.csv"}]
        words.append(f"--csv {shlex.quote(files[0]['name'])}")
        words += _flags_of_file(checkpoint)
    if checkpoint.readout != checkpoint.kind_record.usual_readout:
        words.append(f"--readout {checkpoint.readout}")
    return " ".join([*words, *flags])


def _flags_of_file(checkpoint: Checkpoint) -> list[str]:
    """What was said of one's own file when it was trained on, as the card's command has it."""
    try:
        given = shlex.split(str(checkpoint.card.get("command", "")))
    except ValueError:  # a quotation mark that is not closed
        return []
    flags = []
    for flag, value in zip(given, [*given[1:], ""], strict=True):
        if flag in FLAGS_OF_FILE:
            flags.append(f"{flag} {shlex.quote(value)}")
        elif flag == JOIN_LABELS:
            flags.append(flag)
    return flags
