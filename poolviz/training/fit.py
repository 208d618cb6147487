"""Fitting a classifier: length-grouped batches, early stopping, progress events, a fixed seed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from poolviz.datasets.samples import Samples
from poolviz.engine.bulk import lengths_of, padded
from poolviz.errors import TrainingError
from poolviz.model.options import ModelOptions, TrainingOptions
from poolviz.training.classifier import PoolingClassifier
from poolviz.watch import QUIET, Watch

TOKENS_PER_BATCH = 8_192
UNEVEN_CLASSES = 1.5  # the largest class over the smallest, from which on classes are weighted


@dataclass(frozen=True)
class Progress:
    """Where a training stands: after every batch, and with `validation_accuracy` after an epoch."""

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None


@dataclass(frozen=True)
class Fit:
    """A trained model with how it went; `history` has one entry per epoch."""

    model: keras.Model
    history: tuple[dict[str, float], ...]
    best_epoch: int
    seconds: float
    samples_per_second: float


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
    model = PoolingClassifier(vocabulary_size, classes, model_options)
    model(np.ones((1, 4), np.int32))
    step = _training_step(model, options)
    measure = _measuring_step(model)
    weights = class_weights(train.labels, classes)[train.labels]
    return run_epochs(
        model,
        lengths_of(train.ids),
        lambda batch: step(padded(train.ids, batch), train.labels[batch], weights[batch]),
        lambda: _measure(measure, validation),
        options,
        watch,
    )


def run_epochs(
    model: keras.Model,
    lengths: np.ndarray,
    step: Callable[[np.ndarray], Any],
    validate: Callable[[], tuple[float, float]],
    options: TrainingOptions,
    watch: Watch = QUIET,
    begin: Callable[[int], None] = lambda epoch: None,
) -> Fit:
    """Train any model until validation has not improved for `patience` epochs; keep the best.

    Parameters
    ----------
    lengths : tokens of each training row, by which batches are made.
    step : trains on the rows with these indices, and returns their loss.
    validate : loss and accuracy on the validation rows.
    watch : looked at after every batch; it is told a `Progress`.
    begin : called with the number of each epoch, from 1, before its first batch.

    Raises
    ------
    TrainingError : the fit diverges.
    """
    rng = np.random.default_rng(options.seed)
    best, best_weights = 0, None
    history: list[dict[str, float]] = []
    started = time.perf_counter()
    training_seconds = 0.0
    for epoch in range(1, options.epochs + 1):
        epoch_started = time.perf_counter()
        begin(epoch)
        batches = list(grouped_batches(lengths, options.texts_per_batch, rng))
        losses = []
        for number, batch in enumerate(batches, 1):
            losses.append(step(batch))
            watch.check()
            if number < len(batches):
                watch.progress(
                    Progress(epoch, options.epochs, number, len(batches), float(losses[-1]))
                )
        training_seconds += time.perf_counter() - epoch_started
        loss, accuracy = validate()
        if not np.isfinite(loss):
            raise TrainingError("The loss is no longer a number; choose a smaller learning rate.")
        record = {
            "loss": float(np.mean(losses)),
            "validation_loss": loss,
            "validation_accuracy": accuracy,
        }
        history.append(record)
        watch.progress(Progress(epoch, options.epochs, len(batches), len(batches), **record))
        if not best or loss < history[best - 1]["validation_loss"]:
            best, best_weights = epoch, model.get_weights()
        elif epoch - best >= options.patience:
            break
    model.set_weights(best_weights)
    return Fit(
        model=model,
        history=tuple(history),
        best_epoch=best,
        seconds=time.perf_counter() - started,
        samples_per_second=len(lengths) * len(history) / training_seconds,
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


def grouped_batches(
    lengths: np.ndarray, texts_per_batch: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Indices batch by batch in random order; a batch holds texts of nearly one length.

    At most `texts_per_batch` texts and, padded, about 8,192 tokens a batch. Texts of one length
    meet in another order every epoch.
    """
    order = np.lexsort((rng.random(len(lengths)), lengths))
    batches, start = [], 0
    while start < len(order):
        longest_first_guess = lengths[order[min(start + texts_per_batch, len(order)) - 1]]
        size = min(texts_per_batch, max(TOKENS_PER_BATCH // max(int(longest_first_guess), 1), 1))
        batches.append(order[start : start + size])
        start += size
    for i in rng.permutation(len(batches)):
        yield batches[i]


def _training_step(model, options):
    optimizer = keras.optimizers.Adam(options.learning_rate)
    optimizer.build(model.trainable_variables)

    # Compiling with XLA is an order of magnitude slower on CPUs for batches of many shapes.
    @tf.function(input_signature=_SIGNATURE, jit_compile=False)
    def step(ids, labels, weights):
        dropped = tf.random.uniform(tf.shape(ids)) < options.token_dropout
        ids = tf.where(dropped, 0, ids)
        with tf.GradientTape() as tape:
            losses = _losses(labels, model(ids, training=True)["logits"])
            loss = tf.reduce_mean(losses * weights)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return step


def _measuring_step(model):
    @tf.function(input_signature=_SIGNATURE[:2], jit_compile=False)
    def measure(ids, labels):
        logits = model(ids, training=False)["logits"]
        hits = tf.equal(tf.argmax(logits, -1, output_type=tf.int32), labels)
        return tf.reduce_sum(_losses(labels, logits)), tf.reduce_sum(tf.cast(hits, tf.int32))

    return measure


_SIGNATURE = (
    tf.TensorSpec((None, None), tf.int32),
    tf.TensorSpec((None,), tf.int32),
    tf.TensorSpec((None,), tf.float32),
)


def _losses(labels, logits):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)


def _measure(measure, samples: Samples) -> tuple[float, float]:
    """Mean loss (nats) and accuracy of all samples."""
    loss, hits = 0.0, 0
    for batch in grouped_batches(lengths_of(samples.ids), 256, np.random.default_rng(0)):
        batch_loss, batch_hits = measure(padded(samples.ids, batch), samples.labels[batch])
        loss, hits = loss + float(batch_loss), hits + int(batch_hits)
    return loss / len(samples), hits / len(samples)


def _check(train: Samples, validation: Samples) -> None:
    if not len(train) or not len(validation):
        raise TrainingError("There are no rows to train or to validate on; add labelled rows.")
    if len(np.unique(train.labels)) < 2:
        raise TrainingError("All training rows have the same label; give rows of two classes.")
