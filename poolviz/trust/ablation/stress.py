"""What other weights over the same vectors would give: does the prediction depend on these ones?

The encoder's vectors are held; only the pooling step changes. Jain & Wallace 2019 (N19-1357) and
Serrano & Smith 2019 (P19-1282). `max` does not multiply by its weights, so shuffling them or making
them uniform means nothing there; without a token it takes the maximum over the others.

H = weight rows, T = tokens, K = classes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import rel_entr

from poolviz.evaluation.anatomy import divergence
from poolviz.trust.ablation.pooling import Pooling
from poolviz.values.shapes import Ids, PerClass, PerRowToken

SHUFFLES = 100
EPSILON = 0.05
_LIGHTEST = 48  # tokens whose pairs are tried as goals of the weight
_HALVINGS = 20


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one set of edited weights gives.

    Parameters
    ----------
    weights : (H, T), each row sums to 1; None for `max`, whose weights are no multipliers.
    probabilities : (K,).
    distance : total variation distance to the prediction of the head's own weights.
    flips : whether the predicted class is another one.
    divergence : mean over the rows of the Jensen-Shannon divergence to the head's own weights, in
        nats, from 0 to ln 2; NaN for `max`.
    """

    weights: PerRowToken | None
    probabilities: PerClass
    distance: float
    flips: bool
    divergence: float


