"""Fitting a matcher on pairs or triplets: batches, losses, calibration."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from poolviz.datasets.pairs import Pairs
from poolviz.engine.pairs import SIDES
from poolviz.errors import TrainingError
from poolviz.evaluation.metrics import best_threshold, calibration
from poolviz.model.kinds import KINDS
from poolviz.model.options import MatcherOptions, MatchingOptions
from poolviz.training.epochs import Fit, moving_parts, run_epochs, with_holes
from poolviz.training.inputs import (
    batch_of,
    example_for,
    of_sides,
    specification,
    width_of,
)
from poolviz.training.matching.matcher import Matcher, VectorMatcher
from poolviz.training.matching.pair_readouts import unit_vectors
from poolviz.training.matching.triplets import TripletMaker
from poolviz.watch import QUIET, Watch

TEMPERATURE = 0.05  # of the cosines in the contrastive loss
ROWS_MEASURED_AT_ONCE = 512
LABELS = tf.TensorSpec((None,), tf.int32)


def fit_pairs(
    train: Pairs,
    validation: Pairs,
    vocabulary_size: int,
    model_options: MatcherOptions,
    options: MatchingOptions,
    watch: Watch = QUIET,
) -> Fit:
    """Train a siamese, interactive or triplet matcher; see `poolviz.training.epochs.run_epochs`.

    In the end the read-out's probabilities are calibrated on the validation rows: other data sets
    in training have other shares of matches, and a margin of cosines gives no probability at all.

    Raises
    ------
    TrainingError : there are no matches or nothing else than matches, or the fit diverges.
    """
    for pairs in (train, validation):
        if len(np.unique(pairs.labels)) < 2:
            raise TrainingError("All training rows have the same label; give rows of two classes.")
    width = width_of(train.vectors)
    model, rng = new_model(vocabulary_size, model_options, options, width)
    moving = moving_parts(model, options, rng)
    steps = STEPS[KINDS[model_options.kind].recipe]
    step = steps(model, moving, train, options, rng)
    logits = _logits_of(model, validation)
    result = run_epochs(
        model,
        train.lengths,
        step,
        lambda: _validated(logits, validation),
        options,
        moving,
        watch,
        schedule(moving.optimizer, options),
    )
    model.readout.calibrate(*calibration(logits(), validation.labels))
    return result


def pair_steps(model, moving, train, options, rng):
    """Each pair is a match or none; matches find each other among the sentences of the batch."""
    read = specification(train.vectors)

    @tf.function(input_signature=(read, read, LABELS), jit_compile=False)
    def step(of_a, of_b, labels):
        inputs = of_sides(*(with_holes(each, options, moving) for each in (of_a, of_b)))
        with tf.GradientTape() as tape:
            outputs = model(inputs, training=True)
            wanted = tf.cast(labels, tf.float32)
            losses = tf.nn.sigmoid_cross_entropy_with_logits(wanted, outputs["logit"])
            loss = tf.reduce_mean(losses)
            if options.contrast:
                loss += options.contrast * _contrastive_loss(model, outputs, wanted)
        descend(tape, loss, model, moving.optimizer)
        return loss

    def on_batch(batch):
        swapped = rng.random(len(batch)) < 0.5
        a = np.where(swapped, train.b[batch], train.a[batch])
        b = np.where(swapped, train.a[batch], train.b[batch])
        return step(_read(train, a), _read(train, b), train.labels[batch])

    return on_batch


def _contrastive_loss(model, outputs, matches):
    """Cross-entropy of each match's partner among all sentences of the other side.

    Multiple negatives ranking loss (Henderson et al. 2017, arXiv 1705.00652) in both directions;
    pairs that do not match only give their sentences as candidates.
    """
    name = "vector" if model.independent else "query"
    u, v = (unit_vectors(outputs[f"{name}_{side}"]) for side in SIDES)
    cosines = tf.matmul(u, v, transpose_b=True) / TEMPERATURE
    partners = tf.range(tf.shape(cosines)[0])
    losses = [
        tf.nn.sparse_softmax_cross_entropy_with_logits(partners, scores)
        for scores in (cosines, tf.transpose(cosines))
    ]
    return tf.reduce_sum(sum(losses) / 2 * matches) / tf.maximum(tf.reduce_sum(matches), 1)


def triplet_steps(model, moving, train, options, rng):
    """The cosine of a match exceeds that of a negative by a margin."""
    maker = TripletMaker(train)
    margin = model.options.margin
    read = specification(train.vectors)

    @tf.function(input_signature=(read, read, read), jit_compile=False)
    def step(*triplet):
        read = (with_holes(each, options, moving) for each in triplet)
        with tf.GradientTape() as tape:
            a, p, n = (model.readout.unit(model.encode(x, training=True)["vector"]) for x in read)
            gap = tf.reduce_sum(a * (p - n), axis=-1)
            loss = tf.reduce_mean(tf.nn.relu(margin - gap))
            if options.contrast:
                outputs = {"vector_a": a, "vector_b": p}
                loss += options.contrast * _contrastive_loss(model, outputs, tf.ones_like(gap))
        descend(tape, loss, model, moving.optimizer)
        return loss

    def on_batch(batch):
        triplets = maker.of_batch(batch, rng)
        if not len(triplets):
            return 0.0
        return step(*(_read(train, sentences) for sentences in triplets.T))

    return on_batch


# By the recipe of a kind what makes the function that trains on one batch of pairs.
STEPS = {"pairs": pair_steps, "triplets": triplet_steps}


def new_model(vocabulary_size, model_options, options, width=None):
    """An untrained matcher and a random generator, both from the seed.

    Parameters
    ----------
    width : channels of the encoder whose vectors it reads; None where it makes its own.
    """
    keras.utils.set_random_seed(options.seed)
    if width is None:
        model = Matcher(vocabulary_size, model_options)
    else:
        model = VectorMatcher(width, model_options)
    one = example_for(model)
    model(of_sides(one, one))
    return model, np.random.default_rng(options.seed)


def schedule(optimizer, options) -> Callable[[int], None]:
    """What sets the optimiser's step size at the beginning of an epoch."""
    return lambda epoch: optimizer.learning_rate.assign(options.learning_rate_in(epoch))


