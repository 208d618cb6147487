"""From a data set to finished matchers: pairs, or texts and the names of their classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from poolviz.checkpoints.checkpoint import ONNX, Checkpoint
from poolviz.datasets import Corpus
from poolviz.datasets.pairs import Pairs, PairSplits, encode_pairs, split_pairs, texts_of_pairs
from poolviz.datasets.samples import Samples, encode_splits
from poolviz.datasets.trainable import check_trainable
from poolviz.engine import ranking
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.runtime import Engine
from poolviz.evaluation import metrics
from poolviz.evaluation.measurements import mean_weights
from poolviz.evaluation.pairs import baseline_figures, matcher_figures, unseen_pairs
from poolviz.evaluation.texts import figures_on_test_rows
from poolviz.model.kinds import PAIR
from poolviz.model.tower import WINDOW
from poolviz.text.encoding import encode_many
from poolviz.text.vocabulary import Vocabulary
from poolviz.training.card_entry import without_path
from poolviz.training.epochs import Fit
from poolviz.training.matching.fit_labels import fit_labels
from poolviz.training.matching.fit_pairs import fit_pairs
from poolviz.training.matching.matcher import export_matcher
from poolviz.training.recipe import refuse_others
from poolviz.watch import QUIET, Watch

WEIGHED_SENTENCES = 2_000  # of the test rows, to compare the weights of two seeds


@dataclass(frozen=True)
class _PreparedMatcher:
    """What pairs and class names have in common."""

    corpus: Corpus
    vocabulary: Vocabulary
    window = WINDOW  # neighbours that a position has read on each side

    def export(self, model: keras.Model, folder: Path) -> None:
        """Write the matcher's two graphs."""
        export_matcher(model, folder / ONNX, folder / PAIR)


@dataclass(frozen=True)
class PreparedPairs(_PreparedMatcher):
    """Sentence pairs in ids, with the pairs of other data sets among those for training."""

    others: tuple[Corpus, ...]
    rows: PairSplits
    train: Pairs
    validation: Pairs

    def fit(self, model_options, options, watch: Watch = QUIET) -> Fit:
        """Train one matcher."""
        return fit_pairs(
            self.train,
            self.validation,
            len(self.vocabulary),
            model_options,
            options,
            watch,
        )

    def fields(self, draft: Checkpoint) -> dict[str, Any]:
        """Window, margin, threshold of the decision, how rows were used, and test figures."""
        found = ranking.score_pairs(PairExplainer(draft), texts_of_pairs(self.rows.validation))
        labels = self.rows.validation["label"].to_numpy()
        threshold = metrics.best_threshold(labels, found.probability)
        decided = replace(draft, card={**draft.card, "threshold": threshold})
        return {
            "window": list(self.window),
            "margin": draft.card["model"]["margin"],
            "threshold": threshold,
            "rows": {
                "train": len(self.rows.train),
                "validation": len(self.rows.validation),
                "test": len(self.rows.test),
                "test_with_a_sentence_in_training": int((~self.unseen).sum()),
            },
            "together": self.together,
            **matcher_figures(decided, self.corpus, self.unseen),
            "baselines": self.baselines,
        }

    def mean_weights(self, checkpoint: Checkpoint) -> list[np.ndarray]:
        """Weights of first sentences of test pairs, given the second ones where these count."""
        texts = texts_of_pairs(self.rows.test)[:WEIGHED_SENTENCES]
        if checkpoint.kind_record.independent:
            ids = encode_many([a for a, _ in texts], self.vocabulary)
            labels = self.rows.test["label"].to_numpy(np.int32)[:WEIGHED_SENTENCES]
            return mean_weights(Engine(checkpoint), Samples(ids, labels))
        explainer, weights = PairExplainer(checkpoint), []
        for ids in zip(
            *(encode_many(side, self.vocabulary) for side in zip(*texts, strict=True)), strict=True
        ):
            a, b = (explainer.encoder.run(sentence[None, :]) for sentence in ids)
            found = explainer.compare(a, b, ["weights_a"])["weights_a"]
            weights.append(found[0].mean(axis=0))
        return weights

    @property
    def together(self) -> list[dict[str, Any]]:
        """The other data sets that were trained on, with the files that were read."""
        return [
            {
                "dataset": corpus.dataset.key,
                "files": [without_path(file) for file in corpus.files],
                "origin": corpus.dataset.origin,
                "terms": corpus.dataset.terms,
            }
            for corpus in self.others
        ]

    @cached_property
    def unseen(self) -> np.ndarray:
        """(test rows,) booleans, see `unseen_pairs`."""
        return unseen_pairs(self.rows)

    @cached_property
    def baselines(self) -> dict[str, Any]:
        """What matchers must beat, see `baseline_figures`; the same for every kind and seed."""
        return baseline_figures(self.rows, self.corpus.dataset.key, self.unseen)


