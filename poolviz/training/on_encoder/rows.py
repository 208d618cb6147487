"""Rows ready to be trained on whose token vectors a frozen encoder gives, for each kind of model.

Each text is read once, for all heads and seeds; see `poolviz.encoders.store`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from poolviz.datasets import Corpus
from poolviz.datasets.pairs import Pairs, encode_pairs, split_pairs
from poolviz.datasets.samples import Samples, encode_splits
from poolviz.datasets.trainable import check_trainable
from poolviz.encoders.encoder import Encoder
from poolviz.encoders.store import size_of
from poolviz.encoders.vocabulary import EncoderVocabulary
from poolviz.engine.vectors import vectors_of
from poolviz.training.epochs import Fit
from poolviz.training.matching.matcher_recipe import PreparedLabels, PreparedPairs, names_of_classes
from poolviz.training.recipe import PreparedTexts, refuse_others
from poolviz.values.explanation import WHOLE_TEXT
from poolviz.values.shapes import IdsOfText
from poolviz.watch import QUIET, Watch


class _OnEncoder:
    """What all of them have in common: texts that are read before the first training."""

    vocabulary: EncoderVocabulary
    window = WHOLE_TEXT

    @property
    def encoder(self) -> Encoder:
        """Whose vectors are pooled."""
        return self.vocabulary.encoder

    @cached_property
    def texts(self) -> Sequence[IdsOfText]:
        """All that is trained and tested on, in ids."""
        raise NotImplementedError

    @cached_property
    def missing(self) -> tuple[int, int]:
        """How many texts have to be read before the first training, and bytes of their vectors."""
        texts = vectors_of(self.encoder).missing(self.texts)
        return len(texts), size_of(texts, self.encoder)

    def read(self, watch: Watch = QUIET) -> None:
        """Keep the vectors of all texts on disk; see `poolviz.engine.vectors.Vectors.keep`."""
        vectors_of(self.encoder).keep(self.texts, watch)

    def _read_quietly(self, watch: Watch) -> None:
        """Before a fit, which tells of its own progress alone."""
        self.read(Watch(cancelled=watch.cancelled))

    def _with_vectors(self, samples: Samples) -> Samples:
        return replace(samples, vectors=vectors_of(self.encoder).of(samples.ids))


@dataclass(frozen=True)
class TextsOnEncoder(_OnEncoder, PreparedTexts):
    """Texts and their classes."""

    vocabulary: EncoderVocabulary

    @cached_property
    def texts(self) -> Sequence[IdsOfText]:
        """All rows."""
        return [*self.train.ids, *self.validation.ids, *self.test.ids]

    def fit(self, model_options, options, watch: Watch = QUIET) -> Fit:
        """Train one classifier on the vectors, which are read where they were not yet."""
        self._read_quietly(watch)
        train, validation = map(self._with_vectors, (self.train, self.validation))
        rows = replace(self, train=train, validation=validation)
        return PreparedTexts.fit(rows, model_options, options, watch)


@dataclass(frozen=True)
class PairsOnEncoder(_OnEncoder, PreparedPairs):
    """Sentence pairs."""

    vocabulary: EncoderVocabulary

    @cached_property
    def texts(self) -> Sequence[IdsOfText]:
        """The sentences of all pairs."""
        tested = encode_pairs(self.rows.test, self.vocabulary).sentences
        return [*self.train.sentences, *self.validation.sentences, *tested]

    def fit(self, model_options, options, watch: Watch = QUIET) -> Fit:
        """Train one matcher on the vectors, which are read where they were not yet."""
        self._read_quietly(watch)
        train, validation = map(self._of_pairs, (self.train, self.validation))
        rows = replace(self, train=train, validation=validation)
        return PreparedPairs.fit(rows, model_options, options, watch)

    def _of_pairs(self, pairs: Pairs) -> Pairs:
        return replace(pairs, vectors=vectors_of(self.encoder).of(pairs.sentences))


@dataclass(frozen=True)
class LabelsOnEncoder(_OnEncoder, PreparedLabels):
    """Texts, and the names of the classes they are matched against."""

    vocabulary: EncoderVocabulary

    @cached_property
    def texts(self) -> Sequence[IdsOfText]:
        """All rows, and the names."""
        return [*self.names.ids, *self.train.ids, *self.validation.ids, *self.test.ids]

    def fit(self, model_options, options, watch: Watch = QUIET) -> Fit:
        """Train one matcher on the vectors, which are read where they were not yet."""
        self._read_quietly(watch)
        names, train, validation = map(
            self._with_vectors, (self.names, self.train, self.validation)
        )
        rows = replace(self, names=names, train=train, validation=validation)
        return PreparedLabels.fit(rows, model_options, options, watch)


def prepare_texts(corpus: Corpus, encoder: Encoder, others: Sequence[Corpus]) -> TextsOnEncoder:
    """Cut all rows as the encoder's tokenizer does.

    Raises
    ------
    TrainingError : there are other data sets, whose classes are others; or rows are lacking.
    """
    refuse_others(others)
    check_trainable(corpus)
    vocabulary = _vocabulary(corpus, encoder)
    return TextsOnEncoder(corpus, vocabulary, **encode_splits(corpus, vocabulary))


def prepare_pairs(corpus: Corpus, encoder: Encoder, others: Sequence[Corpus]) -> PairsOnEncoder:
    """Cut the sentences of all pairs as the encoder's tokenizer does.

    Raises
    ------
    TrainingError : the data set lacks rows.
    """
    rows, vocabulary = split_pairs(corpus, others), _vocabulary(corpus, encoder)
    train, validation = (encode_pairs(part, vocabulary) for part in (rows.train, rows.validation))
    return PairsOnEncoder(corpus, vocabulary, tuple(others), rows, train, validation)


def prepare_labels(corpus: Corpus, encoder: Encoder, others: Sequence[Corpus]) -> LabelsOnEncoder:
    """Cut all rows and the classes' names as the encoder's tokenizer does.

    Raises
    ------
    TrainingError : there are other data sets, whose classes are others; or rows are lacking.
    """
    refuse_others(others)
    check_trainable(corpus)
    vocabulary = _vocabulary(corpus, encoder)
    names = names_of_classes(corpus, vocabulary)
    return LabelsOnEncoder(corpus, vocabulary, names, **encode_splits(corpus, vocabulary))


def _vocabulary(corpus: Corpus, encoder: Encoder) -> EncoderVocabulary:
    dataset = corpus.dataset
    return EncoderVocabulary.of(encoder, dataset.unit, dataset.preparation)
