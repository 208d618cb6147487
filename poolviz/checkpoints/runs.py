"""Runs: the models of a data set that were trained on the same rows, classes, unit and preparation.

Only models of one run stand side by side. Where a data set has several runs, the one that is shown
unasked is the newest of those that are kept, and where none is, the newest of all.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from poolviz import places
from poolviz.checkpoints.card import ENCODER
from poolviz.checkpoints.checkpoint import Checkpoint, write
from poolviz.checkpoints.identity import Rows, file_names, run_ids
from poolviz.checkpoints.listing import list_checkpoints, usual_roots
from poolviz.checkpoints.marks import FILE, RunMark, read_marks, write_marks
from poolviz.datasets import Corpus
from poolviz.errors import ChoiceError, DataError
from poolviz.json_types import is_list, is_object
from poolviz.model.options import ADDED_LATER
from poolviz.values.rules import MOST, number
from poolviz.writing import alone

MAX_NAME = 60  # characters
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Run:
    """A run of a data set, with its sound models, at least one."""

    task: str
    mark: RunMark
    checkpoints: tuple[Checkpoint, ...]

    @property
    def id(self) -> str:
        """Hexadecimal digits that name it in folders, commands and addresses."""
        return self.mark.id

    @property
    def own(self) -> tuple[Checkpoint, ...]:
        """Those of its models that are the user's own."""
        return tuple(c for c in self.checkpoints if not c.shipped)

    @property
    def trained(self) -> datetime | None:
        """When the last of its models was trained; None for shipped ones that do not say it."""
        return max(filter(None, (c.trained for c in self.checkpoints)), default=None)

    @property
    def encoder(self) -> str:
        """Name of the pretrained encoder that its models are on; empty where they are on none."""
        return self.checkpoints[0].card.get(ENCODER, {}).get("name", "")

    @property
    def accuracy(self) -> float | None:
        """The best test accuracy on its models' cards."""
        found = (_figure(c.card, "test", "accuracy", "value") for c in self.checkpoints)
        return max((value for value in found if value is not None), default=None)


def runs_of(checkpoints: Iterable[Checkpoint], task: str) -> list[Run]:
    """The runs of a data set; the first is the one that is shown unasked.

    Parameters
    ----------
    checkpoints : as `list_checkpoints` gives them, or those of them that a page can show.
    """
    by_run: dict[str, list[Checkpoint]] = {}
    for checkpoint in checkpoints:
        if checkpoint.task == task and not checkpoint.damage:
            by_run.setdefault(checkpoint.run.id, []).append(checkpoint)
    runs = [Run(task, of[0].run, tuple(of)) for of in by_run.values()]
    return sorted(runs, key=_standing, reverse=True)


def find_run(runs: Sequence[Run], said: str) -> Run:
    """The run that has this name, or whose id begins so.

    Raises
    ------
    ChoiceError : none is, or several are.
    """
    exact = [run for run in runs if said in (run.id, run.mark.name)]
    found = exact or [run for run in runs if said and run.id.startswith(said)]
    if len(found) == 1:
        return found[0]
    raise ChoiceError(
        "{said} names no run, or several; choose one of {known}.",
        said=repr(said),
        known=", ".join(run.mark.name or run.id for run in runs),
    )


def check_rows(chosen: Sequence[Checkpoint], corpus: Corpus, present: Iterable[Checkpoint]) -> None:
    """Check that rows are those that the chosen models of one run were trained and tested on.

    Parameters
    ----------
    present : all models that could be chosen, to name the run that these rows are of.

    Raises
    ------
    DataError : they are others.
    """
    rows, first = Rows.of(corpus), chosen[0]
    if all(rows.are_of(checkpoint.card) for checkpoint in chosen):
        return
    for run in runs_of(present, first.task):
        if run.id != first.run.id and all(rows.are_of(c.card) for c in run.checkpoints):
            raise DataError(
                "These rows are not those of the run {run} of {dataset}, but of another one; "
                "choose it: --run {other}",
                run=first.run.id,
                dataset=first.task,
                other=run.id,
            )
    raise DataError(
        "These rows are not those that the run {run} of {dataset} was trained and tested on "
        "({files}); name its file, or train on these rows.",
        run=first.run.id,
        dataset=first.task,
        files=", ".join(file_names(first.card)) or "?",
    )


def rename(run: Run, name: str, root: Path | None = None) -> None:
    """Give a run a name, in any script; an empty one takes its name away.

    Parameters
    ----------
    root : where what is said of runs is kept; None for the user's folder.

    Raises
    ------
    ChoiceError : the name is too long, or holds what cannot be shown.
    """
    name = name.strip()
    if len(name) > MAX_NAME or not name.isprintable():
        raise ChoiceError(
            "A run's name has up to {limit} characters and no line ends; give another one.",
            limit=MAX_NAME,
        )
    _mark(run, replace(run.mark, name=name), root)


def keep(run: Run, kept: bool = True, root: Path | None = None) -> None:
    """Keep a run: it is shown before newer ones, and cannot be deleted; or let it go."""
    _mark(run, replace(run.mark, kept=kept), root)


def delete(run: Run, root: Path | None = None) -> None:
    """Delete a run's models that are the user's own, and what was said of it.

    Raises
    ------
    ChoiceError : it is kept, or all of it came with poolviz.
    OSError : the system refuses.
    """
    for checkpoint in run.own or run.checkpoints[:1]:
        delete_model(checkpoint)
    _mark(run, RunMark(run.id), root)