def descend(tape, loss, model, optimizer):
    """One step of the optimiser."""
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = [
        (gradient, variable)
        for gradient, variable in zip(gradients, model.trainable_variables, strict=True)
        if gradient is not None  # a margin of cosines does not see the read-out
    ]
    optimizer.apply([g for g, _ in pairs], [v for _, v in pairs])


def _logits_of(model, pairs: Pairs) -> Callable[[], np.ndarray]:
    """What gives the logits of pairs under the model as it is then."""
    read = specification(pairs.vectors)

    @tf.function(input_signature=(read, read), jit_compile=False)
    def logits(of_a, of_b):
        return model(of_sides(of_a, of_b), training=False)["logit"]

    def of_pairs() -> np.ndarray:
        parts = [
            logits(_read(pairs, pairs.a[rows]), _read(pairs, pairs.b[rows]))
            for rows in chunks(len(pairs))
        ]
        return np.concatenate([np.asarray(part, np.float64) for part in parts])

    return of_pairs


def _read(pairs: Pairs, sentences: np.ndarray):
    """The sentences with these numbers, as a matcher reads them."""
    return batch_of(pairs.sentences, pairs.vectors, sentences)


def _validated(logits, validation: Pairs) -> tuple[float, float]:
    """Loss (nats) and accuracy on the validation rows, both after the best calibration there."""
    found = logits()
    scale, bias = calibration(found, validation.labels)
    loss = np.logaddexp(0, np.where(validation.labels == 1, -1, 1) * (scale * found + bias))
    threshold = best_threshold(validation.labels, found)
    return float(loss.mean()), float(((found >= threshold) == validation.labels).mean())


def chunks(rows: int) -> list[np.ndarray]:
    """Numbers of rows to measure at once."""
    return np.array_split(np.arange(rows), max(-(-rows // ROWS_MEASURED_AT_ONCE), 1))
