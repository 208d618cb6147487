"""`checkpoints`: what is there to explain with, and what is wrong with it."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import Any

from poolviz import program
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import check_task
from poolviz.cli import run_changes, terminal
from poolviz.cli.cards import UNKNOWN, accuracy_on_card, on_card
from poolviz.cli.inputs import listed_checkpoints
from poolviz.language import error_message


def run(arguments: Namespace) -> bool:
    """Write a table, or a JSON array; False where `--verify` finds a damaged one."""
    if run_changes.wanted(arguments):
        return run_changes.run(arguments)
    present = listed_checkpoints(arguments)
    if arguments.task is not None:
        check_task(present, arguments.task)
        present = [checkpoint for checkpoint in present if checkpoint.task == arguments.task]
    if arguments.run is not None:
        present = run_changes.of_run(arguments, present)
    if arguments.json:
        terminal.write_json([_described(checkpoint) for checkpoint in present])
    elif present:
        _write_table(present)
    else:
        terminal.note(f"There is no checkpoint; train one: {program.command('train', '--help')}")
    damages = [checkpoint.damage for checkpoint in present if checkpoint.damage]
    if not arguments.json:
        for damage in damages:
            terminal.note(error_message(damage))
    return not (arguments.verify and damages)


def _write_table(present: list[Checkpoint]) -> None:
    terminal.write_table(
        [
            *("data set", "run", "name", "head", "read-out", "test accuracy", "parameters"),
            *("size", "folder"),
        ],
        [_row(checkpoint) for checkpoint in sorted(present, key=lambda c: (c.task, c.run.id))],
        "lllllrrrl",
    )


def _row(checkpoint: Checkpoint) -> list[str]:
    size = f"{_bytes(checkpoint) / 1e6:.1f} MB"
    if checkpoint.damage:
        facts = ["damaged", "", "", ""]
    else:
        parameters = on_card(checkpoint.card, "parameters")
        facts = [
            checkpoint.head,
            checkpoint.readout,
            accuracy_on_card(checkpoint.card),
            f"{parameters:,}" if isinstance(parameters, int) else UNKNOWN,
        ]
    run = run_changes.title(checkpoint.run)
    return [checkpoint.task, run, checkpoint.name, *facts, size, str(checkpoint.folder)]


def _described(checkpoint: Checkpoint) -> dict[str, Any]:
    """Everything of the table; None for what is not known."""
    return {
        "task": checkpoint.task,
        "run": asdict(checkpoint.run),
        "name": checkpoint.name,
        "seed": checkpoint.card.get("seed"),
        "head": checkpoint.card.get("head"),
        "readout": checkpoint.card.get("readout"),
        "test": on_card(checkpoint.card, "test"),
        "parameters": on_card(checkpoint.card, "parameters"),
        "bytes": _bytes(checkpoint),
        "folder": str(checkpoint.folder),
        "damage": error_message(checkpoint.damage) if checkpoint.damage else None,
    }


def _bytes(checkpoint: Checkpoint) -> int:
    return sum(file.stat().st_size for file in checkpoint.folder.iterdir() if file.is_file())
