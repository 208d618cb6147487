"""Do the tokens a head ranks highest coincide with those that a person marked as the reason?

Agreement with a person says nothing about faithfulness: a model may decide by other tokens than
people would. Definitions as in ERASER (DeYoung et al. 2020, 2020.acl-main.408) and ferret.
"""

from __future__ import annotations

import math

import numpy as np


def token_overlap(scores: np.ndarray, marked: np.ndarray) -> dict[str, float]:
    """Intersection over union, precision, recall and F1 of the top tokens against the marks.

    The top tokens are as many as were marked, and of positive score only. Where a tie straddles the
    border, each tied token counts in part, as if tied orders were averaged. No unit; from 0 to 1;
    higher = closer to the person's marks. NaN where nothing is marked or no score is positive.

    Parameters
    ----------
    scores : (T,).
    marked : (T,) booleans.
    """
    chosen = _top_shares(scores, int(marked.sum()))
    if not chosen.sum():
        return dict.fromkeys(("iou", "precision", "recall", "f1"), math.nan)
    common, size, marks = float(chosen[marked].sum()), float(chosen.sum()), int(marked.sum())
    return {
        "iou": common / (size + marks - common),
        "precision": common / size,
        "recall": common / marks,
        "f1": 2 * common / (size + marks),
    }


def average_precision(scores: np.ndarray, marked: np.ndarray) -> float:
    """Area under the precision-recall curve: Σ (recall_i − recall_{i−1}) × precision_i over scores.

    Thresholds fall on distinct scores, so ties are neither favoured nor punished. No unit; from 0
    to 1; higher = marked tokens rank higher; scores without information give the share of marked
    tokens. NaN where no token is marked.
    """
    if not marked.any():
        return math.nan
    order = np.argsort(-scores, kind="stable")
    hits, ranked = np.cumsum(marked[order]), scores[order]
    ends = np.flatnonzero(np.append(np.diff(ranked) != 0, True))  # the last of each group of ties
    precision = hits[ends] / (ends + 1)
    recall = np.diff(hits[ends] / hits[-1], prepend=0.0)
    return float((precision * recall).sum())


def _top_shares(scores: np.ndarray, count: int) -> np.ndarray:
    """(T,): 1 for each of the `count` highest positive scores; ties at the border share."""
    shares = np.zeros(len(scores))
    positive = scores > 0
    if not count or not positive.any():
        return shares
    border = np.sort(scores[positive])[::-1][min(count, int(positive.sum())) - 1]
    above, tied = scores > border, scores == border
    shares[above] = 1
    shares[tied] = min((count - above.sum()) / tied.sum(), 1.0)
    return shares
