"""The pairs of tokens of the Match page: of which matcher, what is common, the two figures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.export.pairs import Positions
from poolviz.figures.pairs.lines import MAX_TOKENS, can_draw, pair_lines
from poolviz.figures.pairs.matrix import pair_matrix
from poolviz.language import _
from poolviz.text.subsequence import common_subsequence
from poolviz.ui.frame import state
from poolviz.ui.frame.charts import draw_chart
from poolviz.values.pairs import PairExplanation
from poolviz.views.pairs import Explained, pair_names, title


def token_pairs(explained: Sequence[Explained]) -> list[Positions | None]:
    """Draw the section.

    Returns
    -------
    For each pair of sentences the positions of their longest common subsequence, if it is marked.
    """
    st.subheader(_("Which pairs of tokens make the score?"), anchor=False)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        shown = _chosen(explained)
    with right:
        state.bound(
            st.toggle,
            "common",
            _("Longest common subsequence"),
            help=_("Marks what both sentences share, in the same order, and what differs."),
        )
    shared = _shared_positions(shown)
    for number, pair in enumerate(shown.pairs):
        _figures(pair, pair_names(shown)[number], shared[number], str(number))
    return shared


def _chosen(explained: Sequence[Explained]) -> Explained:
    """The matcher whose pairs of tokens are shown."""
    by_name = {each.pairs[0].sides[0].checkpoint: each for each in explained}
    given = st.session_state["matrix_of"] in by_name
    if not given:
        st.session_state["matrix_of"] = next(iter(by_name))
    name = state.bound(
        st.selectbox,
        "matrix_of",
        _("Matcher"),
        options=list(by_name),
        format_func=lambda name: title(by_name[name]),
    )
    if not given:
        state.leave_unsaid("matrix_of")
    return by_name[name]


def _shared_positions(explained: Explained) -> list[Positions | None]:
    pairs = explained.pairs
    if not st.session_state["common"]:
        return [None for _pair in pairs]
    positions: list[Positions | None] = [
        common_subsequence(*(side.tokens for side in pair.sides)) for pair in pairs
    ]
    if None in positions:
        st.info(_("These sentences are too long for a longest common subsequence."))
    return positions


def _figures(
    pair: PairExplanation, names: tuple[str, str], positions: Positions | None, key: str
) -> None:
    if pair.cells is None:
        st.info(_("These sentences are too long to show every pair of their tokens."))
        return
    draw_chart(pair_matrix(pair, names, positions), f"matrix_{key}")
    if can_draw(pair):
        draw_chart(pair_lines(pair, names, positions), f"pairs_{key}")
    else:
        st.caption(
            _("Lines between tokens are drawn for sentences of up to {count} tokens.").format(
                count=MAX_TOKENS
            )
        )
