"""Why two sentences match or not under one matcher: sentences that follow from its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poolviz.language import _, listed
from poolviz.text.pieces import one_line, shortened, together
from poolviz.values.explanation import Explanation
from poolviz.values.pairs import PairExplanation
from poolviz.values.shapes import PerTokenPair
from poolviz.views.captions import number
from poolviz.views.pairs import sentence_names, strongest, title

_NAMED_PAIRS = 4
_NAMED_PIECES = 5
_LONGEST_PIECE = 16


@dataclass(frozen=True)
class Reason:
    """What makes one matcher's score.

    Parameters
    ----------
    pairs : positions in the first and in the second sentence, the strongest pair first.
    partners : positions of tokens that are each other's strongest, and add to the score.
    alone : of each sentence the positions of tokens that have no such partner.
    """

    pairs: tuple[tuple[int, int], ...]
    partners: tuple[tuple[int, int], ...]
    alone: tuple[tuple[int, ...], tuple[int, ...]]


def reason_of(cells: PerTokenPair) -> Reason:
    """The reasons in what each pair of tokens adds to a score.

    >>> import numpy as np
    >>> reason_of(np.array([[0.1, 0.4], [0.2, -0.5]])).partners
    ((0, 1), (1, 0))
    """
    best_b, best_a = cells.argmax(axis=1).tolist(), cells.argmax(axis=0).tolist()
    partners = tuple(
        (i, j) for i, j in enumerate(best_b) if best_a[j] == i and float(cells[i, j]) > 0
    )
    alone = tuple(
        tuple(sorted(set(range(cells.shape[side])) - {pair[side] for pair in partners}))
        for side in (0, 1)
    )
    return Reason(tuple(strongest(cells, _NAMED_PAIRS)), partners, (alone[0], alone[1]))


def reason_sentences(pair: PairExplanation, reverse: float | None = None) -> list[str]:
    """What one matcher says of a pair, and why, a sentence each.

    Parameters
    ----------
    reverse : the score of the sentences in the other order, where it may be another.
    """
    sentences = [_distance(pair)]
    if pair.cells is None:
        sentences.append(_("These sentences are too long to show every pair of their tokens."))
    else:
        reason = reason_of(pair.cells)
        sentences += [*_strongest(pair, reason), *_alone(pair, reason)]
    if reverse is not None:
        sentences.append(
            _("In the other order, (B, A), the {score} is {reverse}, not {own}.").format(
                score=_(pair.readout_record.score),
                reverse=f"{reverse:z.3f}",
                own=f"{pair.score:z.3f}",
            )
        )
    return sentences


def _distance(pair: PairExplanation) -> str:
    name = title(pair)
    if pair.probability is None or pair.threshold is None:
        return _("{pooling}: the cosine of the two vectors is {score}.").format(
            pooling=name, score=f"{pair.score:z.3f}"
        )
    if pair.readout_record.bounded and pair.needed is not None:
        known = {"matcher": name, "score": f"{pair.score:z.3f}", "needed": f"{pair.needed:z.3f}"}
        known["apart"] = f"{abs(pair.score - pair.needed):.3f}"
        if pair.matches:
            return _(
                "{matcher} says match: the cosine {score} is {apart} above the {needed} it needs."
            ).format(**known)
        return _(
            "{matcher} says no match: the cosine {score} is {apart} below the {needed} it needs."
        ).format(**known)
    known = {"matcher": name, "probability": f"{pair.probability:.1%}"}
    known["threshold"] = f"{pair.threshold:.1%}"
    known["points"] = f"{100 * abs(pair.probability - pair.threshold):.1f}"
    if pair.matches:
        return _(
            "{matcher} says match: the probability {probability} is {points} percentage points "
            "above the threshold {threshold}."
        ).format(**known)
    return _(
        "{matcher} says no match: the probability {probability} is {points} percentage points "
        "below the threshold {threshold}."
    ).format(**known)


def _strongest(pair: PairExplanation, reason: Reason) -> list[str]:
    assert pair.cells is not None, "its cells are there"
    if not reason.pairs:
        return []
    first, second = pair.sides
    named = [
        f"{_piece(first, i, i)}–{_piece(second, j, j)} {_signed(float(pair.cells[i, j]))}"
        for i, j in reason.pairs
    ]
    if pair.exact:
        return [_("Strongest pairs of tokens: {pairs}.").format(pairs=listed(named))]
    return [_("Strongest pairs of tokens, an estimate: {pairs}.").format(pairs=listed(named))]


def _alone(pair: PairExplanation, reason: Reason) -> list[str]:
    told = [
        _("{tokens} in {sentence}").format(tokens=_quoted(side, positions), sentence=name)
        for side, positions, name in zip(
            pair.sides, reason.alone, sentence_names(pair), strict=True
        )
        if positions
    ]
    if not told:
        return [_("Every token has a partner of its own.")]
    return [_("Without a partner of their own: {tokens}.").format(tokens=listed(told))]


def _quoted(side: Explanation, positions: Sequence[int]) -> str:
    """The tokens in quotation marks, those that stand together in one."""
    runs = together(positions)
    named = [f"“{_piece(side, *run)}”" for run in runs[:_NAMED_PIECES]]
    return listed([*named, "…"] if len(runs) > _NAMED_PIECES else named)


def _piece(side: Explanation, first: int, last: int) -> str:
    """What stands in a text from one token to another."""
    piece = side.text[side.tokens[first].start : side.tokens[last].end] or side.tokens[first].text
    return shortened(one_line(piece), _LONGEST_PIECE)


def _signed(value: float) -> str:
    value = round(value, 3) or value
    return f"−{number(-value)}" if value < 0 else f"+{number(value)}"
