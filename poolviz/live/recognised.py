"""Heads of people's own that weigh as one of ours: found by what they say, not by their names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine.texts import Explainer
from poolviz.errors import ExportError
from poolviz.live.weights import Tensors, tensors_of_text
from poolviz.model.heads import MIN_VARIANCE_EPSILON
from poolviz.model.kinds import USUAL
from poolviz.text.encoding import encode

_READ = 60  # entries of the vocabulary that are read, one after the other
_CLOSE = 1e-5


def recognised(checkpoint: Checkpoint) -> str | None:
    """How a head of somebody's own weighs, a value of `poolviz.live.weights.WEIGHINGS`.

    None where it pools no weighted mean, or weighs as none of ours does.

    Raises
    ------
    CheckpointError : the checkpoint is damaged.
    """
    if checkpoint.kind != USUAL or not checkpoint.head_record.own or not checkpoint.weighted_mean:
        return None
    explainer = Explainer(checkpoint)
    entries = explainer.vocabulary.entries[:_READ]
    encoded = encode(" ".join(entries), explainer.vocabulary)
    said = explainer.explain(encoded).weights  # (H, T)
    for weighing, weights in _candidates(checkpoint, encoded.ids):
        if weights.shape == said.shape and np.allclose(weights, said, atol=_CLOSE):
            return weighing
    return None


def _candidates(checkpoint: Checkpoint, ids: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """By way of weighing what it would say of a text, (H, T)."""
    for weighing in ("uniform", "inverse-variance", "softmax"):
        try:
            tensors = tensors_of_text(checkpoint, weighing)
        except ExportError:  # it has no such weights
            continue
        yield weighing, _weights(weighing, tensors, _vectors(tensors, ids))


def _vectors(tensors: Tensors, ids: np.ndarray) -> np.ndarray:
    """(T, C) what positions hold."""
    embedded = np.pad(tensors["embedding"][ids], ((1, 1), (0, 0)))
    kernel = tensors["convolution"]
    found = [embedded[k : k + len(ids)] @ kernel[k] for k in range(len(kernel))]
    return np.maximum(np.sum(found, axis=0) + tensors["convolution_bias"], 0)


def _weights(weighing: str, tensors: Tensors, vectors: np.ndarray) -> np.ndarray:
    if weighing == "softmax":
        projection, scores = tensors["projection"], tensors["scores"]
        if projection.ndim != 2 or (len(projection), len(scores)) != (
            vectors.shape[1],
            projection.shape[1],
        ):
            return np.empty((0, 0))
        energies = np.tanh(vectors @ projection) @ scores
        scores = np.exp(energies - energies.max(axis=0))
    elif weighing == "inverse-variance":
        scores = 1 / (vectors.var(axis=1, ddof=1, keepdims=True) + MIN_VARIANCE_EPSILON)
    else:
        scores = np.ones((len(vectors), 1))
    return (scores / scores.sum(axis=0)).T
