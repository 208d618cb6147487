"""Rows with more cells than columns, as separators in a text make them that nobody put in quotes.

Which column the surplus belongs to shows in the others: counted from the left up to the text, and
from the right down to it, each holds numbers, or few different values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from poolviz.datasets.readers import columns
from poolviz.datasets.readers.columns import Kind, kind_of

_STRAY = 20  # one row in so many may have fewer cells than there are columns
_REGULAR = 0.95  # share of rows of one width, from which on it is the number of columns
_MOST_COLUMNS = 50
_LABEL = 12  # characters

Rows = Sequence[Sequence[str]]


def folded(row: Sequence[str], place: int, width: int, separator: str) -> list[str]:
    """A row of at least `width` cells with its surplus joined in one column.

    >>> folded(["1", "clean", " quiet", "2026"], 1, 3, ",")
    ['1', 'clean, quiet', '2026']
    """
    end = place + len(row) - width + 1
    return [*row[:place], separator.join(row[place:end]), *row[end:]]


def without_empty_surplus(row: list[str], width: int) -> list[str]:
    """A row without the cells beyond its columns, where these hold nothing."""
    return row if any(cell.strip() for cell in row[width:]) else row[:width]


def are_regular(rows: Rows) -> bool:
    """Whether most rows have the same number of cells, and hardly any has fewer."""
    widths = sorted(map(len, rows))
    if not widths:
        return True
    usual = max(set(widths), key=widths.count)
    enough = widths.count(usual) >= _REGULAR * len(widths)
    return enough and usual <= widths[len(widths) // _STRAY]


def edges(rows: Rows) -> tuple[int, int] | None:
    """How many columns stand before the text and behind it, where no row names the columns.

    None where all rows have as many cells, or no column of labels stands at an edge.

    >>> edges([["0", "a"], ["1", "b", "c"], ["0", "d", "e", "f"], ["1", "g"]])
    (1, 0)
    """
    widths = sorted(map(len, rows))
    if not widths or widths[0] == widths[-1]:
        return None
    least = widths[len(widths) // _STRAY]
    whole = [row for row in rows if len(row) >= least]
    before = _told(kind_of([row[n] for row in whole]) for n in range(least - 1))
    behind = _told(kind_of([row[-n] for row in whole]) for n in range(1, least - len(before)))
    if any(kind.values for kind in (*before, *behind)):
        return len(before), len(behind)
    return None


def _told(kinds: Iterable[Kind]) -> list[Kind]:
    return list(takewhile(_is_told, kinds))


def _is_told(kind: Kind) -> bool:
    return kind.number or bool(kind.values)


def evened(rows: Rows, separator: str) -> Rows:
    """The rows with as many cells as their `edges` leave columns; as they are without edges."""
    found = edges(rows[1:])
    if found is None:
        return rows
    before, width = found[0], sum(found) + 1
    return [folded(row, before, width, separator) if len(row) > width else row for row in rows]


def surplus_place(names: Sequence[str], rows: Rows, separator: str) -> int | None:
    """The column that surplus cells belong to, where most rows have some; None where few do.

    Parameters
    ----------
    names : of all columns.
    """
    width = len(names)
    wider = [row for row in rows if len(row) > width]
    if not 1 < width <= _MOST_COLUMNS or 2 * len(wider) <= len(rows):
        return None
    whole = [row for row in rows if len(row) >= width]
    left = [kind_of([row[n] for row in whole]) for n in range(width)]
    right = [kind_of([row[n - width] for row in whole]) for n in range(width)]
    found = []
    for place in range(width):
        text = kind_of([folded(row, place, width, separator)[place] for row in whole])
        kinds = [*left[:place], text, *right[place + 1 :]]
        others = [kind for kind in kinds if kind is not text]
        fits = columns.text_place(names, kinds) == place
        found.append((fits, sum(map(_is_told, others)), text.length, -place))
    return -max(found)[-1]


def told_columns(first: Sequence[str], below: Rows, separator: str) -> int:
    """How many columns hold labels or numbers, counted from the edges; 0 where rows are even.

    Parameters
    ----------
    first : the row that may name the columns.
    """
    if found := edges(below):
        return sum(found)
    place = surplus_place(first, below, separator)
    if place is None:
        return 0
    kinds = kinds_of(below, place, len(first), separator)
    return sum(bool(kind.values) for n, kind in enumerate(kinds) if n != place)


def kinds_of(rows: Rows, place: int, width: int, separator: str) -> list[Kind]:
    """The kinds of columns of which one takes the surplus of all rows."""
    whole = [folded(row, place, width, separator) for row in rows if len(row) >= width]
    return columns.kinds_of(whole, width)


def may_hold(kind: Kind, value: str) -> bool | None:
    """Whether a cell that surplus cells moved to its column may be one of it; None where untold.

    One that stands nowhere else may, if it is as short as labels are, or as those of its column.
    """
    fits = kind.fits(value)
    if fits is False and not kind.number:
        return len(value.strip()) <= max(_LABEL, *map(len, kind.repeated))
    return fits
