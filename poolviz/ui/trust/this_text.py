"""The text of the view, erased step by step under every head."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.figures.trust.erasing import USUAL, Step, erasing_html
from poolviz.language import N_, _
from poolviz.trust.ablation.erasure import erasures
from poolviz.trust.text.rankings import RANKINGS
from poolviz.trust.text.reading import Reading
from poolviz.ui.frame import state

_CURVES = {"deletion": N_("Erase"), "insertion": N_("Put in")}
_SLIDER = "curves_erased"  # whoever drives the page from outside knows the curves by it


def draw_this_text(found: Sequence[Reading]) -> None:
    """Draw the switches, and below them a row for each head."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        curve = state.switch(
            "trust_curve",
            _("What happens to the text"),
            _CURVES,
            help=_(
                "Erase: tokens go, the highest first; the sooner the probability falls, the "
                "better the order knew what the head uses. Put in: tokens come, the highest "
                "first; the sooner it rises, the better."
            ),
        )
        ranking = state.switch(
            "trust_ranking",
            _("In the order of"),
            {key: title for key, title in RANKINGS.items() if key in _rankings(found)},
            help=_("By what the tokens are ranked; the highest go, or come, first."),
        )
        with st.popover(_("More"), type="tertiary", key="more_of_trust"):
            _more(found[0])
        count = _slider(found, inserting=curve == "insertion")
    step = Step(ranking, count, curve == "insertion")
    st.html(erasing_html(found, step, _rankings(found)))


def _rankings(found: Sequence[Reading]) -> list[str]:
    """The usual ones, or all that every head has."""
    if not st.session_state["trust_all"]:
        return list(USUAL)
    return [key for key in RANKINGS if all(key in reading.trust.orders for reading in found)]


def _more(reading: Reading) -> None:
    state.bound(
        st.toggle,
        "trust_all",
        _("More rankings"),
        help=_(
            "|Contribution|: without its sign. Gradient × input: an estimate to first order. "
            "Leave-one-out: what the class loses when a token is erased alone. Uniform: all equal."
        ),
    )
    state.switch(
        "erase",
        _("Erased tokens are"),
        erasures(reading.explanation.window),
        help=_("No way to erase is neutral; what holds under all of them is the safer."),
    )


def _slider(found: Sequence[Reading], inserting: bool) -> int:
    """How many units are erased or put in; of a shorter text at most all."""
    most = min(reading.trust.ablation.count for reading in found)
    chosen = st.session_state["trust_erased"]
    st.session_state[_SLIDER] = most // 3 if chosen is None else min(chosen, most)
    return st.slider(
        _("Put in, of {count}").format(count=most)
        if inserting
        else _("Erased, of {count}").format(count=most),
        0,
        most,
        key=_SLIDER,
        help=_("The same number under every head; its probability stands beside."),
        on_change=_keep_count,
    )


def _keep_count() -> None:
    st.session_state["trust_erased"] = st.session_state[_SLIDER]
    state.mark_choice()
