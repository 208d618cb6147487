"""Clicks in a page's own HTML: tables and bars in which something can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

_heard = component(
    "poolviz_choices", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def hear_choices(takers: Mapping[str, Callable[[str], None]]) -> None:
    """Call what takes a choice when an element with `data-choose="kind:value"` is clicked.

    Draw it once on a page; it hears all of the page's HTML. Elements of one `data-choices` that
    are buttons are one stop for Tab if all but one have the tab index -1.

    Parameters
    ----------
    takers : by kind; called with the value before the page runs again.
    """

    def chosen() -> None:
        kind, _colon, value = str(st.session_state["choices"].chosen).partition(":")
        if kind in takers:
            takers[kind](value)

    _heard(key="choices", on_chosen_change=chosen)
