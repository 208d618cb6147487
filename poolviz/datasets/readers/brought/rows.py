"""Texts and labels of a file that somebody brings: what a data set or the Explore page takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import pyarrow as pa

from poolviz.datasets.readers import columns
from poolviz.datasets.readers import labels as label_rules
from poolviz.datasets.readers.brought.files import read_table
from poolviz.datasets.readers.reading import (
    AS_FOUND,
    NO_SPLIT,
    Counted,
    Finding,
    How,
    Table,
    Wanted,
    place_of,
)
from poolviz.errors import DataError
from poolviz.text.tokens import MAX_CHARACTERS, clean_text, has_visible
from poolviz.watch import QUIET, Watch

SHOWN_ROWS = 3
_LOOKED_AT = 1_000  # rows, before all cells of a column are
_NAMED = 10  # columns in a sentence


@dataclass(frozen=True, eq=False)
class OwnRows:
    """The rows of one file.

    Parameters
    ----------
    name : of the file.
    texts : in the order of the file.
    labels : as they stand in the file, "" where a row has none; None where there is no column of
        labels.
    lines : (rows,) the line of the file in which each row begins, from 1.
    how : how the file was read.
    columns : the names of its columns, `text`, `label` and `split` among them.
    splits : "train", "validation" or "test" for each row, "" where it is none of them; None where
        no column says so.
    read : how many rows there are, with those that were left out.
    left_out : how many rows were left out, by reason: "too many columns", "empty", "too long"; of
        a second file to test on "strange", by their labels.
    findings : what there is to say, the gravest first.
    """

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...] | None
    lines: np.ndarray
    how: How
    columns: tuple[str, ...]
    text: str
    label: str | None
    split: str | None
    splits: tuple[str, ...] | None
    read: int
    left_out: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def classes(self) -> dict[str, int]:
        """The different labels, in their order, with the number of their rows."""
        counts = Counter(label for label in self.labels or () if label)
        return {label: counts[label] for label in label_rules.in_order(counts)}

    @property
    def sample(self) -> list[tuple[str, str]]:
        """The first rows, as (label, text)."""
        labels = self.labels or ("",) * len(self.texts)
        return list(zip(labels, self.texts, strict=True))[:SHOWN_ROWS]


def read_rows(
    name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET
) -> OwnRows:
    """Read the texts of a file, and their labels where there are some.

    Parameters
    ----------
    name : of the file.
    content : see `poolviz.datasets.readers.brought.files.read_table`.

    Raises
    ------
    ChoiceError : what is wanted of the file is not there.
    DataError : it cannot be read, or it holds no row with a text.
    Cancelled : it was stopped.
    """
    return rows_of(read_table(name, content, wanted, watch), wanted)


def rows_of(table: Table, wanted: Wanted = AS_FOUND) -> OwnRows:
    """The texts and labels of a table.

    Raises
    ------
    ChoiceError : the column of splits that is wanted is not there.
    DataError : it has no row with a text, or the column that is wanted names no splits.
    """
    if table.text is None or not len(table):
        raise _no_rows(table)
    texts, kept, left_out = _texts(table)
    if not texts:
        raise _no_text(table, left_out)
    lines = table.lines[kept]
    findings = [*table.findings, *(f for c, kind in left_out for f in c.finding(kind))]
    labels = None
    if table.label is not None:
        cells = compress(table.cells(table.label), kept.tolist())
        labels, said = label_rules.read(cells, lines, wanted.join_labels)
        findings += said
        if wanted.label is None:
            findings += _other_labels(table)
    taken = [name for name in (table.text, table.label) if name is not None]
    splits, split = None, split_column(table, wanted, taken)
    if split is not None:
        splits, said = read_splits(table, split, kept)
        findings += said
    counts = {kind: counted.count for counted, kind in left_out}
    malformed = sum(f.count for f in table.findings if f.kind == "too many columns")
    return OwnRows(
        table.name,
        tuple(texts),
        labels,
        lines,
        table.how,
        tuple(table.columns),
        table.text,
        table.label,
        split,
        splits,
        len(table) + malformed,
        {"too many columns": malformed, **counts},
        tuple(sorted(findings, key=lambda finding: not finding.grave)),
    )


def _texts(table: Table) -> tuple[list[str], np.ndarray, list[tuple[Counted, str]]]:
    """The texts that stay, which rows those are (booleans), and what was left out."""
    empty, long = Counted(), Counted()
    texts, kept = [], np.zeros(len(table), bool)
    for place, text in enumerate(table.cells(table.text or "")):
        text = clean_text(text.strip())
        if len(text) > MAX_CHARACTERS:
            long.add(int(table.lines[place]))
        elif not has_visible(text):
            empty.add(int(table.lines[place]))
        else:
            texts.append(text)
            kept[place] = True
    return texts, kept, [(empty, "empty"), (long, "too long")]


def _other_labels(table: Table) -> list[Finding]:
    """What to say of other columns that may hold labels: a classifier learns those of one."""
    others = [
        name
        for name, cells in table.columns.items()
        if name not in (table.text, table.label)
        and columns.may_hold_labels(name)
        and len(_few_of(cells)) > 1
    ]
    if not others:
        return []
    values = {"label": table.label or "", **label_rules.named(others)}
    return [Finding("other labels", len(others), values=values)]


def split_column(table: Table, wanted: Wanted, taken: Sequence[str]) -> str | None:
    """The column that says which rows are to train and which to test on.

    Parameters
    ----------
    taken : columns that hold something else.

    Raises
    ------
    ChoiceError : the column that is wanted is not there.
    """
    if wanted.split == NO_SPLIT:
        return None
    names = list(table.columns)
    if wanted.split is not None:
        return names[place_of(table.name, wanted.split, names)]
    places = {names.index(name) for name in taken}
    place = columns.split_place(names, places, lambda n: _few_of(table.columns[names[n]]))
    return None if place is None else names[place]


def _few_of(column: pa.Array) -> list[str]:
    """The different cells of a column; none where there are many."""
    for cells in (column.slice(0, _LOOKED_AT), column):
        if len(different := cells.unique()) > columns.FEW:
            return []
    return [cell or "" for cell in different.to_pylist()]


def read_splits(table: Table, name: str, kept: np.ndarray) -> tuple[tuple[str, ...], list[Finding]]:
    """The split of each row, "" where its cell names none; without rows to test on those to
    validate on are for that.

    Parameters
    ----------
    kept : (rows,) booleans: only those.

    Raises
    ------
    DataError : the column does not say which rows are to train and which to test on.
    """
    words: dict[str, str] = {}
    found, unnamed = [], Counted()
    cells = compress(table.cells(name), kept.tolist())
    for cell, line in zip(cells, table.lines[kept], strict=True):
        if cell not in words:
            words[cell] = columns.split_word(cell) or ""
        if not words[cell]:
            unnamed.add(int(line))
        found.append(words[cell])
    present = set(found)
    if "train" not in present or not present & {"validation", "test"}:
        raise DataError(
            "The column {column} of {name} does not say which rows are to train and which to test "
            "on; write train, validation or test there, or name another column.",
            column=name,
            name=table.name,
        )
    findings = [Finding("split column", values={"column": name}, grave=False)]
    findings += unnamed.finding("no split")
    if "test" not in present:
        found = ["test" if split == "validation" else split for split in found]
        findings.append(Finding("no test split", values={"column": name}))
    return tuple(found), findings


def _no_rows(table: Table) -> DataError:
    if any(finding.kind == "too many columns" for finding in table.findings):
        return DataError(
            "{name} has more columns in each row than its first line names; name them all, or put "
            "texts in quotes.",
            name=table.name,
        )
    if len(table):
        return DataError(
            "No column of {name} looks like texts ({columns}); name the one that holds them with "
            "--text-column, or add one.",
            name=table.name,
            columns=", ".join(list(table.columns)[:_NAMED]),
        )
    return DataError("{name} holds no row with a text; add rows to it.", name=table.name)


def _no_text(table: Table, left_out: list[tuple[Counted, str]]) -> DataError:
    if all(counted.count == 0 for counted, kind in left_out if kind != "too long"):
        return DataError(
            "Each text of {name} has more than {limit:,} characters; shorten them, or put each on "
            "a line of its own.",
            name=table.name,
            limit=MAX_CHARACTERS,
        )
    if len(table.columns) == 1:
        return DataError("{name} holds no row with a text; add rows to it.", name=table.name)
    return DataError(
        "{name} holds no row with a text: its column {column} is empty in all rows, or too long; "
        "fill it in, or name another one with --text-column.",
        name=table.name,
        column=table.text,
    )
