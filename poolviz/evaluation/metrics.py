"""How good predictions are: accuracy and F1 with intervals, per class."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import expit

from poolviz.evaluation import intervals
from poolviz.values.interval import Interval

BOOTSTRAP_SAMPLES = 1_000
BOOTSTRAP_SEED = 20_260


def confusion(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """(classes, classes) counts: rows are true classes, columns predicted ones.

    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    cells = np.bincount(truth.astype(np.int64) * classes + predicted, minlength=classes**2)
    return cells.reshape(classes, classes)


def accuracy(matrix: np.ndarray) -> Any:
    """Share of rows on the diagonal, from 0 to 1; for one matrix (K, K) or many (..., K, K)."""
    return np.trace(matrix, axis1=-2, axis2=-1) / matrix.sum(axis=(-2, -1))


def macro_f1(matrix: np.ndarray) -> Any:
    """Mean over the classes of F1 = 2 TP / (true + predicted), from 0 to 1.

    A class that neither occurs nor is predicted is left out of the mean.
    """
    hits = np.diagonal(matrix, axis1=-2, axis2=-1)
    total = matrix.sum(axis=-1) + matrix.sum(axis=-2)
    with np.errstate(invalid="ignore"):
        return np.nanmean(2 * hits / total, axis=-1)


def evaluate(truth: np.ndarray, predicted: np.ndarray, classes: tuple[str, ...]) -> dict[str, Any]:
    """All figures of a card's test section.

    Intervals are 95 % percentile bootstrap over rows (1,000 samples, fixed seed; Efron 1979). They
    speak of the choice of test rows only, not of what another training seed would give. Where the
    bootstrap would not cover what it says (`intervals.resampling_covers`), the accuracy has one of
    another kind, see `intervals.of_share`, and no other figure has any.

    Parameters
    ----------
    truth, predicted : (rows,) class columns; at least one row.
    """
    return figures_of(confusion(truth, predicted, len(classes)), classes)


def figures_of(matrix: np.ndarray, classes: tuple[str, ...]) -> dict[str, Any]:
    """What `evaluate` gives, of the counts of at least one row (see `confusion`)."""
    samples = _resampled(matrix)
    return {
        "rows": int(matrix.sum()),
        "accuracy": _accuracy_figure(matrix, samples),
        "macro_f1": _figure(macro_f1(matrix), macro_f1(samples), matrix),
        "per_class": [_class_figures(matrix, k, name) for k, name in enumerate(classes)],
        "confusion": matrix.tolist(),
    }


def evaluate_pairs(
    truth: np.ndarray, probabilities: np.ndarray, threshold: float
) -> dict[str, Any]:
    """Figures of a matcher: accuracy, F1 of the matches, area under the ROC curve.

    Intervals as in `evaluate`.

    Parameters
    ----------
    truth : (rows,) 1 where a pair matches, else 0; at least one row of each.
    probabilities : (rows,) of a match; any score that rises with it will do.
    threshold : from which on a pair counts as a match.
    """
    truth = np.asarray(truth, np.int64)
    matrix = confusion(truth, (probabilities >= threshold).astype(np.int64), 2)
    samples = _resampled(matrix)
    counts = _counts_by_score(truth, probabilities)
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    drawn = [
        _area(rng.multinomial(len(truth), counts.ravel() / len(truth)).reshape(counts.shape))
        for _ in range(BOOTSTRAP_SAMPLES)
    ]
    return {
        "rows": len(truth),
        "accuracy": _accuracy_figure(matrix, samples),
        "f1": _figure(_f1_of_matches(matrix), _f1_of_matches(samples), matrix),
        "roc_auc": _figure(_area(counts), np.array(drawn), matrix),
        "confusion": matrix.tolist(),
    }


