"""Which tokens a head weighs in the texts it takes for a class, and which add to a class.

Every figure is a mean over rows, each row's own figure being the mean over the token's occurrences
in it; so an interval speaks of rows, which are independent, not of occurrences, which are not. The
weight is given relative to uniform (weight × tokens of the text, mean over the head's weight rows):
1 is what average pooling gives in every text, however long. The contribution is that to the centred
logit, summed over the head's weight rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from poolviz.evaluation.intervals import t_reach
from poolviz.text.vocabulary import UNKNOWN_ID
from poolviz.values.interval import Interval

LEAST_OCCURRENCES = 16
LEAST_ROWS = 5


@dataclass(frozen=True)
class Part:
    """One batch: a line for each of G pairs of a row and a token in it.

    `token`, `predicted` (class of the row), `occurrences`, `weight`: (G,); `contribution`: (G, K).
    """

    token: np.ndarray
    predicted: np.ndarray
    occurrences: np.ndarray
    weight: np.ndarray
    contribution: np.ndarray


def collect(
    ids: np.ndarray, weights: np.ndarray, contributions: np.ndarray, predicted: np.ndarray
) -> Part:
    """What one batch says of its tokens; B texts of T tokens, K classes.

    Parameters
    ----------
    ids : (B, T) numbers of tokens.
    weights : (B, T), means over the head's weight rows.
    contributions : (B, T, K), sums over the head's weight rows.
    predicted : (B,) columns of classes.
    """
    texts, tokens = ids.shape
    rows = np.repeat(np.arange(texts), tokens)
    size = int(ids.max()) + 1
    pairs, inverse, counts = np.unique(
        rows * size + ids.ravel(), return_inverse=True, return_counts=True
    )

    def mean(values: np.ndarray) -> np.ndarray:
        return np.bincount(inverse, values.ravel(), len(pairs)) / counts

    classes = contributions.shape[2]
    return Part(
        token=pairs % size,
        predicted=predicted[pairs // size],
        occurrences=counts,
        weight=mean(weights) * tokens,
        contribution=np.stack([mean(contributions[..., k]) for k in range(classes)], axis=1),
    )


class TokenSums:
    """Sums over batches, from which `table` makes means with intervals."""

    def __init__(self, vocabulary: int, classes: int):
        self._shape = (vocabulary, classes)
        # By token and predicted class of the row; contributions by token and class of the logit.
        self._rows, self._occurrences, self._weight, self._weight_squares = (
            np.zeros(vocabulary * classes) for _ in range(4)
        )
        self._contribution, self._contribution_squares = (np.zeros(self._shape) for _ in range(2))

    def add(self, part: Part) -> None:
        """Add a batch."""
        vocabulary, classes = self._shape
        cells = part.token * classes + part.predicted
        for sums, values in (
            (self._rows, None),
            (self._occurrences, part.occurrences),
            (self._weight, part.weight),
            (self._weight_squares, part.weight**2),
        ):
            sums += np.bincount(cells, values, vocabulary * classes)
        for k in range(classes):
            values = part.contribution[:, k]
            self._contribution[:, k] += np.bincount(part.token, values, vocabulary)
            self._contribution_squares[:, k] += np.bincount(part.token, values**2, vocabulary)

    def table(self) -> pd.DataFrame:
        """A line for each class of each token that was seen often enough to have a mean.

        Columns: `token` (number), `class` (column); in the rows that the head takes for the class
        `rows`, `occurrences`, `weight` and `weight_error` (standard error of the mean); in all rows
        `all_rows`, `all_occurrences`, `contribution` and `contribution_error`.
        """
        rows, occurrences, weight, weight_squares = (
            sums.reshape(self._shape)
            for sums in (self._rows, self._occurrences, self._weight, self._weight_squares)
        )
        all_rows, all_occurrences = rows.sum(axis=1), occurrences.sum(axis=1)
        often = (all_rows >= LEAST_ROWS) & (all_occurrences >= LEAST_OCCURRENCES)
        often[: UNKNOWN_ID + 1] = False
        tokens = np.flatnonzero(often)
        weight, weight_error = _mean_and_error(weight, weight_squares, rows)
        contribution, contribution_error = _mean_and_error(
            self._contribution, self._contribution_squares, all_rows[:, None]
        )
        classes = self._shape[1]
        columns = {
            "token": np.repeat(tokens, classes).astype(np.int32),
            "class": np.tile(np.arange(classes), len(tokens)).astype(np.int16),
        }
        for name, values, dtype in (
            ("rows", rows, np.int32),
            ("occurrences", occurrences, np.int32),
            ("weight", weight, np.float32),
            ("weight_error", weight_error, np.float32),
            ("all_rows", np.broadcast_to(all_rows[:, None], self._shape), np.int32),
            ("all_occurrences", np.broadcast_to(all_occurrences[:, None], self._shape), np.int32),
            ("contribution", contribution, np.float32),
            ("contribution_error", contribution_error, np.float32),
        ):
            columns[name] = values[tokens].ravel().astype(dtype)
        return pd.DataFrame(columns)


def top(table: pd.DataFrame, number: int, by: str, count: int) -> pd.DataFrame:
    """The tokens with the largest mean for one class, largest first.

    Parameters
    ----------
    table : of `TokenSums.table`.
    number : column of the class.
    by : "weight" in the rows that the head takes for the class, or "contribution" to its logit.

    Returns
    -------
    `token`, `value`, `low` and `high` (95 %, see `poolviz.evaluation.intervals.t_reach`; NaN of few
    rows), `rows`, `occurrences`.
    """
    found = table[table["class"] == number]
    rows, occurrences = (
        ("rows", "occurrences") if by == "weight" else ("all_rows", "all_occurrences")
    )
    enough = (found[rows] >= LEAST_ROWS) & (found[occurrences] >= LEAST_OCCURRENCES)
    found = found[enough].sort_values(by, ascending=False, kind="stable").head(count)
    return pd.DataFrame(
        {
            "token": found["token"],
            **dict(zip(("value", "low", "high"), _parts(found, by), strict=True)),
            "rows": found[rows],
            "occurrences": found[occurrences],
        }
    ).reset_index(drop=True)


def interval(line: pd.Series, by: str) -> Interval:
    """The mean of one line of a table."""
    return Interval(*(float(part) for part in _parts(line, by)))


def _parts(lines: pd.DataFrame | pd.Series, by: str) -> tuple[Any, Any, Any]:
    """Means of lines of a table with their 95 % intervals: value, low, high."""
    rows = lines["rows" if by == "weight" else "all_rows"]
    reach = t_reach(lines[f"{by}_error"], rows)
    return lines[by], lines[by] - reach, lines[by] + reach


def _mean_and_error(
    sums: np.ndarray, squares: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Means, and their standard errors; 0 where nothing was counted."""
    counts = np.maximum(counts, 1)
    means = sums / counts
    variances = np.maximum(squares / counts - means**2, 0)
    return means, np.sqrt(variances / counts)
