"""Commands with `--input` that measure: models on rows with labels, weights on some of the rows."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from poolviz.bulk import figures, trust
from poolviz.bulk.labelled import Labelled
from poolviz.bulk.pairs import Matching
from poolviz.bulk.sampled import Sampled
from poolviz.bulk.texts import Explaining, different
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.cli import terminal
from poolviz.cli.flags.bulk import OF_ROWS, check_rows
from poolviz.cli.work import bulk
from poolviz.datasets.own_pairs.outcomes import outcome
from poolviz.errors import ChoiceError
from poolviz.explore.meanings import numbers_of, read_said

_NOT_FOR_ROWS = ("negative_column", "split_column", "test_csv", "sheet", "join_labels")


@dataclass(frozen=True)
class Measured:
    """What was found of each model, and whether of all rows."""

    found: list[dict[str, Any]]
    whole: bool


def check(arguments: Namespace, *others: str) -> None:
    """Check that the flags of `evaluate` and `trust` fit to rows of `--input`, or to others.

    Parameters
    ----------
    others : names of the command's own flags that are not for rows.

    Raises
    ------
    ChoiceError : they do not.
    """
    check_rows(arguments, OF_ROWS, (*_NOT_FOR_ROWS, *others))


def evaluate(arguments: Namespace, classifiers: Sequence[Checkpoint]) -> Measured:
    """Figures of classifiers on all rows of `--input` whose label is a class.

    Raises
    ------
    ChoiceError, DataError, PoolvizError : see `poolviz.cli.work.bulk.worked`; also where no row has
        such a label.
    """
    if arguments.other_column or arguments.match:
        raise ChoiceError("--other-column and --match are for matchers; leave them out.")
    classes = classifiers[0].classes
    said = read_said(arguments.labels, classes) if arguments.labels else {}
    numbers = numbers_of(classes, said)
    work = Labelled(Explaining.of(classifiers), classes, numbers.get)
    return _figures(arguments, classifiers, work, {"labels": numbers}, figures.of_classifiers)


def evaluate_pairs(arguments: Namespace, matchers: Sequence[Checkpoint]) -> Measured:
    """Figures of matchers on all rows of `--input` whose label says whether they match.

    Raises
    ------
    ChoiceError, DataError, PoolvizError : see `poolviz.cli.work.bulk.worked`; also where all rows
        match, or none does.
    """
    if arguments.labels:
        raise ChoiceError("--labels is for classifiers; say with --match what labels mean.")
    number_of = partial(outcome, match=arguments.match)
    work = Labelled(Matching.of(matchers), matchers[0].classes, number_of)
    return _figures(arguments, matchers, work, {"match": arguments.match}, figures.of_matchers)


def measure_trust(arguments: Namespace, classifiers: Sequence[Checkpoint]) -> Measured:
    """How far weights can be believed, on rows of `--input` that are drawn.

    Raises
    ------
    ChoiceError, DataError, PoolvizError : see `poolviz.cli.work.bulk.worked`.
    """
    if arguments.labels or arguments.label_column or arguments.other_column or arguments.match:
        raise ChoiceError("Weights are measured without labels; leave out what is said of them.")
    reader = bulk.reader_of(arguments)
    vocabularies = different(each.read_vocabulary() for each in classifiers)
    rows = Sampled(reader, arguments.sample, vocabularies)
    about = bulk.models(classifiers) | {"measured": "trust", "sample": arguments.sample}
    run, manifest = bulk.worked(arguments, reader, trust.Trusting.of(classifiers), about, rows)
    found = trust.summaries(run.folder, manifest, classifiers, arguments.sample)
    return _kept(run.folder, classifiers, found, manifest)


def _figures(
    arguments: Namespace,
    checkpoints: Sequence[Checkpoint],
    work: Labelled,
    meaning: Mapping[str, Any],
    figures_of: Callable[..., list[dict[str, Any]]],
) -> Measured:
    pairs = figures_of is figures.of_matchers
    reader = bulk.reader_of(arguments, pairs, labelled=True)
    about = bulk.models(checkpoints) | {"measured": "figures", **meaning}
    run, manifest = bulk.worked(arguments, reader, work, about)
    found = figures_of(run.folder, manifest, checkpoints)
    return _kept(run.folder, checkpoints, found, manifest)


def _kept(
    folder: Path,
    checkpoints: Sequence[Checkpoint],
    found: list[dict[str, Any]],
    manifest: Mapping[str, Any],
) -> Measured:
    named = [
        {"name": c.name, "head": c.head, "readout": c.readout, **each}
        for c, each in zip(checkpoints, found, strict=True)
    ]
    terminal.note(f"written: {figures.write(folder, named)}")
    return Measured(found, whole=not manifest["bad_rows"])
