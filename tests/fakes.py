"""Explanations of random numbers that keep every rule of real ones, for tests without models."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from poolviz.model.kinds import OUTCOMES
from poolviz.text.tokens import Token, tokenize
from poolviz.values.explanation import Explanation
from poolviz.values.pairs import PairExplanation, TripletExplanation

ALTERNATIVES = {"max": "activation", "average": "inverse-distance"}


def fake_explanation(
    text: str = "这家酒店的早餐很好，房间也干净。",
    head: str = "attention",
    *,
    classes: tuple[str, ...] = ("negative", "positive"),
    readout: str = "linear",
    unit: str = "character",
    window: tuple[int, int] = (1, 1),
    seed: int = 0,
) -> Explanation:
    """An explanation of `text` as `head` could give it; the same arguments give the same one.

    Weights sum to 1 in each row, contributions and bias are centred over the classes, the
    probabilities are the softmax of the logits, and contributions = weights × values where the
    head pools a weighted mean. About one token in ten is unknown.
    """
    random = np.random.default_rng([seed, *head.encode(), len(text)])
    tokens = tuple(
        Token(t.text, t.start, t.end, known=bool(random.random() > 0.1))
        for t in tokenize(text, unit)
    )
    rows, count = (4 if head == "multi-head" else 1), len(tokens)
    weights = _weights(random, head, rows, count)
    values = _centred(random.normal(size=(rows, count, len(classes))) * 3)
    bias = _centred(random.normal(size=len(classes)) * 0.1)
    contributions = weights[..., None] * values
    logits = contributions.sum(axis=(0, 1)) + bias
    exponentials = np.exp(logits - logits.max())
    return Explanation(
        text=text,
        tokens=tokens,
        head=head,
        readout=readout,
        dataset="hotel-reviews",
        checkpoint=head if readout == "linear" else f"{head}-{readout}",
        checkpoint_hash="0" * 64,
        classes=classes,
        probabilities=exponentials / exponentials.sum(),
        weights=weights,
        contributions=contributions,
        bias=bias,
        offsets=random.normal(size=(rows, count)) * 0.1,
        bias_offset=0.05,
        values=None if head == "max" or readout != "linear" else values,
        alternative=_alternative(random, head, count),
        alternative_name=ALTERNATIVES.get(head),
        window=window,
        exact=readout == "linear",
    )


def fake_pair(
    text_a: str = "怎么改信用卡还款日",
    text_b: str = "信用卡的还款日期能改吗",
    *,
    kind: str = "siamese",
    head: str = "attention",
    readout: str = "cosine",
    rest: float = 0.0,
    seed: int = 0,
    **numbers: Any,
) -> PairExplanation:
    """A pair as a matcher could explain it; its cells and `rest` add up to the score.

    `numbers` take the place of fields of the pair.
    """
    sides = tuple(
        fake_explanation(
            text, head, classes=OUTCOMES, readout=readout, window=(2, 4), seed=seed + number
        )
        for number, text in enumerate((text_a, text_b))
    )
    shape = tuple(len(side.tokens) for side in sides)
    cells = np.random.default_rng([seed, *shape]).normal(size=shape) / np.prod(shape)
    pair = PairExplanation(
        kind=kind,
        sides=tuple(replace(side, exact=readout == "cosine") for side in sides),
        score=float(cells.sum()) + rest,
        probability=0.75,
        threshold=0.5,
        cells=cells,
        rest=rest,
    )
    return replace(pair, **numbers)


def fake_triplet(*texts: str, margin: float = 0.3) -> TripletExplanation:
    """An anchor, a positive and a negative as a matcher could explain them."""
    anchor, positive, negative = texts or ("怎么改密码", "密码如何修改", "怎么注册")
    return TripletExplanation(
        fake_pair(anchor, positive, kind="triplet"),
        fake_pair(anchor, negative, kind="triplet"),
        margin,
    )


def _weights(random: np.random.Generator, head: str, rows: int, count: int) -> np.ndarray:
    if head == "average":
        return np.full((rows, count), 1 / count)
    scores = np.exp(random.normal(size=(rows, count)))
    return scores / scores.sum(axis=1, keepdims=True)


def _alternative(random: np.random.Generator, head: str, count: int) -> np.ndarray | None:
    """Sums of activations for max, weights for average, nothing for others."""
    if head == "max":
        return random.gamma(1.0, size=(1, count)) * 10
    return _weights(random, "inverse-distance", 1, count) if head == "average" else None


def _centred(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=-1, keepdims=True)
