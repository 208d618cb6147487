"""Fitting a matcher of texts and class names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from poolviz.datasets.samples import Samples
from poolviz.engine.bulk import lengths_of, padded
from poolviz.errors import TrainingError
from poolviz.model.options import MatcherOptions, MatchingOptions
from poolviz.training.epochs import Fit, moving_parts, run_epochs, with_holes
from poolviz.training.matching.fit_pairs import (
    IDS,
    LABELS,
    chunks,
    descend,
    new_model,
    schedule,
)
from poolviz.training.matching.matcher import Matcher
from poolviz.watch import QUIET, Watch


def fit_labels(
    train: Samples,
    validation: Samples,
    names: Sequence[np.ndarray],
    vocabulary_size: int,
    model_options: MatcherOptions,
    options: MatchingOptions,
    watch: Watch = QUIET,
) -> Fit:
    """Train a matcher of texts and class names; see `poolviz.training.epochs.run_epochs`.

    Each text is matched against every name. The loss is that of these pairs, each a match or none,
    and that of the right name among all of them.

    Parameters
    ----------
    names : ids of each class name, in the order of the labels.

    Raises
    ------
    TrainingError : only one class, or the fit diverges.
    """
    if len(np.unique(train.labels)) < 2 or not len(validation):
        raise TrainingError("All training rows have the same label; give rows of two classes.")
    model, _ = new_model(vocabulary_size, model_options, options)
    moving = moving_parts(model, options)
    every_name = tf.constant(padded(names, np.arange(len(names))))

    @tf.function(input_signature=(IDS, LABELS), jit_compile=False)
    def step(ids, labels):
        ids = with_holes(ids, options, moving)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(_label_losses(labels, label_logits(model, ids, every_name, True)))
        descend(tape, loss, model, moving.optimizer)
        return loss

    @tf.function(input_signature=(IDS, LABELS), jit_compile=False)
    def measure(ids, labels):
        logits = label_logits(model, ids, every_name, False)
        hits = tf.equal(tf.argmax(logits, -1, output_type=tf.int32), labels)
        return tf.reduce_sum(_label_losses(labels, logits)), tf.reduce_sum(tf.cast(hits, tf.int32))

    def validate() -> tuple[float, float]:
        found = [
            measure(padded(validation.ids, rows), validation.labels[rows])
            for rows in chunks(len(validation))
        ]
        loss, hits = (sum(float(part[i]) for part in found) for i in range(2))
        return loss / len(validation), hits / len(validation)

    return run_epochs(
        model,
        lengths_of(train.ids),
        lambda batch: step(padded(train.ids, batch), train.labels[batch]),
        validate,
        options,
        moving,
        watch,
        schedule(moving.optimizer, options),
    )


def label_logits(model: Matcher, ids, names, training: bool):
    """Logits (texts, names) of a match between each text and each class name."""
    texts = model.encode(ids, training)["vector"]
    labels = model.encode(names, training)["vector"]
    count, classes = tf.shape(texts)[0], tf.shape(labels)[0]
    pairs = {
        "vector_a": tf.repeat(texts, classes, axis=0),
        "vector_b": tf.tile(labels, tf.stack([count, 1])),
    }
    return tf.reshape(model.compare(pairs, training)["logit"], (count, classes))


def _label_losses(labels, logits):
    """(texts,): cross-entropy among the names, and of each pair by itself."""
    among = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    wanted = tf.one_hot(labels, tf.shape(logits)[1])
    each = tf.nn.sigmoid_cross_entropy_with_logits(wanted, logits)
    return among + tf.reduce_mean(each, axis=-1)
