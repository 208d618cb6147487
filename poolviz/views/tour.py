"""What pooling, a weight and a contribution are, said with the numbers of one text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from poolviz.language import _, joined, ngettext
from poolviz.model.class_names import class_label
from poolviz.model.own_heads import head_title
from poolviz.text.pieces import shortened
from poolviz.values.explanation import Explanation

_LONGEST = 20  # characters of a token that are shown


def tour(explanations: Sequence[Explanation]) -> list[tuple[str, str]]:
    """Questions and their answers, for somebody who reads such a page for the first time.

    Parameters
    ----------
    explanations : of one text under the heads of the page. The example is one that pools a weighted
        mean and does not weigh all tokens alike, where there is one.
    """
    example = max(explanations, key=lambda e: (not _equal(e), e.values is not None))
    weights = example.weights.mean(axis=0)
    adds = example.contributions.sum(axis=0)[:, example.predicted_index]
    heaviest, strongest = int(weights.argmax()), int(adds.argmax())
    return [
        (_("What is pooling?"), _pooling(example)),
        (_("What is a weight?"), _weight(example, heaviest, float(weights[heaviest]))),
        (_("What is a contribution?"), _contribution(example, strongest, adds)),
        (_("Are they not the same?"), _differ(example, heaviest, strongest)),
        (_("Can I believe the colours?"), _belief()),
    ]


def _pooling(example: Explanation) -> str:
    count = len(example.tokens)
    return joined(
        [
            ngettext(
                "This text has {count:,} token, and the model makes a vector of numbers for it.",
                "This text has {count:,} tokens, and the model makes a vector of numbers for each.",
                count,
            ).format(count=count),
            _(
                "Pooling makes one vector of them all, and from that one alone the class is told. "
                "A pooling head is a way to do so; each row of the page is one."
            ),
        ]
    )


def _equal(example: Explanation) -> bool:
    return float(np.ptp(example.weights)) < 1e-6


def _weight(example: Explanation, heaviest: int, share: float) -> str:
    head = head_title(example.head)
    return joined(
        [
            _("It is how much of a token goes into the one vector."),
            _("“{head}” gives all tokens the same, {share:.1%}.").format(head=head, share=share)
            if _equal(example)
            else _(
                "“{head}” gives “{token}” the most, {share:.1%} of all its weight; were all tokens "
                "alike, each would have {even:.1%}."
            ).format(
                head=head,
                token=_token(example, heaviest),
                share=share,
                even=1 / len(example.tokens),
            ),
        ]
    )


def _contribution(example: Explanation, strongest: int, adds: np.ndarray) -> str:
    k = example.predicted_index
    bias = example.bias[k]
    numbers = {
        "class_name": class_label(example.classes[k]),
        "token": _token(example, strongest),
        "most": _signed(adds[strongest]),
        "all": _signed(adds.sum()),
        "bias": _signed(bias),
        "score": _signed(adds.sum() + bias),
        "chance": float(example.probabilities[k]),
    }
    return joined(
        [
            _("It is what a token adds to the score of a class."),
            _(
                "“{token}” adds the most to “{class_name}”, {most}. All tokens together add {all}, "
                "and {bias} is there before any: the score is {score}, the class's probability "
                "{chance:.1%}."
            ).format(**numbers),
            _("These parts add up exactly.")
            if example.exact
            else _("Under this read-out these parts are an estimate."),
        ]
    )


def _differ(example: Explanation, heaviest: int, strongest: int) -> str:
    if _equal(example):
        found = _("No: here all tokens have the same weight, and “{strongest}” adds the most.")
    elif heaviest == strongest:
        found = _("Here “{heaviest}” has the most weight and adds the most; it need not be so.")
    else:
        found = _("No: here “{heaviest}” has the most weight, and “{strongest}” adds the most.")
    return joined(
        [
            found.format(heaviest=_token(example, heaviest), strongest=_token(example, strongest)),
            _("A token can be weighed highly and say little about the class."),
        ]
    )


def _belief() -> str:
    return _(
        "A colour says what the head did with a token, not that the class would be another one "
        "without it. Click a token and delete it, to see; the page Trust measures it on many texts."
    )


def _token(example: Explanation, position: int) -> str:
    return shortened(example.tokens[position].text, _LONGEST)


def _signed(value: float) -> str:
    return f"{value:+z.3f}".replace("-", "−")
