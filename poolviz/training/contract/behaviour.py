"""Rules about what a head makes of texts: its weights, its vector, its payments."""

from __future__ import annotations

import numpy as np
from keras import ops

from poolviz.model.own_heads import MAX_MEANING, MAX_TITLE, can_be_meaning, can_be_title
from poolviz.text.names import can_be_name
from poolviz.training.contract.differences import (
    NEAR,
    change,
    farthest,
    first_change,
    of,
    weight_sums,
    worst,
)
from poolviz.training.contract.texts import (
    ORDINARY,
    TEXTS,
    Outputs,
    Subject,
    Texts,
    empty,
    numbers,
    one_token,
)

WITHOUT_TIES = (ORDINARY, TEXTS["negative"], TEXTS["large"])
POISON = (np.nan, np.inf, -np.inf, 3e38, -3e38, 0.0)


def has_a_name(subject: Subject) -> str | None:
    """A string of its own, or the class's name, that can be part of a folder's name."""
    own = getattr(subject.candidate, "key", subject.key)
    if own != subject.key:
        return f"Its key is {own!r}; make it a string, or leave it out."
    if not can_be_name(own):
        return f"The name {own!r} cannot be part of a folder's; give the class another key."
    return None


def has_a_title(subject: Subject) -> str | None:
    """What pages call it, and what they say of it: the class's own, or what stands for them."""
    if not can_be_title(subject.title, subject.key):
        return (
            f"The title {subject.title!r} is another head's, or not of up to {MAX_TITLE} letters, "
            "digits and few marks; give the class another title."
        )
    if not can_be_meaning(subject.meaning):
        return f"Its meaning is no line of up to {MAX_MEANING} characters; give the class one."
    return None


def needs_no_mask(subject: Subject) -> str | None:
    """A call without a mask says what a mask of True says."""
    texts = Texts(ORDINARY.inputs, np.ones_like(ORDINARY.mask))
    wanted, subject.last = subject.run(texts), texts
    found = Outputs(*map(numbers, subject.layer(ops.cast(texts.inputs, "float32"))))
    return change(texts, wanted, found, "Without a mask")


def sums_to_one(subject: Subject) -> str | None:
    """Each row of weights, over the positions that count."""
    for texts in TEXTS.values():
        sums = weight_sums(subject.run(texts), texts)
        for row, found in enumerate(sums):
            if np.abs(found - 1).max() > NEAR:
                return f"The weights of {texts.told(row)} sum to {farthest(found, 1):.4g}, not 1."
    return None


def never_negative(subject: Subject) -> str | None:
    """Of the positions that count."""
    for texts in TEXTS.values():
        for row, weights in enumerate(subject.run(texts).weights):
            if weights[texts.mask[row]].min() < 0:
                lowest = weights[texts.mask[row]].min()
                return f"A weight of {texts.told(row)} is {lowest:.4g}, below 0."
    return None


def pays_no_padding(subject: Subject) -> str | None:
    """Exactly 0, not nearly."""
    for texts in TEXTS.values():
        for row, weights in enumerate(subject.run(texts).weights):
            if weights[~texts.mask[row]].any():
                found = farthest(weights[~texts.mask[row]], 0)
                return f"A masked position of {texts.told(row)} has the weight {found:.4g}, not 0."
    return None


def ignores_length(subject: Subject) -> str | None:
    """However many masked positions follow, and whatever they hold."""
    for texts in TEXTS.values():
        for extra in (1, 33):
            longer = texts.longer(extra, 9.0)
            if found := first_change(subject, texts, longer, f"With {extra} masked positions more"):
                return found
    return None


def ignores_what_is_masked(subject: Subject) -> str | None:
    """Also where a product with 0 is NaN."""
    for value in POISON:
        how = f"When its masked positions hold {value:g}"
        if found := first_change(subject, ORDINARY, ORDINARY.poisoned(value), how):
            return found
    return None


def reads_texts_by_themselves(subject: Subject) -> str | None:
    """A text alone says what it says in its batch."""
    together = subject.run(ORDINARY)
    for row in range(len(ORDINARY.mask)):
        alone = ORDINARY.alone(row)
        wanted = Outputs(together.pooled[row : row + 1], together.weights[row : row + 1])
        if found := change(alone, wanted, subject.run(alone), "When it is read alone"):
            return found
    return None


def follows_order(subject: Subject) -> str | None:
    """The pooled vector stays; not asked where the class says that order matters.

    Texts with equal vectors or values are left out: one may choose the first of equals.
    """
    if subject.order_matters:
        return None
    order = np.array([3, 0, 6, 5, 1, 4, 2])
    how = f"When its positions stand in the order {' '.join(map(str, order))}"
    for texts in WITHOUT_TIES:
        moved, found = texts.moved(order), subject.run(texts)
        wanted = Outputs(found.pooled, found.weights[:, order])
        if found := change(moved, wanted, subject.run(moved), how):
            return f"{found[:-1]}; say order_matters = True if that is meant."
    return None


def makes_nothing_of_nothing(subject: Subject) -> str | None:
    """Pooled vector and weights of a text without any real position."""
    for texts in empty():
        found = subject.run(texts)
        for name, output in (("pooled vector", found.pooled), ("weights", found.weights)):
            if output[-1].any() or np.isnan(output[-1]).any():
                row = len(output) - 1
                return f"The {name} of {texts.told(row)} holds {worst(output[-1])}, not zeros."
    return None


def knows_one_token(subject: Subject) -> str | None:
    """Whether others are masked or there are none."""
    for texts in one_token():
        found = subject.run(texts)
        if not np.isfinite(found.pooled).all():
            return f"The pooled vector of {texts.told()} holds {worst(found.pooled)}."
        weights = found.weights[0][texts.mask[0]]
        if not np.abs(weights - 1).max() <= NEAR:
            return f"The only token of {texts.told()} has the weight {farthest(weights, 1):.4g}."
    return None


def pays_what_it_pools(subject: Subject) -> str | None:
    """Nothing to masked positions; not asked of a class without payments."""
    if not subject.pays:
        return None
    for texts in (*TEXTS.values(), ORDINARY.poisoned(np.nan), *one_token(), *empty()):
        pooled, paid = subject.run(texts).pooled, subject.payments(texts)
        wanted = (*texts.mask.shape, pooled.shape[1])
        if paid.shape != wanted:
            return f"Its payments have the shape {paid.shape} instead of {wanted}{of(texts)}."
        for row in map(int, np.flatnonzero(np.isfinite(pooled).all(axis=1))):
            if paid[row][~texts.mask[row]].any():
                return f"Its payments to masked positions of {texts.told(row)} are not 0."
            off = np.abs(paid[row].sum(axis=0) - pooled[row]).max()
            if not off <= NEAR * texts.scale:
                where = of(texts, row)
                return (
                    f"Its payments sum to a vector that is off the pooled one by {off:.3g}{where}."
                )
    return None


def is_weighted_mean(subject: Subject) -> bool:
    """Whether the pooled vector is Σ weights × inputs over real positions, row after row."""
    for texts in (*TEXTS.values(), *one_token()):
        found = subject.run(texts)
        inputs = np.where(texts.mask[..., None], texts.inputs, 0)
        sums_of_rows = np.einsum("btr,btc->brc", found.weights, inputs)
        wanted = sums_of_rows.reshape(len(inputs), -1)
        if wanted.shape != found.pooled.shape:
            return False
        if np.abs(wanted - found.pooled).max() > NEAR * texts.scale:
            return False
    return True
