"""How a head divides its weight: evenly or not, like other rows or not, where, and to what effect.

Weights are distributions over the tokens of a text, (…, T), each summing to 1. Entropies and
divergences are in nats.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import lru_cache

import numpy as np
from scipy.special import entr, softmax

from poolviz.values.explanation import Explanation

BINS = 10


def entropy(weights: np.ndarray) -> np.ndarray:
    """(…): Shannon entropy in nats, from 0 (one token has it all) to ln T (uniform)."""
    # Sums of float32 weights can pass 1 by a rounding error; adding 0 turns -0 into 0.
    return np.maximum(entr(np.asarray(weights, np.float64)).sum(axis=-1), 0.0) + 0.0


def effective_tokens(weights: np.ndarray) -> np.ndarray:
    """(…): exp(entropy), how many tokens with equal weights are as spread out; from 1 to T.

    The Hill number of order 1 (Hill 1973, doi:10.2307/1934352).

    >>> effective_tokens(np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])).round(2).tolist()
    [2.0, 1.0]
    """
    return np.exp(entropy(weights))


def divergence(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """(…): Jensen-Shannon divergence in nats, from 0 (equal) to ln 2 (no token in common).

    Lin 1991, doi:10.1109/18.61115. Leading axes are broadcast.
    """
    p, q = np.asarray(p, np.float64), np.asarray(q, np.float64)
    return np.maximum(entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2, 0.0)


def divergences(weights: np.ndarray) -> np.ndarray:
    """(H, H): the divergence of every weight row of (H, T) from every other."""
    return divergence(weights[:, None], weights[None, :])


def position_profile(weights: np.ndarray, bins: int = BINS) -> np.ndarray:
    """(…, bins): mean weight × T along the text, cut into parts of equal length; 1 is uniform.

    Each token takes up 1/T of the text; one that a border cuts through counts for both parts in
    proportion, so texts of fewer tokens than bins have a profile too. The mean over the bins is 1.
    """
    weights = np.asarray(weights, np.float64)
    count = weights.shape[-1]
    before = np.cumsum(weights, axis=-1) - weights
    borders = np.linspace(0, count, bins + 1)
    cut = np.minimum(borders.astype(int), count - 1)
    up_to_border = before[..., cut] + (borders - cut) * weights[..., cut]
    return np.diff(up_to_border, axis=-1) * bins


def without_rows(explanation: Explanation, rows: Collection[int]) -> np.ndarray:
    """(K,): the class probabilities when these weight rows add nothing to the logits.

    Exact under the linear read-out, where a logit is a sum over weight rows; else an estimate.
    Centred contributions are enough: softmax does not see what all classes have in common.
    """
    logits = explanation.logits - explanation.contributions[list(rows)].sum(axis=(0, 1))
    return softmax(logits)


@lru_cache(maxsize=65_536)
def is_punctuation(token: str) -> bool:
    """Whether all characters of a token are punctuation (Unicode's general category P)."""
    return all(unicodedata.category(character).startswith("P") for character in token)


def measures(
    weights: np.ndarray, punctuation: np.ndarray, unknown: np.ndarray
) -> dict[str, np.ndarray]:
    """What the survey of a test set keeps of each text; B texts of one length.

    Parameters
    ----------
    weights : (B, H, T).
    punctuation, unknown : (B, T), True where a token is of that kind.

    Returns
    -------
    `entropy` (nats), `effective_tokens`, `punctuation` and `unknown` (shares of the weight), each
    (B, H), and `position_profile` (B, H, bins).
    """
    return {
        "entropy": entropy(weights),
        "effective_tokens": effective_tokens(weights),
        "punctuation": (weights * punctuation[:, None]).sum(axis=-1),
        "unknown": (weights * unknown[:, None]).sum(axis=-1),
        "position_profile": position_profile(weights),
    }
