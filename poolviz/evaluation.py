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
from poolviz.errors import CheckpointError, DataError
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


def test_figures(checkpoint: Checkpoint, corpus: Corpus, **watch) -> dict[str, Any] | None:
    """Figures of a checkpoint on a corpus' test rows, as the card holds them (`metrics.evaluate`).

    `watch` is handed to `poolviz.bulk.run_many`: progress, cancelled. Returns None where
    `cancelled()` became True.

    Raises
    ------
    CheckpointError : the checkpoint is damaged, or its classes are not those of the corpus.
    DataError : the corpus has no test rows.
    """
    engine = Engine(checkpoint)
    _check_classes(checkpoint, corpus)
    vocabulary = Vocabulary.load(checkpoint.path(checkpoints.VOCABULARY))
    samples = encode_split(corpus, "test", vocabulary)
    if not len(samples):
        raise DataError(
            "The files of {dataset} hold no row to test on; give more rows.",
            dataset=corpus.dataset.key,
        )
    probabilities = bulk.probabilities(engine, samples.ids, **watch)
    if not len(probabilities) or np.isnan(probabilities).any():
        return None
    return metrics.evaluate(samples.labels, probabilities.argmax(axis=1), checkpoint.classes)


def _check_classes(checkpoint: Checkpoint, corpus: Corpus) -> None:
    if checkpoint.classes != corpus.dataset.classes:
        raise CheckpointError(
            "Checkpoint {task}/{name} was trained on other classes ({known}) than these files "
            "hold ({found}); give the files it was trained on, or train it again.",
            task=checkpoint.task,
            name=checkpoint.name,
            known=", ".join(checkpoint.classes),
            found=", ".join(corpus.dataset.classes),
        )
