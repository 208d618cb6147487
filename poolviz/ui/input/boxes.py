"""Text boxes, in which somebody may have typed on since Python last heard of them."""

from __future__ import annotations

import streamlit as st

DOUBTS = "doubts"  # key of what is said of their texts; follower.js hides it while somebody types
_AHEAD = "boxes_ahead"


def leave_boxes_alone() -> None:
    """For callbacks: a box may hold more by now than Python has heard, and that stays in it."""
    st.session_state[_AHEAD] = True


def fill_boxes(texts: dict[str, str]) -> None:
    """Before the boxes of a page are drawn, by key: have them show these texts.

    One that is to be left alone, and was last heard to have its text, is told nothing.
    """
    ahead = st.session_state.pop(_AHEAD, False)
    for key, text in texts.items():
        if not ahead or st.session_state.get(key) != text:
            st.session_state[key] = text
