"""Two sentences on the Match page under the poolings of an encoder: nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.encoders.reader import Reading
from poolviz.engine import poolings
from poolviz.errors import PoolvizError
from poolviz.export.pairs import match_contents
from poolviz.figures.pairs.rows import match_rows_html
from poolviz.language import N_, _
from poolviz.ui.frame import explained, state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.exports import draw_exports
from poolviz.ui.input.pair_input import pair_input
from poolviz.ui.match.matchers import choose, chosen_of, draw_reasons, long_notes
from poolviz.ui.match.sections import draw_matrix, shared_positions
from poolviz.ui.match.word_pieces import words_switch
from poolviz.ui.sidebar.choice import EncoderChoice
from poolviz.ui.tokens.token_rows import draw_rows_to_choose
from poolviz.values.pairs import PairExplanation
from poolviz.views.captions import reading_sentence
from poolviz.views.matchers import pair_row
from poolviz.views.pairs import check_sentences, fold_pair, sentence_panels

SECTIONS = {"matrix": N_("Every pair of tokens")}
_SAME_DIRECTION = {"mean", "mean_sqrt_len"}


def draw_encoder(choice: EncoderChoice) -> None:
    """Draw the page below its heading; each sentence goes through the encoder once.

    Stops the page with a sentence where there is nothing to read.
    """
    given = pair_input(None)
    try:
        check_sentences("pair", given.texts)
        with st.spinner(_("Reading …")):
            first, second = (explained.reading(choice.encoder, text) for text in given.texts)
    except PoolvizError as error:
        st.info(error_sentence(error))
        st.stop()
    pairs = poolings.match(choice.encoder, first, second, choice.poolings)
    if words_switch():
        pairs = [fold_pair(pair) for pair in pairs]
    panels = sentence_panels(pairs, given.quantity)
    chosen = chosen_of(pairs, usual=choice.encoder.pooling)
    content = match_rows_html(
        [pair_row(pair) for pair in pairs],
        panels,
        None,
        chosen.sides[0].checkpoint,
        _range_sentence(pairs),
        [
            *reading_notes(list(panels), (first, second)),
            *_same_direction(pairs),
            *long_notes(panels),
        ],
    )
    draw_rows_to_choose(content, choose)
    draw_reasons(chosen, pairs)
    if state.open_section("match_section", SECTIONS) == "matrix":
        draw_matrix(chosen)
    if given.share.open:
        with given.share:
            draw_exports(
                match_contents(pairs, panels, shared_positions(chosen)),
                subject=(
                    *(given.texts, given.quantity, choice.encoder.hash, choice.poolings),
                    *(st.session_state["common"], st.session_state["words"]),
                ),
            )


def reading_notes(names: Sequence[str], readings: Sequence[Reading]) -> list[str]:
    """Which sentence was read in windows, a sentence each."""
    return [
        said
        for name, reading in zip(names, readings, strict=True)
        for said in reading_sentence(name, reading.windows, reading.overlap)
    ]


def _range_sentence(pairs: Sequence[PairExplanation]) -> str:
    scores = sorted(pair.score for pair in pairs)
    if len(scores) == 1:
        return _("The cosine is {score}.").format(score=f"{scores[0]:z.3f}")
    return _("Cosines from {low} to {high}, depending on the pooling.").format(
        low=f"{scores[0]:z.3f}", high=f"{scores[-1]:z.3f}"
    )


def _same_direction(pairs: Sequence[PairExplanation]) -> list[str]:
    if not {pair.head for pair in pairs} >= _SAME_DIRECTION:
        return []
    return [_("Mean and mean √length differ in the vectors' length only, so not in the cosine.")]
