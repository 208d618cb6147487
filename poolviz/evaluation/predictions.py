"""What a checkpoint predicts for every test row, kept beside its card: row hashes and numbers only.

`predictions.parquet` has a line for each test row: `key` (the first 16 hexadecimal digits of the
row's SHA-256 as an unsigned integer), `label` and `predicted` (numbers of classes), `probability`
(of the predicted class).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets.split import row_keys
from poolviz.evaluation.texts import Pass

PREDICTIONS = "predictions.parquet"


def predictions_of(found: Pass) -> pd.DataFrame:
    """Predictions for the test rows, in the order of their corpus."""
    return pd.DataFrame(
        {
            "key": row_keys(found.corpus.split("test")),
            "label": found.labels.astype(np.int16),
            "predicted": found.probabilities.argmax(axis=1).astype(np.int16),
            "probability": found.probabilities.max(axis=1),
        }
    )


def write(checkpoint: Checkpoint, predictions: pd.DataFrame) -> Path:
    """Write predictions beside the card in one step, marked with the model that made them."""
    return beside.write_table(checkpoint, PREDICTIONS, predictions)


def read(checkpoint: Checkpoint) -> pd.DataFrame | None:
    """What `write` wrote; None where there is nothing, or it is not of this model."""
    return beside.read_table(checkpoint, PREDICTIONS)


def right_on_same_rows(checkpoints: Sequence[Checkpoint]) -> dict[str, np.ndarray]:
    """For each head with predictions, (rows,) booleans: right or wrong on the same test rows.

    Heads whose predictions are of other rows than the first head's are left out.
    """
    right: dict[str, np.ndarray] = {}
    keys: np.ndarray | None = None
    for checkpoint in checkpoints:
        table = read(checkpoint)
        if table is None:
            continue
        keys = table["key"].to_numpy() if keys is None else keys
        if np.array_equal(keys, table["key"].to_numpy()):
            right[checkpoint.head] = (table["label"] == table["predicted"]).to_numpy()
    return right
