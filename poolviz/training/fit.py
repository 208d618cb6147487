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
from poolviz.engine.vectors import VECTORS
from poolviz.errors import TrainingError
from poolviz.model.options import ModelOptions, TrainingOptions
from poolviz.training.classifier import (
    HeadClassifier,
    PoolingClassifier,
    VectorClassifier,
    example_for,
)
from poolviz.training.course.standing import (
    Course,
    Moving,
    Record,
    Standing,
    course_of,
    identity_of,
)
from poolviz.training.diversity import likeness_of_rows
from poolviz.watch import QUIET, Cancelled, Watch

TOKENS_PER_BATCH = 8_192
UNEVEN_CLASSES = 1.5  # the largest class over the smallest, from which on classes are weighted


@dataclass(frozen=True)
class Progress:
    """Where a training stands: after every batch, and with `validation_accuracy` after an epoch."""

    seed: int
    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None


@dataclass(frozen=True)
class Fit:
    """A trained model with how it went; `history` has one entry per epoch.

    `stopped` is True where somebody found the best epoch so far good enough.
    """

    model: keras.Model
    history: tuple[dict[str, float], ...]
    best_epoch: int
    seconds: float
    samples_per_second: float
    stopped: bool = False


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
    read = _specification(train)
    step = _training_step(model, moving, options, model_options.diversity, read)
    measure = _measuring_step(model, read)
    weights = class_weights(train.labels, classes)[train.labels]
    return run_epochs(
        model,
        lengths_of(train.ids),
        lambda batch: step(_inputs(train, batch), train.labels[batch], weights[batch]),
        lambda: _measure(measure, validation),
        options,
        moving,
        watch,
    )


def moving_parts(
    model: keras.Model, options: TrainingOptions, *generators: np.random.Generator
) -> Moving:
    """Adam, and the draws of a fit."""
    optimizer = keras.optimizers.Adam(options.learning_rate)
    optimizer.build(model.trainable_variables)
    return Moving(optimizer, keras.random.SeedGenerator(options.seed), generators)


def run_epochs(
    model: keras.Model,
    lengths: np.ndarray,
    step: Callable[[np.ndarray], Any],
    validate: Callable[[], tuple[float, float]],
    options: TrainingOptions,
    moving: Moving,
    watch: Watch = QUIET,
    begin: Callable[[int], None] = lambda epoch: None,
) -> Fit:
    """Train any model until validation has not improved for `patience` epochs; keep the best.

    Parameters
    ----------
    lengths : tokens of each training row, by which batches are made.
    step : trains on the rows with these indices, and returns their loss.
    validate : loss and accuracy on the validation rows.
    moving : what the steps change beside the model.
    watch : looked at after every batch; it is told a `Progress`. A `Course` may end the training
        with the best epoch so far, and go on with one that was kept: with the same variables,
        optimiser and random draws, so that the rest is what it would have been.
    begin : called with the number of each epoch, from 1, before its first batch.

    Raises
    ------
    TrainingError : the fit diverges.
    Cancelled : it was stopped, or was enough before the first epoch was over.
    """
    course, rng = course_of(watch), np.random.default_rng(options.seed)
    variables = [*model.variables, *moving.optimizer.variables, moving.holes.state]
    standing = Standing(variables, (rng, *moving.generators), identity_of(options, lengths))
    kept = course.folder and course.folder / f"seed-{options.seed}.npz"
    if kept:
        standing.load(kept)
    stopped = False
    while not stopped and not standing.is_over(options):
        began = time.perf_counter()
        epoch = len(standing.history) + 1
        begin(epoch)
        batches = list(grouped_batches(lengths, options.texts_per_batch, rng))
        losses = _run_batches(step, batches, epoch, options, course)
        if stopped := losses is None:
            break
        standing.training_seconds += time.perf_counter() - began
        loss, accuracy = validate()
        if not np.isfinite(loss):
            raise TrainingError("The loss is no longer a number; choose a smaller learning rate.")
        record = {
            "loss": float(np.mean(losses)),
            "validation_loss": loss,
            "validation_accuracy": accuracy,
        }
        standing.add(record, model)
        standing.seconds += time.perf_counter() - began
        course.after_epoch(model, options.seed, standing.history)
        course.progress(_at_end_of(epoch, options, len(batches), record))
        if kept:  # last: what was told of an epoch that is not kept is told again
            standing.save(kept)
    if not standing.best:
        raise Cancelled("The work was stopped.")
    model.set_weights(standing.best_weights)
    return Fit(
        model=model,
        history=tuple(standing.history),
        best_epoch=standing.best,
        seconds=standing.seconds,
        samples_per_second=len(lengths) * len(standing.history) / standing.training_seconds,
        stopped=stopped,
    )


