"""The Match page: two sentences under every matcher, and why each decides as it does."""

from collections.abc import Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.errors import PoolvizError
from poolviz.evaluation.pair_verdict import baseline_accuracy, best_of, none_beats_baseline
from poolviz.export.pairs import match_contents
from poolviz.language import _
from poolviz.ui.frame import explained
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.exports import draw_exports
from poolviz.ui.input.pair_input import pair_input
from poolviz.ui.match.live import draw_live
from poolviz.ui.match.matchers import draw_matchers
from poolviz.ui.match.poolings import draw_encoder
from poolviz.ui.match.sections import Shown, draw_sections, shared_positions
from poolviz.ui.match.word_pieces import are_joined, as_chosen, words_switch
from poolviz.ui.sidebar.choice import EncoderChoice
from poolviz.ui.sidebar.controls import draw_heading, pair_controls
from poolviz.values.interval import Interval
from poolviz.views.pairs import check_sentences, sentence_panels


def warn_of_baseline(matchers: Sequence[Checkpoint]) -> None:
    """Say so where counting characters does as well as every matcher of the data set."""
    if not none_beats_baseline(matchers):
        return
    best = best_of(matchers)
    own, baseline = Interval.read(best.card["test"]["accuracy"]), baseline_accuracy(best.card)
    assert baseline is not None, "it was measured beside these matchers"
    st.warning(
        _(
            "No matcher of this data set is better than counting characters by more than the 95 % "
            "interval. The best, {name}, is right on {own} of the test pairs, the cosine "
            "of character counts on {baseline:.1%}."
        ).format(
            name=best.title,
            own=own.as_share(),
            baseline=baseline.value,
        )
    )


choice = pair_controls()
draw_heading(_("Do these sentences match?"))
if isinstance(choice, EncoderChoice):
    draw_encoder(choice)
    st.stop()
warn_of_baseline(choice.offered)
given = pair_input(choice)
try:
    check_sentences("pair", given.texts)
    found = explained.pairs(choice.checkpoints, given.texts)
except PoolvizError as error:
    st.info(error_sentence(error))
    draw_live(choice.checkpoints, given.texts, given.quantity, None)
    st.stop()

if choice.checkpoints[0].on_encoder:
    words_switch()
pairs = [pair for each in as_chosen(choice.checkpoints, found) for pair in each.pairs]
panels = sentence_panels(pairs, given.quantity)
chosen = draw_matchers(choice.checkpoints, pairs, panels, given.known)
draw_live(choice.checkpoints, given.texts, given.quantity, pairs)
shown = Shown(choice, given.texts, chosen, given.third, given.quantity)
triplets = draw_sections(shown)
if given.share.open:
    with given.share:
        sentences = triplets or pairs
        draw_exports(
            match_contents(
                sentences,
                sentence_panels(sentences, given.quantity),
                shared_positions(sentences[0]),
            ),
            subject=(
                *(given.texts, given.third, given.quantity, bool(triplets)),
                *(st.session_state["common"], are_joined(choice.checkpoints), choice.checkpoints),
            ),
        )
