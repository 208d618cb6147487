"""Explanations of random numbers that keep every rule of real ones, for tests without models."""

from __future__ import annotations

import numpy as np

from poolviz.text import tokenize
from poolviz.types import Explanation, Token

ALTERNATIVES = {"max": "activation", "average": "inverse-distance"}


def fake_explanation(
    text: str = "这家酒店的早餐很好，房间也干净。",
    head: str = "attention",
    *,
    classes: tuple[str, ...] = ("negative", "positive"),
    readout: str = "linear",
    unit: str = "character",
    window: tuple[int, int] = (1, 1),
    seed: int = 0,
) -> Explanation:
    """An explanation of `text` as `head` could give it; the same arguments give the same one.

    Weights sum to 1 in each row, contributions and bias are centred over the classes, the
    probabilities are the softmax of the logits, and contributions = weights × values where the
    head pools a weighted mean. About one token in ten is unknown.
    """
    random = np.random.default_rng([seed, *head.encode(), len(text)])
    tokens = tuple(
        Token(t.text, t.start, t.end, known=bool(random.random() > 0.1))
        for t in tokenize(text, unit)
    )
    rows, count = (4 if head == "multi-head" else 1), len(tokens)
    weights = _weights(random, head, rows, count)
    values = _centred(random.normal(size=(rows, count, len(classes))) * 3)
    bias = _centred(random.normal(size=len(classes)) * 0.1)
    contributions = weights[..., None] * values
    logits = contributions.sum(axis=(0, 1)) + bias
    exponentials = np.exp(logits - logits.max())
    return Explanation(
        text=text,
        tokens=tokens,
        head=head,
        readout=readout,
        dataset="hotel-reviews",
        checkpoint=head if readout == "linear" else f"{head}-{readout}",
        checkpoint_hash="0" * 64,
        classes=classes,
        probabilities=exponentials / exponentials.sum(),
        weights=weights,
        contributions=contributions,
        bias=bias,
        offsets=random.normal(size=(rows, count)) * 0.1,
        bias_offset=0.05,
        values=None if head == "max" or readout != "linear" else values,
        alternative=_alternative(random, head, count),
        alternative_name=ALTERNATIVES.get(head),
        window=window,
        exact=readout == "linear",
    )


def _weights(random: np.random.Generator, head: str, rows: int, count: int) -> np.ndarray:
    if head == "average":
        return np.full((rows, count), 1 / count)
    scores = np.exp(random.normal(size=(rows, count)))
    return scores / scores.sum(axis=1, keepdims=True)


def _alternative(random: np.random.Generator, head: str, count: int) -> np.ndarray | None:
    """Sums of activations for max, weights for average, nothing for others."""
    if head == "max":
        return random.gamma(1.0, size=(1, count)) * 10
    return _weights(random, "inverse-distance", 1, count) if head == "average" else None


def _centred(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=-1, keepdims=True)
