"""Commands for a data set that is trained on: with what finds its rows, the user's own file too."""

from __future__ import annotations

import shlex
from pathlib import Path

from poolviz import program
from poolviz.checkpoints import own_rows
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import CATALOGUE

_FILE, _UNIT = "--csv", "--unit"
_FILES = (_FILE, "--test-csv")


def command_for(name: str, checkpoint: Checkpoint, *flags: str) -> str:
    """The command of this name for a checkpoint's data set and read-out."""
    words = [name, "--dataset", checkpoint.task, *flags_of_rows(checkpoint)]
    if checkpoint.readout != checkpoint.kind_record.usual_readout:
        words += ["--readout", checkpoint.readout]
    return program.command(*words, *flags)


def flags_of_rows(checkpoint: Checkpoint) -> list[str]:
    """What finds the rows that a checkpoint was trained on; none for those of the catalogue.

    A file of somebody's own is named with its folder where that is known, and what was said of it
    is said again, as the card's command has it.
    """
    if checkpoint.task in CATALOGUE:
        return []
    files = checkpoint.card.get("data", {}).get("files") or [{"name": "FILE.csv"}]
    given = [_FILE, files[0]["name"], *_flags_of_file(_words(checkpoint))]
    return _with_folders(checkpoint, given)


def training_command(checkpoint: Checkpoint) -> str:
    """The card's command that trains it again, as it works on this machine."""
    words = _with_folders(checkpoint, _words(checkpoint))
    known = shlex.split(program.IN_CLONE)
    if words[: len(known)] != known:
        return str(checkpoint.card["command"])
    return program.command(*words[len(known) :])


def train_more(checkpoint: Checkpoint, *flags: str) -> str:
    """The command that trains others on the same rows, cut in the same way."""
    rows = flags_of_rows(checkpoint)
    unit = [_UNIT, str(checkpoint.card["unit"])] if rows else []
    return program.command("train", "--dataset", checkpoint.task, *rows, *unit, *flags)


def _with_folders(checkpoint: Checkpoint, words: list[str]) -> list[str]:
    """The words with the paths of files, where they are known and there are still such files."""
    words = words.copy()
    for flag, path in zip(_FILES, own_rows.read(checkpoint).files, strict=False):
        if flag in words[:-1] and Path(path).is_file():
            words[words.index(flag) + 1] = path
    return words


def _words(checkpoint: Checkpoint) -> list[str]:
    try:
        return shlex.split(str(checkpoint.card.get("command", "")))
    except ValueError:  # a quotation mark that is not closed
        return []


def _flags_of_file(given: list[str]) -> list[str]:
    from poolviz.datasets.own.entering import (  # with readers of every format
        FLAGS_OF_FILE,
        JOIN_LABELS,
    )

    flags: list[str] = []
    for place, flag in enumerate(given, 1):
        if flag in FLAGS_OF_FILE:
            flags += [flag, *given[place : place + 1]]
        elif flag == JOIN_LABELS:
            flags.append(flag)
    return flags
