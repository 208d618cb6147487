"""Rows of tokens on a page: their HTML, and beside it what a script adds for pointer and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from poolviz.live.pointing import DETAIL, DETAIL_STYLE, words_to_choose, words_to_edit
from poolviz.live.script import script

_behaviour = component(
    "poolviz_token_rows",
    html=DETAIL,
    css=DETAIL_STYLE,
    js=script(Path(__file__).with_name("token_rows.js")),
)
_KEY = "token_rows"


def draw_rows_to_edit(content: str, edit: Callable[[list[int], str | None, str], None]) -> None:
    """Draw the rows of one text, and below them the numbers of the token that is pointed at.

    Parameters
    ----------
    content : a table of `poolviz.figures.texts.token_rows`.
    edit : called with positions of tokens, what is to stand in their place (None: nothing), and
        the hash of the text whose tokens they are.
    """

    def edited() -> None:
        asked = st.session_state[_KEY].edit
        replacement = asked["replacement"]
        edit(
            [int(position) for position in asked["positions"]],
            None if replacement is None else str(replacement),
            str(asked["of"]),
        )

    _draw(content, words_to_edit(), on_edit_change=edited)


def draw_rows_to_choose(content: str, choose: Callable[[str], None]) -> None:
    """Draw the rows, one of which is chosen, and below them the numbers of a token.

    Parameters
    ----------
    content : as for `draw_rows_to_edit`.
    choose : called with what the table calls the row that somebody chooses.
    """

    def chosen() -> None:
        choose(str(st.session_state[_KEY].choose))

    _draw(content, words_to_choose(), on_choose_change=chosen)


def _draw(content: str, words: dict[str, object], **heard: Any) -> None:
    st.html(content)
    _behaviour(key=_KEY, data=words, **heard)
