"""Epochs of any model: length-grouped batches, early stopping, progress events, a fixed seed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from poolviz.errors import TrainingError
from poolviz.model.options import TrainingOptions
from poolviz.training.course.standing import (
    Course,
    Moving,
    Record,
    Standing,
    course_of,
    identity_of,
)
from poolviz.watch import QUIET, Cancelled, Watch

TOKENS_PER_BATCH = 8_192


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


def with_holes(inputs, options: TrainingOptions, moving: Moving):
    """A batch of texts with the share of ids masked out that the options want.

    An encoder's vectors stay what was read of the whole text.
    """
    if isinstance(inputs, dict):
        return {**inputs, "ids": with_holes(inputs["ids"], options, moving)}
    return tf.where(
        keras.random.uniform(tf.shape(inputs), seed=moving.holes) < options.token_dropout, 0, inputs
    )
