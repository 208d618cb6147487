"""`explain` with another sentence: what each matcher says, and which pairs of tokens make it so."""

from __future__ import annotations

from argparse import Namespace

from poolviz.cli import terminal
from poolviz.cli.inputs import TEXT_SHOWN, chosen_matchers, the_text
from poolviz.engine.pairs import PairExplainer, explain_each
from poolviz.errors import ChoiceError
from poolviz.model.kinds import OUTCOMES, class_name
from poolviz.text.pieces import shown
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.views.pairs import (
    Explained,
    check_sentences,
    pairs_of,
    sentence_names,
    sentences,
    strongest,
    title,
)

_MOST_OTHERS = 2  # a positive and a negative


def run(arguments: Namespace) -> bool:
    """Explain the sentences; tables for people, or one JSON array with an object a matcher."""
    if arguments.words:
        raise ChoiceError("--words is for one text; leave it out for sentences to match.")
    found = explained_sentences(arguments)
    if arguments.json:
        terminal.write_json([each.to_json() for each in found])
        return True
    _write_sentences(found[0])
    for each in found:
        _write_matcher(each, arguments.top)
    return True


def explained_sentences(arguments: Namespace) -> list[Explained]:
    """The text and `--other`, as a pair or a triplet, under each of the chosen matchers.

    Raises
    ------
    ChoiceError, CheckpointError, TextError : too few or too many sentences, no such matcher, or
        one that cannot be read.
    """
    others = arguments.other or ()
    if not 1 <= len(others) <= _MOST_OTHERS:
        raise ChoiceError("Give --other once for a pair, twice for a positive and a negative.")
    texts = (the_text(arguments), *others)
    check_sentences("pair" if len(others) == 1 else "triplet", texts)
    return explain_each([PairExplainer(c) for c in chosen_matchers(arguments)], texts)


def _write_sentences(explained: Explained) -> None:
    for name, side in zip(sentence_names(explained), sentences(explained), strict=True):
        unknown = sum(not token.known for token in side.tokens)
        terminal.write(f"{name}: {shown(side.text, TEXT_SHOWN)}")
        terminal.write(f"  {len(side.tokens):,} tokens, {unknown:,} not in the vocabulary")


def _write_matcher(explained: Explained, count: int) -> None:
    terminal.write()
    terminal.write(title(explained))
    if isinstance(explained, TripletExplanation):
        margin = f", margin {explained.margin:.2f}" if explained.positive.exact else ""
        terminal.write(f"  gap {explained.gap:.3f}, positive minus negative{margin}")
    anchor, *others = sentence_names(explained)
    for pair, other in zip(pairs_of(explained), others, strict=True):
        _write_pair(pair, f"{anchor} – {other}", count)


def _write_pair(pair: PairExplanation, names: str, count: int) -> None:
    """The decision, and the pairs of tokens that add most to the score, or take most of it."""
    decided = class_name(OUTCOMES[pair.matches])
    score = "cosine" if pair.readout == "cosine" else "logit"
    terminal.write(
        f"  {names}: {decided}, probability {pair.probability:.1%}, threshold "
        f"{pair.threshold:.1%}, {score} {pair.score:.3f}"
    )
    if pair.cells is None:
        terminal.write("  These sentences are too long to show every pair of their tokens.")
        return
    first, second = (side.tokens for side in pair.sides)
    terminal.write_table(
        ["", "#", "token", "#", "token", "exact" if pair.exact else "estimate"],
        [
            ["", i + 1, shown(first[i].text), j + 1, shown(second[j].text), f"{value:+.4f}"]
            for i, j in strongest(pair.cells, count)
            for value in [pair.cells[i, j]]
        ],
        "lrlrlr",
    )
