"""How good predictions are: accuracy and F1 with intervals, per class, NumPy only."""

from __future__ import annotations

from typing import Any

import numpy as np

BOOTSTRAP_SAMPLES = 1_000
BOOTSTRAP_SEED = 20_260


def confusion(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """(classes, classes) counts: rows are true classes, columns predicted ones."""
    cells = np.bincount(truth.astype(np.int64) * classes + predicted, minlength=classes**2)
    return cells.reshape(classes, classes)


def accuracy(matrix: np.ndarray) -> np.ndarray | float:
    """Share of rows on the diagonal, from 0 to 1; for one matrix (K, K) or many (..., K, K)."""
    return np.trace(matrix, axis1=-2, axis2=-1) / matrix.sum(axis=(-2, -1))


def macro_f1(matrix: np.ndarray) -> np.ndarray | float:
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
    speak of the choice of test rows only, not of what another training seed would give.

    Parameters
    ----------
    truth, predicted : (rows,) class columns; at least one row.
    """
    matrix = confusion(truth, predicted, len(classes))
    samples = _resampled(matrix)
    return {
        "rows": len(truth),
        "accuracy": _with_interval(accuracy(matrix), accuracy(samples)),
        "macro_f1": _with_interval(macro_f1(matrix), macro_f1(samples)),
        "per_class": [_class_figures(matrix, k, name) for k, name in enumerate(classes)],
        "confusion": matrix.tolist(),
    }


def share(hits: int, rows: int) -> dict[str, float]:
    """`value`, `low`, `high`: a share with its 95 % interval by Wilson's score (1927).

    For small groups of rows: unlike the bootstrap it stays honest where all rows are right.
    """
    z = 1.959964
    value = hits / rows
    centre = (value + z**2 / (2 * rows)) / (1 + z**2 / rows)
    reach = z / (1 + z**2 / rows) * (value * (1 - value) / rows + z**2 / (4 * rows**2)) ** 0.5
    return {"value": value, "low": max(centre - reach, 0.0), "high": min(centre + reach, 1.0)}


def _resampled(matrix: np.ndarray) -> np.ndarray:
    """Confusion matrices of bootstrap samples: resampling rows is a multinomial over the cells."""
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    rows = int(matrix.sum())
    cells = rng.multinomial(rows, matrix.ravel() / rows, size=BOOTSTRAP_SAMPLES)
    return cells.reshape(-1, *matrix.shape)


def _with_interval(value, samples) -> dict[str, float]:
    low, high = np.percentile(samples, [2.5, 97.5])
    return {"value": float(value), "low": float(low), "high": float(high)}


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
