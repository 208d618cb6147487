"""What a pooling head must keep, whoever wrote it: a table of rules, and one check of them all.

A head is a `keras.layers.Layer` that can be made without arguments and called as
`layer(inputs, mask=mask)`, inputs (batch, time, channels), mask (batch, time) of booleans, True at
positions that count; without a mask all count. It returns `(pooled, weights)`: pooled
(batch, width) and weights (batch, time, rows). The width is a multiple of the rows: part r of the
pooled vector belongs to row r.

The layer needs nothing of poolviz, and need not be registered with Keras: a saved model is read
with the class given in `custom_objects`. It may have, read by name:

- `key`: its name in flags, cards and folders; without it the class's own (see `head_key`).
- `title`: its name on pages; without it the key in words.
- `meaning`: what one weight says, in a sentence; without it the docstring's first paragraph.
- `order_matters = True`: its weights depend on where a position stands.
- `payments(inputs, mask)`: (batch, time, width), what each position adds to the pooled vector.

Contributions add up exactly where the pooled vector is Σ weights × inputs, row after row, or the
sum of the payments over time; else the head is approximate, which breaks no rule.

>>> from poolviz.training.layers import AttentionPooling1D
>>> report = check(AttentionPooling1D)
>>> report.broken, report.splits
({}, 'weights')
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras

from poolviz.training.contract import behaviour, foundation, machinery
from poolviz.training.contract.texts import ORDINARY, Subject, told_error


@dataclass(frozen=True)
class Rule:
    """One rule of the contract.

    Parameters
    ----------
    says : the rule in a few words.
    check : a sentence on the first text on which a head breaks it, or None.
    """

    says: str
    check: Callable[[Subject], str | None]


# The others stand on these: after the first that is broken, nothing else can be checked.
FOUNDATION: dict[str, Rule] = {
    "layer": Rule("a Keras layer with call(inputs, mask=None)", foundation.is_layer),
    "arguments": Rule("made without arguments", foundation.is_made),
    "outputs": Rule("returns (pooled, weights)", foundation.gives_a_pair),
    "shapes": Rule("pooled (batch, width), weights (batch, time, rows)", foundation.has_shapes),
    "finite": Rule("neither NaN nor infinity", foundation.is_finite),
    "repeatable": Rule("the same text twice, the same result", foundation.is_repeatable),
}
RULES: dict[str, Rule] = {
    **FOUNDATION,
    "name": Rule("a name that can be a folder's", behaviour.has_a_name),
    "title": Rule("a title that pages can show, a meaning of one line", behaviour.has_a_title),
    "no mask": Rule("without a mask all positions count", behaviour.needs_no_mask),
    "sum": Rule("weights sum to 1 over real positions", behaviour.sums_to_one),
    "sign": Rule("weights are never negative", behaviour.never_negative),
    "padding weight": Rule("masked positions have weight 0", behaviour.pays_no_padding),
    "padding length": Rule("more padding changes nothing", behaviour.ignores_length),
    "padding values": Rule("NaN in padding changes nothing", behaviour.ignores_what_is_masked),
    "batch": Rule("other texts change nothing", behaviour.reads_texts_by_themselves),
    "order": Rule(
        "permuted positions permute the weights, unless order_matters", behaviour.follows_order
    ),
    "empty": Rule("without real positions all is zero", behaviour.makes_nothing_of_nothing),
    "one token": Rule("one token has all the weight", behaviour.knows_one_token),
    "short floats": Rule("float16 and bfloat16 do", machinery.stands_short_types),
    "saving": Rule("saved and read back in safe mode", machinery.can_be_saved),
    "onnx": Rule("the ONNX graph says the same", machinery.has_a_graph),
    "gradients": Rule("gradients are finite", machinery.can_be_trained),
    "payments": Rule("payments, if any, sum to the pooled vector", behaviour.pays_what_it_pools),
}


@dataclass(frozen=True)
class Report:
    """What the check of a head has found.

    Parameters
    ----------
    name : of the class.
    key : the head's name; `title` and `meaning`: what pages say of it.
    rows : of weights; None where a rule is broken.
    held : names of rules that hold.
    broken : for each rule that does not hold, a sentence with the text that shows it.
    unchecked : names of rules that could not be checked.
    splits : by what the pooled vector splits over positions: "weights" (Σ weights × inputs),
        "payments", or "nothing" (the head is approximate); None where a rule is broken.
    """

    name: str
    key: str
    title: str
    meaning: str
    rows: int | None
    held: tuple[str, ...]
    broken: dict[str, str]
    unchecked: tuple[str, ...]
    splits: str | None

    @property
    def exact(self) -> bool:
        """Whether contributions of positions add up exactly."""
        return self.splits in ("weights", "payments")


def check(candidate: Any) -> Report:
    """Check a class, or whatever else, against the contract; what it raises breaks a rule.

    Seeds Keras, NumPy and Python, so that a second check finds the same.
    """
    keras.utils.set_random_seed(0)
    subject = Subject(candidate)
    held, broken = [], {}
    with _quiet():
        for name, rule in RULES.items():
            if sentence := _sentence(rule, subject):
                broken[name] = sentence
            else:
                held.append(name)
            if name in broken and name in FOUNDATION:
                break
        splits = None if broken else _splits(subject)
    unchecked = tuple(name for name in RULES if name not in (*held, *broken))
    return Report(
        name=subject.name,
        key=subject.key,
        title=subject.title,
        meaning=subject.meaning,
        rows=None if broken else subject.run(ORDINARY).weights.shape[-1],
        held=tuple(held),
        broken=broken,
        unchecked=unchecked,
        splits=splits,
    )


def _sentence(rule: Rule, subject: Subject) -> str | None:
    subject.last = None
    try:
        return rule.check(subject)
    except (Exception, SystemExit) as error:
        where = f" on {subject.last.told()}" if subject.last else ""
        return f"{subject.name} raises {told_error(error)}{where}."


def _splits(subject: Subject) -> str:
    if behaviour.is_weighted_mean(subject):
        return "weights"
    return "payments" if subject.pays else "nothing"


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Keras' warning that the mask ends at a pooling layer, and the exporter's log."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
