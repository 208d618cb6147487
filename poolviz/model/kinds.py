"""The table of the kinds of model: what each reads and learns from, and what it has on disk.

Names and meanings, without loading Keras. What works on a kind further up is found by its `family`,
its `rows` and its `recipe`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field

from poolviz.language import N_, _
from poolviz.model.heads import (
    ASKED_HEADS,
    HEADS,
    MARGIN_READOUTS,
    PAIR_READOUTS,
    READOUTS,
    Head,
    Readout,
)
from poolviz.model.own_heads import head_title
from poolviz.model.poolings import POOLINGS

OUTCOMES = ("不匹配", "匹配")  # no match, match: the two classes of a pair
SCORE = "cosine"  # the one class of a pair that nothing decides: what the parts add up to

PAIR = "pair.onnx"  # of a matcher: the graph that compares what the other one gave of two sentences
USUAL = "classification"  # the kind that goes without saying
UNTRAINED = "untrained"  # the kind of poolings without training: no checkpoint is of it


@dataclass(frozen=True)
class Rows:
    """What a row of a data set holds beside its label, and what is said of a test on such rows.

    Parameters
    ----------
    title : English name of such rows, the key of its translation.
    columns : names of the columns of text.
    figures : test figures on a card that have an interval.
    counts : test figures on a card that have an entry for each class.
    """

    title: str
    columns: tuple[str, ...]
    figures: tuple[str, ...]
    counts: tuple[str, ...]


ROWS: dict[str, Rows] = {
    "classification": Rows(
        N_("single texts"),
        columns=("text",),
        figures=("accuracy", "macro_f1"),
        counts=("per_class", "confusion"),
    ),
    "matching": Rows(
        N_("sentence pairs"),
        columns=("text_a", "text_b"),
        figures=("accuracy", "f1", "roc_auc"),
        counts=("confusion",),
    ),
}


@dataclass(frozen=True)
class Family:
    """Kinds that are explained in the same way and lie on disk alike.

    Parameters
    ----------
    name : what one of its models is, in an English word.
    texts : how many texts a model can work on together.
    files : names of its files beside those of every checkpoint.
    numbers : what its cards must say beside what every card says.
    one_readout : True where models are compared under one read-out at a time.
    """

    name: str
    texts: tuple[int, ...]
    files: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    one_readout: bool = False


CLASSIFIER = Family("classifier", texts=(1,), one_readout=True)
MATCHER = Family("matcher", texts=(2, 3), files=(PAIR,), numbers=("threshold", "margin"))
ENCODER = Family("encoder", texts=(2,))


@dataclass(frozen=True, eq=False)
class Kind:
    """One way of training and using a model.

    Parameters
    ----------
    title : English name, the key of its translation.
    meaning : what it does, in one sentence.
    family : how it is explained, and what it has on disk.
    rows : key of `ROWS`: what it learns from and is tested on.
    recipe : key of `poolviz.training.kinds.recipes.RECIPES`: how it is trained.
    readouts, heads : those that it can have; the first read-out is the usual one.
    independent : True where a sentence's vector and weights do not depend on the other sentence.
    against_classes : True where the second sentence is the name of a class.
    """

    title: str
    meaning: str
    family: Family
    rows: str
    recipe: str
    readouts: Mapping[str, Readout]
    heads: Mapping[str, Head] = field(default_factory=lambda: HEADS)
    independent: bool = True
    against_classes: bool = False

    @property
    def takes_own_heads(self) -> bool:
        """Whether a pooling head of a person's own can be trained: not one that is asked."""
        return self.heads is HEADS

    @property
    def usual_readout(self) -> str:
        """Key of the read-out that goes without saying."""
        return next(iter(self.readouts))


KINDS: dict[str, Kind] = {
    USUAL: Kind(
        N_("Classifier"),
        N_("A text is pooled into one vector, whose class is decided."),
        CLASSIFIER,
        rows="classification",
        recipe="texts",
        readouts=READOUTS,
    ),
    "siamese": Kind(
        N_("Siamese"),
        N_("Each sentence is pooled by itself; pairs with the same meaning should agree."),
        MATCHER,
        rows="matching",
        recipe="pairs",
        readouts=PAIR_READOUTS,
    ),
    "interactive": Kind(
        N_("Interactive"),
        N_("Each sentence is weighed by attention that the other one queries."),
        MATCHER,
        rows="matching",
        recipe="pairs",
        readouts=PAIR_READOUTS,
        heads=ASKED_HEADS,
        independent=False,
    ),
    "triplet": Kind(
        N_("Triplet"),
        N_("An anchor is pulled to a positive and away from a negative by a margin of cosine."),
        MATCHER,
        rows="matching",
        recipe="triplets",
        readouts=MARGIN_READOUTS,
    ),
    "label": Kind(
        N_("Label"),
        N_("A text is matched against the name of every class; the best match is its class."),
        MATCHER,
        rows="classification",
        recipe="labels",
        readouts=PAIR_READOUTS,
        against_classes=True,
    ),
}

_NOT_TRAINED: dict[str, Kind] = {
    UNTRAINED: Kind(
        N_("Untrained"),
        N_("The token vectors of a pretrained encoder are pooled, and nothing is trained."),
        ENCODER,
        rows="matching",
        recipe="",
        readouts={"cosine": PAIR_READOUTS["cosine"]},
        heads=POOLINGS,
    ),
}
# Of what explanations can be: two tables seen as one, so a new kind is a line in `KINDS` alone.
EXPLAINED: Mapping[str, Kind] = ChainMap(KINDS, _NOT_TRAINED)


def kinds_of(family: Family) -> tuple[str, ...]:
    """Keys of a family's kinds.

    >>> kinds_of(MATCHER)
    ('siamese', 'interactive', 'triplet', 'label')
    """
    return tuple(key for key, kind in KINDS.items() if kind.family is family)


def model_title(kind: str, head: str, readout: str) -> str:
    """Name of a model in the language of the context; what is usual goes without saying.

    >>> model_title("classification", "max", "linear"), model_title("siamese", "max", "dense")
    ('Max', 'Siamese · Max · dense')
    """
    record = EXPLAINED[kind]
    if kind == UNTRAINED:
        return _(record.heads[head].title)
    parts = [] if kind == USUAL else [_(record.title)]
    parts.append(head_title(head))
    if readout != record.usual_readout:
        parts.append(_(record.readouts[readout].title))
    return " · ".join(parts)
