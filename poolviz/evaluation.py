"""How good a checkpoint is on a data set's rows, through the engine, without loading Keras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from poolviz import bulk, checkpoints, metrics
from poolviz.checkpoints import Checkpoint
from poolviz.datasets import Corpus
from poolviz.engine import Engine
from poolviz.text import Vocabulary, encode


@dataclass(frozen=True)
class Samples:
    """Encoded texts: `ids[i]` is int32 (tokens,), `labels` int32 (texts,)."""

    ids: Sequence[np.ndarray]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


def encode_split(corpus: Corpus, split: str, vocabulary: Vocabulary) -> Samples:
    """The rows of one split in the vocabulary's ids."""
    rows = corpus.split(split)
    ids = [encode(text, vocabulary)[1] for text in rows["text"]]
    return Samples(ids, rows["label"].to_numpy(np.int32))


def test_figures(checkpoint: Checkpoint, corpus: Corpus, **watch) -> dict[str, Any]:
    """Figures of a checkpoint on a corpus' test rows, as the card holds them (`metrics.evaluate`).

    `watch` is handed to `poolviz.bulk.run_many`: progress, cancelled.
    """
    vocabulary = Vocabulary.load(checkpoint.path(checkpoints.VOCABULARY))
    samples = encode_split(corpus, "test", vocabulary)
    predicted = bulk.probabilities(Engine(checkpoint), samples.ids, **watch).argmax(axis=1)
    return metrics.evaluate(samples.labels, predicted, checkpoint.classes)
