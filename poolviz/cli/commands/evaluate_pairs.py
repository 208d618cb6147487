"""`evaluate` for matchers of pairs: their test figures beside those of counted characters."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from poolviz import datasets
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.cli import terminal
from poolviz.cli.cards import FIGURES, accuracy_on_card, on_card
from poolviz.cli.commands.datasets import rows_of_run
from poolviz.cli.work.measured import evaluate_pairs as evaluate_rows
from poolviz.datasets import Corpus
from poolviz.datasets.pairs import PairSplits, split_pairs
from poolviz.errors import DataError
from poolviz.evaluation.pairs import baseline_figures, matcher_figures, unseen_pairs
from poolviz.language import error_message
from poolviz.values.interval import Interval
from poolviz.watch import Watch

Figures = Mapping[str, Any]
_NOT_MEASURED = "–"


def run(arguments: Namespace, chosen: Sequence[Checkpoint]) -> bool:
    """Write a table, or a JSON array with an object for each matcher.

    False where some rows of `--input` could not be measured on.
    """
    if arguments.input is not None:
        on_rows = evaluate_rows(arguments, chosen)
        _show(arguments, chosen, [{"test": figures} for figures in on_rows.found])
        return on_rows.whole
    _show(arguments, chosen, _measured(chosen, rows_of_run(arguments, chosen)))
    return True


def _show(arguments: Namespace, chosen: Sequence[Checkpoint], measured: Sequence[Figures]) -> None:
    if arguments.json:
        terminal.write_json(
            [_as_json(c, figures) for c, figures in zip(chosen, measured, strict=True)]
        )
        return
    shown = [name for name in FIGURES if name in measured[0]["test"]]
    terminal.write_table(
        [
            "matcher",
            *(FIGURES[name] for name in shown),
            "rows",
            "accuracy, unseen",
            "unseen",
            "accuracy on its card",
        ],
        list(_lines(chosen, measured, shown)),
        "l" + "r" * (len(shown) + 4),
    )
    terminal.write("In brackets: 95 % interval over the test rows.")
    if arguments.input is None:
        terminal.write("Unseen: without the test pairs of which a sentence stands in training.")


def _measured(chosen: Sequence[Checkpoint], corpus: Corpus) -> list[dict[str, Any]]:
    """For each matcher the parts of a card that hold test figures: its own, the baselines'."""

    @cache
    def beside(together: tuple[str, ...]):
        rows = _trained_on(corpus, together)
        if rows is None:
            return None, {}
        unseen = unseen_pairs(rows)
        return unseen, {"baselines": baseline_figures(rows, corpus.dataset.key, unseen)}

    measured = []
    for checkpoint in chosen:
        together = tuple(entry["dataset"] for entry in checkpoint.card["together"])
        unseen, baselines = beside(together)
        with terminal.StatusLine() as status:
            watch = Watch(terminal.count_progress(status, checkpoint.name))
            figures = matcher_figures(checkpoint, corpus, unseen, watch)
        measured.append(figures | baselines)
    return measured


def _trained_on(corpus: Corpus, together: Sequence[str]) -> PairSplits | None:
    """The rows of matchers that learned from other data sets, too; None where one is missing."""
    try:
        return split_pairs(corpus, [datasets.load(key) for key in together])
    except DataError as error:
        terminal.note(
            f"{error_message(error)} Without it nobody knows which test pairs are unseen, so that "
            "only the figures on all of them are measured."
        )
        return None


def _as_json(checkpoint: Checkpoint, figures: Figures) -> dict[str, Any]:
    """The figures on all test pairs stand beside the name, as those of a classifier do."""
    names = {name: getattr(checkpoint, name) for name in ("task", "name", "kind", "head")}
    others = {name: value for name, value in figures.items() if name != "test"}
    return {**names, "readout": checkpoint.readout, **figures["test"], **others}


def _lines(
    chosen: Sequence[Checkpoint], measured: Sequence[Figures], shown: Sequence[str]
) -> Iterator[list[str]]:
    """The baselines, which are the same for all matchers, then the matchers."""
    for name, figures in measured[0].get("baselines", {}).items():
        yield _line(name, figures, shown, on_card(chosen[0].card, "baselines", name))
    for checkpoint, figures in zip(chosen, measured, strict=True):
        yield _line(checkpoint.name, figures, shown, checkpoint.card)


def _line(name: str, figures: Figures, shown: Sequence[str], on_its_card: Figures) -> list[str]:
    test, unseen = figures["test"], figures.get("test_unseen")
    return [
        name,
        *(Interval.read(test[figure]).as_share() for figure in shown),
        f"{test['rows']:,}",
        Interval.read(unseen["accuracy"]).as_share() if unseen else _NOT_MEASURED,
        f"{unseen['rows']:,}" if unseen else _NOT_MEASURED,
        accuracy_on_card(on_its_card),
    ]
