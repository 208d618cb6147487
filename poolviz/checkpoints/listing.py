"""Which checkpoints there are on this machine, and of which run each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.checkpoints.identity import DIGITS, facts_of, run_ids
from poolviz.checkpoints.marks import RunMark, read_marks
from poolviz.checkpoints.names import RUN_FOLDER, undisturbed
from poolviz.text.names import normal


def list_checkpoints(
    roots: Iterable[Path] | None = None, task: str | None = None
) -> list[Checkpoint]:
    """All checkpoints below the roots, by task and name; damaged ones carry their reason.

    >>> [checkpoint.name for checkpoint in list_checkpoints(task="bbc_news")]
    ['attention', 'average', 'max', 'min-variance', 'multi-head']

    Parameters
    ----------
    roots : folders to look in; None for the shipped ones and the user's own. Where two roots hold
        the same name in the same run of a task, the later root's counts. So does what was
        said of the runs.
    task : only those of one task; None for all.
    """
    roots = usual_roots() if roots is None else tuple(roots)
    found: dict[str, list[Checkpoint]] = {}
    for root in roots:
        for checkpoint in _below(root, task):
            found.setdefault(checkpoint.task, []).append(checkpoint)
    return [
        checkpoint
        for each in sorted(found)
        for checkpoint in _in_runs(found[each], _marks(roots, each))
    ]


def usual_roots() -> tuple[Path, Path]:
    """Where checkpoints lie: the shipped ones, and the user's own."""
    return places.SHIPPED_CHECKPOINTS, places.user_checkpoints()


def _below(root: Path, task: str | None) -> Iterator[Checkpoint]:
    """The checkpoints below a root, but for those that are deleted meanwhile."""
    with undisturbed(root):
        folders = _model_folders(root, task)
    for folder in folders:
        checkpoint = read(folder)
        if not checkpoint.damage or folder.is_dir():
            yield checkpoint


def _model_folders(root: Path, task: str | None) -> list[Path]:
    """The folders below a root that hold a model, or should."""
    found: list[Path] = []
    for folder in _folders_in(root):
        for inner in _folders_in(folder) if task in (None, normal(folder.name)) else ():
            found += _folders_in(inner) if RUN_FOLDER.fullmatch(inner.name) else [inner]
    return found


def _marks(roots: Iterable[Path], task: str) -> dict[str, RunMark]:
    """What was said of a task's runs below any of the roots."""
    return {run: mark for root in roots for run, mark in read_marks(root / task).items()}


def _folders_in(place: Path) -> list[Path]:
    try:
        return sorted(f for f in place.iterdir() if f.is_dir() and not f.name.startswith("."))
    except OSError:  # there is no such folder, or it is not to be looked into
        return []


def _in_runs(found: Sequence[Checkpoint], marks: Mapping[str, RunMark]) -> list[Checkpoint]:
    """A task's checkpoints with their runs and what was said of these, by name."""
    sound = [checkpoint for checkpoint in found if not checkpoint.damage]
    ids = run_ids([checkpoint.card for checkpoint in sound])
    said: dict[str, RunMark] = {}
    for checkpoint, run in zip(sound, ids, strict=True):
        before = facts_of(checkpoint.card)[:DIGITS]  # its run before that had an identity
        mark = marks.get(run) or marks.get(before) or RunMark()
        said.setdefault(run, replace(mark, id=run))
    of_folder = {c.folder: said[run] for c, run in zip(sound, ids, strict=True)}
    listed = [replace(c, run=of_folder.get(c.folder, c.run)) for c in found]
    latest = {(checkpoint.run.id, checkpoint.name): checkpoint for checkpoint in listed}
    return sorted(latest.values(), key=lambda c: (c.name, c.run.id))
