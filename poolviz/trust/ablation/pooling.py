"""The head and the read-out of a classifier once more in NumPy, over vectors that are given.

B = batch, T = time, U = distinct vectors, C = channels, H = weight rows, K = classes, R = width of
what the read-out's first kernel gives. All arithmetic is in float64.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from scipy.special import ndtr, softmax

from poolviz.checkpoints.checkpoint import KERAS, Checkpoint
from poolviz.errors import CheckpointError
from poolviz.model.heads import MAX_TOLERANCE, MIN_VARIANCE_EPSILON

_VALUES_AT_ONCE = 2_000_000  # gathered vectors beyond this leave the CPU's caches
_PRODUCTS_AT_ONCE = 262_144  # matrices of more wake BLAS's threads, which costs what they save

Parameters = Sequence[np.ndarray]


@dataclass(frozen=True)
class _Scores:
    """How a head that pools a weighted mean scores a vector: weight = exp(score), normalised.

    Parameters
    ----------
    forward : (vectors (U, C), the layer's parameters) → scores (U, H).
    backward : (vectors, parameters, slopes of a target to the scores (U, H)) → its slopes (U, C).
    """

    forward: Callable[[np.ndarray, Parameters], np.ndarray]
    backward: Callable[[np.ndarray, Parameters, np.ndarray], np.ndarray]


def _variance(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Distances to each vector's mean (U, C), variance + ε (U, 1), degrees of freedom."""
    distances = vectors - vectors.mean(axis=1, keepdims=True)
    freedom = max(vectors.shape[1] - 1, 1)
    variance = np.square(distances).sum(axis=1, keepdims=True) / freedom
    return distances, variance + MIN_VARIANCE_EPSILON, freedom


def _variance_slopes(vectors, parameters, slopes):
    distances, variance, freedom = _variance(vectors)
    return -slopes * 2 * distances / (freedom * variance)


def _attention_slopes(vectors, parameters, slopes):
    projection, scores = parameters
    activations = np.tanh(product(vectors, projection))
    return product((slopes @ scores.T) * (1 - np.square(activations)), projection.T)


def product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(B, N) times (N, M), as many rows at a time as one thread is left alone with."""
    size = max(_PRODUCTS_AT_ONCE // right.size, 1)
    if len(left) <= size:
        return left @ right
    return np.concatenate(
        [left[start : start + size] @ right for start in range(0, len(left), size)]
    )


_ATTENTION = _Scores(
    lambda vectors, parameters: np.tanh(product(vectors, parameters[0])) @ parameters[1],
    _attention_slopes,
)
_SCORES = {
    "average": _Scores(
        lambda vectors, parameters: np.zeros((len(vectors), 1)),
        lambda vectors, parameters, slopes: np.zeros_like(vectors),
    ),
    "min-variance": _Scores(
        lambda vectors, parameters: -np.log(_variance(vectors)[1]), _variance_slopes
    ),
    "attention": _ATTENTION,
    "multi-head": _ATTENTION,
}
KNOWN_HEADS = ("max", *_SCORES)


class Pooling:
    """A checkpoint's head and read-out; a subclass says what vectors they pool.

    Parameters
    ----------
    weights : as `weights_of` reads them.
    """

    def __init__(self, checkpoint: Checkpoint, weights: Mapping[str, Parameters]):
        self._head = weights.get("head", ())
        self._scores = _SCORES.get(checkpoint.head)
        self._kernel, *self._rest = weights["readout"]
        rows = checkpoint.head_record.rows
        self._by_row = self._kernel.reshape(rows, len(self._kernel) // rows, -1)  # (H, C, R)

    def vectors(self, ids: np.ndarray) -> np.ndarray:
        """(T, C): what the head pools of one text (T,)."""
        raise NotImplementedError

    def values(self, vectors: np.ndarray) -> np.ndarray:
        """(H, T, R): vectors (T, C) through the first kernel's part for each weight row.

        Pooling with any weights is their weighted sum, Σ weights (H, T) × values over H and T;
        `read_out` goes on from there.
        """
        return np.einsum("tc,hcr->htr", vectors, self._by_row)

    def read_out(self, pooled: np.ndarray) -> np.ndarray:
        """(B, K) probabilities from pooled values (B, R)."""
        return softmax(self._read_out(pooled), axis=1)

    def pool_kept(self, vectors: np.ndarray, kept: np.ndarray) -> np.ndarray:
        """(B, K) probabilities when the head pools only the kept (B, T) of vectors (T, C).

        Nothing is encoded again: a vector that stays still holds what it has read of the others.
        """
        which = np.broadcast_to(np.arange(len(vectors)), kept.shape)
        return softmax(self._pooled_logits(vectors, which, kept), axis=1)

    def channel_slopes(self, pooled: np.ndarray) -> np.ndarray:
        """(N, K): how each centred logit rises with each number (N,) that the head pooled.

        Under a linear read-out these are its weights, whatever was pooled.
        """
        centred = np.eye(len(self._rest[-1])) - 1 / len(self._rest[-1])
        at = pooled @ self._kernel
        return np.stack(
            [self._kernel @ self._read_out_slope(at, direction) for direction in centred], axis=1
        )

    def _vector_slopes(self, vectors: np.ndarray, direction: np.ndarray) -> np.ndarray:
        """(T, C): the gradient of direction · logits to what the head pools."""
        if self._scores is None:
            shares = shares_of_maximum(vectors)
            pooled = (shares * vectors).sum(axis=0) @ self._kernel
            return shares * (self._kernel @ self._read_out_slope(pooled, direction))
        weights = softmax(self._scores.forward(vectors, self._head), axis=0)  # (T, H)
        values = np.einsum("tc,hcr->thr", vectors, self._by_row)
        pooled = np.einsum("th,thr->r", weights, values)
        slope = self._read_out_slope(pooled, direction)  # (R,)
        gains = values @ slope  # (T, H)
        score_slopes = weights * (gains - (weights * gains).sum(axis=0))
        direct = weights @ (self._by_row @ slope)
        return direct + self._scores.backward(vectors, self._head, score_slopes)

    def _pooled_logits(self, vectors, which, kept) -> np.ndarray:
        """(B, K) from vectors (U, C), the vector of each position (B, T), and which count."""
        if self._scores is None:
            return self._read_out(product(_maxima(vectors, which, kept), self._kernel))
        rows, _ = np.nonzero(kept)
        cells = rows * len(vectors) + which[kept]
        counts = np.bincount(cells, minlength=len(kept) * len(vectors)).reshape(len(kept), -1)
        scores = self._scores.forward(vectors, self._head)
        shares = np.exp(scores - scores.max(axis=0))  # (U, H)
        totals = product(counts, shares)  # (B, H)
        pooled: Any = 0
        for row, kernel in enumerate(self._by_row):
            summed = product(counts, shares[:, row : row + 1] * product(vectors, kernel))
            pooled += summed / np.where(totals[:, row] > 0, totals[:, row], 1)[:, None]
        return self._read_out(pooled)

    def _read_out(self, pooled: np.ndarray) -> np.ndarray:
        """Logits (…, K) from what the first kernel gave (…, R)."""
        before = pooled + self._rest[0]
        if len(self._rest) == 1:
            return before
        _, kernel, bias = self._rest
        return (before * ndtr(before)) @ kernel + bias

    def _read_out_slope(self, pooled: np.ndarray, direction: np.ndarray) -> np.ndarray:
        """(R,): the gradient of direction · logits to what the first kernel gave."""
        if len(self._rest) == 1:
            return direction
        x = pooled + self._rest[0]
        density = np.exp(-0.5 * np.square(x)) / math.sqrt(2 * math.pi)
        return (ndtr(x) + x * density) * (self._rest[1] @ direction)


def weights_of(checkpoint: Checkpoint) -> dict[str, list[np.ndarray]]:
    """Arrays of each layer in `model.keras` by the layer's name, the read-out's under `readout`.

    Raises
    ------
    CheckpointError : they cannot be read, or the head is none of `KNOWN_HEADS`.
    """
    if checkpoint.damage:
        raise checkpoint.damage
    if checkpoint.head not in KNOWN_HEADS:
        raise CheckpointError(
            "The head {head} has no NumPy form; choose one of {known}.",
            head=checkpoint.head,
            known=", ".join(KNOWN_HEADS),
        )
    found: dict[str, dict[int, np.ndarray]] = {}

    def keep(path: str, item: h5py.Dataset | h5py.Group) -> None:
        if isinstance(item, h5py.Dataset):
            layer, _, number = path.rpartition("/vars/")
            name = layer if layer in ("embedding", "convolution", "head") else "readout"
            found.setdefault(name, {})[int(number)] = np.asarray(item, np.float64)

    try:
        with zipfile.ZipFile(checkpoint.path(KERAS)) as archive:
            content = io.BytesIO(archive.read("model.weights.h5"))
        with h5py.File(content) as file:
            file.visititems(keep)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise CheckpointError(
            "The weights of checkpoint {task}/{name} cannot be read ({reason}); train it again.",
            task=checkpoint.task,
            name=checkpoint.name,
            reason=error,
        ) from error
    return {name: [arrays[i] for i in sorted(arrays)] for name, arrays in found.items()}


def _maxima(vectors: np.ndarray, which: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """(B, C): the largest kept value of each channel; 0 where nothing is kept."""
    extended = np.vstack([vectors, np.full(vectors.shape[1], -np.inf)]).astype(np.float32)
    which = np.where(kept, which, len(vectors))
    result = np.empty((len(which), vectors.shape[1]))
    size = max(_VALUES_AT_ONCE // (which.shape[1] * vectors.shape[1]), 1)
    for start in range(0, len(which), size):
        chunk = slice(start, start + size)
        result[chunk] = extended[which[chunk]].max(axis=1)
    return np.where(kept.any(axis=1, keepdims=True), result, 0)


def shares_of_maximum(vectors: np.ndarray) -> np.ndarray:
    """(T, C): each position's share of every channel's maximum; tied positions share equally."""
    largest = vectors.max(axis=0)
    won = vectors >= largest - MAX_TOLERANCE * np.abs(largest)
    return won / won.sum(axis=0)