def best_threshold(truth: np.ndarray, probabilities: np.ndarray) -> float:
    """The threshold with the highest accuracy; the one nearest to one half among the best."""
    values, where = np.unique(probabilities, return_inverse=True)
    matches = np.bincount(where, weights=truth, minlength=len(values))
    others = np.bincount(where, weights=1 - np.asarray(truth), minlength=len(values))
    # hits[k]: right where exactly the rows below values[k] count as no match
    hits = np.append(0, np.cumsum(others)) + np.append(np.cumsum(matches[::-1])[::-1], 0)
    between = np.concatenate([[values[0]], (values[1:] + values[:-1]) / 2, [values[-1] + 1e-6]])
    best = np.flatnonzero(hits == hits.max())
    return float(between[best[np.abs(between[best] - 0.5).argmin()]])


def calibration(logits: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """a > 0 and b of σ(a · logit + b) with the least logistic loss, by Newton's method.

    Platt 1999 ("Probabilistic outputs for support vector machines"), without his smoothed labels;
    a little ridge keeps separable rows finite.
    """
    spread = logits.std() or 1.0
    x = np.stack([(logits - logits.mean()) / spread, np.ones_like(logits)], axis=1)
    w = np.zeros(2)
    for _ in range(50):
        p = expit(x @ w)
        gradient = x.T @ (p - labels) + 1e-3 * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(2)
        change = np.linalg.solve(hessian, gradient)
        w -= np.clip(change, -2, 2)
        if np.abs(change).max() < 1e-9:
            break
    scale = max(w[0] / spread, 1e-3)
    return float(scale), float(w[1] - scale * logits.mean())


def _counts_by_score(truth: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """(2, distinct scores): how many non-matches and matches have each score, in rising order."""
    values, where = np.unique(scores, return_inverse=True)
    cells = np.bincount(truth * len(values) + where, minlength=2 * len(values))
    return cells.reshape(2, len(values))


def _area(counts: np.ndarray) -> float:
    others, matches = counts
    below = np.cumsum(others) - others / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return (matches * below).sum() / (matches.sum() * others.sum())


def _f1_of_matches(matrix: np.ndarray) -> Any:
    """2 TP / (true + predicted matches); 0 where there is none."""
    hits = matrix[..., 1, 1]
    total = matrix[..., 1, :].sum(axis=-1) + matrix[..., :, 1].sum(axis=-1)
    return 2 * hits / np.maximum(total, 1)


def _resampled(matrix: np.ndarray) -> np.ndarray:
    """Confusion matrices of bootstrap samples: resampling rows is a multinomial over the cells."""
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    rows = int(matrix.sum())
    cells = rng.multinomial(rows, matrix.ravel() / rows, size=BOOTSTRAP_SAMPLES)
    return cells.reshape(-1, *matrix.shape)


def _figure(value: float, samples: np.ndarray, matrix: np.ndarray) -> dict[str, float | None]:
    """With an interval where `matrix`, the counts of all rows, lets the bootstrap cover."""
    if not _covers(matrix):
        return Interval(float(value), math.nan, math.nan).to_json()
    return intervals.of_samples(value, samples).to_json()


def _accuracy_figure(matrix: np.ndarray, samples: np.ndarray) -> dict[str, float | None]:
    if not _covers(matrix):
        return intervals.of_share(int(np.trace(matrix)), int(matrix.sum())).to_json()
    return intervals.of_samples(accuracy(matrix), accuracy(samples)).to_json()


def _covers(matrix: np.ndarray) -> bool:
    right = int(np.trace(matrix))
    return intervals.resampling_covers(right, int(matrix.sum()) - right)


def _class_figures(matrix: np.ndarray, k: int, name: str) -> dict[str, Any]:
    """Precision, recall and F1 of one class; None where the denominator is 0."""
    hits, true, predicted = matrix[k, k], matrix[k].sum(), matrix[:, k].sum()
    return {
        "class": name,
        "rows": int(true),
        "precision": float(hits / predicted) if predicted else None,
        "recall": float(hits / true) if true else None,
        "f1": float(2 * hits / (true + predicted)) if true + predicted else None,
    }
