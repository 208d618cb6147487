"""Which of two sentences is nearer to the first one, under every matcher of the Match page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.errors import PoolvizError
from poolviz.figures.pairs.rows import match_rows_html
from poolviz.language import _
from poolviz.ui.frame import explained
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.input.pair_input import draw_third_box
from poolviz.ui.match.matchers import accuracy, long_notes, say_doubts
from poolviz.ui.match.word_pieces import as_chosen
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.views.matchers import count_of_nearer, margin_note, triplet_row
from poolviz.views.pairs import anchor_note, check_sentences, sentence_panels


def draw_triplet(
    checkpoints: Sequence[Checkpoint],
    texts: tuple[str, str],
    third: str,
    quantity: str,
    chosen: PairExplanation,
) -> list[TripletExplanation] | None:
    """Draw the box of the third sentence and a row a matcher; returns the triplets, if it is one.

    Parameters
    ----------
    texts : the anchor and the positive.
    third : the negative.
    chosen : the pair under the matcher whose row is marked.
    """
    draw_third_box(third)
    try:
        check_sentences("triplet", (*texts, third))
        found = as_chosen(checkpoints, explained.pairs(checkpoints, (*texts, third)))
    except PoolvizError as error:
        st.info(error_sentence(error))
        return None
    triplets = [each for each in found if isinstance(each, TripletExplanation)]
    panels = sentence_panels(triplets, quantity)
    say_doubts(checkpoints, {list(panels)[2]: third})
    anchors = dict.fromkeys(anchor_note(each, quantity) for each in triplets)
    st.html(
        match_rows_html(
            [triplet_row(triplet) for triplet in triplets],
            panels,
            [accuracy(checkpoint) for checkpoint in checkpoints],
            chosen.sides[0].checkpoint,
            count_of_nearer(triplets),
            [
                _("Full dot: the positive, open dot: the negative."),
                *filter(None, [margin_note(triplets), *anchors]),
                *long_notes(panels),
            ],
        )
    )
    return triplets