def total_variation(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """½ Σ |first − second| over the classes: a probability, from 0 (equal) to 1."""
    return np.abs(first - second).sum(axis=-1) / 2


class Stress:
    """The stress tests of one text under one head.

    Parameters
    ----------
    pooling : the model.
    ids : (T,), none of them 0.
    weights : (H, T), the head's own.
    editable : whether the head multiplies by its weights, see
        `poolviz.model.heads.Head.weighted_mean`.
    """

    def __init__(self, pooling: Pooling, ids: Ids, weights: PerRowToken, editable: bool):
        self._pooling = pooling
        self._vectors = pooling.vectors(ids)
        self._values = pooling.values(self._vectors)
        self._editable = editable
        self.weights = np.asarray(weights, np.float64)
        everything = np.ones((1, len(ids)), bool)
        self.probabilities = pooling.pool_kept(self._vectors, everything)[0]

    def permuted(self, rng: np.random.Generator, shuffles: int = SHUFFLES) -> Outcome | None:
        """The median shuffle by total variation distance; each weight row is shuffled by itself.

        A distance near 0 says that where the weight lies hardly matters for the prediction: from 0
        to 1, higher = the prediction depends more on the weights. None for `max`.
        """
        if not self._editable:
            return None
        seeds = [int(seed) for seed in rng.integers(2**63, size=shuffles)]
        pooled = np.array([self._pool(self._shuffled(seed)) for seed in seeds])
        distances = total_variation(self._pooling.read_out(pooled), self.probabilities)
        middle = np.argsort(distances, kind="stable")[(shuffles - 1) // 2]
        return self._outcome(self._shuffled(seeds[middle]))

    def uniform(self) -> Outcome | None:
        """1/T for every token, vectors unchanged; a distance as for `permuted`. None for `max`."""
        if not self._editable:
            return None
        return self._outcome(np.full_like(self.weights, 1 / self.weights.shape[1]))

    def without_heaviest(self) -> Outcome | None:
        """Without the token of the greatest mean weight, the others' weights normalised again.

        A greater distance than `without_one` = the head's favourite counts. None for one token.
        """
        return self.without_one(int(self.weights.mean(axis=0).argmax()))

    def without_one(self, token: int) -> Outcome | None:
        """The same without any one token: a random one is the control."""
        count = self.weights.shape[1]
        if count < 2:
            return None
        kept = np.arange(count) != token
        if not self._editable:
            return self._result(None, self._pooling.pool_kept(self._vectors, kept[None])[0])
        left = self.weights * kept
        total = left.sum(axis=1, keepdims=True)
        return self._outcome(
            np.where(total > 0, left / np.where(total > 0, total, 1), kept / kept.sum())
        )

    def most_different(self, epsilon: float = EPSILON) -> Outcome | None:
        """Weights as unlike the head's own as found, with a prediction within ε of its own.

        Moves all rows' weight towards one token, or two of the 48 lightest tokens that together
        give the same difference between the two most probable classes, as far as the total
        variation distance stays ≤ ε, and keeps the greatest Jensen-Shannon divergence: a lower
        bound of Jain & Wallace's ε-max-JSD. From 0 to ln 2; higher = the weights are less needed.
        None for `max`.
        """
        if not self._editable:
            return None
        left, right, part = self._goals()
        own = self._pool(self.weights)
        alone = self._values.sum(axis=0)  # (T, R): all rows' weight on one token
        far = part[:, None] * alone[left] + (1 - part)[:, None] * alone[right]
        low, high = np.zeros((len(far), 1)), np.ones((len(far), 1))
        low[self._near(far, epsilon)] = 1
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            near = self._near((1 - middle) * own + middle * far, epsilon)[:, None]
            low, high = np.where(near, middle, low), np.where(near, high, middle)
        share = low[:, 0]
        best = int(_moved(self.weights, share, left, right, part).argmax())
        edited = (1 - share[best]) * self.weights
        edited[:, left[best]] += share[best] * part[best]
        edited[:, right[best]] += share[best] * (1 - part[best])
        return self._outcome(edited)

    def _goals(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where weight may go: N pairs of tokens, and the first one's part of it (N,).

        Each token alone, and pairs of light tokens that together keep the log-odds of the two most
        probable classes.
        """
        single = np.arange(self.weights.shape[1])
        first, second = np.argsort(-self.probabilities, kind="stable")[:2]
        alone = self._pooling.read_out(self._values.sum(axis=0))
        margins = _log_odds(alone, first, second)
        wanted = _log_odds(self.probabilities, first, second)
        lightest = np.argsort(self.weights.mean(axis=0), kind="stable")[:_LIGHTEST]
        left, right = (lightest[part] for part in np.triu_indices(len(lightest), 1))
        apart = (margins[left] - wanted) * (margins[right] - wanted) < 0
        left, right = left[apart], right[apart]
        part = (wanted - margins[right]) / (margins[left] - margins[right])
        ones = np.ones(len(single))
        return (
            np.concatenate([single, left]),
            np.concatenate([single, right]),
            np.concatenate([ones, part]),
        )

    def _near(self, pooled: np.ndarray, epsilon: float) -> np.ndarray:
        """(N,) booleans: which of the pooled (N, R) give a prediction within ε of the head's."""
        return total_variation(self._pooling.read_out(pooled), self.probabilities) <= epsilon

    def _shuffled(self, seed: int) -> np.ndarray:
        return np.random.default_rng(seed).permuted(self.weights, axis=1)

    def _pool(self, weights: np.ndarray) -> np.ndarray:
        """(R,) from weights (H, T)."""
        return np.einsum("ht,htr->r", weights, self._values)

    def _outcome(self, weights: PerRowToken) -> Outcome:
        return self._result(weights, self._pooling.read_out(self._pool(weights)[None])[0])

    def _result(self, weights: PerRowToken | None, probabilities: PerClass) -> Outcome:
        apart = math.nan if weights is None else divergence(weights, self.weights).mean()
        return Outcome(
            weights=weights,
            probabilities=probabilities,
            distance=float(total_variation(probabilities, self.probabilities)),
            flips=bool(probabilities.argmax() != self.probabilities.argmax()),
            divergence=float(apart),
        )


def _moved(
    weights: np.ndarray, share: np.ndarray, left: np.ndarray, right: np.ndarray, part: np.ndarray
) -> np.ndarray:
    """(N,): divergence of weights (H, T) from those with a share (N,) moved to two tokens.

    All other tokens lose the same share, so that they add in proportion to their weight: no set of
    edited weights needs to be written out.
    """
    kept = 1 - share
    at_left, at_right = weights[:, left], np.where(left == right, 0, weights[:, right])
    others = np.maximum(1 - at_left - at_right, 0)
    on_right = np.where(left == right, 0, kept * at_right + share * (1 - part))
    return (
        others * _halves(np.ones_like(kept), kept)
        + _halves(at_left, kept * at_left + share * part)
        + _halves(at_right, on_right)
    ).mean(axis=0)


def _halves(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """What one token with weights p and q adds to the Jensen-Shannon divergence."""
    middle = (p + q) / 2
    return (rel_entr(p, middle) + rel_entr(q, middle)) / 2


def _log_odds(probabilities: np.ndarray, first: int, second: int) -> np.ndarray:
    tiny = np.finfo(np.float64).tiny
    return np.log(probabilities[..., first] + tiny) - np.log(probabilities[..., second] + tiny)
