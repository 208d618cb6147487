"""Everything that is measured of one text under one head, and what its rankings disagree on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine.texts import encoded_each
from poolviz.engine.vectors import vectors_of
from poolviz.language import N_
from poolviz.text.encoding import Encoded, encode
from poolviz.trust.ablation.erasure import MOST_UNITS
from poolviz.trust.ablation.model import Model
from poolviz.trust.ablation.stress import Outcome
from poolviz.trust.text.agreement import kendall_tau
from poolviz.trust.text.measures import TextTrust, measure_text
from poolviz.trust.text.rankings import text_generator
from poolviz.values.explanation import Explanation
from poolviz.values.shapes import PerUnit, UnitRanking
from poolviz.watch import QUIET, Watch

STRESS_TESTS: dict[str, str] = {
    "permuted": N_("Weights shuffled"),
    "uniform": N_("Weights made uniform"),
    "heaviest": N_("Heaviest token dropped"),
    "different": N_("Most different weights"),
}
_ORDERS = 15 * 2  # of units, to erase or to put in: about so many, each with a pass a unit
_PASSES = _ORDERS * MOST_UNITS  # of a long text


@dataclass(frozen=True, eq=False)
class Reading:
    """One text under one head and one way to erase.

    Parameters
    ----------
    explanation : what the head says of the text.
    trust : the measures of its rankings.
    model : what was measured.
    """

    explanation: Explanation
    trust: TextTrust
    model: Model

    @cached_property
    def stress(self) -> Mapping[str, Outcome | None]:
        """For each of `STRESS_TESTS` its outcome; None where it has no meaning for the head."""
        ids = self.trust.ablation.ids
        tests = self.model.stress(ids, self.explanation.weights)
        if tests is None:
            return dict.fromkeys(STRESS_TESTS)
        return {
            "permuted": tests.permuted(text_generator(ids)),
            "uniform": tests.uniform(),
            "heaviest": tests.without_heaviest(),
            "different": tests.most_different(),
        }

    @property
    def how(self) -> str:
        """The way to erase."""
        return self.trust.ablation.how

    def score(self, ranking: str) -> PerUnit:
        """(S,): what the units are ranked by; not for `random`, which has several."""
        return self.trust.scores[ranking][0]

    def unit_spans(self) -> list[tuple[int, int]]:
        """Where each of the S units begins and ends in the text, in characters."""
        units, tokens = self.trust.ablation.units, self.explanation.tokens
        firsts = np.flatnonzero(np.diff(units, prepend=-1))
        lasts = [*(firsts[1:] - 1), len(tokens) - 1]
        return [
            (tokens[first].start, tokens[last].end)
            for first, last in zip(firsts, lasts, strict=True)
        ]

    def unit_texts(self) -> list[str]:
        """S passages of the text: each unit's, from its first token to its last."""
        return [self.explanation.text[start:end] for start, end in self.unit_spans()]

    def agreement(self, first: str, second: str) -> float:
        """Kendall's tau-b between two rankings' scores; NaN where either ranks nothing."""
        return kendall_tau(self.score(first), self.score(second))

    def apart(self) -> PerUnit | None:
        """(S,): how much higher each unit stands by weight than by contribution.

        In shares of the text, from -1 (last by weight, first by contribution) to 1. None where the
        weights are all equal, and so rank nothing.
        """
        weights = self.score("weight")
        if np.ptp(weights) == 0:
            return None
        return rank_shares(weights) - rank_shares(self.score("contribution"))


def rank_shares(values: UnitRanking) -> PerUnit:
    """(S,): the share of the other values that are smaller, equal ones counting half; 0 to 1."""
    others = max(len(values) - 1, 1)
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, "left")
    equal = np.searchsorted(ordered, values, "right") - below - 1
    return (below + equal / 2) / others


@dataclass(frozen=True)
class EncoderCost:
    """What erasing costs before a pretrained encoder, which reads each text again.

    Parameters
    ----------
    passes : texts to be read, at most, but for what only a few rows are measured by.
    seconds : that they take, as fast as the encoder was so far.
    """

    passes: int
    seconds: float


def encoder_cost(
    checkpoint: Checkpoint, lengths: Sequence[int], times: int = 1
) -> EncoderCost | None:
    """What it costs to measure texts of so many tokens; None for a model without an encoder.

    Parameters
    ----------
    times : how often each is measured: under so many heads, or with so many ways to erase.

    Raises
    ------
    CheckpointError : the encoder is not on this machine, or damaged.
    """
    encoder = checkpoint.find_encoder()
    if encoder is None:
        return None
    passes = [times * _ORDERS * min(length, MOST_UNITS) for length in lengths]
    tokens = sum(count * length for count, length in zip(passes, lengths, strict=True))
    return EncoderCost(sum(passes), vectors_of(encoder).seconds_for(tokens))


def read(model: Model, text: str | Encoded, how: str = "mask", watch: Watch = QUIET) -> Reading:
    """Measure one text under one head.

    >>> import poolviz
    >>> model = Model(poolviz.load("chnsenticorp_htl_all", "attention"))
    >>> reading = read(model, "房间很干净，早餐一般。")
    >>> round(reading.trust.figures["weight"]["comprehensiveness"], 2)
    0.39

    Parameters
    ----------
    how : one of `poolviz.trust.ablation.erasure.ERASURES`.
    watch : counts passes through the model, of an estimate of all.

    Raises
    ------
    TextError : there is nothing to measure in the text.
    """
    encoded = encode(text, model.explainer.vocabulary)
    explanation = model.explainer.explain(encoded)
    weights, contributions = explanation.weights, explanation.contributions
    passes = Watch(lambda done, _all: watch.progress(min(done, _PASSES), _PASSES), watch.cancelled)
    trust = measure_text(model, encoded.ids, weights, contributions, how, watch=passes)
    return Reading(explanation, trust, model)


def read_all(
    models: Sequence[Model],
    text: str | Encoded,
    how: str,
    watch: Watch = QUIET,
    reader: Callable[[Model, Encoded, str, Watch], Reading] = read,
) -> list[Reading]:
    """`read` under several heads; `watch` counts passes, of an estimate of all.

    Parameters
    ----------
    reader : reads under one head; one that remembers may stand in for `read`.

    Raises
    ------
    TextError : there is nothing to measure in the text.
    """
    encoded = encoded_each([model.explainer for model in models], text)
    return [
        reader(model, of_model, how, watch.part(number * _PASSES, len(models) * _PASSES))
        for number, (model, of_model) in enumerate(zip(models, encoded, strict=True))
    ]
