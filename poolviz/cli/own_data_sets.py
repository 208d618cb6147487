"""Data sets of one's own, as far as the models say that were trained on them: with their runs."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from poolviz.checkpoints.identity import file_names
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.runs import Run, runs_of
from poolviz.cli import terminal
from poolviz.cli.cards import UNKNOWN
from poolviz.cli.run_changes import title
from poolviz.datasets import CATALOGUE
from poolviz.errors import ChoiceError


def entries() -> list[dict[str, Any]]:
    """One for each data set that models were trained on and the catalogue does not have."""
    present = list_checkpoints()
    tasks = dict.fromkeys(c.task for c in present if not c.damage and c.task not in CATALOGUE)
    return [_entry(task, runs_of(present, task)) for task in tasks]


def place(entry: dict[str, Any]) -> str:
    """What the catalogue's table says of its files."""
    count = len(entry["runs"])
    return f"your own, {count} run{'s' * (count > 1)}: {', '.join(entry['runs'][0]['files'])}"


def write(entry: dict[str, Any], arguments: Namespace) -> None:
    """What is known of one, with its runs, the one that is shown first; as JSON where asked for.

    Raises
    ------
    ChoiceError : it is to be downloaded, or looked for.
    """
    if arguments.download or arguments.folder:
        raise ChoiceError(
            "--download and --folder are for the catalogue; {key} is your own.", key=entry["key"]
        )
    if arguments.json:
        terminal.write_json(entry)
        return
    for name in ("key", "kind", "unit", "classes"):
        value = entry[name]
        terminal.write(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    terminal.write()
    terminal.write_table(
        ["run", "trained", "models", "best accuracy", "files"],
        [
            [
                run["title"],
                run["trained"] or UNKNOWN,
                ", ".join(run["models"]),
                UNKNOWN if run["accuracy"] is None else f"{run['accuracy']:.1%}",
                ", ".join(run["files"]),
            ]
            for run in entry["runs"]
        ],
        "lllrl",
    )


def _entry(task: str, runs: list[Run]) -> dict[str, Any]:
    """Kind, unit and classes are those of the run that is shown."""
    first = runs[0].checkpoints[0]
    return {
        "key": task,
        "title": task,
        "kind": first.kind_record.rows,
        "unit": first.card["unit"],
        "classes": list(first.classes),
        "runs": [_described(run) for run in runs],
    }


def _described(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.mark.name,
        "kept": run.mark.kept,
        "title": title(run.mark),
        "trained": run.trained.isoformat(sep=" ", timespec="minutes") if run.trained else None,
        "accuracy": run.accuracy,
        "models": [checkpoint.name for checkpoint in run.checkpoints],
        "files": file_names(run.checkpoints[0].card),
    }
