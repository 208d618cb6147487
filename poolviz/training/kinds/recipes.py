"""How each kind of model makes a data set ready to be trained on, by itself or on an encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import Corpus
from poolviz.datasets.samples import Samples, encode_split
from poolviz.datasets.streamed.rows import Streamed
from poolviz.datasets.streamed.stored import Writer, samples_in
from poolviz.datasets.trainable import check_trainable
from poolviz.encoders.encoder import Encoder, find
from poolviz.encoders.store import size_of
from poolviz.encoders.vocabulary import EncoderVocabulary
from poolviz.engine.vectors import vectors_of
from poolviz.model.kinds import KINDS
from poolviz.text.encoding import encode_many
from poolviz.text.vocabulary import Vocabulary
from poolviz.training.epochs import Fit
from poolviz.training.matching.matcher_recipe import prepare_labels, prepare_pairs
from poolviz.training.recipe import Prepared, PreparedTexts, prepare_texts, refuse_others
from poolviz.values.explanation import WHOLE_TEXT
from poolviz.watch import QUIET, Watch

_ROWS_AT_ONCE = 10_000
# By the recipe of a kind what prepares a data set, given how often a token of the vocabulary must
# occur, and data sets to train on as well.
RECIPES: dict[str, Callable[[Corpus, int, Sequence[Corpus]], Prepared]] = {
    "texts": prepare_texts,
    "pairs": prepare_pairs,
    "triplets": prepare_pairs,
    "labels": prepare_labels,
}


def prepare(
    corpus: Corpus,
    kind: str,
    min_frequency: int,
    others: Sequence[Corpus] = (),
    encoder: str = "",
) -> Prepared:
    """Build the vocabulary on the training rows and encode the splits with it.

    Parameters
    ----------
    kind : key of `poolviz.model.kinds.KINDS`.
    others : data sets to train on as well.
    encoder : name of one that was added, whose tokens and vectors are trained on.

    Raises
    ------
    ChoiceError : a data set has other rows than the kind takes, or there is no such encoder.
    TrainingError : rows are lacking, or the kind learns from one data set alone.
    """
    for each in (corpus, *others):
        each.dataset.check_rows(KINDS[kind].rows)
    if encoder:
        refuse_others(others)
        return prepare_vectors(corpus, find(encoder))
    return RECIPES[KINDS[kind].recipe](corpus, min_frequency, others)


def prepare_streamed(
    streamed: Streamed, min_frequency: int, folder: Path, watch: Watch = QUIET
) -> PreparedTexts:
    """The same of rows that do not fit into memory: those to train on lie in a folder, in ids.

    Batches are made as of rows in memory, so that the same seed gives the same model.

    Parameters
    ----------
    folder : an empty one, which stays for as long as there are trainings.
    watch : looked at while rows are read.

    Raises
    ------
    Cancelled : it was stopped.
    OSError : nothing can be written there.
    """
    corpus = streamed.corpus
    texts = (text for text, _label in streamed.train(watch))
    vocabulary = Vocabulary.build(texts, corpus.dataset.unit, min_frequency)
    rows = streamed.train(watch)
    with Writer(folder) as writer:
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            ids = encode_many((text for text, _label in some), vocabulary)
            writer.add(ids, [label for _text, label in some])
    validation, test = (encode_split(corpus, name, vocabulary) for name in ("validation", "test"))
    return PreparedTexts(corpus, vocabulary, samples_in(folder), validation, test)


@dataclass(frozen=True)
class PreparedVectors(PreparedTexts):
    """A data set for classification in ids, whose token vectors an encoder gives."""

    vocabulary: EncoderVocabulary

    @property
    def encoder(self) -> Encoder:
        """Whose vectors are pooled."""
        return self.vocabulary.encoder

    @cached_property
    def missing(self) -> tuple[int, int]:
        """How many texts have to be read before the first training, and bytes of their vectors."""
        texts = vectors_of(self.encoder).missing(self._ids())
        return len(texts), size_of(texts, self.encoder)

    def read(self, watch: Watch = QUIET) -> None:
        """Keep the vectors of all rows on disk; see `poolviz.engine.vectors.Vectors.keep`."""
        vectors_of(self.encoder).keep(self._ids(), watch)

    def fit(self, model_options, options, watch: Watch = QUIET) -> Fit:
        """Train one classifier on the vectors, which are read where they were not yet."""
        self.read(Watch(cancelled=watch.cancelled))
        rows = replace(self, train=self._with(self.train), validation=self._with(self.validation))
        return PreparedTexts.fit(rows, model_options, options, watch)

    def fields(self, draft: Checkpoint) -> dict[str, Any]:
        """The test figures; each position has read the whole text."""
        return {**super().fields(draft), "window": list(WHOLE_TEXT)}

    def _ids(self) -> list[np.ndarray]:
        return [*self.train.ids, *self.validation.ids, *self.test.ids]

    def _with(self, samples: Samples) -> Samples:
        return replace(samples, vectors=vectors_of(self.encoder).of(samples.ids))


def prepare_vectors(corpus: Corpus, encoder: Encoder) -> PreparedVectors:
    """Cut all rows as the encoder's tokenizer does.

    Raises
    ------
    TrainingError : rows are lacking.
    """
    check_trainable(corpus)
    dataset = corpus.dataset
    vocabulary = EncoderVocabulary.of(encoder, dataset.unit, dataset.preparation)
    splits = {
        name: encode_split(corpus, name, vocabulary) for name in ("train", "validation", "test")
    }
    return PreparedVectors(corpus, vocabulary, **splits)