def delete_model(checkpoint: Checkpoint) -> None:
    """Delete one model, damaged or not, and its run's folder where it was the last in it.

    Raises
    ------
    ChoiceError : its run is kept, or it came with poolviz.
    OSError : the system refuses.
    """
    if checkpoint.shipped:
        raise ChoiceError("What came with poolviz cannot be deleted.")
    if checkpoint.run.kept:
        raise ChoiceError("This run is kept; let it go before you delete it or a model of it.")
    parent = checkpoint.folder.parent
    _remove(checkpoint.folder)
    if parent.name != checkpoint.task and not any(f.is_dir() for f in parent.iterdir()):
        _remove(parent)


def validation_of(checkpoint: Checkpoint) -> tuple[float, float]:
    """Accuracy and negative loss on the validation rows of the epoch that was kept.

    More is better. Minus infinity for what the card does not say.
    """
    fit: Any = checkpoint.card.get("fit")
    history: Any = fit.get("history") if is_object(fit) else None
    best: Any = fit.get("best_epoch") if is_object(fit) else None
    known = is_list(history) and isinstance(best, int) and 0 < best <= len(history)
    epoch = history[best - 1] if known else None
    accuracy, loss = (_figure(epoch, name) for name in ("validation_accuracy", "validation_loss"))
    nothing = float("-inf")
    return (nothing if accuracy is None else accuracy, nothing if loss is None else -loss)


def same_choice(checkpoint: Checkpoint, others: Iterable[Checkpoint]) -> list[Checkpoint]:
    """Those of the same data set, run, kind, head, read-out and seed, itself too; the best first.

    The best is that with the best validation figures, of equal ones the newest.
    """
    alike = (c for c in others if not c.damage and _choice(c) == _choice(checkpoint))
    return sorted(alike, key=preference)


def preference(checkpoint: Checkpoint) -> tuple[Any, ...]:
    """Sorts models of the same run, kind, head and read-out: what is taken unasked comes first.

    That is the lowest seed; among trainings with the same seed see `same_choice`.
    """
    accuracy, loss = validation_of(checkpoint)
    newest = checkpoint.trained.timestamp() if checkpoint.trained else 0.0
    return checkpoint.card.get("seed", 0), -accuracy, -loss, -newest


def write_new(root: Path, draft: Checkpoint, make_files: Callable[[Path], None]) -> Checkpoint:
    """Write what was trained, under a name that no other process takes meanwhile (`name_for`).

    Parameters
    ----------
    root, make_files : see `poolviz.checkpoints.checkpoint.write`.
    draft : with its usual name and its card.
    """
    with alone(root / "names"):
        name = name_for(draft.name, root, draft)
        return write(root, draft.task, name, draft.card, make_files)


def name_for(name: str, root: Path, draft: Checkpoint) -> str:
    """Under which name a training is written, so that it replaces no other one.

    It does take the place of a training with the same options and the same result.

    Parameters
    ----------
    name : the usual one; a dot and a number are added where it is taken.
    root : where it is to be written.
    draft : what was trained, with its card.
    """
    roots = usual_roots() if root == places.user_checkpoints() else (root,)
    present = [c for c in list_checkpoints(roots, draft.task) if not c.damage]
    *runs, own = run_ids([c.card for c in (*present, draft)])
    alike = [c for c, run in zip(present, runs, strict=True) if run == own]
    for checkpoint in alike:
        if _result(checkpoint) == _result(draft):
            return checkpoint.name
    taken = {checkpoint.name for checkpoint in alike}
    names = [name, *(f"{name}.{number}" for number in range(2, len(taken) + 2))]
    return next(each for each in names if each not in taken)


def _standing(run: Run) -> tuple[bool, datetime, str]:
    return run.mark.kept, run.trained or _LONG_AGO, run.id


def _mark(run: Run, mark: RunMark, root: Path | None) -> None:
    folder = (root or places.user_checkpoints()) / run.task
    with alone(folder / FILE):
        write_marks(folder, {**read_marks(folder), run.id: mark})


def _remove(folder: Path) -> None:
    """Take a folder away in one step, so that nobody finds half of it."""
    aside = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        folder.rename(aside / folder.name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _choice(checkpoint: Checkpoint) -> tuple[Any, ...]:
    return (
        checkpoint.task,
        checkpoint.run.id,
        checkpoint.kind,
        checkpoint.head,
        checkpoint.readout,
        checkpoint.card["seed"],
    )


def _result(checkpoint: Checkpoint) -> list[Any]:
    """What was trained with which options, and what came of it."""
    card = checkpoint.card
    options = [card.get(name) for name in ("kind", "head", "readout", "seed", "training")]
    model = card.get("model")
    options.append({**ADDED_LATER, **model} if is_object(model) else None)
    return [options, validation_of(checkpoint)[0], _figure(card, "test", "accuracy", "value")]


def _figure(card: Any, *path: str) -> float | None:
    """A number that a card holds there; None where it does not, since it may be of any making."""
    value = card
    for name in path:
        value = value.get(name) if is_object(value) else None
    return None if value is None or number(-MOST, MOST)(value) is not None else float(value)
