"""What each matcher says of two sentences, as rows on one axis: all thresholds lie in its middle.

Pages draw what a `MatcherRow` holds and compute nothing of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poolviz.language import _, ngettext
from poolviz.model.class_names import meaning_of
from poolviz.model.kinds import OUTCOMES
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.views.pairs import title

_DIGITS = range(2, 5)  # of a score; more where two would look the same
_SMALLEST_GAP = 0.0005  # smaller ones are shown as 0.000


@dataclass(frozen=True)
class MatcherRow:
    """One matcher's row.

    Parameters
    ----------
    name : of its checkpoint.
    label : its name for readers.
    verdict : what it says, in a word or a few.
    standing : the numbers that this rests on.
    marks : places on the axis, as `place` gives them: of the pair, or of positive and negative.
    """

    name: str
    label: str
    verdict: str
    standing: str
    marks: tuple[float, ...]


def pair_row(pair: PairExplanation) -> MatcherRow:
    """The row of a pair: whether it is a match, and by what; the score where nothing decides."""
    if pair.matches is None:
        verdict, said = f"{pair.score:z.3f}", _(pair.readout_record.score)
    else:
        verdict, said = meaning_of(OUTCOMES[pair.matches]), standing(pair)
    return MatcherRow(pair.sides[0].checkpoint, title(pair), verdict, said, (place(pair),))


def triplet_row(triplet: TripletExplanation) -> MatcherRow:
    """The row of a triplet: which of the two is nearer to the anchor, and by how much."""
    pairs = triplet.pairs
    scores = _written(*(pair.score for pair in pairs))
    compared = _("{score} {positive} against {negative}").format(
        score=_(pairs[0].readout_record.score), positive=scores[0], negative=scores[1]
    )
    marks = (place(pairs[0]), place(pairs[1]))
    return MatcherRow(
        pairs[0].sides[0].checkpoint, title(triplet), _nearer(triplet.gap), compared, marks
    )


def place(pair: PairExplanation) -> float:
    """Where a pair lies on the axis: -1 at a probability of 0, 0 at the threshold, 1 at 1.

    Each half is linear in the probability. Where nothing decides it is the cosine's own axis.
    """
    if pair.probability is None or pair.threshold is None:
        return pair.score
    beyond = pair.probability - pair.threshold
    room = 1 - pair.threshold if beyond >= 0 else pair.threshold
    return beyond / room if room else 0.0


def standing(pair: PairExplanation) -> str:
    """What was reached and what is needed: cosines where it rests on one, else probabilities."""
    if pair.readout_record.bounded and pair.needed is not None:
        reached, needed = _written(pair.score, pair.needed)
        return _("cosine {reached}, needs {needed}").format(reached=reached, needed=needed)
    return _("probability {probability:.1%}, threshold {threshold:.1%}").format(
        probability=pair.probability, threshold=pair.threshold
    )


def count_of_matches(pairs: Sequence[PairExplanation]) -> str:
    """How many matchers say match, in a sentence."""
    count = sum(bool(pair.matches) for pair in pairs)
    return ngettext(
        "{count} of {total} says match.", "{count} of {total} say match.", count
    ).format(count=count, total=len(pairs))


def count_of_nearer(triplets: Sequence[TripletExplanation]) -> str:
    """How many matchers find the positive nearer, in a sentence."""
    count = sum(triplet.gap >= _SMALLEST_GAP for triplet in triplets)
    return ngettext(
        "{count} of {total} finds the positive nearer to the anchor.",
        "{count} of {total} find the positive nearer to the anchor.",
        count,
    ).format(count=count, total=len(triplets))


def margin_note(triplets: Sequence[TripletExplanation]) -> str:
    """What training asked of the gap, of the matchers that it asked it of; empty where of none."""
    asked = [each for each in triplets if each.positive.kind_record.recipe == "triplets"]
    names = dict.fromkeys((title(each), each.margin) for each in asked)
    return " ".join(
        _("In training {matcher} was asked for a gap of {margin:.2f} or more.").format(
            matcher=name, margin=margin
        )
        for name, margin in names
    )


def _nearer(gap: float) -> str:
    if abs(gap) < _SMALLEST_GAP:
        return _("both equally near")
    if gap > 0:
        return _("positive nearer by {gap:.3f}").format(gap=gap)
    return _("negative nearer by {gap:.3f}").format(gap=-gap)


def _written(*values: float) -> list[str]:
    """Numbers with as many digits as tell them apart."""
    found: list[str] = []
    for digits in _DIGITS:
        found = [f"{value:z.{digits}f}" for value in values]
        if len(set(found)) == len(set(values)):
            break
    return found
