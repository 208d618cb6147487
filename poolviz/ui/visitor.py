"""Whose models these are: on a server that others reach, a key that only a browser has tells.

The key is made by the browser on the Train page and kept there as a cookie; on disk is its hash
alone. Models lie in a folder of that hash, so that no two visitors' names meet.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from poolviz import places

COOKIE = "poolviz_key"
EVERYBODY = ("shared",)  # what $POOLVIZ_TRAIN can say, beside that nobody trains
_ALONE = ("localhost", "127.0.0.1", "::1")
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits
_DIGITS = 32
_maker = component("poolviz_key", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"))


def may_train() -> bool:
    """Whether models are trained, taken in and deleted on this server."""
    return places.trained_by() not in places.OFF


def shares() -> bool:
    """Whether all that is trained here is everybody's: the setting says so, or nobody else comes.

    Nobody else comes where the server listens to its own machine alone.
    """
    return places.trained_by() in EVERYBODY or st.get_option("server.address") in _ALONE


def owner() -> str | None:
    """Whose trainings and models the visitor sees: "" for everybody's; None without a key."""
    if shares():
        return ""
    key = str(st.session_state.get(COOKIE) or st.context.cookies.get(COOKIE))
    return hashlib.sha256(key.encode()).hexdigest()[:_DIGITS] if _KEY.fullmatch(key) else None


def roots() -> tuple[Path, ...]:
    """Where the visitor's checkpoints lie: the shipped ones, the user's, the visitor's own."""
    own = owner() if may_train() else ""
    return (
        *(places.SHIPPED_CHECKPOINTS, places.user_checkpoints()),
        *((places.checkpoints_of(own),) if own else ()),
    )


def draw_key() -> None:
    """Have the browser make a key, or say the one it has, where the visitor has none yet."""
    if owner() is None:
        _maker(key="visitor_key", data={"cookie": COOKIE}, on_said_change=_hear)


def _hear() -> None:
    said = str(st.session_state["visitor_key"].said)
    if _KEY.fullmatch(said):
        st.session_state[COOKIE] = said
