"""What the Match page has below its rows, one part at a time; a closed one costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from poolviz.export.pairs import Positions
from poolviz.figures.pairs.matrix import pair_matrix
from poolviz.figures.texts.highlight import highlights_html
from poolviz.language import N_, _, joined
from poolviz.text.subsequence import common_subsequence
from poolviz.trust.ablation.selfcheck import pair_padding_check
from poolviz.ui.frame import explained, kept, loaders, state
from poolviz.ui.frame.charts import draw_chart
from poolviz.ui.frame.markdown import plain
from poolviz.ui.match.matchers import long_notes
from poolviz.ui.match.nearest import draw_nearest
from poolviz.ui.match.triplet import draw_triplet
from poolviz.ui.sidebar.choice import Choice
from poolviz.ui.trust.padding import draw_padding
from poolviz.values.explanation import WHOLE_TEXT
from poolviz.values.pairs import PairExplanation
from poolviz.views.differences import difference_panels, differences_in_words
from poolviz.views.pairs import Explained, input_sentence, pair_names
from poolviz.views.passages import part_at

SECTIONS = {
    "difference": N_("What differs"),
    "matrix": N_("Every pair of tokens"),
    "nearest": N_("Nearest in a list"),
    "triplet": N_("Triplet"),
    "padding": N_("Padding"),
}


@dataclass(frozen=True)
class Shown:
    """What the rows above show.

    Parameters
    ----------
    chosen : the pair under the matcher whose reasons are shown.
    third : the sentence that a triplet needs beside the pair; may be empty.
    """

    choice: Choice
    texts: tuple[str, str]
    chosen: PairExplanation
    third: str
    quantity: str


def draw_sections(shown: Shown) -> Sequence[Explained] | None:
    """Draw the switch, and the part that is open; returns its triplets where it has any."""
    if st.session_state["match_section"] not in SECTIONS:
        st.session_state["match_section"] = None
    opened = state.bound(
        st.segmented_control,
        "match_section",
        _("More"),
        options=list(SECTIONS),
        format_func=lambda key: _(SECTIONS[key]),
        label_visibility="collapsed",
        help=_("Opens a part below, or closes it; a closed one costs nothing."),
    )
    if opened == "triplet":
        checkpoints = shown.choice.checkpoints
        return draw_triplet(checkpoints, shown.texts, shown.third, shown.quantity, shown.chosen)
    if opened == "difference":
        _difference(shown.chosen)
    elif opened == "matrix":
        draw_matrix(shown.chosen)
    elif opened == "nearest":
        draw_nearest(shown.choice, shown.texts[0])
    elif opened == "padding":
        _padding(shown)
    return None


def shared_positions(explained: Explained) -> list[Positions | None]:
    """Of each of its pairs the longest common subsequence, where somebody wants it marked."""
    if not st.session_state["common"]:
        return [None for _pair in explained.pairs]
    return [common_subsequence(*(side.tokens for side in pair.sides)) for pair in explained.pairs]


def _difference(pair: PairExplanation) -> None:
    """Both sentences; what is no part of their longest common subsequence is tinted."""
    panels = difference_panels(pair)
    if panels is None:
        st.info(_("These sentences are too long for a longest common subsequence."))
        return
    st.markdown(f"**{plain(joined(differences_in_words(panels)))}**")
    parts = [part_at(0, len(panel.tokens)) for panel in panels.values()]
    st.html(highlights_html(panels, 0, parts))
    if notes := long_notes(panels):
        st.caption(plain(joined(notes)))


def draw_matrix(pair: PairExplanation) -> None:
    """Draw what every pair of tokens adds, and the switch for what both sentences share."""
    if pair.cells is None:
        st.info(_("These sentences are too long to show every pair of their tokens."))
        return
    state.bound(
        st.toggle,
        "common",
        _("Longest common subsequence"),
        help=_("Marks what both sentences share, in the same order, and what differs."),
    )
    [positions] = shared_positions(pair)
    if st.session_state["common"] and positions is None:
        st.info(_("These sentences are too long for a longest common subsequence."))
    draw_chart(pair_matrix(pair, pair_names(pair)[0], positions), "matrix_0")
    if pair.exact and pair.sides[0].window == WHOLE_TEXT:
        st.caption(plain(input_sentence()))


def _padding(shown: Shown) -> None:
    checkpoints = shown.choice.checkpoints
    subject = (shown.texts, [checkpoint.onnx_hash for checkpoint in checkpoints])

    def check() -> dict[str, list]:
        found = {}
        for checkpoint in checkpoints:
            explainer = loaders.pair_explainer(checkpoint)
            a, b = (explained.encoded(explainer.vocabulary, text).ids for text in shown.texts)
            found[checkpoint.title] = pair_padding_check(explainer, a, b)
        return found

    draw_padding(_("Matcher"), kept.once("padding", subject, check))
