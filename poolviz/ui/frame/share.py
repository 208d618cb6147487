"""The menu that shares a view: the link to it, opening a file, and below them its exports."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from poolviz.datasets.readers.encodings import decode
from poolviz.errors import PoolvizError
from poolviz.language import _
from poolviz.ui.frame import state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.remembered import remembered
from poolviz.ui.frame.settings import TextFields
from poolviz.ui.uploads import draw_file_uploader


@dataclass(frozen=True)
class TextFile:
    """Files whose text, or whose texts, can become those of the view.

    Parameters
    ----------
    label : what they are.
    types : their endings.
    texts_of_json : reads what the page saves as JSON; raises PoolvizError.
    take : called with the texts.
    """

    label: str
    types: Sequence[str]
    texts_of_json: Callable[[Any], tuple[str, ...]]
    take: Callable[..., None]


def share_menu(fields: TextFields | None = None, file: TextFile | None = None) -> PopoverContainer:
    """Draw the menu; what is exported is drawn into it, and only while it is open.

    Parameters
    ----------
    fields : of the texts of the page; None where it shows none.
    file : what can be opened; None where nothing can.
    """
    menu = st.popover(
        _("Share, export"), icon=":material/ios_share:", on_change="rerun", key="share_menu"
    )
    if menu.open:
        with menu:
            if fields:
                _link_with_texts(fields)
            else:
                _link(None)
            if file:
                _opener(file)
    return menu


def _link(fields: TextFields | None) -> None:
    """The address of this view to copy, with these texts in it."""
    page = (st.context.url or "").split("?")[0]
    address = state.current_address(fields)
    st.code(f"{page}?{urlencode(address)}", language=None, wrap_lines=True)


def _link_with_texts(fields: TextFields) -> None:
    """The link; it carries texts of one's own unless they are left out, or too long."""
    session = st.session_state
    own = session[fields.example] is None and not session[fields.row]
    with_text = own and remembered(
        st.toggle,
        "link_text",
        _("The text travels in the link"),
        True,
        help=_("It then stands in the address, for everybody who sees the link."),
    )
    if own and not with_text:
        st.caption(_("Without the text the link opens the first example instead."))
    longest = max(len(session[name]) for name in fields.texts)
    if with_text and longest > state.MAX_TEXT_IN_ADDRESS:
        st.info(
            _(
                "The text is longer than {count} characters: save the explanation as JSON below "
                "and open that file instead."
            ).format(count=state.MAX_TEXT_IN_ADDRESS)
        )
        return
    _link(fields if with_text else None)


def _opener(file: TextFile) -> None:
    given = draw_file_uploader(
        _("Open a file: {what}").format(what=file.label),
        type=file.types,
        help=_("What stands in it becomes the text of this page."),
    )
    if not given or given.file_id == st.session_state.get("opened_file"):
        return
    st.session_state["opened_file"] = given.file_id
    try:
        texts = _read(given.name, given.getvalue(), file.texts_of_json)
    except PoolvizError as error:
        st.error(error_sentence(error))
        return
    file.take(*texts)
    st.rerun()


def _read(
    name: str, content: bytes, texts_of_json: Callable[[Any], tuple[str, ...]]
) -> tuple[str, ...]:
    try:
        text = decode(name, content).text
        if not name.lower().endswith(".json"):
            return (text,)
        saved = json.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of too many digits
        raise PoolvizError("{name} is no valid JSON; save it again.", name=name) from error
    return texts_of_json(saved)