def _run_batches(
    step, batches: list[np.ndarray], epoch: int, options: TrainingOptions, course: Course
) -> list[float] | None:
    """Losses of the batches of one epoch; None where what was there before is enough."""
    losses = []
    for number, batch in enumerate(batches, 1):
        losses.append(step(batch))
        course.check()
        if course.enough():
            return None
        if number < len(batches):
            loss = float(losses[-1])
            course.progress(
                Progress(options.seed, epoch, options.epochs, number, len(batches), loss)
            )
    return losses


def _at_end_of(epoch: int, options: TrainingOptions, batches: int, record: Record) -> Progress:
    return Progress(options.seed, epoch, options.epochs, batches, batches, **record)


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


def with_holes(ids, options: TrainingOptions, moving: Moving):
    """Ids with the share of them masked out that the options want."""
    return tf.where(
        keras.random.uniform(tf.shape(ids), seed=moving.holes) < options.token_dropout, 0, ids
    )


def _new_model(
    train: Samples, vocabulary_size: int, classes: int, options: ModelOptions
) -> HeadClassifier:
    """A classifier of what the training rows are: ids, or what an encoder made of them."""
    if train.vectors is None:
        return PoolingClassifier(vocabulary_size, classes, options)
    return VectorClassifier(train.vectors[0].shape[1], classes, options)


def _inputs(samples: Samples, batch: np.ndarray):
    """What the model reads of these texts: ids, or by name ids and vectors."""
    ids = padded(samples.ids, batch)
    if samples.vectors is None:
        return ids
    vectors = np.zeros((*ids.shape, samples.vectors[0].shape[1]), np.float32)
    for place, row in enumerate(batch):
        vectors[place, : len(samples.vectors[row])] = samples.vectors[row]
    return {"ids": ids, VECTORS: vectors}


def _specification(samples: Samples):
    """What `_inputs` gives, for TensorFlow."""
    ids = tf.TensorSpec((None, None), tf.int32)
    if samples.vectors is None:
        return ids
    width = samples.vectors[0].shape[1]
    return {"ids": ids, VECTORS: tf.TensorSpec((None, None, width), tf.float32)}


def _training_step(model, moving, options, diversity, read):
    optimizer = moving.optimizer

    # Compiling with XLA is an order of magnitude slower on CPUs for batches of many shapes.
    @tf.function(input_signature=(read, *_SIGNATURE), jit_compile=False)
    def step(inputs, labels, weights):
        if isinstance(inputs, dict):  # vectors stay what was read of the whole text
            inputs = {**inputs, "ids": with_holes(inputs["ids"], options, moving)}
        else:
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
        batch_loss, batch_hits = measure(_inputs(samples, batch), samples.labels[batch])
        loss, hits = loss + float(batch_loss), hits + int(batch_hits)
    return loss / len(samples), hits / len(samples)


def _check(train: Samples, validation: Samples) -> None:
    if not len(train) or not len(validation):
        raise TrainingError("There are no rows to train or to validate on; add labelled rows.")
    if len(np.unique(train.labels)) < 2:
        raise TrainingError("All training rows have the same label; give rows of two classes.")
