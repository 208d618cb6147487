"""A data set of somebody's own: a file with texts and labels, and perhaps another to test on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import repeat
from pathlib import Path

import numpy as np

from poolviz.datasets.corpus import Corpus, read_files
from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.holdings import MAX_CLASSES
from poolviz.datasets.locate import Files
from poolviz.datasets.own.entering import ORIGIN, Source, as_corpus, of_tests, read_both
from poolviz.datasets.readers import labels as label_rules
from poolviz.datasets.readers.brought.files import content_of
from poolviz.datasets.readers.brought.rows import OwnRows, read_rows
from poolviz.datasets.readers.published import RawRow
from poolviz.datasets.readers.reading import AS_FOUND, Counted, Finding, Wanted
from poolviz.datasets.split import row_key
from poolviz.errors import ChoiceError, DataError
from poolviz.text.preparation import Preparation
from poolviz.text.scripts import usual_unit
from poolviz.text.tokens import is_left
from poolviz.watch import QUIET, Watch


def read_own(path: Path, wanted: Wanted = AS_FOUND, watch: Watch = QUIET) -> OwnRows:
    """The rows of a file of one's own, and how they were read.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `poolviz.datasets.readers.brought.rows.read_rows`; also
        where the file cannot be opened.
    """
    return read_rows(path.name, content_of(path), wanted, watch)


def load_own(
    key: str,
    path: Path,
    unit: str | None = None,
    wanted: Wanted = AS_FOUND,
    tests: Path | None = None,
) -> Corpus:
    """The rows of a file of one's own, split by the hashes of their texts; see `corpus_of`.

    Parameters
    ----------
    tests : a second file, of which all rows are to test on.

    Raises
    ------
    ChoiceError, DataError : see `read_own`, `with_tests` and `corpus_of`.
    """
    joined = partial(with_tests, join_labels=wanted.join_labels)
    rows = read_both(key, read_own, joined, path, wanted, tests)
    return corpus_of(key, path, rows, unit, wanted, tests)


def read_tests(path: Path, wanted: Wanted = AS_FOUND, watch: Watch = QUIET) -> OwnRows:
    """The rows of a second file, all of them to test on.

    Parameters
    ----------
    wanted : what is said of the first file.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `read_own`.
    """
    return read_own(path, of_tests(wanted), watch)


def with_tests(rows: OwnRows, tests: OwnRows, join_labels: bool = False) -> OwnRows:
    """Rows of which those of a second file are to test on, and all others to train on.

    Rows of the second file whose label no other row has are left out.

    Parameters
    ----------
    join_labels : labels of the second file are spelled as those of the first.

    Raises
    ------
    ChoiceError : the first file has rows to test on as well.
    DataError : the second file has no labels.
    """
    if not tests.classes:
        raise no_labels(tests.name, tests.columns)
    if "test" in (rows.splits or ()):
        raise ChoiceError(
            "The column {column} of {name} names rows to test on; leave out the file of test rows, "
            "or say --split-column none.",
            column=rows.split,
            name=rows.name,
        )
    known, labels = set(rows.classes), tests.labels or ()
    if join_labels:
        spelled = label_rules.spelled_as(labels, rows.classes)
        labels = tuple(spelled[label] for label in labels)
    strange, kept = Counted(), []
    for place, (label, line) in enumerate(zip(labels, tests.lines, strict=True)):
        if label and label not in known:
            strange.add(int(line))
        elif label:
            kept.append(place)
    unknown = label_rules.named(dict.fromkeys(label for label in labels if label not in known))
    said = strange.finding("labels of the test alone", True, name=tests.name, **unknown)
    left_out = {reason: n + tests.left_out[reason] for reason, n in rows.left_out.items()}
    left_out["strange"] = strange.count
    return replace(
        rows,
        texts=(*rows.texts, *(tests.texts[place] for place in kept)),
        labels=(*(rows.labels or ()), *(labels[place] for place in kept)),
        lines=np.concatenate([rows.lines, tests.lines[kept]]),
        splits=(*(rows.splits or ("train",) * len(rows.texts)), *("test",) * len(kept)),
        read=rows.read + tests.read,
        left_out=left_out,
        findings=(*said, *rows.findings),
    )


def straddling(rows: OwnRows) -> list[Finding]:
    """What to say of rows to train on whose text is to be tested on, too: they are left out."""
    if rows.splits is None or rows.labels is None:
        return []
    keys = [row_key(text) for text in rows.texts]
    tested = {
        key
        for key, label, split in zip(keys, rows.labels, rows.splits, strict=True)
        if label and split == "test"
    }
    found = Counted()
    for key, label, split, line in zip(keys, rows.labels, rows.splits, rows.lines, strict=True):
        if label and split in ("train", "validation") and key in tested:
            found.add(int(line))
    return found.finding("straddling")


def corpus_of(
    key: str,
    path: Path,
    rows: OwnRows,
    unit: str | None,
    wanted: Wanted,
    tests: Path | None = None,
) -> Corpus:
    """Rows as a data set whose classes are the labels in the order of their code points.

    Parameters
    ----------
    key : the name that the data set is given.
    path : where the rows were read; of `with_tests` the first file.
    unit : one of `poolviz.text.tokens.UNITS`; None for `poolviz.text.scripts.usual_unit`.
    wanted : what was said of the file; it stands in the command that reads it again.
    tests : the second file of `with_tests`.

    Raises
    ------
    DataError : there are no labels, or too many different ones.
    """
    source = Source(path, tests, unit or usual_unit(rows.texts), wanted)
    entries = partial(_entries, rows)
    return as_corpus(key, source, entries, kind="classification", classes=_classes(rows))


def to_measure(
    key: str,
    path: Path,
    rows: OwnRows,
    unit: str,
    classes: Sequence[str],
    numbers: Mapping[str, int],
    prepared: Preparation,
) -> Corpus:
    """Rows of which all are to test models on that were trained on others.

    Those of which the models' preparation leaves nothing count as empty.

    Parameters
    ----------
    key : the data set that the models were trained on.
    path : where the rows were read.
    unit : as the models read texts.
    classes : of the models.
    numbers : of the class by label; rows with others are left out.
    prepared : how the texts were prepared that the models were trained on.

    Raises
    ------
    DataError : there are no labels, or no row is left.
    """
    if not rows.classes:
        raise no_labels(rows.name, rows.columns)
    file = PublishedFile(path.name, split="test")
    names = {label: classes[number] for label, number in numbers.items()}
    dataset = Dataset(
        key=key,
        title=key,
        kind="classification",
        unit=unit,
        classes=tuple(classes),
        files=(file,),
        reader=lambda _path: (
            (names[label], text if is_left(text, prepared) else "") if label in names else None
            for label, text in zip(rows.labels or (), rows.texts, strict=True)
        ),
        origin=ORIGIN,
        terms="Known to whoever measures on it.",
    )
    return read_files(dataset, Files({file: path}, ()))


def _classes(rows: OwnRows) -> tuple[str, ...]:
    classes = tuple(rows.classes)
    if not classes:
        raise no_labels(rows.name, rows.columns)
    if len(classes) > MAX_CLASSES:
        raise DataError(
            "{name} has {count} different labels; a classifier can have up to {limit} classes.",
            name=rows.name,
            count=len(classes),
            limit=MAX_CLASSES,
        )
    return classes


def no_labels(name: str, columns: Sequence[str]) -> DataError:
    """What to say of a file without a column of labels that can be told."""
    return DataError(
        "{name} has no column with labels that can be told from its others; name it with "
        "--label-column: one of {columns}.",
        name=name,
        columns=", ".join(columns[:20]),
    )


def _entries(rows: OwnRows) -> Iterator[tuple[RawRow | None, str | None]]:
    """(label, text) and the split of each row; what was left out stands first, to be counted."""
    labels = rows.labels or ()
    unread = sum(count for reason, count in rows.left_out.items() if reason != "empty")
    yield from repeat((None, None), unread)
    yield from repeat(((next(filter(None, labels)), ""), None), rows.left_out["empty"])
    splits = repeat(None) if rows.splits is None else rows.splits
    for label, text, split in zip(labels, rows.texts, splits, strict=False):
        yield (None if split == "" else (label, text)), split
