"""All measures of one text under one head, and the table of what each means."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from poolviz.language import N_
from poolviz.trust.ablation.erasure import Ablation
from poolviz.trust.ablation.model import Model
from poolviz.trust.ablation.stress import total_variation
from poolviz.trust.text.agreement import kendall_tau, top_overlap
from poolviz.trust.text.curves import (
    Curves,
    aopc_comprehensiveness,
    aopc_sufficiency,
    comprehensiveness,
    curves,
    deletion_area,
    faithfulness_gap,
    flip_share,
    insertion_area,
    sufficiency,
)
from poolviz.trust.text.rankings import DRAWS, all_orders, unit_scores
from poolviz.watch import QUIET, Watch

SEED = 20_261


@dataclass(frozen=True)
class Measure:
    """One measure of how well a ranking reflects what the model does.

    Parameters
    ----------
    title : English name, the key of its translation.
    unit : what its numbers are.
    low, high : its range.
    higher : True where higher is more faithful, False where lower is, None where neither.
    meaning : one sentence.
    function : reads it off a ranking's curves; None where it compares rankings.
    """

    title: str
    unit: str
    low: float
    high: float
    higher: bool | None
    meaning: str
    function: Callable[[Curves], float] | None = None


_DIFFERENCE = N_("difference of probabilities")
_NONE = N_("no unit")

MEASURES: dict[str, Measure] = {
    "comprehensiveness": Measure(
        N_("Comprehensiveness"),
        _DIFFERENCE,
        -1,
        1,
        True,
        N_("What the class loses without the top 1, 5, 10, 20 and 50 %, on average."),
        comprehensiveness,
    ),
    "sufficiency": Measure(
        N_("Sufficiency"),
        _DIFFERENCE,
        -1,
        1,
        False,
        N_("What the class loses with only the top 1, 5, 10, 20 and 50 %, on average."),
        sufficiency,
    ),
    "aopc_comprehensiveness": Measure(
        N_("AOPC, comprehensiveness"),
        _DIFFERENCE,
        -1,
        1,
        True,
        N_("What the class loses on average while the text is erased from the top."),
        aopc_comprehensiveness,
    ),
    "aopc_sufficiency": Measure(
        N_("AOPC, sufficiency"),
        _DIFFERENCE,
        -1,
        1,
        False,
        N_("What the class loses on average while the text is erased from the bottom."),
        aopc_sufficiency,
    ),
    "gap": Measure(
        N_("Faithfulness gap"),
        _DIFFERENCE,
        -2,
        2,
        True,
        N_("AOPC of comprehensiveness less AOPC of sufficiency; 0 is chance."),
        faithfulness_gap,
    ),
    "deletion": Measure(
        N_("Deletion area"),
        N_("probability"),
        0,
        1,
        False,
        N_("Mean probability of the class while the text is erased from the top."),
        deletion_area,
    ),
    "insertion": Measure(
        N_("Insertion area"),
        N_("probability"),
        0,
        1,
        True,
        N_("Mean probability of the class while the text is put in from the top."),
        insertion_area,
    ),
    "flip": Measure(
        N_("Flip share"),
        N_("share of the text"),
        0,
        1,
        False,
        N_("The smallest share from the top without which the class is another one."),
        flip_share,
    ),
    "tau": Measure(
        N_("Tau with leave-one-out"),
        _NONE,
        -1,
        1,
        True,
        N_("Kendall's tau-b with what the class loses when a unit is erased alone."),
    ),
    "tau_effect": Measure(
        N_("Tau with the size of the effect"),
        _NONE,
        -1,
        1,
        True,
        N_("Kendall's tau-b with how far all probabilities move when a unit is erased alone."),
    ),
    "overlap": Measure(
        N_("Top 20 % in common"),
        _NONE,
        0,
        1,
        True,
        N_("Share of the top 20 % that the ranking has in common with leave-one-out."),
    ),
}


@dataclass(frozen=True, eq=False)
class TextTrust:
    """How one text fared under one head and one way to erase.

    Parameters
    ----------
    ablation : the text and its units.
    scores : for each ranking (D, S), one row for each draw.
    orders : for each ranking (R, S), units from the top; ties in random orders.
    curves : for each ranking.
    figures : for each ranking the value of each of `MEASURES`; NaN where it is not defined.
    """

    ablation: Ablation
    scores: Mapping[str, np.ndarray]
    orders: Mapping[str, np.ndarray]
    curves: Mapping[str, Curves]
    figures: Mapping[str, Mapping[str, float]]


def measure_text(
    model: Model,
    ids: np.ndarray,
    weights: np.ndarray,
    contributions: np.ndarray,
    how: str = "mask",
    units: np.ndarray | None = None,
    draws: int = DRAWS,
    watch: Watch = QUIET,
) -> TextTrust:
    """All measures of one text.

    Parameters
    ----------
    ids : (T,).
    weights, contributions : (H, T) and (H, T, K), as in `poolviz.values.explanation.Explanation`.
    how : one of `poolviz.trust.ablation.erasure.ERASURES`.
    units : (T,), see `Ablation`; None for tokens, or 32 segments where there are more.
    draws : how many random orders stand for ties and for a random ranking.
    watch : as of `Ablation`.
    """
    rng = text_generator(ids)
    ablation = Ablation(model.probabilities, ids, units, how, watch)
    gradient = model.gradient_times_input(ids, ablation.whole)
    scores = unit_scores(ablation, weights, contributions, gradient, rng, draws)
    orders = all_orders(scores, rng, draws)
    found = curves(ablation, orders)
    return TextTrust(ablation, scores, orders, found, _figures(ablation, scores, orders, found))


def text_generator(ids: np.ndarray) -> np.random.Generator:
    """Random numbers that depend on the text alone, so that all heads meet the same ones."""
    digest = hashlib.sha256(np.ascontiguousarray(ids, np.int64).tobytes()).digest()
    return np.random.default_rng([SEED, int.from_bytes(digest[:8])])


def mean_tau(scores: np.ndarray, other: np.ndarray) -> float:
    """Kendall's tau-b of (S,) with each row of (D, S), on average."""
    return float(np.mean([kendall_tau(row, other) for row in scores]))


def _figures(ablation, scores, orders, found) -> dict[str, dict[str, float]]:
    lost = scores["leave-one-out"][0]
    effect = total_variation(ablation.whole - ablation.leave_one_out(), ablation.whole)
    effect = effect / np.bincount(ablation.units)
    result = {}
    for name in scores:
        figures = {
            key: measure.function(found[name])
            for key, measure in MEASURES.items()
            if measure.function
        }
        if name != "leave-one-out":
            figures["tau"] = mean_tau(scores[name], lost)
            figures["tau_effect"] = mean_tau(scores[name], effect)
            figures["overlap"] = top_overlap(orders[name], orders["leave-one-out"])
        result[name] = figures
    return result
