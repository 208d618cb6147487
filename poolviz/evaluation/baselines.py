"""What a matcher must beat: two scores of sentence pairs from counted characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from poolviz.text.tokens import lookup_form

ORDERS = (1, 2)  # characters and pairs of neighbours
MIN_COUNT = 3  # n-grams seen in fewer training sentences are left out
RIDGE = 10.0
STEPS = 300

Pair = tuple[str, str]


def character_cosines(pairs: Sequence[Pair]) -> np.ndarray:
    """(pairs,): the cosine of the two sentences' counts of characters, 0 where one has none."""
    return np.array([_cosine(_counts(a, (1,)), _counts(b, (1,))) for a, b in pairs])


class NgramRegression:
    """Logistic regression on the character n-grams that two sentences share, and those they do not.

    For each n-gram of one or two characters there are two features, in how many copies both
    sentences hold it, min(a, b), and by how many copies they differ, |a − b|. The loss is the sum
    of log losses (nats) plus ridge / 2 · ‖w‖²; it is minimised by accelerated gradient descent
    (Nesterov 1983), restarted where it goes uphill.

    Parameters
    ----------
    ridge : strength of the penalty; the bias is free.
    steps : of the descent.
    """

    def __init__(self, ridge: float = RIDGE, steps: int = STEPS):
        self.ridge, self.steps = ridge, steps
        self.columns: dict[str, int] = {}
        self.weights = np.zeros(1)

    def fit(self, pairs: Sequence[Pair], labels: np.ndarray) -> NgramRegression:
        """Learn from pairs with labels 0 and 1."""
        seen = Counter(gram for pair in pairs for text in pair for gram in _counts(text, ORDERS))
        kept = sorted(gram for gram, count in seen.items() if count >= MIN_COUNT)
        self.columns = {gram: number for number, gram in enumerate(kept)}
        features = self._features(pairs)
        self.weights = _descend(features, np.asarray(labels, float), self.ridge, self.steps)
        return self

    def probabilities(self, pairs: Sequence[Pair]) -> np.ndarray:
        """(pairs,) probabilities of a match."""
        return expit(self._features(pairs).times(self.weights))

    def _features(self, pairs: Sequence[Pair]) -> _Sparse:
        rows, columns, values = [], [], []
        for row, (text_a, text_b) in enumerate(pairs):
            a, b = _counts(text_a, ORDERS), _counts(text_b, ORDERS)
            for gram in a | b:  # in an order that is the same in every process
                column = self.columns.get(gram)
                if column is None:
                    continue
                both, apart = min(a[gram], b[gram]), abs(a[gram] - b[gram])
                for value, place in ((both, 2 * column), (apart, 2 * column + 1)):
                    if value:
                        rows.append(row)
                        columns.append(place)
                        values.append(value)
        return _Sparse(rows, columns, values, len(pairs), 2 * len(self.columns) + 1)


class _Sparse:
    """A matrix by its entries other than 0, with a last column of ones for the bias."""

    def __init__(self, rows, columns, values, height: int, width: int):
        self.rows = np.concatenate([np.asarray(rows, np.int64), np.arange(height)])
        ones = np.full(height, width - 1)
        self.columns = np.concatenate([np.asarray(columns, np.int64), ones])
        self.values = np.concatenate([np.asarray(values, float), np.ones(height)])
        self.height, self.width = height, width

    def times(self, vector: np.ndarray) -> np.ndarray:
        """(height,): the matrix times a vector (width,)."""
        return np.bincount(self.rows, self.values * vector[self.columns], self.height)

    def transposed_times(self, vector: np.ndarray) -> np.ndarray:
        """(width,): the transposed matrix times a vector (height,)."""
        return np.bincount(self.columns, self.values * vector[self.rows], self.width)

    def largest_curvature(self) -> float:
        """A bound on the largest eigenvalue of the product of the transposed with the matrix."""
        sums_of_rows = np.bincount(self.rows, self.values, self.height)
        return float(np.bincount(self.columns, self.values * sums_of_rows[self.rows]).max())


def _descend(features: _Sparse, labels: np.ndarray, ridge: float, steps: int) -> np.ndarray:
    penalty = np.full(features.width, ridge)
    penalty[-1] = 0
    step = 1 / (features.largest_curvature() / 4 + ridge)
    weights = ahead = np.zeros(features.width)
    momentum = 1.0
    for _ in range(steps):
        slope = features.transposed_times(expit(features.times(ahead)) - labels)
        slope += penalty * ahead
        moved = ahead - step * slope
        if slope @ (moved - weights) > 0:
            momentum = 1.0
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + (momentum - 1) / faster * (moved - weights)
        weights, momentum = moved, faster
    return weights


def _counts(text: str, orders: Sequence[int]) -> Counter[str]:
    """How often each run of `n` characters occurs, for each n; white space counts for nothing."""
    characters = [lookup_form(c) for c in text if not c.isspace()]
    return Counter(
        "".join(characters[start : start + n])
        for n in orders
        for start in range(len(characters) - n + 1)
    )


def _cosine(a: Counter[str], b: Counter[str]) -> float:
    lengths = sum(x * x for x in a.values()) * sum(x * x for x in b.values())
    return sum(count * b[gram] for gram, count in a.items()) / lengths**0.5 if lengths else 0.0
