"""Labelled rows of any number as a data set: those held out in memory, the others read again.

Splits are those of `poolviz.datasets.split`: by the hash of a row's text. Of very many rows a
smaller share is held out: up to `MOST_TESTED` to test on, and half as many to validate on.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from poolviz.datasets.corpus import Corpus, described
from poolviz.datasets.dataset import SPLITS, Dataset, PublishedFile
from poolviz.datasets.holdings import MAX_CLASSES
from poolviz.datasets.own.entering import ORIGIN, Source
from poolviz.datasets.readers import labels as label_rules
from poolviz.datasets.readers.reading import AS_FOUND, Wanted
from poolviz.datasets.split import TEST_SHARE, VALIDATION_SHARE, fraction, row_key
from poolviz.errors import DataError, TrainingError
from poolviz.text.scripts import usual_unit
from poolviz.text.tokens import MAX_CHARACTERS, clean_text, has_visible
from poolviz.watch import QUIET, Watch

MOST_TESTED, MOST_CHARACTERS = 100_000, 20_000_000  # about, of rows to test on
_LOOKED_AT = 20_000  # texts by which the unit is found out
_STEP = 10_000  # rows between two looks at the watch

Rows = Callable[[], Iterator[tuple[str, str]]]  # label and text of each row, the same every time


@dataclass(frozen=True)
class Files:
    """Where rows are: the place that was named, a file, a folder or a pattern, and its files."""

    place: Path
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Streamed:
    """Rows as a data set.

    Parameters
    ----------
    corpus : its rows are those to validate and to test on alone.
    rows : all of them, as they stand in the files.
    shares : where the rows to test on end, and those to validate on, see `split.fraction`.
    """

    corpus: Corpus
    rows: Rows
    shares: tuple[float, float]

    def train(self, watch: Watch = QUIET) -> Iterator[tuple[str, int]]:
        """Text and number of the class of each row to train on, in the order of the files."""
        numbers = self.corpus.dataset.label_numbers
        for label, text in _good(self.rows, watch):
            if _split(row_key(text), self.shares) == "train":
                yield text, numbers[label]


def read(
    key: str,
    files: Files,
    rows: Rows,
    unit: str | None = None,
    wanted: Wanted = AS_FOUND,
    watch: Watch = QUIET,
) -> Streamed:
    """Read all rows twice: to count them and their labels, and to keep those that are held out.

    Parameters
    ----------
    key : the name that the data set is given.
    files : those that the rows are of.
    unit : one of `poolviz.text.tokens.UNITS`; None for `poolviz.text.scripts.usual_unit`.
    wanted : what was said of the files; it stands in the command that reads them again.
    watch : looked at while rows are read.

    Raises
    ------
    DataError : there are no labels, or too many different ones.
    TrainingError : rows of two classes to train, to validate and to test on are lacking.
    Cancelled : it was stopped.
    """
    counts = _counted(rows, watch)
    classes = tuple(label_rules.in_order(counts.labels))
    _check_classes(files.place.name, classes)
    unit = unit or usual_unit(counts.texts)
    named = tuple(PublishedFile(path.name) for path in files.paths)
    dataset = Dataset(
        key=key,
        title=key,
        kind="classification",
        unit=unit,
        classes=classes,
        files=named,
        reader=lambda _path: iter(()),  # rows come from elsewhere
        origin=ORIGIN,
        terms="Known to whoever trained on it.",
        flags=Source(files.place, None, unit, wanted).flags,
    )
    total = sum(counts.labels.values())
    test = min(TEST_SHARE, MOST_TESTED / total, MOST_CHARACTERS / counts.characters)
    shares = (test, test + test * VALIDATION_SHARE / TEST_SHARE)
    held, sizes, digest = _held_out(rows, dataset, shares, watch)
    _check_sizes(sizes, held)
    report = {
        "rows_read": counts.read,
        "malformed": counts.unlabelled + counts.long,
        "empty": counts.empty,
        "dropped_from_train": 0,
        "dropped_from_validation": 0,
        "rows": total,
        "rows_per_split": dict(sizes),
        "rows_per_class": {name: counts.labels[name] for name in classes},
        "split_rule": "hash",
    }
    about = tuple(described(*pair) for pair in zip(named, files.paths, strict=True))
    return Streamed(Corpus(dataset, held, report, about, digest), rows, shares)


class _Counts:
    """What the first reading finds."""

    def __init__(self) -> None:
        self.read = self.unlabelled = self.empty = self.long = self.characters = 0
        self.labels: Counter[str] = Counter()
        self.texts: list[str] = []  # the first ones


def _counted(rows: Rows, watch: Watch) -> _Counts:
    counts = _Counts()
    for cell, text in _watched(rows, watch):
        counts.read += 1
        if not has_visible(text):
            counts.empty += 1
        elif len(text) > MAX_CHARACTERS:
            counts.long += 1
        elif not (label := label_rules.written(cell)):
            counts.unlabelled += 1
        else:
            counts.labels[label] += 1
            counts.characters += len(text)
            if len(counts.texts) < _LOOKED_AT:
                counts.texts.append(text)
        if len(counts.labels) > MAX_CLASSES:
            break
    return counts


def _held_out(
    rows: Rows, dataset: Dataset, shares: tuple[float, float], watch: Watch
) -> tuple[pd.DataFrame, Counter[str], str]:
    """The rows to validate and to test on, how many each split has, and a hash of all rows.

    The hash is that of the sum of all rows' hashes: the same in whatever order.
    """
    sizes: Counter[str] = Counter(dict.fromkeys(SPLITS, 0))
    records: list[tuple[Any, ...]] = []
    numbers, total = dataset.label_numbers, 0
    for label, text in _good(rows, watch):
        key = row_key(text)
        split = _split(key, shares)
        sizes[split] += 1
        row = "\0".join((split, label, text)).encode("utf-8")
        total += int.from_bytes(hashlib.sha256(row).digest())
        if split != "train":
            records.append((text, numbers[label], split, key))
    table = pd.DataFrame.from_records(records, columns=["text", "label", "split", "key"])
    table = table.astype({"label": "int8"})
    table["split"] = pd.Categorical(table["split"], SPLITS)
    return table, sizes, hashlib.sha256(str(total).encode("ascii")).hexdigest()


def _split(key: str, shares: tuple[float, float]) -> str:
    found = fraction(key)
    return "test" if found < shares[0] else "validation" if found < shares[1] else "train"


def _good(rows: Rows, watch: Watch) -> Iterator[tuple[str, str]]:
    """Label and text of the rows that have both."""
    for cell, text in _watched(rows, watch):
        label = label_rules.written(cell)
        if label and has_visible(text) and len(text) <= MAX_CHARACTERS:
            yield label, text


def _watched(rows: Rows, watch: Watch) -> Iterator[tuple[str, str]]:
    found = rows()
    while some := list(islice(found, _STEP)):
        watch.check()
        for label, text in some:
            yield label, clean_text(text.strip())


def _check_classes(name: str, classes: Sequence[str]) -> None:
    if len(classes) > MAX_CLASSES:
        raise DataError(
            "{name} has more than {limit} different labels; a classifier can have up to so many "
            "classes.",
            name=name,
            limit=MAX_CLASSES,
        )
    if len(classes) < 2:
        raise TrainingError("All training rows have the same label; give rows of two classes.")


def _check_sizes(sizes: Counter[str], held: pd.DataFrame) -> None:
    if not sizes["test"]:
        raise TrainingError("There are no rows to test on; add labelled rows.")
    if not sizes["train"] or not sizes["validation"]:
        raise TrainingError("There are no rows to train or to validate on; add labelled rows.")
    assert len(held) == sizes["test"] + sizes["validation"]
