"""Rows of tokens on a page: their HTML, and beside it what a script adds for pointer and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from poolviz.language import _

_DETAIL = """
<div class="detail"><span class="numbers" aria-live="polite"></span>
<span class="actions" hidden><button></button><input size="8"><button></button></span></div>
"""
_DETAIL_STYLE = """
.detail{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center;min-height:2rem;
font-size:.9rem;color:var(--st-text-color)}
.actions{display:inline-flex;gap:.4rem;align-items:center}
.actions[hidden]{display:none}
button,input{font:inherit;color:inherit;background:var(--st-background-color);
border:1px solid var(--st-border-color);border-radius:6px;padding:.15rem .55rem}
button{cursor:pointer}
button:hover,button:focus-visible,input:focus{border-color:var(--st-primary-color)}
"""
_behaviour = component(
    "poolviz_token_rows",
    html=_DETAIL,
    css=_DETAIL_STYLE,
    js=Path(__file__).with_name("token_rows.js").read_text(encoding="utf-8"),
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

    words = {
        "hint": _(
            "Point at a token, or step with the arrow keys, for its number under every head. Click "
            "tokens (several with Shift), then delete or replace them to see what changes."
        ),
        "delete": _("Delete “{tokens}”"),
        "replace": _("Replace"),
        "replacement": _("by …"),
        "edits": True,
    }
    _draw(content, words, on_edit_change=edited)


def draw_rows_to_choose(content: str, choose: Callable[[str], None]) -> None:
    """Draw the rows, one of which is chosen, and below them the numbers of a token.

    Parameters
    ----------
    content : as for `draw_rows_to_edit`.
    choose : called with what the table calls the row that somebody chooses.
    """

    def chosen() -> None:
        choose(str(st.session_state[_KEY].choose))

    words = {
        "hint": _(
            "Point at a token, or step with the arrow keys, for its number in every row. Click a "
            "row, or press Enter in it, for its reasons below."
        ),
        "chooses": True,
    }
    _draw(content, words, on_choose_change=chosen)


def _draw(content: str, words: dict[str, object], **heard: Any) -> None:
    st.html(content)
    place = _("position {position} of {count}")
    _behaviour(key=_KEY, data={"position": place, **words}, **heard)
