"""The heads and the classifier once more, in plain NumPy and float64, for one text at a time.

Written from the definitions, position by position and without padding, so that a fault in the
layers' masked batch arithmetic cannot be here as well.
"""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np

TOLERANCE = 1e-5  # relative: values this near the maximum share it


def max_shares(vectors: np.ndarray) -> np.ndarray:
    """(T, C): what part of each channel's maximum every position is paid."""
    shares = np.zeros(vectors.shape)
    for c in range(vectors.shape[1]):
        largest = max(vectors[:, c])
        tied = [t for t, x in enumerate(vectors[:, c]) if largest - x <= TOLERANCE * abs(largest)]
        shares[tied, c] = 1 / len(tied)
    return shares


def max_weights(vectors: np.ndarray, *_parameters: np.ndarray) -> np.ndarray:
    """(1, T): share of the channels won, without those in which all positions tie."""
    shares = max_shares(vectors)
    decided = [c for c in range(shares.shape[1]) if not np.all(shares[:, c] > 0)]
    if not decided:
        return average_weights(vectors)
    return shares[:, decided].sum(axis=1)[None, :] / len(decided)


def average_weights(vectors: np.ndarray, *_parameters: np.ndarray) -> np.ndarray:
    """(1, T): 1/n."""
    return np.full((1, len(vectors)), 1 / len(vectors))


def min_variance_weights(vectors: np.ndarray, *_parameters: np.ndarray) -> np.ndarray:
    """(1, T): 1 / (unbiased variance over channels + 0.001), normalised; 0 for one channel."""
    scores = [1 / ((v.var(ddof=1) if len(v) > 1 else 0) + 1e-3) for v in vectors]
    return np.array([scores]) / sum(scores)


def attention_weights(
    vectors: np.ndarray, projection: np.ndarray, scores: np.ndarray
) -> np.ndarray:
    """(H, T): softmax over positions of v · tanh(W x)."""
    rows = []
    for v in scores.T:
        energies = np.array([v @ np.tanh(projection.T @ x) for x in vectors])
        exponentials = np.exp(energies - energies.max())
        rows.append(exponentials / exponentials.sum())
    return np.array(rows)


WEIGHTS = {
    "max": max_weights,
    "average": average_weights,
    "min-variance": min_variance_weights,
    "attention": attention_weights,
    "multi-head": attention_weights,
}


def paid(head: str, vectors: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(H, T, C): what each position adds to the pooled vector."""
    if head == "max":
        return (max_shares(vectors) * vectors.max(axis=0))[None]
    return np.array([[w * x for w, x in zip(row, vectors, strict=True)] for row in weights])


def preactivations(ids: np.ndarray, parameters: dict[str, np.ndarray]) -> np.ndarray:
    """(T, C): embedding and convolution before its ReLU; nothing but zeros beyond the text."""
    kernel, bias = parameters["kernel"], parameters["bias"]
    reach = len(kernel) // 2
    table = parameters["embedding"]
    embedded = [table[i] if i else np.zeros(table.shape[1]) for i in ids]
    result = np.tile(bias, (len(ids), 1))
    for t in range(len(ids)):
        for offset, weights in enumerate(kernel, -reach):
            if 0 <= t + offset < len(ids):
                result[t] += embedded[t + offset] @ weights
    return result


def parameters(model) -> dict[str, np.ndarray]:
    """The weights of a Keras classifier by name, in float64."""
    named = {
        "embedding": model.embedding.embeddings,
        "kernel": model.convolution.kernel,
        "bias": model.convolution.bias,
    }
    arrays = {name: np.asarray(variable, np.float64) for name, variable in named.items()}
    arrays["head"] = [np.asarray(w, np.float64) for w in model.head.get_weights()]
    arrays["readout"] = [np.asarray(w, np.float64) for w in model.readout.get_weights()]
    return arrays


def classify(model, ids: np.ndarray) -> dict[str, np.ndarray]:
    """Outputs of the classifier for one text without padding, by the names the model gives them."""
    return classify_masked(model, ids, np.ones(len(ids), bool))


def classify_masked(model, ids: np.ndarray, kept: np.ndarray) -> dict[str, np.ndarray]:
    """`classify` when only the kept (T,) positions count; the others are zero vectors."""
    arrays, head = parameters(model), model.options.head
    vectors = np.maximum(preactivations(np.where(kept, ids, 0), arrays), 0)[kept]
    weights = WEIGHTS[head](vectors, *arrays["head"])
    parts = paid(head, vectors, weights)  # (H, T, C)
    pooled = parts.sum(axis=1).reshape(-1)
    logits, slope = READOUTS[model.options.readout](pooled, arrays["readout"])
    slopes = slope.reshape(len(parts), -1, slope.shape[-1])  # (H, C, K)
    contributions = np.einsum("htc,hck->htk", parts, slopes)
    exponentials = np.exp(logits - logits.max())
    outputs = {
        "logits": logits,
        "probabilities": exponentials / exponentials.sum(),
        "weights": weights,
        "contributions": centred(contributions),
        "offsets": contributions.mean(axis=-1),
        "bias": centred(logits - slope.T @ pooled),
        "bias_offset": (logits - slope.T @ pooled).mean(),
    }
    if head != "max":
        outputs["values"] = centred(np.einsum("tc,hck->htk", vectors, slopes))
    return outputs


def centred(values: np.ndarray) -> np.ndarray:
    """Values minus their mean over the last axis."""
    return values - values.mean(axis=-1, keepdims=True)


def undecided_channels(model, ids: np.ndarray) -> tuple[int, int]:
    """Channels in which float32 may find other ties than exact arithmetic, and channels that count.

    The first are those where a position other than the largest lies nearer to the edge of the tie
    tolerance than rounding reaches; the second those in which not all positions tie.
    """
    before = preactivations(ids, parameters(model))
    rounding = 3e-7 * np.abs(before).max()
    vectors = np.maximum(before, 0)
    largest = vectors.max(axis=0)
    edge = np.abs(largest - vectors - TOLERANCE * largest) <= 2 * rounding
    edge[vectors.argmax(axis=0), np.arange(len(largest))] = False
    alive = before.max(axis=0) > -rounding
    counting = ~(max_shares(vectors) > 0).all(axis=0)
    return int((edge.any(axis=0) & alive).sum()), int(counting.sum())


def _linear(pooled, weights):
    kernel, bias = weights
    return kernel.T @ pooled + bias, kernel


def _mlp(pooled, weights):
    hidden_kernel, hidden_bias, kernel, bias = weights
    x = hidden_kernel.T @ pooled + hidden_bias
    below = np.array([(1 + erf(value / sqrt(2))) / 2 for value in x])
    density = np.array([exp(-value * value / 2) / sqrt(2 * pi) for value in x])
    logits = kernel.T @ (x * below) + bias
    return logits, hidden_kernel @ np.diag(below + x * density) @ kernel


READOUTS = {"linear": _linear, "mlp": _mlp}
