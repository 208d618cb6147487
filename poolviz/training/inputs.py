"""What models read of texts: their ids, or by name ids and what a pretrained encoder made of them.

B = batch, T = time, C = channels of the encoder.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from poolviz.datasets.samples import Samples
from poolviz.engine.bulk import padded
from poolviz.engine.pairs import SIDES
from poolviz.engine.vectors import VECTORS
from poolviz.values.shapes import IdBatch, IdsOfText, Output, TokenVectors

Given = Sequence[TokenVectors] | None  # of each text; None for models that make their own


def batch_of(
    ids: Sequence[IdsOfText], vectors: Given, rows: np.ndarray
) -> IdBatch | dict[str, Output]:
    """The texts with these numbers: (B, T) ids, and where there are some (B, T, C) vectors."""
    read = padded(ids, rows)
    if vectors is None:
        return read
    found = np.zeros((*read.shape, vectors[0].shape[1]), np.float32)
    for place, row in enumerate(rows):
        found[place, : len(vectors[row])] = vectors[row]
    return {"ids": read, VECTORS: found}


def batch_of_samples(samples: Samples, rows: np.ndarray) -> IdBatch | dict[str, Output]:
    """The same of a data set's rows."""
    return batch_of(samples.ids, samples.vectors, rows)


def specification(vectors: Given):
    """What `batch_of` gives, for TensorFlow."""
    ids = tf.TensorSpec((None, None), tf.int32)
    if vectors is None:
        return ids
    return {"ids": ids, VECTORS: tf.TensorSpec((None, None, width_of(vectors)), tf.float32)}


def width_of(vectors: Given) -> int | None:
    """C; None where there are no vectors."""
    return None if vectors is None else vectors[0].shape[1]


def of_sides(a, b) -> dict:
    """Two batches of sentences as matchers read them: by name, with `_a` and `_b` behind it."""
    return {
        f"{name}_{side}": value
        for side, batch in zip(SIDES, (a, b), strict=True)
        for name, value in (batch if isinstance(batch, dict) else {"ids": batch}).items()
    }


def reads_of_vectors(width: int) -> dict[str, keras.InputSpec]:
    """What a model on an encoder of so many channels is given, by name."""
    ids = keras.InputSpec(shape=(None, None), dtype="int32", name="ids")
    shape = (None, None, width)
    return {"ids": ids, VECTORS: keras.InputSpec(shape=shape, dtype="float32", name=VECTORS)}


def example_for(model):
    """What a model, or the first step of a matcher, reads of one text of four tokens: ones."""
    return keras.tree.map_structure(
        lambda read: ops.ones((1, 4, *read.shape[2:]), dtype=read.dtype), model.reads()
    )
