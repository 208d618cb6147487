"""Texts and labels of a file that somebody brings: what a data set or the Explore page takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import compress

import numpy as np

from poolviz.datasets.readers import labels as label_rules
from poolviz.datasets.readers.files import read_table
from poolviz.datasets.readers.reading import (
    AS_FOUND,
    Counted,
    Finding,
    How,
    Table,
    Wanted,
)
from poolviz.errors import DataError
from poolviz.text.tokens import MAX_CHARACTERS, clean_text, has_visible
from poolviz.watch import QUIET, Watch

SHOWN_ROWS = 3


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
    columns : the names of its columns, `text` and `label` among them.
    read : how many rows there are, with those that were left out.
    left_out : how many rows were left out, by reason: "too many columns", "empty", "too long".
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
    content : see `poolviz.datasets.readers.files.read_table`.

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
    DataError : it has no row with a text.
    """
    if table.text is None or not len(table):
        raise _no_text(table.name)
    texts, kept, left_out = _texts(table)
    if not texts:
        raise _no_text(table.name)
    lines = table.lines[kept]
    findings = [*table.findings, *(f for c, kind in left_out for f in c.finding(kind))]
    labels = None
    if table.label is not None:
        cells = compress(table.cells(table.label), kept.tolist())
        labels, said = label_rules.read(cells, lines, wanted.join_labels)
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


def _no_text(name: str) -> DataError:
    return DataError("{name} holds no row with a text; add rows to it.", name=name)
