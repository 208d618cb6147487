"""Do the tokens a head ranks highest coincide with those that a person marked as the reason?

Agreement with a person says nothing about faithfulness: a model may decide by other tokens than
people would. Definitions as in ERASER (DeYoung et al. 2020, 2020.acl-main.408) and ferret.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import betaln

from poolviz.engine import bulk
from poolviz.engine.texts import Explainer, encoded_each
from poolviz.language import N_
from poolviz.text.encoding import Encoded
from poolviz.trust.marks.rationales import Rationale, marked_tokens
from poolviz.trust.rows.summary import means_with_intervals
from poolviz.trust.text.rankings import significant
from poolviz.values.shapes import Marked, PerRowToken, PerRowTokenClass, TokenRanking
from poolviz.watch import QUIET, Watch

MEASURES: dict[str, str] = {
    "iou": N_("Token IoU"),
    "f1": N_("Token F1"),
    "auprc": N_("Average precision"),
}
RANKED = ("weight", "contribution")
CHANCE = "chance"


def agreement(
    weights: PerRowToken, contributions: PerRowTokenClass, target: int, marked: Marked
) -> dict[str, dict[str, float]]:
    """`MEASURES` of each ranking in `RANKED`, and under `chance` what a random one is expected.

    Parameters
    ----------
    weights, contributions : (H, T) and (H, T, K), as in `poolviz.values.explanation.Explanation`.
    target : column of the class whose contributions are ranked.
    marked : (T,) booleans.
    """
    scores = {
        "weight": weights.mean(axis=0),
        "contribution": contributions[..., target].sum(axis=0),
    }
    found = {name: _figures(significant(values), marked) for name, values in scores.items()}
    return {**found, CHANCE: chance(len(marked), int(marked.sum()))}


def token_overlap(scores: TokenRanking, marked: Marked) -> dict[str, float]:
    """Intersection over union, precision, recall and F1 of the top tokens against the marks.

    The top tokens are as many as were marked, and of positive score only. Where a tie straddles the
    border, the mean over all orders of the tied tokens: how many marked ones are taken is then
    hypergeometric. No unit; from 0 to 1; higher = closer to the person's marks. NaN where nothing
    is marked or no score is positive.

    Parameters
    ----------
    scores : (T,).
    marked : (T,) booleans.
    """
    marks, positive = int(marked.sum()), scores[scores > 0]
    size = min(marks, len(positive))
    if not size:
        return dict.fromkeys(("iou", "precision", "recall", "f1"), math.nan)
    border = np.sort(positive)[-size]
    above, tied = scores > border, scores == border
    common, chances = _drawn(int(tied.sum()), int(marked[tied].sum()), size - int(above.sum()))
    common = common + int(marked[above].sum())
    mean = float(chances @ common)
    return {
        "iou": float(chances @ (common / (size + marks - common))),
        "precision": mean / size,
        "recall": mean / marks,
        "f1": 2 * mean / (size + marks),
    }


def average_precision(scores: TokenRanking, marked: Marked) -> float:
    """Average precision: Σ (recall_i − recall_{i−1}) × precision_i over ranks.

    The area under precision and recall as steps. ERASER's AUPRC joins the points of the same curve
    by straight lines (trapezoids), which gives other numbers, up to .32 apart. Of tied tokens the
    mean over all their orders (McSherry & Najork 2008), so that scores without information reach
    what chance reaches. No unit; from 0 to 1; higher = marked tokens rank higher.
    NaN where no token is marked.
    """
    if not marked.any():
        return math.nan
    groups, size = np.unique(-scores, return_inverse=True, return_counts=True)[1:]
    hits = np.bincount(groups, marked, len(size))
    before, hits_before = np.cumsum(size) - size, np.cumsum(hits) - hits
    group = np.repeat(np.arange(len(size)), size)  # of each rank
    rank = np.arange(len(scores))
    others = (hits - 1) / np.maximum(size - 1, 1)  # the share of marks among a mark's own ties
    so_far = hits_before[group] + 1 + (rank - before[group]) * others[group]
    return float(((hits / size)[group] * so_far / (rank + 1)).sum() / hits.sum())


def chance(count: int, marks: int) -> dict[str, float]:
    """What a random order of `count` tokens is expected to reach, `marks` of them marked.

    That of equal scores, whose ties are averaged; for average precision the exact expected one of
    a random order (Bestgen 2015). All NaN where nothing is marked.
    """
    return _figures(np.ones(count), np.arange(count) < marks)


def over_texts(
    explainers: Mapping[str, Explainer], rationales: Sequence[Rationale], watch: Watch = QUIET
) -> pd.DataFrame:
    """Agreement with many rationales: a line for each text and head.

    Columns: `head`; `number`, of the rationale from 1; `tokens`; `marked`, how many of them; and
    `<ranking>.<measure>`, with `chance` as a ranking. Contributions are to the predicted class.

    Parameters
    ----------
    explainers : for each head.
    watch : counts texts, over all heads.

    Raises
    ------
    TextError : nothing is visible in a text, or it is too long.
    """
    lines, total = [], len(explainers) * len(rationales)
    # A list for each rationale: the text as each explainer reads it.
    encoded: list[list[Encoded]] = []
    for rationale in rationales:
        watch.check()
        encoded.append(encoded_each(list(explainers.values()), rationale.text))
    for place, (head, explainer) in enumerate(explainers.items()):
        part = watch.part(place * len(rationales), total)
        of_head = _of_head(explainer, rationales, [each[place] for each in encoded], part)
        lines += [{"head": head, **line} for line in sorted(of_head, key=lambda x: x["number"])]
    return pd.DataFrame(lines)


def _of_head(
    explainer: Explainer,
    rationales: Sequence[Rationale],
    encoded: Sequence[Encoded],
    watch: Watch,
) -> Iterator[dict[str, float]]:
    """The lines of one head, in the order in which its texts are run."""
    names = ("weights", "contributions", "probabilities")
    ids = [each.ids for each in encoded]
    for batch, outputs in bulk.run_many(explainer.engine, ids, names, watch):
        for row, number in enumerate(batch.tolist()):
            marked = marked_tokens(encoded[number].tokens, rationales[number].spans)
            weights, contributions, probabilities = (outputs[name][row] for name in names)
            found = agreement(weights, contributions, int(probabilities.argmax()), marked)
            line = {"number": number + 1, "tokens": len(marked), "marked": int(marked.sum())}
            yield line | {
                f"{ranking}.{name}": value
                for ranking, figures in found.items()
                for name, value in figures.items()
            }


def means(table: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """For each head the mean of every column of figures with its 95 % interval and n.

    Parameters
    ----------
    table : of `over_texts`.
    """
    columns = [name for name in table if "." in name]
    return {
        str(head): means_with_intervals(lines[columns])
        for head, lines in table.groupby("head", sort=False)
    }


def _figures(scores: TokenRanking, marked: Marked) -> dict[str, float]:
    """`MEASURES` of one ranking."""
    overlap = token_overlap(scores, marked)
    precision = average_precision(scores, marked)
    return {"iou": overlap["iou"], "f1": overlap["f1"], "auprc": precision}


def _drawn(count: int, marks: int, taken: int) -> tuple[np.ndarray, np.ndarray]:
    """How many marks may be among tokens taken at random, and the probability of each number."""
    found = np.arange(max(marks + taken - count, 0), min(marks, taken) + 1)
    logarithms = _log_binomial(marks, found) + _log_binomial(count - marks, taken - found)
    return found, np.exp(logarithms - _log_binomial(count, taken))


def _log_binomial(n: int, k: int | np.ndarray) -> float | np.ndarray:
    return -np.log1p(n) - betaln(n - k + 1, k + 1)
