"""`evaluate`: measure checkpoints on a data set's test rows, through the engine."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import kinds_for
from poolviz.cli import terminal
from poolviz.cli.cards import FIGURES, accuracy_on_card
from poolviz.cli.commands import evaluate_pairs
from poolviz.cli.commands.datasets import reads_other_rows, rows_of_run
from poolviz.cli.inputs import check_beside, chosen_checkpoints, listed_checkpoints
from poolviz.cli.work import elsewhere, measured
from poolviz.datasets import Corpus, small
from poolviz.errors import ChoiceError
from poolviz.evaluation.texts import Pass, figures_on_test_rows
from poolviz.explore import measuring
from poolviz.model.kinds import CLASSIFIER, KINDS
from poolviz.values.interval import Interval
from poolviz.watch import Watch


def run(arguments: Namespace) -> bool:
    """Write a table, or a JSON array with an object for each checkpoint.

    False where some rows of `--input` could not be measured on.
    """
    measured.check(arguments, "write", "on")
    kinds = kinds_for(arguments.dataset, arguments.kind, listed_checkpoints(arguments))
    kind = KINDS[kinds[0]]
    if arguments.write and kind.family is not CLASSIFIER:
        raise ChoiceError("--write is for classifiers; leave it out for matchers.")
    if arguments.write and reads_other_rows(arguments):
        raise ChoiceError("--write is for rows of the data set; leave it out for others.")
    if arguments.on is not None and kind.family is not CLASSIFIER:
        raise ChoiceError("--on is for classifiers; leave it out for matchers.")
    if arguments.on is not None and reads_other_rows(arguments):
        raise ChoiceError("Either --csv or --on says which other rows to measure on; give one.")
    if arguments.input is not None and kind.against_classes:
        raise ChoiceError("--input is for classifiers and matchers of pairs; name them by --kind.")
    return BY_ROWS[kind.rows](arguments, chosen_checkpoints(arguments, kinds))


def _run_classes(arguments: Namespace, chosen: Sequence[Checkpoint]) -> bool:
    if arguments.input is not None:
        on_rows = measured.evaluate(arguments, chosen)
        _show(arguments, chosen, on_rows.found)
        return on_rows.whole
    if arguments.write:
        check_beside(chosen)
    corpus = rows_of_run(arguments, chosen)
    if arguments.on is not None:
        return elsewhere.run(arguments, chosen, corpus)
    if arguments.write:
        found = _write(chosen, listed_checkpoints(arguments), corpus)
    else:
        found = [_figures(checkpoint, corpus) for checkpoint in chosen]
    _show(arguments, chosen, found)
    return True


def _show(
    arguments: Namespace, chosen: Sequence[Checkpoint], found: Sequence[dict[str, Any]]
) -> None:
    if arguments.json:
        terminal.write_json(
            [
                {"task": c.task, "name": c.name, "head": c.head, "readout": c.readout, **figures}
                for c, figures in zip(chosen, found, strict=True)
            ]
        )
        return
    shown = [name for name in FIGURES if name in found[0]]
    terminal.write_table(
        ["checkpoint", *(FIGURES[name] for name in shown), "rows", "accuracy on its card"],
        [
            [
                checkpoint.name,
                *(Interval.read(figures[name]).as_share() for name in shown),
                f"{figures['rows']:,}",
                accuracy_on_card(checkpoint.card),
            ]
            for checkpoint, figures in zip(chosen, found, strict=True)
        ],
        "l" + "r" * (len(shown) + 2),
    )
    terminal.write("In brackets: 95 % interval over the test rows.")
    for caution in small.of_figures(found[0], chosen[0].classes):
        terminal.write(caution)


def _figures(checkpoint: Checkpoint, corpus: Corpus) -> dict[str, Any]:
    with terminal.StatusLine() as status:
        watch = Watch(terminal.count_progress(status, checkpoint.name))
        return figures_on_test_rows(checkpoint, corpus, watch)


def _write(
    chosen: Sequence[Checkpoint], present: Sequence[Checkpoint], corpus: Corpus
) -> list[dict[str, Any]]:
    """Keep what the pages show of all rows beside the cards; the figures on the test rows."""
    passes: list[Pass] = []
    for checkpoint in chosen:
        with terminal.StatusLine() as status:
            watch = Watch(terminal.count_progress(status, checkpoint.name))
            found, written = measuring.measure(checkpoint, corpus, watch)
        passes.append(found)
        _note_written(written)
    _note_written(measuring.write_together(passes, present))
    return [each.figures() for each in passes]


# By the rows that are tested on.
BY_ROWS = {"classification": _run_classes, "matching": evaluate_pairs.run}


def _note_written(places: Sequence[Path]) -> None:
    for place in places:
        terminal.note(f"written: {place}")
