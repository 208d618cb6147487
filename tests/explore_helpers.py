"""Rows and surveys by hand, for the tests of poolviz.explore."""

import numpy as np
import pandas as pd

from poolviz.datasets.split import row_key
from poolviz.explore.rows import RowSet
from poolviz.explore.survey import Survey


def row_set(*texts: str, labels=None) -> RowSet:
    """Rows whose labels are all 0 unless they are given."""
    keys = [int(row_key(text)[:16], 16) for text in texts]
    return RowSet(
        pd.Series(texts, dtype="str"),
        np.array(labels or [0] * len(texts), np.int16),
        np.array(keys, np.uint64),
        "0" * 64,
    )


def survey_of(predicted, divergences, lengths=None, unknown=None) -> Survey:
    """Two heads that are sure of one of two classes, and their divergences: a line for each row.

    Without `lengths` all texts have ten tokens; without `unknown` all of them are known.
    """
    probabilities = np.eye(2, dtype=np.float32)[np.array(predicted)]
    return Survey(
        probabilities,
        np.array(lengths or [10] * len(predicted)),
        np.array(unknown or [0] * len(predicted), np.float32),
        ((0, 1),),
        np.array(divergences, np.float32)[:, None],
        (),
    )
