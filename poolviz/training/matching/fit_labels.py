"""Fitting a matcher of texts and class names."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from poolviz.datasets.samples import Samples
from poolviz.engine.bulk import lengths_of
from poolviz.errors import TrainingError
from poolviz.model.options import MatcherOptions, MatchingOptions
from poolviz.training.epochs import Fit, moving_parts, run_epochs, with_holes
from poolviz.training.inputs import batch_of_samples, specification, width_of
from poolviz.training.matching.fit_pairs import (
    LABELS,
    chunks,
    descend,
    new_model,
    schedule,
)
from poolviz.training.matching.matcher import HeadMatcher
from poolviz.watch import QUIET, Watch


def fit_labels(
    train: Samples,
    validation: Samples,
    names: Samples,
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
    names : the class names, in the order of the labels.

    Raises
    ------
    TrainingError : only one class, or the fit diverges.
    """
    if len(np.unique(train.labels)) < 2 or not len(validation):
        raise TrainingError("All training rows have the same label; give rows of two classes.")
    model, _ = new_model(vocabulary_size, model_options, options, width_of(train.vectors))
    moving = moving_parts(model, options)
    read = specification(train.vectors)
    every_name = tf.nest.map_structure(tf.constant, batch_of_samples(names, np.arange(len(names))))

    @tf.function(input_signature=(read, LABELS), jit_compile=False)
    def step(texts, labels):
        texts = with_holes(texts, options, moving)
        with tf.GradientTape() as tape:
            logits = label_logits(model, texts, every_name, True)
            loss = tf.reduce_mean(_label_losses(labels, logits))
        descend(tape, loss, model, moving.optimizer)
        return loss

    @tf.function(input_signature=(read, LABELS), jit_compile=False)
    def measure(texts, labels):
        logits = label_logits(model, texts, every_name, False)
        hits = tf.equal(tf.argmax(logits, -1, output_type=tf.int32), labels)
        return tf.reduce_sum(_label_losses(labels, logits)), tf.reduce_sum(tf.cast(hits, tf.int32))

    def validate() -> tuple[float, float]:
        found = [
            measure(batch_of_samples(validation, rows), validation.labels[rows])
            for rows in chunks(len(validation))
        ]
        loss, hits = (sum(float(part[i]) for part in found) for i in range(2))
        return loss / len(validation), hits / len(validation)

    return run_epochs(
        model,
        lengths_of(train.ids),
        lambda batch: step(batch_of_samples(train, batch), train.labels[batch]),
        validate,
        options,
        moving,
        watch,
        schedule(moving.optimizer, options),
    )


def label_logits(model: HeadMatcher, texts, names, training: bool):
    """Logits (texts, names) of a match between each text and each class name."""
    texts = model.encode(texts, training)["vector"]
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
