"""Rows of two sentences under poolings of an encoder: the columns that docs/bulk.md describes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from poolviz.bulk.pairs import OTHER
from poolviz.bulk.reading.blocks import TEXT, Bad
from poolviz.bulk.texts import sorted_out
from poolviz.encoders.encoder import Encoder
from poolviz.encoders.reader import Reader
from poolviz.engine.encoding import cosines
from poolviz.errors import TextError
from poolviz.text.encoding import check_text


@dataclass(frozen=True)
class Pooling:
    """What is made of rows of two sentences, nothing trained.

    Parameters
    ----------
    encoder : every process that works on rows must see its folder.
    poolings : keys of `poolviz.model.poolings.POOLINGS`.
    """

    encoder: Encoder
    poolings: tuple[str, ...]

    def __call__(self, rows: pa.RecordBatch) -> tuple[pa.Table, list[Bad]]:
        """The columns of the rows that can be read, and the other rows.

        Raises
        ------
        CheckpointError : the encoder cannot be loaded, or its files are others.
        """
        pairs = list(zip(rows[TEXT].to_pylist(), rows[OTHER].to_pylist(), strict=True))
        reasons = [_reason_against(*pair) for pair in pairs]
        good, columns, bad = sorted_out(rows, reasons)
        found = cosines(_opened(self.encoder), [pairs[n] for n in good], self.poolings)
        for key, values in found.items():
            columns[f"{key}: cosine"] = pa.array(values.astype(np.float32))
        return pa.table(columns), bad


def _reason_against(*pair: str) -> str | None:
    """Why a pair cannot be read; None where it can."""
    try:
        for text in pair:
            check_text(text)
    except TextError as error:
        return str(error)
    return None


@lru_cache(maxsize=1)
def _opened(encoder: Encoder) -> Reader:
    """The encoder, loaded once in a process."""
    return Reader(encoder)
