"""What `checkpoints` does to runs: one is named, kept or let go, or deleted, or a model of it."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.marks import RunMark
from poolviz.checkpoints.runs import Run, delete, delete_model, find_run, keep, rename, runs_of
from poolviz.checkpoints.selection import check_task
from poolviz.cli import terminal
from poolviz.cli.inputs import listed_checkpoints
from poolviz.errors import ChoiceError, check_choice
from poolviz.language import N_


def wanted(arguments: Namespace) -> bool:
    """Whether something is to be changed, instead of listed."""
    changes = (arguments.keep, arguments.release, arguments.delete)
    return any(changes) or arguments.rename is not None


def run(arguments: Namespace) -> bool:
    """Change what the flags say.

    Raises
    ------
    ChoiceError : no such run or model, one that is not to be deleted, or nobody has said yes.
    """
    present = listed_checkpoints(arguments)
    found = _the_run(arguments, present)
    if arguments.delete:
        _delete(arguments, present, found)
    elif arguments.rename is not None:
        rename(found, arguments.rename, arguments.root)
        terminal.write(f"{found.id} is called {arguments.rename.strip() or found.id}.")
    else:
        keep(found, arguments.keep, arguments.root)
        terminal.write(f"{found.id} is {'' if arguments.keep else 'no longer '}kept.")
    return True


def of_run(arguments: Namespace, present: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The checkpoints of the run that the flags name, damaged ones among them.

    Raises
    ------
    ChoiceError : no such run.
    """
    found = _the_run(arguments, present)
    return [c for c in present if c.task == found.task and c.run.id == found.id]


def title(run: RunMark) -> str:
    """A run as tables call it."""
    name = f" “{run.name}”" if run.name else ""
    return f"{run.id or '?'}{name}{', kept' if run.kept else ''}"


def _the_run(arguments: Namespace, present: Sequence[Checkpoint]) -> Run:
    if arguments.task is None or arguments.run is None:
        raise ChoiceError("Name the run with --task and --run; `checkpoints` lists them.")
    check_task(present, arguments.task)
    return find_run(runs_of(present, arguments.task), arguments.run)


def _delete(arguments: Namespace, present: Sequence[Checkpoint], run: Run) -> None:
    if arguments.model is None:
        _ask(arguments, f"Delete the run {title(run.mark)} with {len(run.own)} models?")
        delete(run, arguments.root)
        terminal.write(f"Deleted: the run {run.id} of {run.task}.")
        return
    models = {c.name: c for c in of_run(arguments, present)}
    check_choice(N_("model"), arguments.model, models)
    _ask(arguments, f"Delete the model {arguments.model} of the run {title(run.mark)}?")
    delete_model(models[arguments.model])
    terminal.write(f"Deleted: {run.task}/{arguments.model} of the run {run.id}.")


def _ask(arguments: Namespace, question: str) -> None:
    """Ask whoever sits there.

    Raises
    ------
    ChoiceError : the answer is not yes, or nobody is there to be asked.
    """
    if arguments.yes:
        return
    if not sys.stdin.isatty():
        raise ChoiceError("Nothing was deleted; say --yes where nobody can be asked.")
    terminal.note(f"{question} [y/N]")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise ChoiceError("Nothing was deleted.")
