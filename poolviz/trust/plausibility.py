"""Do the tokens a head ranks highest coincide with those that a person marked as the reason?

Agreement with a person says nothing about faithfulness: a model may decide by other tokens than
people would. Definitions as in ERASER (DeYoung et al. 2020, 2020.acl-main.408) and ferret.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from poolviz import bulk
from poolviz.explain import Explainer
from poolviz.language import N_
from poolviz.text import encode
from poolviz.trust.rankings import significant
from poolviz.trust.rationales import Rationale, marked_tokens
from poolviz.trust.summary import means_with_intervals

MEASURES: dict[str, str] = {
    "iou": N_("Token IoU"),
    "f1": N_("Token F1"),
    "auprc": N_("AUPRC"),
}
RANKED = ("weight", "contribution")
CHANCE = "chance"


def agreement(
    weights: np.ndarray, contributions: np.ndarray, target: int, marked: np.ndarray
) -> dict[str, dict[str, float]]:
    """`MEASURES` of each ranking in `RANKED`, and under `chance` what a random one is expected.

    Parameters
    ----------
    weights, contributions : (H, T) and (H, T, K), as in `poolviz.types.Explanation`.
    target : column of the class whose contributions are ranked.
    marked : (T,) booleans.
    """
    scores = {
        "weight": weights.mean(axis=0),
        "contribution": contributions[..., target].sum(axis=0),
    }
    found = {}
    for ranking, values in scores.items():
        values = significant(values)
        overlap = token_overlap(values, marked)
        found[ranking] = {
            "iou": overlap["iou"],
            "f1": overlap["f1"],
            "auprc": average_precision(values, marked),
        }
    return {**found, CHANCE: chance(len(marked), int(marked.sum()))}


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


def chance(count: int, marks: int) -> dict[str, float]:
    """What a random order of `count` tokens is expected to reach, `marks` of them marked.

    The top tokens are then as many tokens drawn without replacement: what they have in common with
    the marks is hypergeometric, with mean marks² / count. AUPRC: Bestgen 2015 (exact expected
    average precision of the random baseline). All NaN where nothing is marked.
    """
    if not marks:
        return dict.fromkeys(MEASURES, math.nan)
    common = np.arange(max(2 * marks - count, 0), marks + 1)
    logarithms = np.array(
        [
            _log_binomial(marks, c)
            + _log_binomial(count - marks, marks - c)
            - _log_binomial(count, marks)
            for c in common.tolist()
        ]
    )
    harmonic = float((1 / np.arange(1, count + 1)).sum())
    others = (marks - 1) / (count - 1) if count > 1 else 0.0
    return {
        "iou": float((np.exp(logarithms) * common / (2 * marks - common)).sum()),
        "f1": marks / count,
        "auprc": (harmonic + others * (count - harmonic)) / count,
    }


def over_texts(
    explainers: Mapping[str, Explainer],
    rationales: Sequence[Rationale],
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> pd.DataFrame | None:
    """Agreement with many rationales: a line for each text and head; None where cancelled.

    Columns: `head`; `number`, of the rationale from 1; `tokens`; `marked`, how many of them; and
    `<ranking>.<measure>`, with `chance` as a ranking. Contributions are to the predicted class.

    Parameters
    ----------
    explainers : for each head.
    progress : called with (texts done, texts in all), over all heads.

    Raises
    ------
    TextError : nothing is visible in a text, or it is too long.
    """
    lines, total = [], len(explainers) * len(rationales)
    for place, (head, explainer) in enumerate(explainers.items()):
        before = place * len(rationales)
        of_head = _of_head(
            explainer,
            rationales,
            lambda done, _all, before=before: progress(before + done, total),
            cancelled,
        )
        lines += [{"head": head, **line} for line in sorted(of_head, key=lambda x: x["number"])]
        if cancelled():
            return None
    return pd.DataFrame(lines)


def _of_head(
    explainer: Explainer,
    rationales: Sequence[Rationale],
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Iterator[dict[str, float]]:
    """The lines of one head, in the order in which its texts are run."""
    encoded = [encode(rationale.text, explainer.vocabulary) for rationale in rationales]
    names = ("weights", "contributions", "probabilities")
    ids = [ids for _tokens, ids in encoded]
    for batch, outputs in bulk.run_many(explainer.engine, ids, names, progress, cancelled):
        for row, number in enumerate(batch.tolist()):
            marked = marked_tokens(encoded[number][0], rationales[number].spans)
            weights, contributions, probabilities = (outputs[name][row] for name in names)
            found = agreement(weights, contributions, int(probabilities.argmax()), marked)
            line = {"number": number + 1, "tokens": len(marked), "marked": int(marked.sum())}
            yield line | {
                f"{ranking}.{name}": value
                for ranking, figures in found.items()
                for name, value in figures.items()
            }


def means(table: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """For each head the mean of every column of figures with its 95 % bootstrap interval and n.

    Parameters
    ----------
    table : of `over_texts`.
    """
    columns = [name for name in table if "." in name]
    return {
        str(head): means_with_intervals(lines[columns])
        for head, lines in table.groupby("head", sort=False)
    }


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


def _log_binomial(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
