"""Somebody's own pairs as a data set, and what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import repeat
from pathlib import Path

import numpy as np

from poolviz.datasets.corpus import Corpus
from poolviz.datasets.dataset import SPLITS
from poolviz.datasets.holdings import Holdings
from poolviz.datasets.own.entering import Source, as_corpus, read_both
from poolviz.datasets.own_pairs.rows import (
    OwnPairs,
    pairs_of,
    read_columns,
    read_path,
    with_tests,
)
from poolviz.datasets.readers.published import RawRow
from poolviz.datasets.readers.reading import AS_FOUND, Table, Wanted
from poolviz.datasets.split import row_key
from poolviz.errors import ChoiceError, DataError, PoolvizError
from poolviz.model.kinds import OUTCOMES
from poolviz.text.scripts import usual_unit
from poolviz.watch import QUIET, Watch


def load_pairs(
    key: str,
    path: Path,
    unit: str | None = None,
    wanted: Wanted = AS_FOUND,
    tests: Path | None = None,
) -> Corpus:
    """The pairs of a file of one's own as a data set; see `corpus_of`.

    Parameters
    ----------
    tests : a second file, of which all pairs are to test on.

    Raises
    ------
    ChoiceError, DataError : see `rows.read_pairs`, `rows.with_tests` and `corpus_of`.
    """
    found = read_both(key, read_path, with_tests, path, wanted, tests)
    return corpus_of(key, path, found, unit, wanted, tests)


def corpus_of(
    key: str,
    path: Path,
    found: OwnPairs,
    unit: str | None,
    wanted: Wanted,
    tests: Path | None = None,
) -> Corpus:
    """Pairs as a data set, divided as `OwnPairs.division` says.

    Parameters
    ----------
    key : the name that the data set is given.
    path : where the pairs were read; of `rows.with_tests` the first file.
    unit : one of `poolviz.text.tokens.UNITS`; None for `poolviz.text.scripts.usual_unit`.
    wanted : what was said of the file; it stands in the command that reads it again.
    tests : the second file of `rows.with_tests`.

    Raises
    ------
    DataError : there are too few pairs.
    """
    rule = found.division.rule
    source = Source(path, tests, unit or usual_unit(found.texts), wanted)
    entries = partial(_entries, found)
    said = {"kind": "matching", "classes": OUTCOMES, "labels": ("0", "1"), "split_rule": rule}
    return as_corpus(key, source, entries, **said)


@dataclass(frozen=True, eq=False)
class PairFile:
    """A file of somebody's own pairs, with what it holds, or why that is not to be told.

    Parameters
    ----------
    table : the file as it was read, whose columns can be chosen either way.
    """

    table: Table
    found: tuple[OwnPairs, Holdings] | PoolvizError

    @property
    def name(self) -> str:
        """Of the file."""
        return self.table.name

    @cached_property
    def texts(self) -> Sequence[str]:
        """All texts, those of a pair one after the other."""
        return () if isinstance(self.found, PoolvizError) else self.found[0].texts


def read_file(
    name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET
) -> PairFile:
    """Read somebody's own file of pairs, and count what it holds.

    Raises
    ------
    ChoiceError, DataError, Cancelled : it cannot be read as a table.
    """
    table = read_columns(name, content, wanted, watch)
    try:
        found = pairs_of(table, wanted)
        return PairFile(table, (found, of_pairs(found)))
    except (ChoiceError, DataError) as error:
        return PairFile(table, error)


def of_pairs(found: OwnPairs) -> Holdings:
    """What a file of pairs holds.

    Raises
    ------
    DataError : there are too few pairs.
    """
    splits = Counter(found.division.splits)
    keys = [row_key(*pair) for pair in found.pairs]
    by_key: dict[str, set[int]] = {}
    for key, label in zip(keys, found.labels, strict=True):
        by_key.setdefault(key, set()).add(label)
    return Holdings(
        read=found.read,
        left_out=found.left_out,
        classes={OUTCOMES[label]: found.labels.count(label) for label in (0, 1)},
        splits={split: splits[split] for split in SPLITS},
        lengths=np.fromiter(map(len, found.texts), np.int64, 2 * len(found.pairs)),
        duplicates=len(keys) - len(by_key),
        conflicting=sum(len(by_key[key]) > 1 for key in keys),
        sample=found.sample,
        absent={split: () for split in SPLITS},
    )


def _entries(found: OwnPairs) -> Iterator[tuple[RawRow | None, str | None]]:
    """(label, both texts) and the split of each; what was left out stands first, to be counted."""
    unread = sum(count for reason, count in found.left_out.items() if reason != "empty")
    yield from repeat((None, None), unread)
    yield from repeat((("0", "", ""), None), found.left_out["empty"])
    rows = zip(found.pairs, found.labels, found.division.splits, strict=True)
    yield from (((str(label), *pair), split) for pair, label, split in rows)
