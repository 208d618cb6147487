"""The aligned rows on a page: their HTML, and beside it what a script adds for pointer and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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
    "poolviz_aligned_rows",
    html=_DETAIL,
    css=_DETAIL_STYLE,
    js=Path(__file__).with_name("aligned.js").read_text(encoding="utf-8"),
)


def draw_aligned_rows(content: str, edit: Callable[[list[int], str | None, str], None]) -> None:
    """Draw the rows, and below them the numbers of the token that is pointed at.

    Parameters
    ----------
    content : as `poolviz.figures.texts.aligned.aligned_html` makes it.
    edit : called with positions of tokens, what is to stand in their place (None: nothing), and
        the hash of the text whose tokens they are.
    """
    st.html(content)

    def edited() -> None:
        asked = st.session_state["aligned"].edit
        replacement = asked["replacement"]
        edit(
            [int(position) for position in asked["positions"]],
            None if replacement is None else str(replacement),
            str(asked["of"]),
        )

    _behaviour(key="aligned", data=_words(), on_edit_change=edited)


def _words() -> dict[str, str]:
    """What the script says, in the language of the page."""
    return {
        "hint": _(
            "Point at a token, or step with the arrow keys, for its number under every head. Click "
            "tokens (several with Shift), then delete or replace them to see what changes."
        ),
        "position": _("position {position} of {count}"),
        "delete": _("Delete “{tokens}”"),
        "replace": _("Replace"),
        "replacement": _("by …"),
    }
