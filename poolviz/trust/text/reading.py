"""Everything that is measured of one text under one head, and what its rankings disagree on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.engine.texts import encoded_each
from poolviz.errors import PoolvizError
from poolviz.language import N_
from poolviz.text.encoding import Encoded, encode
from poolviz.trust.ablation.erasure import MOST_UNITS
from poolviz.trust.ablation.model import Model
from poolviz.trust.ablation.stress import Outcome
from poolviz.trust.text.agreement import kendall_tau
from poolviz.trust.text.measures import TextTrust, measure_text, text_generator
from poolviz.values.explanation import Explanation

STRESS_TESTS: dict[str, str] = {
    "permuted": N_("Weights shuffled"),
    "uniform": N_("Weights made uniform"),
    "heaviest": N_("Heaviest token dropped"),
    "different": N_("Most different weights"),
}
_PASSES = 15 * 2 * MOST_UNITS  # of a long text: orders, to erase or to put in, steps


@dataclass(frozen=True, eq=False)
class Reading:
    """One text under one head and one way to erase.

    Parameters
    ----------
    explanation : what the head says of the text.
    trust : the measures of its rankings.
    stress : for each of `STRESS_TESTS` its outcome; None where it has no meaning for the head.
    """

    explanation: Explanation
    trust: TextTrust
    stress: Mapping[str, Outcome | None]

    @property
    def how(self) -> str:
        """The way to erase."""
        return self.trust.ablation.how

    def score(self, ranking: str) -> np.ndarray:
        """(S,): what the units are ranked by; not for `random`, which has several."""
        return self.trust.scores[ranking][0]

    def unit_texts(self) -> list[str]:
        """S passages of the text: each unit's, from its first token to its last."""
        units, tokens = self.trust.ablation.units, self.explanation.tokens
        firsts = np.flatnonzero(np.diff(units, prepend=-1))
        lasts = [*(firsts[1:] - 1), len(tokens) - 1]
        return [
            self.explanation.text[tokens[first].start : tokens[last].end]
            for first, last in zip(firsts, lasts, strict=True)
        ]

    def agreement(self, first: str, second: str) -> float:
        """Kendall's tau-b between two rankings' scores; NaN where either ranks nothing."""
        return kendall_tau(self.score(first), self.score(second))

    def apart(self) -> np.ndarray | None:
        """(S,): how much higher each unit stands by weight than by contribution.

        In shares of the text, from -1 (last by weight, first by contribution) to 1. None where the
        weights are all equal, and so rank nothing.
        """
        weights = self.score("weight")
        if np.ptp(weights) == 0:
            return None
        return rank_shares(weights) - rank_shares(self.score("contribution"))


def rank_shares(values: np.ndarray) -> np.ndarray:
    """(S,): the share of the other values that are smaller, equal ones counting half; 0 to 1."""
    others = max(len(values) - 1, 1)
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, "left")
    equal = np.searchsorted(ordered, values, "right") - below - 1
    return (below + equal / 2) / others


class ReadingCancelled(PoolvizError):
    """The user stopped the measuring of a text."""


def read(
    model: Model,
    text: str | Encoded,
    how: str = "mask",
    after_batch: Callable[[int], None] = lambda passes: None,
) -> Reading:
    """Measure one text under one head.

    Parameters
    ----------
    how : one of `poolviz.trust.ablation.erasure.ERASURES`.
    after_batch : called with the passes through the model so far, every now and then; may raise an
        error to stop.

    Raises
    ------
    TextError : there is nothing to measure in the text.
    """
    encoded = encode(text, model.explainer.vocabulary)
    explanation = model.explainer.explain(encoded)
    weights, contributions = explanation.weights, explanation.contributions
    trust = measure_text(model, encoded.ids, weights, contributions, how, after_batch=after_batch)
    return Reading(explanation, trust, _stress(model, encoded.ids, weights))


def read_all(
    models: Sequence[Model],
    text: str | Encoded,
    how: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Reading]:
    """`read` under several heads.

    Parameters
    ----------
    progress : called with (passes done, passes in all), of which the second is an estimate.
    cancelled : asked every now and then; True stops the work.

    Raises
    ------
    TextError : there is nothing to measure in the text.
    ReadingCancelled : `cancelled` returned True.
    """
    found: list[Reading] = []

    def watch(passes: int) -> None:
        if cancelled():
            raise ReadingCancelled("The measuring was cancelled.")
        done = len(found) * _PASSES + min(passes, _PASSES)
        progress(done, len(models) * _PASSES)

    encoded = encoded_each([model.explainer for model in models], text)
    for model, of_model in zip(models, encoded, strict=True):
        found.append(read(model, of_model, how, watch))
    return found


def _stress(model: Model, ids: np.ndarray, weights: np.ndarray) -> dict[str, Outcome | None]:
    tests = model.stress(ids, weights)
    if tests is None:
        return dict.fromkeys(STRESS_TESTS)
    return {
        "permuted": tests.permuted(text_generator(ids)),
        "uniform": tests.uniform(),
        "heaviest": tests.without_heaviest(),
        "different": tests.most_different(),
    }
