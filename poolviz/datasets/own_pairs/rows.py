"""The pairs of a file that somebody brings: two texts and whether they match, or triplets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from pathlib import Path

import numpy as np

from poolviz.datasets.own.entering import of_tests
from poolviz.datasets.own_pairs.columns import PairColumns, pair_columns
from poolviz.datasets.own_pairs.division import Division, Pair, divide
from poolviz.datasets.own_pairs.outcomes import outcomes
from poolviz.datasets.readers.brought.files import content_of, read_table
from poolviz.datasets.readers.brought.rows import SHOWN_ROWS, read_splits, split_column
from poolviz.datasets.readers.labels import NOTHING, named
from poolviz.datasets.readers.reading import (
    AS_FOUND,
    Counted,
    Finding,
    How,
    Table,
    Wanted,
)
from poolviz.errors import ChoiceError, DataError
from poolviz.text.tokens import MAX_CHARACTERS, clean_text, has_visible
from poolviz.watch import QUIET, Watch

# By the reason for which rows are left out what is said of them.
_FINDINGS = {"empty": "empty side", "too long": "too long", "unlabelled": "unlabelled"}


@dataclass(frozen=True, eq=False)
class OwnPairs:
    """The pairs of one file.

    Parameters
    ----------
    name : of the file.
    pairs : in the order of the file; a triplet is two of them.
    labels : 1 for a match, 0 for none.
    written : of each pair its label as it stands in the file; of triplets "1" and "0".
    published : what the file says of each pair's split, see `division.divide`.
    how : how the file was read.
    names : of its columns, those of `columns` and `split` among them.
    outcomes : by label of the file whether it means a match; empty for triplets.
    read : how many pairs there are, with those that were left out.
    left_out : how many pairs were left out, by reason, a key of `holdings.REASONS`.
    findings : what there is to say, the gravest first.
    """

    name: str
    pairs: tuple[Pair, ...]
    labels: tuple[int, ...]
    written: tuple[str, ...]
    published: tuple[str | None, ...]
    how: How
    names: tuple[str, ...]
    columns: PairColumns
    outcomes: Mapping[str, int]
    split: str | None
    read: int
    left_out: Mapping[str, int]
    findings: tuple[Finding, ...]

    @cached_property
    def division(self) -> Division:
        """Which pairs are to train, to validate and to test on.

        Raises
        ------
        DataError : there are too few.
        """
        return divide(self.name, self.pairs, self.labels, self.published)

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts, those of a pair one after the other."""
        return tuple(text for pair in self.pairs for text in pair)

    @property
    def sample(self) -> list[tuple[str, str, str]]:
        """The first pairs, with their labels as the file has them."""
        rows = zip(self.written, self.pairs, strict=True)
        return [(label, *pair) for label, pair in rows][:SHOWN_ROWS]


def read_path(path: Path, wanted: Wanted = AS_FOUND, watch: Watch = QUIET) -> OwnPairs:
    """The pairs of a file on disk.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `read_pairs`; also where the file cannot be opened.
    """
    return read_pairs(path.name, content_of(path), wanted, watch)


def read_pairs(
    name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET
) -> OwnPairs:
    """Read the pairs of a file.

    >>> lines = ("question1,question2,same", "几点关门,几时关门,1", "你好,再见,0")
    >>> found = read_pairs("a.csv", "\\n".join(lines).encode())
    >>> found.columns.texts, found.pairs[0], found.labels
    (('question1', 'question2'), ('几点关门', '几时关门'), (1, 0))

    Parameters
    ----------
    content : see `poolviz.datasets.readers.brought.files.read_table`.

    Raises
    ------
    ChoiceError : what is wanted of the file is not there.
    DataError : it cannot be read, has not the columns of pairs, or no pair with an outcome.
    Cancelled : it was stopped.
    """
    return pairs_of(read_columns(name, content, wanted, watch), wanted)


def read_columns(
    name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET
) -> Table:
    """All columns of a file; which of them hold the texts of pairs is not looked at.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `poolviz.datasets.readers.brought.files.read_table`.
    """
    return read_table(name, content, replace(wanted, text=None, label=None), watch)


