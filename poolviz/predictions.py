"""What a checkpoint predicts for every test row, kept beside its card: row hashes and numbers only.

`predictions.parquet` has a line for each test row: `key` (the first 16 hexadecimal digits of the
row's SHA-256 as an unsigned integer), `label` and `predicted` (numbers of classes), `probability`
(of the predicted class).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet

from poolviz import bulk
from poolviz.checkpoints import VOCABULARY, Checkpoint
from poolviz.datasets import Corpus
from poolviz.engine import Engine
from poolviz.evaluation import encode_split
from poolviz.text import Vocabulary

PREDICTIONS = "predictions.parquet"
_MODEL = b"onnx_sha256"


def predict(checkpoint: Checkpoint, corpus: Corpus, **watch) -> pd.DataFrame:
    """Predictions for the test rows of a corpus, in its order.

    `watch` is handed to `poolviz.bulk.run_many`: progress.

    Raises
    ------
    CheckpointError : the checkpoint is damaged.
    """
    vocabulary = Vocabulary.load(checkpoint.path(VOCABULARY))
    samples = encode_split(corpus, "test", vocabulary)
    probabilities = bulk.probabilities(Engine(checkpoint), samples.ids, **watch)
    return pd.DataFrame(
        {
            "key": [int(key[:16], 16) for key in corpus.split("test")["key"]],
            "label": samples.labels.astype(np.int16),
            "predicted": probabilities.argmax(axis=1).astype(np.int16),
            "probability": probabilities.max(axis=1),
        }
    ).astype({"key": np.uint64})


def write(checkpoint: Checkpoint, predictions: pd.DataFrame) -> Path:
    """Write predictions beside the card in one step, marked with the model that made them."""
    place = checkpoint.folder / PREDICTIONS
    unfinished = place.with_name(f"{PREDICTIONS}.part")
    table = pyarrow.Table.from_pandas(predictions, preserve_index=False)
    table = table.replace_schema_metadata({_MODEL: checkpoint.onnx_hash.encode()})
    pyarrow.parquet.write_table(table, unfinished, compression="zstd")
    os.replace(unfinished, place)
    return place


def read(checkpoint: Checkpoint) -> pd.DataFrame | None:
    """What `write` wrote; None where there is nothing, or it is not of this model."""
    try:
        table = pyarrow.parquet.read_table(checkpoint.folder / PREDICTIONS)
    except (OSError, pyarrow.ArrowException):
        return None
    made_by = (table.schema.metadata or {}).get(_MODEL, b"").decode("ascii", "replace")
    return table.to_pandas() if made_by == checkpoint.onnx_hash else None


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
