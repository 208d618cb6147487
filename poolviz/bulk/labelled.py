"""Rows with labels: those whose label has a meaning are worked on, the others are bad rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from poolviz.bulk.parts import Work
from poolviz.bulk.reading.blocks import LABEL, Bad
from poolviz.bulk.texts import bad_row
from poolviz.datasets.readers.labels import written

_NO_LABEL = "The row has no label."
_SHOWN = 40  # characters of a label


@dataclass(frozen=True)
class Labelled:
    """What is made of rows with labels: what `work` makes of them, with a column `label` of names.

    Parameters
    ----------
    work : made of the rows whose label has a meaning.
    names : of what labels mean.
    number_of : the place among the names of what a label means; None where it means none of them.
    """

    work: Work
    names: tuple[str, ...]
    number_of: Callable[[str], int | None]

    def __call__(self, rows: pa.RecordBatch) -> tuple[pa.Table, list[Bad]]:
        """The columns of the rows that can be worked on, and the other rows."""
        labels = [written(cell) for cell in rows[LABEL].to_pylist()]
        numbers = [self.number_of(label) if label else None for label in labels]
        bad = [
            bad_row(rows, place, self._reason(labels[place]))
            for place, number in enumerate(numbers)
            if number is None
        ]
        kept = [place for place, number in enumerate(numbers) if number is not None]
        means = np.array([numbers[place] for place in kept], np.int16)
        meant = pa.DictionaryArray.from_arrays(means, pa.array(self.names, pa.string()))
        those = rows.take(pa.array(kept, pa.int64()))
        place = those.schema.get_field_index(LABEL)
        table, unreadable = self.work(those.set_column(place, LABEL, meant))
        return table, [*bad, *unreadable]

    def _reason(self, label: str) -> str:
        if not label:
            return _NO_LABEL
        return f"The label {label[:_SHOWN]} means none of {', '.join(self.names)}."
