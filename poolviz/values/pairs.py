"""What a matcher says about two or three sentences: frozen, NumPy only, JSON in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from poolviz.errors import PoolvizError
from poolviz.json_types import is_object
from poolviz.model.heads import Readout
from poolviz.model.kinds import EXPLAINED, MATCHER, UNTRAINED, Kind, kinds_of
from poolviz.values.explanation import Explanation
from poolviz.values.json_fields import as_lists, numbers, string
from poolviz.values.shapes import PerTokenPair

PAIR_SCHEMA_VERSION = 2  # its sides are explanations of version 2; version 1 is still read

Explained = TypeVar("Explained")


@dataclass(frozen=True, eq=False)
class PairExplanation:
    """How alike one matcher finds two sentences, and which pairs of tokens make it so.

    >>> import poolviz
    >>> pair = poolviz.explain_pair("怎么注销账号", "账号如何注销", "lcqmc", heads="max")[0]
    >>> pair.matches, pair.cells.shape, abs(float(pair.cells.sum()) + pair.rest - pair.score) < 1e-6
    (True, (6, 6), True)

    Parameters
    ----------
    kind : key of `poolviz.model.kinds.EXPLAINED`, of a matcher or of what needs no training.
    sides : the two sentences. Their classes are no match and match; a side's contributions and
        bias add up to the centred logits of these two, given the other sentence as it is. Without
        training the only class is the score, and they add up to that.
    score : the cosine of the two vectors, or, under the dense read-out, the logit of a match.
    probability : of a match; None without training, where nothing decides.
    threshold : the probability from which on the pair counts as a match, chosen on validation rows;
        None without training.
    cells : (tokens of a, tokens of b): what each pair of tokens adds to the score; None where
        there would be more than `poolviz.engine.pairs.MAX_CELLS`. Cells and `rest` add up to the
        score.
    rest : what the cells leave of the score: 0 for a cosine.
    needed : the score that goes with a probability of `threshold`; None where no score does, and
        in older files.
    """

    mode: ClassVar[str] = "pair"
    gap: ClassVar[None] = None

    kind: str
    sides: tuple[Explanation, Explanation]
    score: float
    probability: float | None
    threshold: float | None
    cells: PerTokenPair | None
    rest: float
    needed: float | None = None

    @property
    def head(self) -> str:
        """Key of the pooling head."""
        return self.sides[0].head

    @property
    def readout(self) -> str:
        """Key of the read-out."""
        return self.sides[0].readout

    @property
    def kind_record(self) -> Kind:
        """What the table says of the matcher's kind."""
        return EXPLAINED[self.kind]

    @property
    def readout_record(self) -> Readout:
        """What the table says of the read-out."""
        return self.kind_record.readouts[self.readout]

    @property
    def pairs(self) -> tuple[PairExplanation, ...]:
        """All pairs of sentences that were compared: this one."""
        return (self,)

    @property
    def sentences(self) -> tuple[Explanation, ...]:
        """All sentences."""
        return self.sides

    @property
    def exact(self) -> bool:
        """True where the cells are a sum's own parts; else they are gradient × input."""
        return self.sides[0].exact

    @property
    def matches(self) -> bool | None:
        """The decision; None where nothing decides."""
        if self.probability is None or self.threshold is None:
            return None
        return self.probability >= self.threshold

    def to_json(self) -> dict[str, Any]:
        """Plain lists and strings, ready for `json.dumps`; `from_json` reads it back."""
        return {
            "pair_schema_version": PAIR_SCHEMA_VERSION,
            "kind": self.kind,
            "sides": [side.to_json() for side in self.sides],
            "score": self.score,
            "probability": self.probability,
            "threshold": self.threshold,
            "matches": self.matches,
            "exact": self.exact,
            "cells": None if self.cells is None else as_lists(self.cells),
            "rest": self.rest,
            "needed": self.needed,
        }

    @classmethod
    def from_json(cls, data: object) -> PairExplanation:
        """Read what `to_json` wrote, in this version or in version 1.

        Raises
        ------
        PoolvizError : another schema version, or a field is missing or has the wrong shape.
        """
        return _read(cls._read, data)

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> PairExplanation:
        kind = string(data, "kind")
        if kind not in (*kinds_of(MATCHER), UNTRAINED):
            raise ValueError("kind")
        decided = kind != UNTRAINED
        first, second = (Explanation.from_json(side) for side in data["sides"])
        if not decided and first.head not in EXPLAINED[kind].heads:
            raise ValueError("head")
        cells = data["cells"]
        shape = (len(first.tokens), len(second.tokens))
        return cls(
            kind=kind,
            sides=(first, second),
            score=float(numbers(data, "score", ())),
            probability=_share(data, "probability") if decided else None,
            threshold=_share(data, "threshold") if decided else None,
            cells=None if cells is None else numbers(data, "cells", shape),
            rest=float(numbers(data, "rest", ())),
            needed=None if data.get("needed") is None else float(numbers(data, "needed", ())),
        )


