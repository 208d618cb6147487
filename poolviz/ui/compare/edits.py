"""What the Compare page's text was changed to, and which text it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from poolviz.errors import PoolvizError
from poolviz.language import _
from poolviz.text.edits import replaced, without
from poolviz.text.pieces import one_line, shortened
from poolviz.text.tokens import Token, clean_text, text_hash
from poolviz.ui.frame import state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain

_REFUSED = "edit_refused"


@dataclass(frozen=True)
class Texts:
    """The text before and after; equal where nothing was changed and nothing else is pinned."""

    before: str
    after: str

    @property
    def differ(self) -> bool:
        """Whether there is something to compare."""
        return self.before != self.after


def texts_of_view(text: str) -> Texts:
    """The two texts of the view: the box's, or the pinned one, and what it was changed to."""
    of, changed = st.session_state["edited"] or (None, None)
    after = changed if of == text and changed else text
    pinned = st.session_state["pinned"]
    return Texts(text if pinned is None else pinned, after)


def change(text: str, changed: str) -> None:
    """Change the text of the view to another."""
    st.session_state["edited"] = (text, clean_text(changed))
    state.mark_choice()


def change_tokens(
    text: str,
    changed: str,
    tokens: Sequence[Token],
    unit: str | None,
    positions: Sequence[int],
    replacement: str | None,
    of: str,
) -> None:
    """Take tokens of the changed text out, or put others in their place.

    Parameters
    ----------
    text : of the box.
    changed : what it was changed to so far.
    tokens : of `changed`.
    of : hash of the text whose tokens are meant; an edit of a text that is no longer shown is
        without effect.
    """
    if of != text_hash(changed) or not all(0 <= place < len(tokens) for place in positions):
        return
    try:
        if replacement is None:
            new = without(changed, tokens, positions, unit)
        else:
            new = replaced(changed, tokens, positions, clean_text(replacement), unit)
    except PoolvizError as error:
        st.session_state[_REFUSED] = error
    else:
        change(text, new)


def draw_edit_bar(text: str, texts: Texts) -> None:
    """Pinning; what was refused; and where two texts are compared, how to end that."""
    if refused := st.session_state.pop(_REFUSED, None):
        st.info(error_sentence(refused))
    pinned = st.session_state["pinned"]
    if pinned is not None:
        excerpt = plain(shortened(one_line(pinned), 60))
        st.caption(_("Before: the pinned text “{text}”").format(text=excerpt))
    with st.container(horizontal=True):
        _pin_button(text)
        if texts.after != text:
            st.button(
                _("Start over"),
                icon=":material/undo:",
                key="edit_reset",
                help=_("The changed text becomes the text of the box again."),
                on_click=change,
                args=(text, text),
            )
            st.button(
                _("Go on with this text"),
                icon=":material/check:",
                key="edit_accept",
                on_click=state.choose_text,
                args=(texts.after,),
                help=_("The changed text becomes the text of the box."),
            )


def _pin_button(text: str) -> None:
    """Pin the text, so that others are compared with it; or unpin it."""
    if st.session_state["pinned"] is None:
        st.button(
            _("Pin this text"),
            icon=":material/keep:",
            key="edit_pin",
            on_click=_pin,
            args=(text,),
            help=_("It stays as the text before: then choose or type another above."),
        )
    else:
        st.button(
            _("Unpin"),
            icon=":material/keep_off:",
            key="edit_pin",
            on_click=_pin,
            args=(None,),
            help=_("The text before is forgotten; no texts are compared any more."),
        )


def _pin(text: str | None) -> None:
    st.session_state["pinned"] = text
    state.mark_choice()
