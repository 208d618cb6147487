"""A data set of somebody's own: one file with texts and labels."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import numpy as np

from poolviz.datasets.catalogue import CATALOGUE
from poolviz.datasets.corpus import Corpus, read_files
from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.locate import Files
from poolviz.datasets.readers.files import content_of
from poolviz.datasets.readers.published import RawRow
from poolviz.datasets.readers.reading import AS_FOUND, Wanted
from poolviz.datasets.readers.rows import OwnRows, read_rows
from poolviz.errors import ChoiceError, DataError
from poolviz.text.scripts import usual_unit
from poolviz.watch import QUIET, Watch

# What is said of a file on the command line, in the order of the fields of `Wanted`.
FLAGS_OF_FILE = ("--encoding", "--text-column", "--label-column", "--sheet")
JOIN_LABELS = "--join-labels"
MAX_CLASSES = int(np.iinfo(np.int8).max)  # numbers of classes are int8 in a corpus


def read_own(path: Path, wanted: Wanted = AS_FOUND, watch: Watch = QUIET) -> OwnRows:
    """The rows of a file of one's own, and how they were read.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `poolviz.datasets.readers.rows.read_rows`; also where
        the file cannot be opened.
    """
    return read_rows(path.name, content_of(path), wanted, watch)


def load_own(
    key: str,
    path: Path,
    unit: str | None = None,
    wanted: Wanted = AS_FOUND,
    watch: Watch = QUIET,
) -> Corpus:
    """The rows of a file of one's own, split by the hashes of their texts; see `corpus_of`.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `read_own` and `corpus_of`.
    """
    check_key(key)
    return corpus_of(key, path, read_own(path, wanted, watch), unit, wanted)


def check_key(key: str) -> None:
    """Check that a name is free for a data set of one's own.

    Raises
    ------
    ChoiceError : it is one of the catalogue's.
    """
    if key in CATALOGUE:
        raise ChoiceError(
            "{key} is a data set of the catalogue; give your own another name.", key=key
        )


def corpus_of(key: str, path: Path, rows: OwnRows, unit: str | None, wanted: Wanted) -> Corpus:
    """Rows as a data set whose classes are the labels in the order of their code points.

    Parameters
    ----------
    key : the name that the data set is given.
    path : where the rows were read.
    unit : one of `poolviz.text.tokens.UNITS`; None for `poolviz.text.scripts.usual_unit`.
    wanted : what was said of the file; it stands in the command that reads it again.

    Raises
    ------
    DataError : there are no labels, or too many different ones.
    """
    file, unit = PublishedFile(path.name), unit or usual_unit(rows.texts)
    dataset = Dataset(
        key=key,
        title=key,
        kind="classification",
        unit=unit,
        classes=_classes(rows),
        files=(file,),
        reader=lambda _path: _raw(rows),
        origin="A file of somebody's own.",
        terms="Known to whoever trained on it.",
        flags=f"--csv {shlex.quote(path.name)} --unit {unit}{_flags(wanted)}",
    )
    return read_files(dataset, Files({file: path}, ()))


def _flags(wanted: Wanted) -> str:
    said = (wanted.encoding, wanted.text, wanted.label, wanted.part)
    flags = [
        f" {flag} {shlex.quote(value)}"
        for flag, value in zip(FLAGS_OF_FILE, said, strict=True)
        if value
    ]
    return "".join(flags) + f" {JOIN_LABELS}" * wanted.join_labels


def _classes(rows: OwnRows) -> tuple[str, ...]:
    classes = tuple(rows.classes)
    if not classes:
        raise DataError(
            "{name} has no column with labels that can be told from its others; name it with "
            "--label-column: one of {columns}.",
            name=rows.name,
            columns=", ".join(rows.columns[:20]),
        )
    if len(classes) > MAX_CLASSES:
        raise DataError(
            "{name} has {count} different labels; a classifier can have up to {limit} classes.",
            name=rows.name,
            count=len(classes),
            limit=MAX_CLASSES,
        )
    return classes


def _raw(rows: OwnRows) -> Iterator[RawRow | None]:
    """(label, text) of each row; what was left out stands first, to be counted."""
    labels = rows.labels or ()
    yield from repeat(None, rows.left_out["too many columns"] + rows.left_out["too long"])
    yield from repeat((next(filter(None, labels)), ""), rows.left_out["empty"])
    yield from zip(labels, rows.texts, strict=True)
