"""`evaluate`: measure checkpoints on a data set's test rows, through the engine."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import Which, kinds_for
from poolviz.cli import terminal
from poolviz.cli.cards import FIGURES, accuracy_on_card
from poolviz.cli.commands import evaluate_pairs
from poolviz.cli.commands.datasets import rows_of_run
from poolviz.cli.inputs import check_beside, chosen_checkpoints, listed_checkpoints
from poolviz.datasets import Corpus, small
from poolviz.datasets.split import SPLITS
from poolviz.engine.texts import Explainer
from poolviz.errors import ChoiceError
from poolviz.evaluation import exactness, measurements, predictions
from poolviz.evaluation.texts import (
    Pass,
    figures_on_test_rows,
    read_test_rows,
    summarise_anatomy,
    write_anatomy,
)
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
    if arguments.write:
        check_beside(chosen)
    corpus = rows_of_run(arguments, chosen)
    if arguments.write:
        measured = _write(chosen, listed_checkpoints(arguments), corpus)
    else:
        measured = [_figures(checkpoint, corpus) for checkpoint in chosen]
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
                accuracy_on_card(checkpoint.card),
            ]
            for checkpoint, figures in zip(chosen, measured, strict=True)
        ],
        "l" + "r" * (len(shown) + 2),
    )
    terminal.write("In brackets: 95 % bootstrap interval over the test rows.")
    for caution in small.of_figures(measured[0], chosen[0].classes):
        terminal.write(caution)
    return True


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
            passes.append(read_and_write(checkpoint, corpus, watch))
    write_measured(passes, present)
    return [each.figures() for each in passes]


def write_measured(passes: Sequence[Pass], present: Sequence[Checkpoint]) -> None:
    """Keep what follows from the passes of heads of one run together.

    Parameters
    ----------
    present : all checkpoints, among them those with other read-outs.
    """
    for each, measured in zip(passes, measurements.measure(passes), strict=True):
        _note_written(measurements.write(each.checkpoint, measured))
    first = passes[0].checkpoint
    found = exactness.collect(present, first.task, Which(first.run.id))
    if place := exactness.update(first.folder.parent, found):
        _note_written(place)


def read_and_write(checkpoint: Checkpoint, corpus: Corpus, watch: Watch) -> Pass:
    """Run every row once, and write what follows from this head's numbers alone.

    The tokens that lead are those of all rows, whatever their split.
    """
    explainer = Explainer(checkpoint)
    leading = shipped.Leading(explainer)
    rows = {split: of_corpus(corpus, split).texts for split in SPLITS}
    others = [text for split in SPLITS if split != "test" for text in rows[split]]
    tested, total = len(rows["test"]), len(rows["test"]) + len(others)
    found = read_test_rows(explainer, corpus, watch.part(0, total), leading.add)
    leading.read(others, watch.part(tested, total))
    _note_written(write_anatomy(checkpoint, summarise_anatomy(found)))
    _note_written(predictions.write(checkpoint, predictions.predictions_of(found)))
    table = leading.table([*rows["test"], *others])
    _note_written(shipped.write(checkpoint, table, total))
    return found


# By the rows that are tested on.
BY_ROWS = {"classification": _run_classes, "matching": evaluate_pairs.run}


def _note_written(place: Path) -> None:
    terminal.note(f"written: {place}")
