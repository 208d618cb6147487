"""What the units of a text can be ranked by: the head's own numbers, measured effects, controls."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from poolviz.language import N_
from poolviz.trust.ablation.erasure import Ablation
from poolviz.values.shapes import Orders, PerDrawUnit, PerRowToken, PerRowTokenClass, PerToken

SEED = 20_261
DRAWS = 5
APART = 0.5  # of the text, from where on two rankings are said to disagree about a unit
DIGITS = 5  # significant digits beyond which float32 results of equal windows may differ

RANKINGS: dict[str, str] = {
    "weight": N_("Weight"),
    "absolute": N_("|Contribution|"),
    "contribution": N_("Contribution"),
    "gradient": N_("Gradient × input"),
    "leave-one-out": N_("Leave-one-out"),
    "random": N_("Random"),
    "uniform": N_("Uniform"),
}
CONTROLS = ("random", "uniform")


def text_generator(ids: np.ndarray) -> np.random.Generator:
    """Random numbers that depend on the text alone, so that all heads meet the same ones."""
    digest = hashlib.sha256(np.ascontiguousarray(ids, np.int64).tobytes()).digest()
    return np.random.default_rng([SEED, int.from_bytes(digest[:8])])


def unit_scores(
    ablation: Ablation,
    weights: PerRowToken,
    contributions: PerRowTokenClass,
    gradient: PerToken | None,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> dict[str, PerDrawUnit]:
    """Scores (D, S) of a text's units for each of `RANKINGS`; a unit's score is its tokens' mean.

    D is 1, or `draws` for `random`. A head with several weight rows is ranked by their mean; a
    contribution is to the predicted class and centred, `absolute` its size without its sign;
    `leave-one-out` is what the predicted class loses when the unit is erased.

    Parameters
    ----------
    weights : (H, T).
    contributions : (H, T, K).
    gradient : (T,) gradient × input of the predicted class's probability; None leaves it out.
    """
    target, count = ablation.target, ablation.count
    contribution = ablation.unit_means(contributions[..., target].sum(axis=0))
    lost = ablation.leave_one_out[:, target] / np.bincount(ablation.units)
    scores = {
        "weight": ablation.unit_means(weights.mean(axis=0)),
        "absolute": np.abs(contribution),
        "contribution": contribution,
        "leave-one-out": lost,
        "uniform": np.zeros(count),
    }
    if gradient is not None:
        scores["gradient"] = ablation.unit_means(gradient)
    found = {name: significant(values)[None] for name, values in scores.items()}
    found["random"] = rng.permuted(np.tile(np.arange(count, dtype=float), (draws, 1)), axis=1)
    return {name: found[name] for name in RANKINGS if name in found}


def orders(scores: PerDrawUnit, rng: np.random.Generator, draws: int = DRAWS) -> Orders:
    """(R, S): units from the highest score down; ties in `draws` random orders, R = 1 without any.

    Parameters
    ----------
    scores : (D, S); D > 1 gives an order for each.
    """
    tied = len(scores) == 1 and len(np.unique(scores)) < scores.shape[1]
    scores = np.repeat(scores, draws if tied else 1, axis=0)
    return np.lexsort((rng.random(scores.shape), -scores), axis=1)


def all_orders(
    scores: Mapping[str, PerDrawUnit], rng: np.random.Generator, draws: int = DRAWS
) -> dict[str, Orders]:
    """`orders` of every ranking."""
    return {name: orders(values, rng, draws) for name, values in scores.items()}


def significant(values: np.ndarray, digits: int = DIGITS) -> np.ndarray:
    """Values rounded to significant digits, so that what is equal on paper ties."""
    values = np.asarray(values, np.float64)
    sizes = np.abs(values, out=np.ones_like(values), where=values != 0)
    power = 10.0 ** (digits - 1 - np.floor(np.log10(sizes)))
    return np.round(values * power) / power
