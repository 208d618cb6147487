"""Rows and columns of any format become a table: names, and which hold texts and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np
import pyarrow as pa

from poolviz.datasets.readers import columns
from poolviz.datasets.readers.reading import (
    How,
    Table,
    Wanted,
    place_of,
)

SAMPLED = 1_000  # rows that the kinds of columns are found by


def of_columns(
    name: str, found: Mapping[str, pa.Array], numbers: Sequence[int], how: How, wanted: Wanted
) -> Table:
    """A table of columns that have their names.

    Raises
    ------
    ChoiceError : a column that is wanted is not there.
    """
    names = list(found)
    kinds = [columns.kind_of(column.slice(0, SAMPLED).to_pylist()) for column in found.values()]
    text, label = chosen_places(name, names, kinds, wanted)
    return Table(
        name,
        found,
        np.fromiter(islice(numbers, None), np.int32),
        how,
        None if text is None else names[text],
        None if label is None else names[label],
    )


def chosen_places(
    name: str, names: Sequence[str], kinds: Sequence[columns.Kind], wanted: Wanted
) -> tuple[int | None, int | None]:
    """The places of the columns of texts and of labels: those that are wanted, else what is found.

    Raises
    ------
    ChoiceError : a column that is wanted is not there.
    """
    label = None if wanted.label is None else place_of(name, wanted.label, names)
    if wanted.text is not None:
        text = place_of(name, wanted.text, names)
    else:
        free = [n for n in range(len(names)) if n != label]
        found = columns.text_place([names[n] for n in free], [kinds[n] for n in free])
        text = None if found is None else free[found]
    return text, columns.label_place(names, kinds, text) if label is None else label
