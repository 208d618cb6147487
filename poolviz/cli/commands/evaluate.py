"""`evaluate`: measure checkpoints on a data set's test rows, through the engine."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.cli import terminal
from poolviz.cli.cards import FIGURES, test_accuracy
from poolviz.cli.commands import evaluate_pairs
from poolviz.cli.commands.datasets import chosen_rows
from poolviz.cli.inputs import chosen_checkpoints, listed_checkpoints
from poolviz.cli.selection import kinds_for
from poolviz.datasets import Corpus
from poolviz.engine.texts import Explainer
from poolviz.errors import ChoiceError
from poolviz.evaluation import exactness, measurements, predictions
from poolviz.evaluation.texts import test_anatomy, test_figures, write_anatomy
from poolviz.explore import shipped
from poolviz.explore.rows import of_corpus
from poolviz.model.kinds import CLASSIFIER, KINDS
from poolviz.values.interval import Interval
from poolviz.watch import Watch


def run(arguments: Namespace) -> bool:
    """Write a table, or a JSON array with an object for each checkpoint."""
    kinds = kinds_for(arguments.dataset, arguments.kind)
    kind = KINDS[kinds[0]]
    if arguments.write and kind.family is not CLASSIFIER:
        raise ChoiceError("--write is for classifiers; leave it out for matchers.")
    return BY_ROWS[kind.rows](arguments, chosen_checkpoints(arguments, kinds))


def _run_classes(arguments: Namespace, chosen: Sequence[Checkpoint]) -> bool:
    corpus = chosen_rows(arguments)
    measured = []
    for checkpoint in chosen:
        with terminal.StatusLine() as status:
            watch = Watch(terminal.count_progress(status, checkpoint.name))
            measured.append(test_figures(checkpoint, corpus, watch))
    if arguments.write:
        _write(chosen, listed_checkpoints(arguments), corpus)
    if arguments.json:
        terminal.write_json(
            [
                {"task": c.task, "name": c.name, "head": c.head, "readout": c.readout, **figures}
                for c, figures in zip(chosen, measured, strict=True)
            ]
        )
        return True
    shown = [name for name in FIGURES if name in measured[0]]
    terminal.write_table(
        ["checkpoint", *(FIGURES[name] for name in shown), "rows", "accuracy on its card"],
        [
            [
                checkpoint.name,
                *(Interval.read(figures[name]).as_share() for name in shown),
                f"{figures['rows']:,}",
                test_accuracy(checkpoint.card),
            ]
            for checkpoint, figures in zip(chosen, measured, strict=True)
        ],
        "l" + "r" * (len(shown) + 2),
    )
    terminal.write("In brackets: 95 % bootstrap interval over the test rows.")
    return True


def _write(chosen: Sequence[Checkpoint], listed: Sequence[Checkpoint], corpus: Corpus) -> None:
    """Keep what the pages show of all test rows beside the cards."""
    for checkpoint in chosen:
        with terminal.StatusLine() as status:
            watch = Watch(terminal.count_progress(status, f"{checkpoint.name}, weights"))
            found = test_anatomy(checkpoint, corpus, watch)
        _note_written(write_anatomy(checkpoint, found))
        _note_written(predictions.write(checkpoint, predictions.predict(checkpoint, corpus)))
        _note_written(_write_tokens(checkpoint, corpus))
    with terminal.StatusLine() as status:
        watch = Watch(terminal.count_progress(status, "Compared"))
        measured = measurements.measure(chosen, corpus, watch)
    for checkpoint, found in zip(chosen, measured, strict=True):
        _note_written(measurements.write(checkpoint, found))
    task = chosen[0].task
    if place := exactness.update(chosen[0].folder.parent, exactness.collect(listed, task)):
        _note_written(place)


# By the rows that are tested on.
BY_ROWS = {"classification": _run_classes, "matching": evaluate_pairs.run}


def _note_written(place: Path) -> None:
    terminal.note(f"written: {place}")


def _write_tokens(checkpoint: Checkpoint, corpus: Corpus) -> Path:
    """Keep the figures of the tokens that lead in all rows, whatever their split."""
    texts = of_corpus(corpus).texts
    with terminal.StatusLine() as status:
        watch = Watch(terminal.count_progress(status, f"{checkpoint.name}, tokens"))
        found = shipped.measure(Explainer(checkpoint), texts, watch)
    return shipped.write(checkpoint, found, len(texts))
