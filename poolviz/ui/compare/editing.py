"""The section of the Compare page that changes its text, or compares it with a pinned one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.errors import PoolvizError
from poolviz.language import N_, _
from poolviz.text.edits import replaced, without
from poolviz.text.pieces import one_line, shortened
from poolviz.text.tokens import clean_text, text_hash, tokenize
from poolviz.ui.compare import flips
from poolviz.ui.compare.change_cards import change_cards
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.controls import Choice
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.token_pills import token_labels
from poolviz.values.explanation import Explanation
from poolviz.views.changes import Changes, compare_texts
from poolviz.views.view import View

CLICKABLE = 120  # tokens to click at once
WAYS = {
    "tokens": N_("Click tokens"),
    "typing": N_("Type"),
    "search": N_("Find what flips it"),
}


def changes_section(
    choice: Choice, explanations: Sequence[Explanation], view: View
) -> Changes | None:
    """Draw the section; while it is closed it costs nothing.

    Returns
    -------
    The comparison that is shown, if one is.
    """
    st.subheader(_("What if the text were another?"), anchor=False)
    if not state.bound(
        st.toggle,
        "editing",
        _("Change the text, or compare it with another"),
        help=_("Before and after side by side under every head."),
    ):
        return None
    text = explanations[0].text
    _toolbar(text)
    way = st.session_state["edit_by"]
    if way == "tokens":
        _by_tokens(choice, text)
    elif way == "typing":
        _by_typing(text)
    else:
        flips.search(choice, explanations[0], _change)
    return _compared(choice, explanations, view)


def edited(text: str) -> str:
    """What the text of the view was changed to, or itself."""
    of, changed = st.session_state["edited"] or (None, None)
    return changed if of == text else text


def _change(text: str, changed: str) -> None:
    """Change the text of the view to another."""
    st.session_state["edited"] = (text, clean_text(changed))
    state.mark_choice()


def _toolbar(text: str) -> None:
    """How to change the text; starting over; pinning."""
    pinned = st.session_state["pinned"]
    with st.container(horizontal=True, vertical_alignment="center"):
        state.switch("edit_by", _("Change"), WAYS, label_visibility="collapsed")
        st.button(
            _("Start over"),
            icon=":material/undo:",
            key="edit_reset",
            disabled=edited(text) == text,
            on_click=_change,
            args=(text, text),
        )
        if pinned is None:
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
                _("Unpin"), icon=":material/keep_off:", key="edit_pin", on_click=_pin, args=(None,)
            )
    if pinned is not None:
        excerpt = plain(shortened(one_line(pinned), 60))
        st.caption(_("Before: the pinned text “{text}”").format(text=excerpt))


def _pin(text: str | None) -> None:
    st.session_state["pinned"] = text
    state.mark_choice()


def _by_tokens(choice: Choice, text: str) -> None:
    """Click tokens of the text as it is now, then delete or replace them."""
    changed = edited(text)
    tokens = tokenize(changed, choice.unit)
    part = _part(len(tokens))
    labels = token_labels(tokens[part.start : part.stop])
    with st.form("edit_tokens", border=False, enter_to_submit=False):
        # Another text has other tokens: its own key, so that none of them is chosen.
        chosen = st.pills(
            _("Tokens"),
            list(part),
            selection_mode="multi",
            format_func=lambda position: labels[position - part.start],
            key=f"clicked_{text_hash(changed)}_{part.start}",
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            delete = st.form_submit_button(_("Delete"), icon=":material/delete:", key="edit_delete")
            replacement = st.text_input(
                _("Replace by"),
                key="edit_replacement",
                width=220,
                label_visibility="collapsed",
                placeholder=_("Replace by"),
            )
            replace = st.form_submit_button(
                _("Replace"), icon=":material/find_replace:", key="edit_replace"
            )
    st.caption(
        _(
            "A deleted token is taken out of the text, so its neighbours meet. Adjacent tokens are "
            "replaced together."
        )
    )
    if not (delete or replace):
        return
    try:
        if delete:
            new = without(changed, tokens, chosen, choice.unit)
        else:
            new = replaced(changed, tokens, chosen, clean_text(replacement), choice.unit)
    except PoolvizError as error:
        st.info(error_sentence(error))
        return
    _change(text, new)
    st.rerun()


def _part(count: int) -> range:
    """The tokens to click of a text of `count`; of a long one a part that is chosen."""
    if count <= CLICKABLE:
        return range(count)
    state.relabel("edit_part")
    starts = range(0, count, CLICKABLE)
    if st.session_state.get("edit_part") not in starts:
        st.session_state["edit_part"] = 0
    start = st.selectbox(
        _("Tokens"),
        starts,
        format_func=lambda start: f"{start + 1:,}–{min(start + CLICKABLE, count):,}",
        key="edit_part",
        width=220,
    )
    return range(start, min(start + CLICKABLE, count))


def _by_typing(text: str) -> None:
    st.session_state["_edited"] = edited(text)
    st.text_area(
        _("The text after"),
        key="_edited",
        on_change=_typed,
        args=(text,),
        height=140,
        help=_("Ctrl+Enter, or leaving the box, updates the comparison."),
    )


def _typed(text: str) -> None:
    _change(text, st.session_state["_edited"])


def _compared(choice: Choice, explanations: Sequence[Explanation], view: View) -> Changes | None:
    """Draw the comparison, or what there is to do for one."""
    text = explanations[0].text
    pinned = st.session_state["pinned"]
    before, after = text if pinned is None else pinned, edited(text)
    if before == after:
        if pinned is None:
            st.info(_("Nothing is changed yet. The comparison with the text above appears here."))
        else:
            st.info(_("This is the pinned text: choose, type or edit another one."))
        return None
    try:
        of_both = [
            explanations
            if wanted == text
            else [
                loaders.explainer(checkpoint).explain(wanted) for checkpoint in choice.checkpoints
            ]
            for wanted in (before, after)
        ]
    except PoolvizError as error:
        st.info(error_sentence(error))
        return None
    changes = compare_texts(*of_both, view)
    change_cards(changes)
    return changes
