"""The rows that are browsed: texts, the labels known of them, and their hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from poolviz.datasets import Corpus
from poolviz.datasets.readers.brought.rows import OwnRows, read_rows
from poolviz.datasets.readers.reading import AS_FOUND, Wanted
from poolviz.datasets.split import row_key, row_keys
from poolviz.text.preparation import Preparation
from poolviz.text.tokens import MAX_CHARACTERS, is_left
from poolviz.watch import QUIET, Watch

NO_LABEL = -1
_BLOCK = 10_000  # rows between two looks at a watch


@dataclass(frozen=True, eq=False)
class RowSet:
    """N rows in the order of their files.

    Parameters
    ----------
    texts : N texts, each with something visible and of `MAX_CHARACTERS` at most.
    labels : (N,) int16, numbers of the models' classes; `NO_LABEL` where none is known.
    keys : (N,) uint64, `poolviz.datasets.split.row_keys`.
    identity : SHA-256 of all texts in their order; what is computed of them is kept under it.
    left_out : rows that are too long to be shown.
    unread : rows of which the models' preparation leaves nothing, so that they are not among these.
    strange : labels that the models do not know, as they stand in the file.
    """

    texts: pd.Series
    labels: np.ndarray
    keys: np.ndarray
    identity: str
    left_out: int = 0
    unread: int = 0
    strange: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def lengths(self) -> np.ndarray:
        """(N,): characters of each text."""
        return self.texts.str.len().to_numpy(np.int64)


def of_corpus(corpus: Corpus, split: str | None = None) -> RowSet:
    """The rows of one split, or all of a corpus.

    Raises
    ------
    ChoiceError : no such split.
    """
    table = corpus.rows if split is None else corpus.split(split)
    short = table["text"].str.len() <= MAX_CHARACTERS
    kept = table[short]
    return RowSet(
        kept["text"].reset_index(drop=True),
        kept["label"].to_numpy(np.int16),
        row_keys(kept),
        _identity(kept["text"]),
        left_out=int((~short).sum()),
    )


@dataclass(frozen=True, eq=False)
class OwnFile:
    """The rows of somebody's own file, hashed.

    Parameters
    ----------
    keys, identity : see `RowSet`.
    """

    rows: OwnRows
    keys: np.ndarray
    identity: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.rows.name


def read_own(name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET) -> OwnFile:
    """Read somebody's own file, and hash its rows.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `poolviz.datasets.readers.brought.rows.read_rows`.
    """
    rows = read_rows(name, content, wanted, watch)
    keys = np.empty(len(rows.texts), np.uint64)
    for number, text in enumerate(rows.texts):
        if number % _BLOCK == 0:
            watch.check()
            watch.progress(number, len(keys))
        keys[number] = int(row_key(text)[:16], 16)
    return OwnFile(rows, keys, _identity(rows.texts))


def of_own(file: OwnFile, numbers: Mapping[str, int]) -> RowSet:
    """The rows of somebody's own file.

    Parameters
    ----------
    numbers : number of the models' class by label, see `poolviz.explore.meanings.numbers_of`.
    """
    rows = file.rows
    labels = rows.labels or [""] * len(rows.texts)
    strange = dict.fromkeys(label for label in labels if label and label not in numbers)
    return RowSet(
        pd.Series(rows.texts, dtype="str"),
        np.array([numbers.get(label, NO_LABEL) for label in labels], np.int16),
        file.keys,
        file.identity,
        strange=tuple(strange),
    )


def readable(rows: RowSet, prepared: Preparation) -> RowSet:
    r"""The rows of which a preparation leaves something to read.

    >>> from poolviz.text.preparation import PREPARATIONS
    >>> rows = of_own(read_own("rows.csv", b"text\ngood 1\n2:1\n"), {})
    >>> found = readable(rows, PREPARATIONS["letters-1"])
    >>> found.texts.tolist(), found.unread
    (['good 1'], 1)
    """
    if not prepared.left_out:
        return rows
    left = np.fromiter((is_left(text, prepared) for text in rows.texts), bool, len(rows))
    if left.all():
        return rows
    texts = rows.texts[left].reset_index(drop=True)
    return replace(
        rows,
        texts=texts,
        labels=rows.labels[left],
        keys=rows.keys[left],
        identity=_identity(texts),
        unread=int((~left).sum()),
    )


def _identity(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        content = text.encode("utf-8")
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
