"""What is known of the rows of a text file before they are read: columns, and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from poolviz.datasets.readers import columns
from poolviz.datasets.readers.reading import Wanted, check_shape, place_of, titles
from poolviz.datasets.readers.separated import ragged
from poolviz.datasets.readers.separated.dialect import Dialect, fields_of
from poolviz.datasets.readers.tables import chosen_places


@dataclass(frozen=True)
class Shape:
    """What is known of the rows before they are read."""

    dialect: Dialect
    names: Sequence[str]
    kinds: Sequence[columns.Kind]
    text: int | None
    label: int | None

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.names)

    def fits(self, row: Sequence[str]) -> bool | None:
        """Whether a row's cells are such as its columns hold, as far as that can be told."""
        told = [
            fits
            for n, kind in enumerate(self.kinds)
            if n != self.text and row[n].strip() and (fits := kind.fits(row[n])) is not None
        ]
        return all(told) if told else None

    def mended(self, row: Sequence[str]) -> list[str] | None:
        """A row of too many cells with the surplus in its text; None where it may belong elsewhere.

        Where no cell tells, a column of labels beside that of texts does.
        """
        separator = self.dialect.separator
        if self.text is None or separator is None:
            return None
        whole = ragged.folded(row, self.text, self.width, separator)
        told = [
            fits
            for n, (kind, cell) in enumerate(zip(self.kinds, whole, strict=True))
            if n != self.text and (fits := ragged.may_hold(kind, cell)) is not None
        ]
        return whole if all(told) and (told or self.label is not None) else None


def find(name: str, first: Sequence[str], found: Dialect, wanted: Wanted) -> Shape:
    """The shape of a file by its first lines.

    Raises
    ------
    ChoiceError : a column that is wanted is not there.
    DataError : there are too many columns.
    """
    rows = [fields_of(line, found.separator, found.quoted) for line in first[found.skipped :]]
    names, below, place = _columns(rows, found)
    check_shape(name, 0, len(names))
    if place is not None and wanted.text is not None:
        place = place_of(name, wanted.text, names)
    if place is None or found.separator is None:
        kinds = columns.kinds_of(below, len(names))
    else:
        kinds = ragged.kinds_of(below, place, len(names), found.separator)
        wanted = replace(wanted, text=names[place])
    text, label = chosen_places(name, names, kinds, wanted)
    return Shape(found, names, kinds, text, label)


def _columns(
    rows: Sequence[list[str]], found: Dialect
) -> tuple[list[str], Sequence[Sequence[str]], int | None]:
    """Names of the columns, the rows below, and which column takes surplus cells of most rows."""
    separator = found.separator
    if found.header and rows:
        names = titles(rows[0])
        below = [ragged.without_empty_surplus(row, len(names)) for row in rows[1:]]
        place = ragged.surplus_place(names, below, separator) if separator else None
        return names, below, place
    at_edges = None if ragged.are_regular(rows) else ragged.edges(rows)
    if separator and at_edges:
        return titles([""] * (sum(at_edges) + 1)), rows, at_edges[0]
    widths = [len(row) for row in rows]
    return titles([""] * (max(set(widths), key=widths.count) if widths else 1)), rows, None
