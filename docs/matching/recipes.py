"""Recipes of a matcher that were tried and did not help: `python docs/matching/recipes.py NAME`.

All learn from lcqmc's dev file, bq_corpus and atec, without any pair of which a sentence stands in
lcqmc's test file. A recipe is chosen by the held-out dev pairs; what it does on the test file is
printed beside, for the table in README.md. Needs TensorFlow and the three data sets.

`bag` is no recipe: it prints how often the labels of the held-out dev pairs follow from the n-grams
of both sentences in one bag, which compares nothing. Nor is `mean NAME NAME …`, the mean of models
that were trained before, in this folder.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from poolviz import datasets
from poolviz.datasets.pairs import (
    encode_pairs,
    split_pairs,
    stands_in_training,
    texts_of_pairs,
)
from poolviz.evaluation.baselines import NgramRegression
from poolviz.evaluation.metrics import best_threshold, evaluate_pairs
from poolviz.model.options import MatcherOptions, MatchingOptions
from poolviz.text.vocabulary import Vocabulary
from poolviz.training.activations import gelu
from poolviz.training.matching import fit_pairs, matcher
from poolviz.training.matching.tower import Tower, _sinusoids
from poolviz.values.interval import Interval

BUCKETS = 8_192  # of the hashed embedding of two neighbouring characters: 2 MB


class BigramTower(Tower):
    """The tower with an embedding of each character and its successor, hashed, beside its own."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        small = keras.initializers.RandomUniform(-0.03, 0.03)
        self.pairs = keras.layers.Embedding(BUCKETS, self.sizes["width"], small)

    def build(self, ids_shape):
        """Make all weights."""
        super().build(ids_shape)
        self.pairs.build(ids_shape)

    def call(self, ids, training=False):
        """(B, T) ids → (B, T, C) vectors, zeros at id 0."""
        after = ops.pad(ids[:, 1:], [[0, 0], [0, 1]])
        bucket = ops.mod(ids * 7_919 + after * 104_729, BUCKETS)
        real, both = (
            ops.expand_dims(ops.cast(found, self.compute_dtype), -1)
            for found in (ids != 0, (ids != 0) & (after != 0))
        )
        x = self.embedding(ids) + self.pairs(bucket) * both
        x += self.position_gain * _sinusoids(ids, self.sizes["width"])
        x = self.dropout(self.normalisation(x), training=training) * real
        for convolution in self.convolutions:
            x = (x + gelu(convolution(x))) * real
        return x


def among_all(model, outputs, matches):
    """Each match finds its partner among all other sentences of the batch, of both sides."""
    sides = [fit_pairs.unit_vectors(outputs[f"vector_{side}"]) for side in fit_pairs.SIDES]
    count, vectors = tf.shape(sides[0])[0], tf.concat(sides, 0)
    cosines = tf.matmul(vectors, vectors, transpose_b=True) / fit_pairs.TEMPERATURE
    cosines -= 1e4 * tf.eye(2 * count)
    partners = tf.concat([tf.range(count) + count, tf.range(count)], 0)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(partners, cosines)
    weights = tf.concat([matches, matches], 0)
    return tf.reduce_sum(losses * weights) / tf.maximum(tf.reduce_sum(weights), 1)


# By name: dropout, options of the fit, the tower, the contrastive loss.
USUAL = (Tower, fit_pairs._contrastive_loss)
RECIPES = {
    "shipped": (0.1, {}, *USUAL),
    "bigrams": (0.1, {}, BigramTower, USUAL[1]),
    "bigrams-dropout": (
        0.3,
        {"token_dropout": 0.15, "epochs": 8, "steady_epochs": 5},
        BigramTower,
        USUAL[1],
    ),
    "contrast": (0.2, {"contrast": 1.0}, Tower, among_all),
}


def bag() -> None:
    """Print the accuracy of a regression on the n-grams of both sentences together."""
    rows = split_pairs(datasets.load("lcqmc"))
    train, dev = (
        [(f"{a}\n{b}", "") for a, b in texts_of_pairs(part)]
        for part in (rows.train, rows.validation)
    )
    found = NgramRegression().fit(train, rows.train["label"].to_numpy()).probabilities(dev)
    labels = rows.validation["label"].to_numpy()
    figures = evaluate_pairs(labels, found, best_threshold(labels, found))
    print("bag", "dev", Interval.read(figures["accuracy"]).as_number())


def mean(names: Sequence[str]) -> None:
    """Print the figures of the mean of several models' logits, standardised on dev."""
    rows = split_pairs(datasets.load("lcqmc"))
    logits = [np.load(f"{name}.npz") for name in names]
    centres = [(each["dev"].mean(), each["dev"].std()) for each in logits]
    parts = {"dev": rows.validation, "test": rows.test}
    found = {
        part: np.mean(
            [(each[part] - c) / s for each, (c, s) in zip(logits, centres, strict=True)], axis=0
        )
        for part in parts
    }
    labels = {part: of["label"].to_numpy() for part, of in parts.items()}
    threshold = best_threshold(labels["dev"], found["dev"])
    for part in parts:
        _print_figures(f"mean of {', '.join(names)}", part, labels[part], found[part], threshold)


def main(name: str, *others: str) -> None:
    """Train one recipe and print its figures."""
    if name == "bag":
        return bag()
    if name == "mean":
        return mean(others)
    dropout, changes, tower, contrast = RECIPES[name]
    matcher.Tower, fit_pairs._contrastive_loss = tower, contrast
    corpus = datasets.load("lcqmc")
    rows = split_pairs(corpus, [datasets.load(key) for key in ("bq_corpus", "atec")])
    learned = rows.train[~stands_in_training(rows.train, rows.test)]
    sentences = [*learned["text_a"], *learned["text_b"]]
    options = MatchingOptions(patience=8, **changes)
    vocabulary = Vocabulary.build(sentences, corpus.dataset.unit, options.min_frequency)
    train, dev, test = (encode_pairs(r, vocabulary) for r in (learned, rows.validation, rows.test))
    model_options = MatcherOptions("siamese", "multi-head", dropout=dropout)
    fit = fit_pairs.fit_pairs(train, dev, len(vocabulary), model_options, options)
    on_dev, on_test = (fit_pairs._logits_of(fit.model, pairs)() for pairs in (dev, test))
    threshold = best_threshold(dev.labels, on_dev)
    np.savez(f"{name}.npz", dev=on_dev, test=on_test, threshold=threshold)
    _print_figures(name, "dev", dev.labels, on_dev, threshold)
    _print_figures(name, "test", test.labels, on_test, threshold)


def _print_figures(
    name: str, part: str, labels: np.ndarray, logits: np.ndarray, threshold: float
) -> None:
    figures = evaluate_pairs(labels, logits, threshold)
    each = (Interval.read(figures[figure]).as_number() for figure in ("accuracy", "roc_auc"))
    print(name, part, *each)


if __name__ == "__main__":
    main(*sys.argv[1:])
