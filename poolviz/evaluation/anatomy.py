"""How a head divides its weight: evenly or not, like other rows or not, where, and to what effect.

Weights are distributions over the tokens of a text, (…, T), each summing to 1. Entropies and
divergences are in nats.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy.special import entr, softmax

from poolviz.language import _
from poolviz.values.explanation import Explanation

BINS = 10
_NO_DISTANCE = 0.005  # nats: "0.00"


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


def differences_in_words(names: Sequence[str], weights: np.ndarray) -> list[str]:
    """How the weights of heads differ on one text, in sentences.

    Parameters
    ----------
    names : of the heads.
    weights : (heads, T), of a head with several rows their mean.
    """
    count = weights.shape[1]
    spread = effective_tokens(weights)
    if len(names) == 1:
        return [
            _("{head} looks at {tokens} of {count:,} tokens, as if they had equal weights.").format(
                head=names[0], tokens=f"{spread[0]:.1f}", count=count
            )
        ]
    return [_apart(names, divergences(weights)), _spread(names, spread, count)]


def _apart(names: Sequence[str], distances: np.ndarray) -> str:
    pairs = list(combinations(range(len(names)), 2))
    far, near = (each(pairs, key=lambda pair: distances[pair]) for each in (max, min))
    if distances[far] < _NO_DISTANCE:
        return _("All heads weigh this text alike.")
    if len(pairs) == 1:
        sentence = _(
            "{first} and {second} are {far:.2f} apart on this text (0: the same weights, 0.69: no "
            "token in common)."
        )
    else:
        sentence = _(
            "Furthest apart on this text are {first} and {second}: {far:.2f} (0: the same weights, "
            "0.69: no token in common); nearest are {third} and {fourth}: {near:.2f}."
        )
    return sentence.format(
        first=names[far[0]],
        second=names[far[1]],
        far=distances[far],
        third=names[near[0]],
        fourth=names[near[1]],
        near=distances[near],
    )


def _spread(names: Sequence[str], spread: np.ndarray, count: int) -> str:
    sharp, flat = int(spread.argmin()), int(spread.argmax())
    return _(
        "{sharp} looks at the fewest tokens, as if {few} of {count:,} had equal weights; {flat} at "
        "the most, {many}."
    ).format(
        sharp=names[sharp],
        few=f"{spread[sharp]:.1f}",
        flat=names[flat],
        many=f"{spread[flat]:.1f}",
        count=count,
    )


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
