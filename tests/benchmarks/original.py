"""The original procedure that the benchmarks compare with, faults included where they define it.

Embedding 128 → dropout → Conv1D → pooling → dense → softmax, every text padded to one length, and
padded positions convolved like any other. It is trained with `fit` in batches of 32; to explain a
text, one model predicts the class and a second one the weights. XLA is off everywhere: it makes the
original many times slower on a CPU, and the older Keras it was written for did not use it.

Shapes: B = batch, T = `LENGTH`, C = channels, K = classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import keras
import numpy as np
from keras import layers, ops

from poolviz.engine.texts import Explainer

BATCH = 32
CHANNELS = 128
DROPOUT = 0.2
# The longest hotel review that the original trained on. One of 2,924 characters is among the
# training rows of other splits; cutting that one makes the original faster, not slower.
LENGTH = 1979
MASKING = 1e12
ROWS = 4  # attention rows of the multi-head model
VALIDATION_SHARE = 0.2


def min_frequency(head: str) -> int:
    """How often a character had to occur to get an id of its own."""
    return 32 if head == "multi-head" else 16


class Vocabulary:
    """Characters to ids: 0 is padding, 1 unknown, then the entries; each text padded or cut."""

    def __init__(self, entries: Sequence[str]):
        self._ids = {entry: number for number, entry in enumerate(entries, 2)}

    @classmethod
    def build(cls, texts: Sequence[str], least: int) -> Vocabulary:
        """Characters seen at least `least` times, by falling frequency."""
        counts = Counter(character for text in texts for character in text)
        return cls([entry for entry, count in counts.most_common() if count >= least])

    def __len__(self) -> int:
        return len(self._ids) + 2

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(texts, LENGTH) int32; longer texts are cut."""
        ids = np.zeros((len(texts), LENGTH), np.int32)
        for row, text in zip(ids, texts, strict=True):
            known = [self._ids.get(character, 1) for character in text[:LENGTH]]
            row[: len(known)] = known
        return ids


class Original:
    """The classifier and the second model that shares its layers and gives the weights."""

    def __init__(self, head: str, vocabulary: Vocabulary, classes: int, seed: int = 0):
        keras.utils.set_random_seed(seed)
        self.vocabulary = vocabulary
        ids = keras.Input((LENGTH,), dtype="int32")
        real = ops.expand_dims(ops.cast(ops.not_equal(ids, 0), "float32"), -1)  # (B, T, 1)
        hidden = layers.Embedding(len(vocabulary), CHANNELS)(ids)
        hidden = layers.Dropout(DROPOUT)(hidden)
        hidden = layers.Conv1D(CHANNELS, 3, padding="same", activation="relu")(hidden)
        pooled, weights = _POOL[head](hidden, real)
        if head == "max":
            pooled = layers.Dense(CHANNELS, activation="relu")(pooled)
            pooled = layers.Dropout(DROPOUT)(pooled)
        else:
            pooled = layers.Dense(CHANNELS, activation="gelu")(pooled)
        probabilities = layers.Dense(classes, activation="softmax")(pooled)
        self.classifier = keras.Model(ids, probabilities)
        self.weigher = keras.Model(ids, weights)
        self.classifier.compile(
            keras.optimizers.Adam(),
            "sparse_categorical_crossentropy",
            metrics=["accuracy"],
            jit_compile=False,
        )
        self.weigher.compile(jit_compile=False)

    def explain(self, text: str) -> tuple[int, np.ndarray]:
        """Class and weights, (T,) or (T, rows), of one text, by a prediction each."""
        ids = self.vocabulary.encode([text])
        predicted = int(self.classifier.predict(ids, verbose=0)[0].argmax())
        return predicted, self.weigher.predict(ids, verbose=0)[0]

    def fit(self, ids: np.ndarray, labels: np.ndarray, epochs: int, validation_share: float = 0.0):
        """Train on (texts, LENGTH) ids; Keras holds the last rows back for validation."""
        self.classifier.fit(
            ids,
            labels,
            batch_size=BATCH,
            epochs=epochs,
            validation_split=validation_share,
            verbose=0,
        )

    def accuracy(self, texts: Sequence[str], labels: np.ndarray) -> float:
        """Share of texts whose class is right."""
        ids = self.vocabulary.encode(texts)
        predicted = self.classifier.predict(ids, batch_size=BATCH, verbose=0).argmax(axis=1)
        return float((predicted == labels).mean())


def untrained(explainer: Explainer) -> Original:
    """An original of the same head and vocabulary; learning would not change its speed."""
    checkpoint = explainer.checkpoint
    vocabulary = Vocabulary(explainer.vocabulary.entries)
    return Original(checkpoint.head, vocabulary, len(checkpoint.classes))


def _attention(hidden, real):
    scores = _scores(hidden, 1)  # (B, T, 1)
    weights = ops.softmax(scores - (1 - real) * MASKING, axis=1)
    return ops.sum(weights * hidden, axis=1), weights


def _multi_head(hidden, real):
    scores = _scores(hidden, ROWS)
    weights = ops.softmax(scores - (1 - real) * MASKING, axis=1)  # (B, T, ROWS)
    weighted = ops.expand_dims(weights, -1) * ops.expand_dims(hidden, 2)  # (B, T, ROWS, C)
    return ops.reshape(ops.sum(weighted, axis=1), (-1, ROWS * CHANNELS)), weights


def _scores(hidden, rows):
    projected = layers.Dense(CHANNELS, use_bias=False, activation="tanh")(hidden)
    return layers.Dense(rows, use_bias=False)(projected)


def _max(hidden, real):
    masked = hidden - (1 - real) * MASKING
    pooled = ops.max(masked, axis=1, keepdims=True)  # (B, 1, C)
    paid = ops.where(ops.equal(hidden, pooled), pooled, 0.0)  # in full to every tied position
    return pooled[:, 0, :], ops.sum(paid, axis=-1)


def _average(hidden, real):
    mean = ops.sum(hidden * real, axis=1, keepdims=True) / ops.sum(real, axis=1, keepdims=True)
    distance = ops.mean(ops.square(hidden - mean), axis=-1)  # (B, T)
    return mean[:, 0, :], 1 / distance


def _min_variance(hidden, real):
    closeness = real / ops.var(hidden, axis=-1, keepdims=True)  # (B, T, 1)
    weights = closeness / ops.sum(closeness, axis=1, keepdims=True)
    return ops.sum(weights * hidden, axis=1), weights


_POOL = {
    "attention": _attention,
    "multi-head": _multi_head,
    "max": _max,
    "average": _average,
    "min-variance": _min_variance,
}
