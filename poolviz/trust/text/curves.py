"""Erasing a text step by step in the order of a ranking, and the measures read off these curves.

Every measure follows the probability p of the class that the whole text x is given. All rankings of
a text take the same number of steps, one unit each, whatever the head. Values of several orders
(ties, random rankings) are averaged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from poolviz.trust.ablation.erasure import Ablation
from poolviz.trust.text.agreement import steps_for
from poolviz.values.shapes import Orders, PerOrderStepClass, PerStep

BINS = (0.01, 0.05, 0.1, 0.2, 0.5)  # DeYoung et al. 2020


@dataclass(frozen=True, eq=False)
class Curves:
    """What a ranking's steps do to one text: R orders, S units, K classes.

    Parameters
    ----------
    erased : (R, S + 1, K) probabilities without the first i units, i = 0 … S.
    kept : (R, S + 1, K) probabilities of the first i units alone.
    target : column of the class the whole text is given.
    """

    erased: PerOrderStepClass
    kept: PerOrderStepClass
    target: int

    @property
    def deletion(self) -> PerStep:
        """(S + 1,): the target's probability after each step of erasing, mean over the orders."""
        return self.erased[..., self.target].mean(axis=0)

    @property
    def insertion(self) -> PerStep:
        """(S + 1,): the target's probability with the first i units alone, mean over the orders."""
        return self.kept[..., self.target].mean(axis=0)

    @property
    def comprehensiveness(self) -> PerStep:
        """(S + 1,): p(x) − p(x without the first i units)."""
        return self.deletion[0] - self.deletion

    @property
    def sufficiency(self) -> PerStep:
        """(S + 1,): p(x) − p(the first i units alone)."""
        return self.insertion[-1] - self.insertion


def curves(ablation: Ablation, orders: Mapping[str, Orders]) -> dict[str, Curves]:
    """The curves of several rankings of one text, all in one batch.

    Parameters
    ----------
    orders : for each ranking (R, S), the units in the order in which they are erased.
    """
    stacked = np.concatenate(list(orders.values()))
    ranks = np.argsort(stacked, axis=1)  # when each unit's turn comes
    steps = np.arange(ablation.count + 1)[:, None]
    erased = ranks[:, None, :] < steps  # (orders, S + 1, S)
    both = np.concatenate([erased, ~erased]).reshape(-1, ablation.count)
    probabilities = ablation.probabilities(both).reshape(2, len(stacked), ablation.count + 1, -1)
    borders = np.cumsum([len(found) for found in orders.values()])[:-1]
    parts = np.split(probabilities, borders, axis=1)
    return {
        name: Curves(without, only, ablation.target)
        for name, (without, only) in zip(orders, parts, strict=True)
    }


def comprehensiveness(found: Curves) -> float:
    """Mean of p(x) − p(x without the top k %) over k in `BINS`: what the top units were needed for.

    A difference of probabilities, from -1 to 1; higher = more faithful. ERASER's AOPC, the plain
    mean over the bins (DeYoung et al. 2020, 2020.acl-main.408); k % of S units is rounded up, and
    bins of equal numbers all count. ferret's bins are 10, 20, … 100 % of the tokens of positive
    score alone, rounded down, and a bin that repeats the last one is left out. Not comparable
    between models: see `poolviz.trust.text.bounds`.
    """
    return _mean_over_bins(found.comprehensiveness)


def sufficiency(found: Curves) -> float:
    """Mean of p(x) − p(the top k % alone) over k in `BINS`: what the top units leave unexplained.

    A difference of probabilities, from -1 to 1; lower = more faithful; negative where the top units
    alone say more than the whole. Source and limits as for `comprehensiveness`.
    """
    return _mean_over_bins(found.sufficiency)


def aopc_comprehensiveness(found: Curves) -> float:
    """(1/S) Σ p(x) − p(x without the first i units), i = 1 … S: erasing in descending order.

    A difference of probabilities, from -1 to 1; higher = more faithful. The full-step AOPC of Edin
    et al. 2025 (arXiv 2408.08137), which NAOPC normalises.
    """
    return float(found.comprehensiveness[1:].mean())


def aopc_sufficiency(found: Curves) -> float:
    """The same sum when units are erased in ascending order, the lowest first.

    A difference of probabilities, from -1 to 1; lower = more faithful. Equal to
    `aopc_comprehensiveness` of the reversed order.
    """
    return float(found.sufficiency[:-1].mean())


def deletion_area(found: Curves) -> float:
    """Area under p while units are erased from the top, by trapezoids, the text's length being 1.

    A probability, from 0 to 1; lower = more faithful. Petsiuk et al. 2018 (arXiv 1806.07421). Each
    step is one unit; SHAP's benchmark erases 1 % of the features a step, none whose score is not
    positive, reads the curve at 100 points, and gives the area less the first value.
    """
    return float(np.trapezoid(found.deletion, dx=1 / (len(found.deletion) - 1)))


def insertion_area(found: Curves) -> float:
    """Area under p while units are put in from the top, by trapezoids, the text's length being 1.

    A probability, from 0 to 1; higher = more faithful. Petsiuk et al. 2018 (arXiv 1806.07421).
    """
    return float(np.trapezoid(found.insertion, dx=1 / (len(found.insertion) - 1)))


def flip_share(found: Curves) -> float:
    """Smallest share of the units, from the top, without which the class is another one.

    No unit, from 1/S to 1; lower = more faithful. NaN where even erasing all changes nothing.
    Serrano & Smith 2019 (P19-1282).
    """
    other = found.erased.argmax(axis=-1) != found.target  # (R, S + 1)
    flips = other.any(axis=1)
    if not flips.any():
        return math.nan
    return float(other[flips].argmax(axis=1).mean() / (other.shape[1] - 1))


def faithfulness_gap(found: Curves) -> float:
    """`aopc_comprehensiveness` − `aopc_sufficiency`: one number to order rankings of one model by.

    A difference of probabilities, from -2 to 2; higher = more faithful, 0 = what a ranking without
    information gives on average. Not comparable between models.
    """
    return aopc_comprehensiveness(found) - aopc_sufficiency(found)


def _mean_over_bins(curve: PerStep) -> float:
    return float(np.mean([curve[steps_for(share, len(curve) - 1)] for share in BINS]))
