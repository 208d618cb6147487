"""Fitting a classifier: its loss, and what it reads of a batch."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from poolviz.datasets.samples import Samples
from poolviz.engine.bulk import lengths_of
from poolviz.errors import TrainingError
from poolviz.model.options import ModelOptions, TrainingOptions
from poolviz.training.classifier import (
    HeadClassifier,
    PoolingClassifier,
    VectorClassifier,
)
from poolviz.training.diversity import likeness_of_rows
from poolviz.training.epochs import Fit, grouped_batches, moving_parts, run_epochs, with_holes
from poolviz.training.inputs import (
    batch_of_samples,
    example_for,
    specification,
    width_of,
)
from poolviz.watch import QUIET, Watch

UNEVEN_CLASSES = 1.5  # the largest class over the smallest, from which on classes are weighted


def fit(
    train: Samples,
    validation: Samples,
    vocabulary_size: int,
    classes: int,
    model_options: ModelOptions,
    options: TrainingOptions,
    watch: Watch = QUIET,
) -> Fit:
    """Train until the validation loss has not improved for `patience` epochs; keep the best.

    `watch` is looked at after every batch; it is told a `Progress`.

    Raises
    ------
    TrainingError : there is nothing to train or to validate on, or only one class, or the fit
        diverges.
    """
    _check(train, validation)
    keras.utils.set_random_seed(options.seed)
    model = _new_model(train, vocabulary_size, classes, model_options)
    model(example_for(model))
    moving = moving_parts(model, options)
    read = specification(train.vectors)
    step = _training_step(model, moving, options, model_options.diversity, read)
    measure = _measuring_step(model, read)
    weights = class_weights(train.labels, classes)[train.labels]
    return run_epochs(
        model,
        lengths_of(train.ids),
        lambda batch: step(batch_of_samples(train, batch), train.labels[batch], weights[batch]),
        lambda: _measure(measure, validation),
        options,
        moving,
        watch,
    )


def class_weights(labels: np.ndarray, classes: int) -> np.ndarray:
    """(classes,) float32 weights of the loss, 1 on average over the rows.

    All 1 while the largest class has at most 1.5 times the rows of the smallest, else inverse to
    the square root of a class' size: enough to keep small classes, without giving up accuracy for
    them as the full inverse does.
    """
    counts = np.bincount(labels, minlength=classes).astype(np.float64)
    present = counts > 0
    if counts[present].max() <= UNEVEN_CLASSES * counts[present].min():
        return np.ones(classes, np.float32)
    weights = np.where(present, 1 / np.sqrt(np.maximum(counts, 1)), 0)
    return (weights * counts.sum() / (weights * counts).sum()).astype(np.float32)


def _new_model(
    train: Samples, vocabulary_size: int, classes: int, options: ModelOptions
) -> HeadClassifier:
    """A classifier of what the training rows are: ids, or what an encoder made of them."""
    width = width_of(train.vectors)
    if width is None:
        return PoolingClassifier(vocabulary_size, classes, options)
    return VectorClassifier(width, classes, options)


def _training_step(model, moving, options, diversity, read):
    optimizer = moving.optimizer

    # Compiling with XLA is an order of magnitude slower on CPUs for batches of many shapes.
    @tf.function(input_signature=(read, *_SIGNATURE), jit_compile=False)
    def step(inputs, labels, weights):
        inputs = with_holes(inputs, options, moving)
        with tf.GradientTape() as tape:
            outputs = model(inputs, training=True)
            loss = whole = tf.reduce_mean(_losses(labels, outputs["logits"]) * weights)
            if diversity:
                whole += diversity * likeness_of_rows(outputs["weights"])
        gradients = tape.gradient(whole, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return step


def _measuring_step(model, read):
    @tf.function(input_signature=(read, _SIGNATURE[0]), jit_compile=False)
    def measure(inputs, labels):
        logits = model(inputs, training=False)["logits"]
        hits = tf.equal(tf.argmax(logits, -1, output_type=tf.int32), labels)
        return tf.reduce_sum(_losses(labels, logits)), tf.reduce_sum(tf.cast(hits, tf.int32))

    return measure


_SIGNATURE = (
    tf.TensorSpec((None,), tf.int32),
    tf.TensorSpec((None,), tf.float32),
)


def _losses(labels, logits):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)


def _measure(measure, samples: Samples) -> tuple[float, float]:
    """Mean loss (nats) and accuracy of all samples."""
    loss, hits = 0.0, 0
    for batch in grouped_batches(lengths_of(samples.ids), 256, np.random.default_rng(0)):
        batch_loss, batch_hits = measure(batch_of_samples(samples, batch), samples.labels[batch])
        loss, hits = loss + float(batch_loss), hits + int(batch_hits)
    return loss / len(samples), hits / len(samples)


def _check(train: Samples, validation: Samples) -> None:
    if not len(train) or not len(validation):
        raise TrainingError("There are no rows to train or to validate on; add labelled rows.")
    if len(np.unique(train.labels)) < 2:
        raise TrainingError("All training rows have the same label; give rows of two classes.")
