"""A file of somebody's own, and perhaps a second one to test on, entered as a data set."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from poolviz.datasets.catalogue import CATALOGUE
from poolviz.datasets.corpus import Corpus, read_files
from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.locate import Files
from poolviz.datasets.readers.published import RawRow
from poolviz.datasets.readers.reading import NO_SPLIT, Wanted
from poolviz.errors import ChoiceError

# What is said of a file on the command line, by the field of `Wanted`.
FLAGS_OF_WANTED = {
    "encoding": "--encoding",
    "text": "--text-column",
    "label": "--label-column",
    "part": "--sheet",
    "split": "--split-column",
    "other": "--other-column",
    "negative": "--negative-column",
    "match": "--match",
}
FLAGS_OF_FILE = (*FLAGS_OF_WANTED.values(), "--test-csv")
JOIN_LABELS = "--join-labels"


Rows = TypeVar("Rows")
ORIGIN = "A file of somebody's own."


@dataclass(frozen=True)
class Source:
    """Where rows of somebody's own come from; it stands in the command that reads them again.

    Parameters
    ----------
    path : of the file.
    tests : the second file, of which all rows are to test on; None where there is none.
    unit : one of `poolviz.text.tokens.UNITS`.
    wanted : what was said of the file.
    """

    path: Path
    tests: Path | None
    unit: str
    wanted: Wanted

    @property
    def files(self) -> dict[PublishedFile, Path]:
        """Both files, the first one first."""
        found = {PublishedFile(self.path.name): self.path}
        if self.tests:
            found[PublishedFile(self.tests.name, split="test")] = self.tests
        return found

    @property
    def flags(self) -> str:
        """What a command says of it."""
        words = ["--csv", self.path.name]
        words += ["--test-csv", self.tests.name] if self.tests else []
        return shlex.join([*words, "--unit", self.unit]) + flags_of(self.wanted)


def as_corpus(
    key: str,
    source: Source,
    entries: Callable[[], Iterable[tuple[RawRow | None, str | None]]],
    **said: Any,
) -> Corpus:
    """Rows as a data set.

    Parameters
    ----------
    key : the name that the data set is given.
    entries : gives each row with its split, see `Dataset.reader` and `Dataset.row_splits`.
    said : what else there is to say of the `Dataset`.

    Raises
    ------
    DataError : see `poolviz.datasets.corpus.read_files`.
    """

    def read(of: Path) -> Iterable[tuple[RawRow | None, str | None]]:
        return entries() if of == source.path else ()  # all rows count as the first file's

    dataset = Dataset(
        key=key,
        title=key,
        unit=source.unit,
        files=tuple(source.files),
        reader=lambda of: (row for row, _split in read(of)),
        row_splits=lambda of: (split for _row, split in read(of)),
        origin=ORIGIN,
        terms="Known to whoever trained on it.",
        flags=source.flags,
        **said,
    )
    return read_files(dataset, Files(source.files, ()))


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


def read_both(
    key: str,
    read: Callable[[Path, Wanted], Rows],
    join: Callable[[Rows, Rows], Rows],
    path: Path,
    wanted: Wanted,
    tests: Path | None,
) -> Rows:
    """The rows of a file, and those of a second one where there is one.

    Parameters
    ----------
    key : see `check_key`.
    read : the rows of a file.
    join : rows of which those of the second file are to test on.
    tests : the second file.

    Raises
    ------
    ChoiceError, DataError : see `check_key`, `read` and `join`.
    """
    check_key(key)
    rows = read(path, wanted)
    return join(rows, read(tests, of_tests(wanted))) if tests else rows


def of_tests(wanted: Wanted) -> Wanted:
    """What is said of a first file, as it counts for a second one: its columns are the same."""
    return replace(wanted, encoding=None, part=None, split=NO_SPLIT)


def flags_of(wanted: Wanted) -> str:
    """What was said of a file as flags, each with a space before it."""
    flags = [
        f" {flag} {shlex.quote(value)}"
        for name, flag in FLAGS_OF_WANTED.items()
        if (value := getattr(wanted, name))
    ]
    return "".join(flags) + f" {JOIN_LABELS}" * wanted.join_labels
