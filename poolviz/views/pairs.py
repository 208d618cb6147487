"""Which numbers a view of sentence pairs shows: every sentence a panel, all on one colour scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from poolviz.errors import TextError
from poolviz.language import N_, _
from poolviz.model.kinds import model_title
from poolviz.text.encoding import most_characters
from poolviz.text.tokens import has_visible
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.values.shapes import PerTokenPair
from poolviz.views.panel import Panel, panel, with_one_scale
from poolviz.views.view import View
from poolviz.views.words import fold_words, words_of

Explained = PairExplanation | TripletExplanation

SENTENCES = {
    "pair": (N_("Sentence A"), N_("Sentence B")),
    "triplet": (N_("Anchor"), N_("Positive"), N_("Negative")),
}
MODE_OF = {len(names): mode for mode, names in SENTENCES.items()}  # by the number of sentences

# Pearson's r between the cells of token vectors and those of an attribution to the input, a mean
# over pairs of sentences under an encoder of random numbers; measured by
# tests/engine/test_integrated_jacobians.py.
INPUT_AGREEMENT = 0.01


def check_sentences(mode: str, texts: Sequence[str]) -> None:
    """Check that every sentence of a pair or triplet has something to read, and not too much.

    Raises
    ------
    TextError : one is empty or too long; the message names it.
    """
    for name, text in zip(SENTENCES[mode], texts, strict=True):
        if not has_visible(text):
            raise TextError(
                "{name} is empty or only white space, so there is no score (n/a): type at least "
                "one visible character.",
                name=name,
            )
        if len(text) > (limit := most_characters()):
            raise TextError(
                "{name} has {count:,} characters; shorten it to {limit:,} or fewer.",
                name=name,
                count=len(text),
                limit=limit,
            )


def anchor_note(explained: Explained, quantity: str) -> str:
    """That a triplet's anchor has other values beside the negative; empty where it has not.

    Parameters
    ----------
    quantity : as for `sentence_panels`.
    """
    first, *others = explained.pairs
    if not others or (first.kind_record.independent and quantity == "weight"):
        return ""
    return _("The anchor's values are those beside the positive; beside the negative they differ.")


def input_sentence() -> str:
    """What it means that the cells of an encoder's matrix are exact, and what it does not."""
    return _(
        "Exact with respect to the token vectors, each of which has read its whole sentence: a "
        "cell does not say what the words themselves do. Integrated Jacobians (Moeller et al. "
        "2023, 2024) split the score over the input instead, and may split it quite otherwise: "
        "under a tiny encoder of random numbers the two matrices correlate with r = {r}."
    ).format(r=INPUT_AGREEMENT)


def sentence_names(explained: Explained) -> tuple[str, ...]:
    """What the sentences are called, in the language of the context."""
    return tuple(_(name) for name in SENTENCES[explained.mode])


def title(explained: Explained) -> str:
    """The matcher's name."""
    pair = explained.pairs[0]
    return model_title(pair.kind, pair.head, pair.readout)


def sentence_panels(explained: Sequence[Explained], quantity: str = "weight") -> dict[str, Panel]:
    """A panel for each sentence, by its name, with a summary for each matcher.

    Parameters
    ----------
    explained : the same sentences under one matcher or several.
    quantity : "weight", or "contribution" to the centred logit of a match, without training to the
        score.
    """
    view = view_of_pairs(quantity, explained[0].sentences[0].classes)
    titles = [title(each) for each in explained]
    by_sentence = zip(*(each.sentences for each in explained), strict=True)
    panels = with_one_scale([panel(of_one, view, titles) for of_one in by_sentence])
    return dict(zip(sentence_names(explained[0]), panels, strict=True))


def fold_pair(pair: PairExplanation) -> PairExplanation:
    """The same pair with words for tokens; what pairs of tokens add is summed."""
    cells = pair.cells
    for axis, side in enumerate(pair.sides):
        if cells is not None:
            cells = np.add.reduceat(cells, words_of(side).starts, axis=axis)
    first, second = map(fold_words, pair.sides)
    return replace(pair, sides=(first, second), cells=cells)


def in_words(explained: Explained) -> Explained:
    """The same pair or triplet with words for tokens."""
    if isinstance(explained, PairExplanation):
        return fold_pair(explained)
    pairs = (fold_pair(pair) for pair in explained.pairs)
    return TripletExplanation(*pairs, margin=explained.margin)


def view_of_pairs(quantity: str, classes: Sequence[str]) -> View:
    """What is shown of each sentence: of contributions those to a match, or to the score.

    Parameters
    ----------
    quantity : as for `sentence_panels`.
    classes : of the sentences' explanations; the last one is that of a match.
    """
    return View(quantity, target=classes[-1] if quantity == "contribution" else None)


def strongest(cells: PerTokenPair, count: int) -> list[tuple[int, int]]:
    """Row and column of the `count` cells with the largest absolute values, zeros left out."""
    order = np.argsort(-np.abs(cells), axis=None, kind="stable")[:count]
    found = zip(*np.unravel_index(order, cells.shape), strict=True)
    return [(int(i), int(j)) for i, j in found if cells[i, j]]


def pair_names(explained: Explained) -> list[tuple[str, str]]:
    """For each of the pairs what its two sentences are called."""
    first, *others = sentence_names(explained)
    return [(first, other) for other in others]