@dataclass(frozen=True)
class PreparedLabels(_PreparedMatcher):
    """Texts in ids, and the names of the classes they are matched against."""

    names: Samples
    train: Samples
    validation: Samples
    test: Samples

    @property
    def others(self) -> tuple[Corpus, ...]:
        """None: a class is one of one data set."""
        return ()

    def fit(self, model_options, options, watch: Watch = QUIET) -> Fit:
        """Train one matcher."""
        return fit_labels(
            self.train,
            self.validation,
            self.names,
            len(self.vocabulary),
            model_options,
            options,
            watch,
        )

    def fields(self, draft: Checkpoint) -> dict[str, Any]:
        """Window, margin, threshold, and test figures of the class with the best match."""
        return {
            "window": list(self.window),
            "margin": draft.card["model"]["margin"],
            "threshold": 0.5,
            "test": figures_on_test_rows(draft, self.corpus),
        }

    def mean_weights(self, checkpoint: Checkpoint) -> list[np.ndarray]:
        """Weights of test texts."""
        some = Samples(self.test.ids[:WEIGHED_SENTENCES], self.test.labels[:WEIGHED_SENTENCES])
        return mean_weights(Engine(checkpoint), some)


def prepare_pairs(corpus: Corpus, min_frequency: int, others: Sequence[Corpus]) -> PreparedPairs:
    """Build the vocabulary on the training pairs and encode the splits with it.

    Raises
    ------
    TrainingError : the data set lacks rows.
    """
    rows = split_pairs(corpus, others)
    sentences = pd.concat([rows.train["text_a"], rows.train["text_b"]])
    vocabulary = Vocabulary.build(
        sentences, corpus.dataset.unit, min_frequency, corpus.dataset.preparation
    )
    train, validation = (encode_pairs(part, vocabulary) for part in (rows.train, rows.validation))
    return PreparedPairs(corpus, vocabulary, tuple(others), rows, train, validation)


def prepare_labels(corpus: Corpus, min_frequency: int, others: Sequence[Corpus]) -> PreparedLabels:
    """Build the vocabulary on the training texts and class names, and encode all with it.

    Raises
    ------
    TrainingError : there are other data sets, whose classes are others; or rows are lacking.
    """
    refuse_others(others)
    check_trainable(corpus)
    texts = [*corpus.split("train")["text"], *corpus.dataset.classes * min_frequency]
    vocabulary = Vocabulary.build(
        texts, corpus.dataset.unit, min_frequency, corpus.dataset.preparation
    )
    names = names_of_classes(corpus, vocabulary)
    return PreparedLabels(corpus, vocabulary, names, **encode_splits(corpus, vocabulary))


def names_of_classes(corpus: Corpus, vocabulary: Vocabulary) -> Samples:
    """The classes' names in ids."""
    classes = corpus.dataset.classes
    return Samples(encode_many(classes, vocabulary), np.arange(len(classes), dtype=np.int32))
