"""`train`: fit pooling heads on a data set and write their checkpoints."""

from __future__ import annotations

import os
import warnings
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

from poolviz import places
from poolviz.checkpoints import Checkpoint
from poolviz.cli import terminal
from poolviz.cli.arguments import options_of
from poolviz.cli.cards import with_interval
from poolviz.cli.datasets import load
from poolviz.cli.inputs import writable_folder
from poolviz.heads import HEADS
from poolviz.options import ModelOptions, TrainingOptions
from poolviz.selection import check_task

if TYPE_CHECKING:
    from poolviz.training import Progress


def run(arguments: Namespace) -> bool:
    """Train the heads one after the other; each checkpoint is complete when its line appears."""
    check_task([], arguments.dataset)
    heads = [head for head in HEADS if head in (arguments.head or HEADS)]
    models = [options_of(ModelOptions, arguments, head=head) for head in heads]
    options = options_of(TrainingOptions, arguments)
    root = writable_folder(arguments.output or places.user_checkpoints())
    corpus = load(arguments.dataset, arguments.folder, arguments.download)
    recipe = _load_recipe()
    prepared = recipe.prepare(corpus, options.min_frequency)
    with terminal.stop_on_interrupt() as stopped:
        for model in models:
            with terminal.StatusLine() as status:
                report = _progress(status, model.head, options.seed)
                checkpoint = recipe.train_checkpoint(
                    prepared, model, options, root, arguments.seeds, report, stopped
                )
            if checkpoint is not None:
                _write_summary(checkpoint)
            if stopped():
                raise KeyboardInterrupt(
                    "Training was stopped by Ctrl+C; what is not listed as written was not kept."
                )
    return True


def _load_recipe() -> ModuleType:
    """Import what needs TensorFlow, which takes seconds and prints much."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.filterwarnings("ignore", category=FutureWarning, module="keras")
    with terminal.StatusLine() as status:
        status.show("Loading TensorFlow", milestone=True)
        with _silent_libraries():
            from poolviz import recipe
    return recipe


@contextmanager
def _silent_libraries() -> Iterator[None]:
    """Drop what C++ code writes to the process' stderr before it has read its log level."""
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)


def _progress(status: terminal.StatusLine, head: str, seed: int) -> Callable[[Progress], None]:
    """A callback that shows epoch and batch; the end of an epoch is a milestone.

    Batches are counted from the start again when the next seed begins.
    """
    last = (0, 0)

    def report(progress: Progress) -> None:
        nonlocal last, seed
        place = (progress.epoch, progress.batch)
        seed += place <= last
        last = place
        epoch = f"{head}, seed {seed}, epoch {progress.epoch} of {progress.epochs}:"
        loss = f"loss {progress.loss:.3f}"
        if progress.validation_accuracy is None:
            status.show(f"{epoch} {terminal.bar(progress.batch, progress.batches)} {loss}")
        else:
            accuracy = f"validation accuracy {progress.validation_accuracy:.1%}"
            status.show(f"{epoch} {loss}, {accuracy}", milestone=True)

    return report


def _write_summary(checkpoint: Checkpoint) -> None:
    test = checkpoint.card["test"]
    terminal.write(
        f"{checkpoint.name}: accuracy {with_interval(test['accuracy'])}, "
        f"macro-F1 {with_interval(test['macro_f1'])} on {test['rows']:,} test rows, "
        f"written to {checkpoint.folder}"
    )
