"""Which number of an explanation each token gets under a view.

H = weight rows of the head, T = tokens.
"""

from __future__ import annotations

import numpy as np

from poolviz.errors import check_choice
from poolviz.language import N_, _
from poolviz.model.class_names import class_label
from poolviz.values.explanation import Explanation
from poolviz.values.shapes import PerColumn, PerRowColumn, PerRowToken, PerToken
from poolviz.views.view import View
from poolviz.views.words import Words, fold_values

ALTERNATIVES = {
    "activation": N_("activation"),
    "inverse-distance": N_("inverse-distance weight"),
}


def values_of(
    explanation: Explanation, view: View, words: Words | None
) -> tuple[PerRowColumn, str]:
    """The values (H, tokens or words) that a view shows of an explanation, and what they are.

    Parameters
    ----------
    words : of the text, from `poolviz.views.words.words_of`; None shows tokens.

    Raises
    ------
    ChoiceError : the target, or the class it is compared with, is not among the classes.
    """
    values, unit = _measure(explanation, view)
    if view.effective_scale != "uniform":
        return _gathered(values, explanation, view, words), unit
    sums = values.sum(axis=-1, keepdims=True)
    shares = values / np.where(sums > 0, sums, 1.0)
    uniform = _gathered(_uniform(explanation), explanation, view, words)
    unit = _("{unit}, × average").format(unit=unit)
    return _gathered(shares, explanation, view, words) / uniform, unit


def reference_of(explanation: Explanation, view: View, words: Words | None) -> PerColumn | None:
    """The level (tokens or words) to compare values with; None where there is none.

    What average pooling gives for weights, 0 for contributions.
    """
    uniform = _gathered(_uniform(explanation), explanation, view, words)
    if view.effective_scale == "uniform":
        return np.ones_like(uniform)
    if view.quantity == "contribution":
        return np.zeros_like(uniform)
    return uniform if view.quantity == "weight" else None


def spread(values: np.ndarray, window: tuple[int, int]) -> np.ndarray:
    """Share each position's value equally among the positions it has read, the sum kept.

    Parameters
    ----------
    values : (…, T).
    window : (before, after), how far a position reads; cut at the ends of the text.
    """
    count: int = values.shape[-1]
    before, after = window
    if min(before, after) >= count - 1:
        return np.repeat(values.mean(axis=-1, keepdims=True), count, axis=-1)
    position = np.arange(count)
    read = np.minimum(position + after, count - 1) - np.maximum(position - before, 0) + 1
    shares = values / read
    result = np.zeros_like(shares)
    for step in range(-min(before, count - 1), min(after, count - 1) + 1):
        source = slice(max(-step, 0), count - max(step, 0))
        target = slice(max(step, 0), count - max(-step, 0))
        result[..., target] += shares[..., source]
    return result


def _measure(explanation: Explanation, view: View) -> tuple[PerRowToken, str]:
    """Values (H, T) of the chosen quantity, and what they are."""
    if view.quantity == "contribution":
        return _contribution(explanation, view)
    if view.quantity == "alternative" and explanation.alternative is not None:
        name = explanation.alternative_name or "weight"
        return explanation.alternative, _(ALTERNATIVES.get(name, name))
    return explanation.weights, _("weight")


def _contribution(explanation: Explanation, view: View) -> tuple[PerRowToken, str]:
    assert view.target is not None, "a panel names the class"
    target = view.target
    values = explanation.contributions[..., _class_index(explanation, target)]
    if view.against is None:
        return values, _("contribution to “{target}”").format(target=class_label(target))
    other = explanation.contributions[..., _class_index(explanation, view.against)]
    return values - other, _("contribution to “{target}” against “{against}”").format(
        target=class_label(target), against=class_label(view.against)
    )


def _gathered(
    values: np.ndarray, explanation: Explanation, view: View, words: Words | None
) -> np.ndarray:
    """(…, T) values spread over what the positions have read, then folded, as the view asks."""
    if view.spread:
        values = spread(values, explanation.window)
    return values if words is None else fold_values(values, words.starts)


def _uniform(explanation: Explanation) -> PerToken:
    count = len(explanation.tokens)
    return np.full(count, 1 / count)


def _class_index(explanation: Explanation, name: str) -> int:
    check_choice(N_("class"), name, explanation.classes)
    return explanation.classes.index(name)
