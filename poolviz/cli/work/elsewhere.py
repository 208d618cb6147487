"""`evaluate --on`: classifiers on the rows of another data set with the same classes."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence

from poolviz import datasets
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.cli import terminal
from poolviz.cli.cards import accuracy_on_card
from poolviz.datasets import Corpus
from poolviz.engine.texts import Explainer
from poolviz.errors import ChoiceError
from poolviz.evaluation import shifted
from poolviz.evaluation.texts import Pass, read_test_rows
from poolviz.values.interval import Interval
from poolviz.watch import Watch


def run(arguments: Namespace, chosen: Sequence[Checkpoint], own: Corpus) -> bool:
    """Write a table, or a JSON array with an object for each checkpoint; keep it with `--write`.

    Parameters
    ----------
    chosen : classifiers of one run.
    own : the rows of that run.
    """
    if arguments.on == arguments.dataset:
        raise ChoiceError("--on takes another data set than --dataset.")
    other = datasets.load(arguments.on)
    other.dataset.check_rows(own.dataset.kind)
    rows, left_out, unread = shifted.rows_from_elsewhere(other, own)
    found = shifted.summaries([_pass(checkpoint, rows) for checkpoint in chosen], left_out)
    if arguments.write:
        for checkpoint, each in zip(chosen, found, strict=True):
            terminal.note(f"written: {shifted.write(checkpoint, arguments.on, each)}")
    if arguments.json:
        terminal.write_json(
            [
                {"task": c.task, "name": c.name, "head": c.head, "sample": arguments.on, **each}
                for c, each in zip(chosen, found, strict=True)
            ]
        )
        return True
    _write_table(chosen, found, arguments)
    if unread:
        terminal.write(f"Left out, too: {unread:,} of which these models read nothing.")
    return True


def _pass(checkpoint: Checkpoint, rows: Corpus) -> Pass:
    with terminal.StatusLine() as status:
        watch = Watch(terminal.count_progress(status, checkpoint.name))
        return read_test_rows(Explainer(checkpoint), rows, watch)


def _write_table(
    chosen: Sequence[Checkpoint], found: Sequence[Mapping], arguments: Namespace
) -> None:
    terminal.write_table(
        ["checkpoint", "accuracy", "macro-F1", "rows", "accuracy on its card"],
        [
            [
                checkpoint.name,
                Interval.read(each["accuracy"]).as_share(),
                Interval.read(each["macro_f1"]).as_share(),
                f"{each['rows']:,}",
                accuracy_on_card(checkpoint.card),
            ]
            for checkpoint, each in zip(chosen, found, strict=True)
        ],
        "lrrrr",
    )
    terminal.write("In brackets: 95 % interval over these rows.")
    terminal.write(
        f"All rows of {arguments.on}, each text once, but for {found[0]['left_out']:,} that also "
        f"stand in {arguments.dataset}."
    )
