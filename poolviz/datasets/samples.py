"""The rows of a data set in a vocabulary's ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.datasets.corpus import Corpus
from poolviz.datasets.dataset import SPLITS
from poolviz.text.encoding import encode_many
from poolviz.text.vocabulary import Vocabulary


@dataclass(frozen=True)
class Samples:
    """Encoded texts: `ids[i]` is int32 (tokens,), `labels` int32 (texts,).

    `vectors[i]`, where a pretrained encoder has read them, is (tokens, channels).
    """

    ids: Sequence[np.ndarray]
    labels: np.ndarray
    vectors: Sequence[np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self.ids)


def encode_split(corpus: Corpus, split: str, vocabulary: Vocabulary) -> Samples:
    """The rows of one split in the vocabulary's ids."""
    rows = corpus.split(split)
    ids = encode_many(rows["text"], vocabulary)
    return Samples(ids, rows["label"].to_numpy(np.int32))


def encode_splits(corpus: Corpus, vocabulary: Vocabulary) -> dict[str, Samples]:
    """The rows of all splits: `train`, `validation`, `test`."""
    return {name: encode_split(corpus, name, vocabulary) for name in SPLITS}