@dataclass(frozen=True, eq=False)
class TripletExplanation:
    """An anchor against a positive and against a negative, under one matcher.

    Parameters
    ----------
    positive, negative : the anchor (first side) against each of them.
    margin : by how much the positive's score should exceed the negative's.
    """

    mode: ClassVar[str] = "triplet"

    positive: PairExplanation
    negative: PairExplanation
    margin: float

    @property
    def pairs(self) -> tuple[PairExplanation, ...]:
        """All pairs of sentences that were compared: the anchor with each of the others."""
        return self.positive, self.negative

    @property
    def sentences(self) -> tuple[Explanation, ...]:
        """All sentences; the anchor as it is against the positive."""
        return (*self.positive.sides, self.negative.sides[1])

    @property
    def gap(self) -> float:
        """By how much the positive's score exceeds the negative's."""
        return self.positive.score - self.negative.score

    @property
    def loss(self) -> float:
        """max(0, margin − gap): what training would still take from this triplet."""
        return max(0.0, self.margin - self.gap)

    def to_json(self) -> dict[str, Any]:
        """Plain lists and strings, ready for `json.dumps`; `from_json` reads it back."""
        return {
            "pair_schema_version": PAIR_SCHEMA_VERSION,
            "positive": self.positive.to_json(),
            "negative": self.negative.to_json(),
            "margin": self.margin,
            "gap": self.gap,
            "loss": self.loss,
        }

    @classmethod
    def from_json(cls, data: object) -> TripletExplanation:
        """Read what `to_json` wrote, in this version or in version 1.

        Raises
        ------
        PoolvizError : another schema version, or a field is missing or has the wrong shape.
        """
        return _read(cls._read, data)

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> TripletExplanation:
        positive, negative = (PairExplanation.from_json(data[n]) for n in ("positive", "negative"))
        if positive.sides[0].text != negative.sides[0].text:
            raise ValueError("anchor")
        return cls(positive, negative, float(numbers(data, "margin", ())))


def read_explained(data: object) -> PairExplanation | TripletExplanation:
    """Read what `to_json` of a pair or of a triplet wrote.

    Raises
    ------
    PoolvizError : another schema version, or a field is missing or has the wrong shape.
    """
    of_three = is_object(data) and "positive" in data
    return (TripletExplanation if of_three else PairExplanation).from_json(data)


def _read(read: Callable[[Mapping[str, Any]], Explained], data: object) -> Explained:
    versions = range(1, PAIR_SCHEMA_VERSION + 1)
    if not is_object(data) or data.get("pair_schema_version") not in versions:
        raise PoolvizError(
            "This is no poolviz explanation of a pair of version {version} or older; export it "
            "again as JSON.",
            version=PAIR_SCHEMA_VERSION,
        )
    try:
        return read(data)
    except (KeyError, TypeError, ValueError) as error:
        raise PoolvizError(
            "The explanation file is damaged ({reason}); export it again as JSON.",
            reason=error,
        ) from error


def _share(data: Mapping[str, Any], name: str) -> float:
    value = float(numbers(data, name, ()))
    if not 0 <= value <= 1:
        raise ValueError(name)
    return value
