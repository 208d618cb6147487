"""Sentence pairs in ids: splits that no sentence straddles, and what counts as a known match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from poolviz.datasets import Corpus
from poolviz.datasets.split import fraction, row_key, sentence_groups
from poolviz.errors import TrainingError
from poolviz.text.encoding import encode_many
from poolviz.text.vocabulary import Vocabulary

VALIDATION_SHARE = 0.2
# How a file of one's own was divided, see `poolviz.datasets.own_pairs.division`.
OWN_RULES = ("said", "sentences", "first sentences", "pairs")


@dataclass(frozen=True)
class Pairs:
    """Encoded pairs.

    Parameters
    ----------
    sentences : distinct sentences, int32 (tokens,) each.
    a, b : (pairs,) numbers of the two sentences.
    labels : (pairs,) int32, 1 for a match.
    keys : `row_key` of each sentence.
    vectors : of each sentence (tokens, channels), where a pretrained encoder has read them.
    """

    sentences: Sequence[np.ndarray]
    a: np.ndarray
    b: np.ndarray
    labels: np.ndarray
    keys: Sequence[str]
    vectors: Sequence[np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def lengths(self) -> np.ndarray:
        """(pairs,): tokens of the longer sentence."""
        tokens = np.array([len(ids) for ids in self.sentences])
        return np.maximum(tokens[self.a], tokens[self.b])


@dataclass(frozen=True)
class PairSplits:
    """The rows of a data set of pairs: frames of text_a, text_b, label.

    Rows for training also say in `source` which data set they are of, its own ones first.
    """

    train: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame


def split_pairs(corpus: Corpus, others: Sequence[Corpus] = ()) -> PairSplits:
    """Rows to train, validate and test on.

    Published splits are kept, and those of a file of one's own. Where no rows were published for
    training, the rows that are not for testing are drawn by groups of pairs that share a sentence.
    The others' rows, but for their test rows, join those for training. What shares a sentence with
    a validation row leaves training, but for rows of one's own, which were divided with that in
    mind.

    Raises
    ------
    TrainingError : there are no rows to train, to validate or to test on.
    """
    train, validation = corpus.split("train"), corpus.split("validation")
    rule = corpus.report["split_rule"]
    if rule not in ("published", *OWN_RULES):
        train, validation = _drawn(pd.concat([train, validation], ignore_index=True))
    parts = [(corpus, train)]
    parts += [(other, other.rows[other.rows["split"] != "test"]) for other in others]
    train = pd.concat(
        [rows.assign(source=each.dataset.key) for each, rows in parts], ignore_index=True
    )
    kept = {row_key(text) for side in ("text_a", "text_b") for text in validation[side]}
    pairs = texts_of_pairs(train)
    shared = np.array([row_key(a) in kept or row_key(b) in kept for a, b in pairs], bool)
    if rule in OWN_RULES:
        shared &= (train["source"] != corpus.dataset.key).to_numpy()
    splits = PairSplits(train[~shared], validation, corpus.split("test"))
    if splits.train.empty or splits.validation.empty or splits.test.empty:
        raise TrainingError("There are no rows to train or to validate on; add labelled rows.")
    return splits


def encode_pairs(rows: pd.DataFrame, vocabulary: Vocabulary) -> Pairs:
    """Rows in the vocabulary's ids."""
    numbers: dict[str, int] = {}
    for text in pd.concat([rows["text_a"], rows["text_b"]]):
        numbers.setdefault(text, len(numbers))
    return Pairs(
        encode_many(numbers, vocabulary),
        rows["text_a"].map(numbers).to_numpy(np.int64),
        rows["text_b"].map(numbers).to_numpy(np.int64),
        rows["label"].to_numpy(np.int32),
        [row_key(text) for text in numbers],
    )


def stands_in_training(rows: pd.DataFrame, train: pd.DataFrame) -> np.ndarray:
    """(rows,) booleans: a sentence of the pair stands in a training pair, too."""
    known = {row_key(text) for side in ("text_a", "text_b") for text in train[side]}
    shared = [row_key(a) in known or row_key(b) in known for a, b in texts_of_pairs(rows)]
    return np.array(shared, bool)


def texts_of_pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """The sentences of a frame of pairs."""
    return list(zip(rows["text_a"], rows["text_b"], strict=True))


def _drawn(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    groups = sentence_groups(texts_of_pairs(rows))
    # The key of the name: a smallest key is small itself.
    drawn = [fraction(row_key(group)) < VALIDATION_SHARE for group in groups]
    validation = np.array(drawn, bool)
    return rows[~validation], rows[validation]