def pairs_of(table: Table, wanted: Wanted = AS_FOUND) -> OwnPairs:
    """The pairs of a table.

    Raises
    ------
    ChoiceError, DataError : see `read_pairs`.
    """
    chosen = pair_columns(table, wanted)
    kept, left_out = _kept(table, chosen.texts)
    if not kept.any():
        raise DataError(
            "{name} holds no row with {count} texts; add rows to it.",
            name=table.name,
            count=len(chosen.texts),
        )
    split = split_column(table, wanted, [*chosen.texts, *filter(None, [chosen.label])])
    published, findings = _published(table, split, kept)
    written = _written(table, chosen.label, kept)
    for place, line in enumerate(table.lines[kept]):
        if not written[place]:
            left_out["unlabelled"].add(int(line))
    by_label: dict[str, int] = {}
    if chosen.label:
        by_label = outcomes(table.name, filter(None, written), wanted.match)
    elif wanted.match:
        raise ChoiceError("Triplets have no labels; leave out --match.")
    texts = zip(*(compress(table.cells(name), kept.tolist()) for name in chosen.texts), strict=True)
    rows = [
        (tuple(clean_text(text.strip()) for text in row), label, of_split)
        for row, label, of_split in zip(texts, written, published, strict=True)
        if label and of_split != ""
    ]
    entries = [entry for row in rows for entry in _entries(*row, by_label)]
    a_row = 1 if chosen.label else 2
    counts = {kind: counted.count * a_row for kind, counted in left_out.items()}
    malformed = sum(f.count for f in table.findings if f.kind == "too many columns") * a_row
    findings = [
        *table.findings,
        *_of_columns(chosen, by_label),
        *(f for kind, counted in left_out.items() for f in counted.finding(_FINDINGS[kind])),
        *findings,
    ]
    return OwnPairs(
        table.name,
        tuple(pair for pair, _label, _written, _split in entries),
        tuple(label for _pair, label, _written, _split in entries),
        tuple(said for _pair, _label, said, _split in entries),
        tuple(of_split for _pair, _label, _written, of_split in entries),
        table.how,
        tuple(table.columns),
        chosen,
        by_label,
        split,
        len(table) * a_row + malformed,
        {"too many columns": malformed, "unnamed": published.count("") * a_row, **counts},
        tuple(sorted(findings, key=lambda finding: not finding.grave)),
    )


def read_tests(path: Path, wanted: Wanted = AS_FOUND, watch: Watch = QUIET) -> OwnPairs:
    """The pairs of a second file, all of them to test on.

    Parameters
    ----------
    wanted : what is said of the first file.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `read_path`.
    """
    return read_path(path, of_tests(wanted), watch)


def with_tests(found: OwnPairs, tests: OwnPairs) -> OwnPairs:
    """Pairs of which those of a second file are to test on, and all others are not.

    Raises
    ------
    ChoiceError : the first file has pairs to test on as well.
    """
    if "test" in found.published:
        raise ChoiceError(
            "The column {column} of {name} names rows to test on; leave out the file of test rows, "
            "or say --split-column none.",
            column=found.split,
            name=found.name,
        )
    left_out = {reason: n + tests.left_out[reason] for reason, n in found.left_out.items()}
    return replace(
        found,
        pairs=(*found.pairs, *tests.pairs),
        labels=(*found.labels, *tests.labels),
        written=(*found.written, *tests.written),
        published=(*found.published, *("test",) * len(tests.pairs)),
        read=found.read + tests.read,
        left_out=left_out,
    )


def _kept(table: Table, columns: Sequence[str]) -> tuple[np.ndarray, dict[str, Counted]]:
    """Which rows have all texts (booleans), and by reason those that have not."""
    left_out = {"empty": Counted(), "too long": Counted(), "unlabelled": Counted()}
    kept = np.zeros(len(table), bool)
    for place, cells in enumerate(zip(*map(table.cells, columns), strict=True)):
        if any(len(cell) > MAX_CHARACTERS for cell in cells):
            left_out["too long"].add(int(table.lines[place]))
        elif not all(has_visible(clean_text(cell)) for cell in cells):
            left_out["empty"].add(int(table.lines[place]))
        else:
            kept[place] = True
    return kept, left_out


def _published(
    table: Table, split: str | None, kept: np.ndarray
) -> tuple[tuple[str | None, ...], list[Finding]]:
    """The split of each row that a column says, None where none does."""
    if split is None:
        return (None,) * int(kept.sum()), []
    return read_splits(table, split, kept)


def _written(table: Table, label: str | None, kept: np.ndarray) -> list[str]:
    """The label of each row as it stands there, "" where there is none; of triplets no word."""
    if label is None:
        return ["-"] * int(kept.sum())
    cells = (cell.strip() for cell in compress(table.cells(label), kept.tolist()))
    return ["" if cell.casefold() in NOTHING else cell for cell in cells]


def _entries(
    texts: tuple[str, ...], label: str, split: str | None, by_label: Mapping[str, int]
) -> list[tuple[Pair, int, str, str | None]]:
    """The pair of a row with its outcome, or both pairs of a triplet."""
    first, *others = texts
    if len(others) == 1:
        return [((first, others[0]), by_label[label], label, split)]
    return [
        ((first, other), outcome, str(outcome), split)
        for other, outcome in zip(others, (1, 0), strict=True)
    ]


def _of_columns(chosen: PairColumns, by_label: Mapping[str, int]) -> list[Finding]:
    """What the columns were taken for."""
    names: dict[str, str] = dict(zip(("first", "second", "third"), chosen.texts, strict=False))
    if chosen.label is None:
        return [Finding("triplet columns", values=names, grave=False)]
    matching, others = (
        named(label for label, outcome in by_label.items() if outcome == wanted)["labels"]
        for wanted in (1, 0)
    )
    values = {**names, "label": chosen.label, "matching": matching, "others": others}
    return [Finding("pair columns", values=values, grave=False)]
