"""The table of matcher kinds and of their read-outs: names and meanings, without loading Keras."""

from __future__ import annotations

from dataclasses import dataclass

from poolviz.language import N_, _
from poolviz.model.heads import HEADS, Head

OUTCOMES = ("不匹配", "匹配")  # no match, match: the two classes of a pair
_OUTCOME_NAMES = dict(zip(OUTCOMES, (N_("no match"), N_("match")), strict=True))


@dataclass(frozen=True)
class Kind:
    """One way of training and comparing two sentences.

    Parameters
    ----------
    title : English name, the key of its translation.
    meaning : what it does, in one sentence.
    independent : True where a sentence's vector and weights do not depend on the other sentence.
    """

    title: str
    meaning: str
    independent: bool = True


KINDS: dict[str, Kind] = {
    "siamese": Kind(
        N_("Siamese"),
        N_("Each sentence is pooled by itself; pairs with the same meaning should agree."),
    ),
    "interactive": Kind(
        N_("Interactive"),
        N_("Each sentence is weighed by additive attention that the other one queries."),
        independent=False,
    ),
    "triplet": Kind(
        N_("Triplet"),
        N_("An anchor is pulled to a positive and away from a negative by a margin of cosine."),
    ),
    "label": Kind(
        N_("Label"),
        N_("A text is matched against the name of every class; the best match is its class."),
    ),
}

ADDITIVE = "additive"
_ADDITIVE_HEAD = Head(
    "AdditiveAttention1D",
    N_("Additive attention"),
    N_("Softmax over the text of a score that depends on the other sentence, too."),
)

_SHORT_NAMES = {"cosine": N_("cosine"), "dense": N_("dense")}
MATCH_READOUTS: dict[str, str] = {
    "cosine": N_("Cosine: the split over token pairs is exact"),
    "dense": N_("Dense layer: the split over token pairs is an estimate"),
}


def heads_of(kind: str) -> tuple[str, ...]:
    """Keys of the heads a kind can have: only interactive's ask the other sentence."""
    return tuple(HEADS) if KINDS[kind].independent else (ADDITIVE,)


def match_head(key: str) -> Head:
    """The head with this key, of the table of heads or interactive's own.

    Raises
    ------
    KeyError : no such head.
    """
    return _ADDITIVE_HEAD if key == ADDITIVE else HEADS[key]


def readouts_of(kind: str) -> tuple[str, ...]:
    """Keys of the read-outs a kind can have: a triplet's margin is one of cosines."""
    return ("cosine",) if kind == "triplet" else tuple(MATCH_READOUTS)


def matcher_title(kind: str, head: str, readout: str) -> str:
    """Name of a matcher in the language of the context; the usual read-out goes without saying."""
    parts = [_(KINDS[kind].title), _(match_head(head).title)]
    if readout != next(iter(MATCH_READOUTS)):
        parts.append(_(_SHORT_NAMES[readout]))
    return " · ".join(parts)


def class_name(name: str) -> str:
    """What a reader calls a class: an outcome of a pair in their language, others as they are."""
    return _(_OUTCOME_NAMES[name]) if name in _OUTCOME_NAMES else name


def is_symmetric(readout: str) -> bool:
    """Whether (A, B) has the score of (B, A) by definition: a cosine has, a dense layer has not."""
    return readout == "cosine"
