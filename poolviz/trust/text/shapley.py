"""Shapley values of a short text's tokens, to hold contributions against.

The players are the tokens, and the worth of a set of them is the centred logits of the text with
all others erased. A token's value is what it adds to the set before it, on average over all orders
in which the tokens can come (Shapley 1953); the values sum to the whole text's logits less those of
the text with everything erased. Where tokens are masked, the contributions of a linear read-out
have that very sum, but they are not these values: a token also acts through the vectors of its
neighbours and through the weights of all others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from poolviz.errors import TextError
from poolviz.text.encoding import Encoded
from poolviz.trust.ablation.erasure import ERASURES, Ablation
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.agreement import kendall_tau
from poolviz.trust.text.rankings import significant, text_generator
from poolviz.values.explanation import Explanation
from poolviz.values.shapes import Erased, PerTextClass, PerToken, PerUnitClass
from poolviz.watch import QUIET, Watch

EXACT_TOKENS = 12
MOST_TOKENS = 64
ORDER_PAIRS = 200  # sampled orders, each with its reverse


@dataclass(frozen=True, eq=False)
class Shapley:
    """The Shapley values of a text of T tokens and K classes under one way to erase.

    Parameters
    ----------
    values : (T, K), in centred logits.
    errors : (T, K) standard errors of sampled values; 0 where the values are exact.
    exact : whether all sets of tokens were looked at.
    """

    values: PerUnitClass
    errors: PerUnitClass
    exact: bool


@dataclass(frozen=True)
class Likeness:
    """How like two numbers for each token are: Pearson's r, Kendall's tau-b, share of equal signs.

    r and tau are NaN where either number is the same for all tokens.
    """

    r: float
    tau: float
    same_sign: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """One text under one head: its contributions, and its Shapley values for each way to erase.

    `target` is the name of a class.
    """

    explanation: Explanation
    shapley: dict[str, Shapley]

    def contributions(self, target: str) -> PerToken:
        """(T,): to the class, summed over the head's weight rows."""
        return self.explanation.contributions[..., self._column(target)].sum(axis=0)

    def values(self, target: str, how: str) -> PerToken:
        """(T,): Shapley values for the class."""
        return self.shapley[how].values[:, self._column(target)]

    def errors(self, target: str, how: str) -> PerToken:
        """(T,): their standard errors."""
        return self.shapley[how].errors[:, self._column(target)]

    def likeness(self, target: str, how: str) -> Likeness:
        """How like the contributions are to the Shapley values."""
        return likeness(self.contributions(target), self.values(target, how))

    def as_contributions(self, how: str) -> Explanation:
        """The explanation with Shapley values in the place of contributions, as one weight row."""
        return replace(self.explanation, contributions=self.shapley[how].values[None])

    def _column(self, target: str) -> int:
        return self.explanation.classes.index(target)


def shapley(
    ablation: Ablation, rng: np.random.Generator, exact_up_to: int = EXACT_TOKENS
) -> Shapley:
    """The Shapley values of an ablation's units.

    Over all 2^S sets of up to `exact_up_to` units. Beyond, over `ORDER_PAIRS` random orders, each
    together with its reverse, which cancels much of the chance (Mitchell et al. 2022,
    arXiv 2104.12199); the standard error is that of the mean of the pairs. The sum of the values is
    exact either way.
    """
    if ablation.count <= exact_up_to:
        return _exact(ablation)
    return _sampled(ablation, rng)


def likeness(first: PerToken, second: PerToken) -> Likeness:
    """How like two numbers for each token are.

    >>> found = likeness(np.array([1.0, -1.0, 2.0]), np.array([2.0, 1.0, 4.0]))
    >>> round(found.r, 3), found.tau, round(found.same_sign, 3)
    (0.929, 1.0, 0.667)
    """
    one, two = significant(first), significant(second)
    varied = np.ptp(one) > 0 and np.ptp(two) > 0
    return Likeness(
        r=float(np.corrcoef(one, two)[0, 1]) if varied else math.nan,
        tau=kendall_tau(one, two),
        same_sign=float(np.mean(np.sign(one) == np.sign(two))),
    )


def check_short(text: Encoded) -> None:
    """Check that a text is short enough.

    Raises
    ------
    TextError : it has more than `MOST_TOKENS` tokens.
    """
    if len(text.ids) > MOST_TOKENS:
        raise TextError(
            "Shapley values are for short texts: this one has {count} tokens, {most} are the most.",
            count=len(text.ids),
            most=MOST_TOKENS,
        )


def compare_all(
    models: Sequence[Model], texts: Sequence[Encoded], watch: Watch = QUIET
) -> list[Comparison]:
    """One text under several heads, with every way to erase.

    Parameters
    ----------
    texts : for each model the text as it reads it.
    watch : counts heads and ways to erase.

    Raises
    ------
    TextError : the text has more than `MOST_TOKENS` tokens.
    """
    found, total = [], len(models) * len(ERASURES)
    for model, text in zip(models, texts, strict=True):
        check_short(text)
        explained = {}
        for how in ERASURES:
            units = np.arange(len(text.ids))
            inner = Watch(cancelled=watch.cancelled)
            ablation = model.ablation(text.ids, units, how, inner)
            explained[how] = shapley(ablation, text_generator(text.ids))
            watch.progress(len(found) * len(ERASURES) + len(explained), total)
        found.append(Comparison(model.explainer.explain(text), explained))
    return found


def _exact(ablation: Ablation) -> Shapley:
    """Σ over the sets without a unit of |set|! (S − |set| − 1)! / S! × what it adds to the set."""
    count = ablation.count
    numbers = np.arange(2**count)
    members = (numbers[:, None] >> np.arange(count)) & 1 == 1  # (sets, S)
    worth, sizes = _worth(ablation, members), members.sum(axis=1)
    factorials = [math.factorial(size) for size in range(count + 1)]
    shares = np.array(
        [factorials[s] * factorials[count - s - 1] / factorials[count] for s in range(count)]
    )
    values = np.empty((count, worth.shape[1]))
    for unit in range(count):
        without = numbers[~members[:, unit]]
        added = worth[without | (1 << unit)] - worth[without]
        values[unit] = shares[sizes[without]] @ added
    return Shapley(values, np.zeros_like(values), True)


def _sampled(ablation: Ablation, rng: np.random.Generator) -> Shapley:
    count = ablation.count
    orders = rng.permuted(np.tile(np.arange(count), (ORDER_PAIRS, 1)), axis=1)
    both = np.stack([orders, orders[:, ::-1]], axis=1).reshape(-1, count)  # (orders, S)
    turns = np.argsort(both, axis=1)
    members = turns[:, None, :] < np.arange(count + 1)[:, None]  # (orders, S + 1, S)
    worth = _worth(ablation, members.reshape(-1, count)).reshape(len(both), count + 1, -1)
    added = np.take_along_axis(np.diff(worth, axis=1), turns[..., None], axis=1)  # by unit
    pairs = added.reshape(ORDER_PAIRS, 2, count, -1).mean(axis=1)
    errors = pairs.std(axis=0, ddof=1) / math.sqrt(ORDER_PAIRS)
    return Shapley(pairs.mean(axis=0), errors, False)


def _worth(ablation: Ablation, members: Erased) -> PerTextClass:
    """(B, K) centred logits of the text with the units marked in (B, S) alone."""
    logits = np.log(np.maximum(ablation.probabilities(~members), np.finfo(np.float64).tiny))
    return logits - logits.mean(axis=1, keepdims=True)
