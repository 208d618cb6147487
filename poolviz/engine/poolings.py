"""Poolings without training: token vectors → one vector, and two sentences' cosine in parts.

What sentence-transformers' module Pooling computes, special tokens counted. Each pooled vector is a
sum over positions, u = Σ_i p_i, where p_i is α_i h_i, or under max the maxima that position i won,
ties split. So a cosine is a sum over pairs of positions:

    cos(u, v) = Σ_ij ⟨p_i, q_j⟩ / (‖u‖ ‖v‖) = Σ_ij α_i β_j ⟨h_i, h_j⟩ / (‖u‖ ‖v‖)

the second form for all but max. It is exact with respect to the token vectors, each of which has
read the whole text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from poolviz.encoders.encoder import Encoder
from poolviz.encoders.reader import Reading
from poolviz.engine.pairs import MAX_CELLS
from poolviz.model.heads import MAX_TOLERANCE
from poolviz.model.kinds import SCORE, UNTRAINED
from poolviz.model.poolings import POOLINGS
from poolviz.values.explanation import WHOLE_TEXT, Explanation
from poolviz.values.pairs import PairExplanation
from poolviz.values.shapes import PerVector, Pooled, TokenVectors

_SMALLEST = 1e-12  # length of a vector that has a direction

_SHARES: dict[str, Callable[[int], np.ndarray]] = {
    "cls": lambda count: np.eye(count)[0],
    "mean": lambda count: np.full(count, 1 / count),
    "mean_sqrt_len": lambda count: np.full(count, count**-0.5),
    "weightedmean": lambda count: np.arange(1, count + 1) / (count * (count + 1) / 2),
    "lasttoken": lambda count: np.eye(count)[-1],
}


def payments(pooling: str, vectors: TokenVectors) -> TokenVectors:
    """(V, C) float64: what each position adds to the pooled vector.

    >>> payments("weightedmean", np.array([[3.0, 0.0], [3.0, 6.0]])).tolist()
    [[1.0, 0.0], [2.0, 4.0]]
    >>> payments("max", np.array([[3.0, 0.0], [3.0, 6.0]])).tolist()
    [[1.5, 0.0], [1.5, 6.0]]

    Parameters
    ----------
    pooling : key of `poolviz.model.poolings.POOLINGS`.
    vectors : of one text, special tokens included.
    """
    wide = vectors.astype(np.float64)
    if pooling == "max":
        return _won(wide) * wide.max(axis=0)
    return _SHARES[pooling](len(wide))[:, None] * wide


def weights(pooling: str, vectors: TokenVectors) -> PerVector:
    """(V,), they sum to 1: each position's share; under max the share of channels that it won."""
    if pooling == "max":
        return _won(vectors.astype(np.float64)).mean(axis=1)
    shares = _SHARES[pooling](len(vectors))
    return shares / shares.sum()


def pooled(pooling: str, vectors: TokenVectors) -> Pooled:
    """(C,) float64: the vector of a text.

    >>> pooled("mean_sqrt_len", np.array([[3.0], [1.0], [2.0], [2.0]])).tolist()
    [4.0]
    """
    if pooling == "max":
        return vectors.max(axis=0).astype(np.float64)
    return _SHARES[pooling](len(vectors)) @ vectors.astype(np.float64)


def match(
    encoder: Encoder, a: Reading, b: Reading, poolings: Sequence[str] = tuple(POOLINGS)
) -> list[PairExplanation]:
    """Two sentences under each of the poolings: their cosine, and what each pair of tokens adds."""
    return [_match(encoder, pooling, a, b) for pooling in poolings]


def _match(encoder: Encoder, pooling: str, a: Reading, b: Reading) -> PairExplanation:
    paid = [_of_tokens(payments(pooling, reading.vectors), reading) for reading in (a, b)]
    u, v = (parts.sum(axis=0) for parts in paid)
    scale = 1 / max(float(np.linalg.norm(u) * np.linalg.norm(v)), _SMALLEST)
    shares = [paid[0] @ v * scale, paid[1] @ u * scale]
    score = float(u @ v) * scale
    sides = [
        _side(encoder, pooling, reading, share)
        for reading, share in zip((a, b), shares, strict=True)
    ]
    too_many = len(a.tokens) * len(b.tokens) > MAX_CELLS
    return PairExplanation(
        kind=UNTRAINED,
        sides=(sides[0], sides[1]),
        score=score,
        probability=None,
        threshold=None,
        cells=None if too_many else paid[0] @ paid[1].T * scale,
        rest=score - float(shares[0].sum()),
    )


def _side(encoder: Encoder, pooling: str, reading: Reading, shares: np.ndarray) -> Explanation:
    return Explanation(
        text=reading.text,
        tokens=reading.tokens,
        head=pooling,
        readout=SCORE,
        dataset=encoder.name,
        checkpoint=pooling,
        checkpoint_hash=encoder.hash,
        classes=(SCORE,),
        probabilities=np.ones(1),
        weights=_of_tokens(weights(pooling, reading.vectors), reading)[None, :],
        contributions=shares[None, :, None],
        bias=np.zeros(1),
        offsets=np.zeros((1, len(shares))),
        bias_offset=0.0,
        window=WHOLE_TEXT,
    )


def _of_tokens(values: np.ndarray, reading: Reading) -> np.ndarray:
    """Values of vectors added up to those of tokens, of which a few have several vectors."""
    if len(reading.starts) == len(values):
        return values
    return np.add.reduceat(values, reading.starts, axis=0)


def _won(vectors: np.ndarray) -> np.ndarray:
    """(V, C): the share of each channel's maximum that a position won; ties share."""
    top = vectors.max(axis=0)
    won = vectors >= top - MAX_TOLERANCE * np.abs(top)
    return won / won.sum(axis=0)
