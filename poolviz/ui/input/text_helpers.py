"""What stands beside every page's text boxes: opening a file, and the link to the view."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from poolviz.errors import PoolvizError
from poolviz.language import _
from poolviz.ui.frame import state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.settings import TextFields


def file_opener(
    label: str,
    types: Sequence[str],
    texts_of_json: Callable[[Any], tuple[str, ...]],
    take: Callable[..., None],
) -> None:
    """A popover to open a file whose text, or whose texts, become those of the view.

    Parameters
    ----------
    types : endings of the files that can be opened.
    texts_of_json : reads what the page saves as JSON; raises PoolvizError.
    take : called with the texts.
    """
    with st.popover(_("Open a file"), icon=":material/upload:", width="stretch"):
        file = st.file_uploader(label, type=types)
        if file and file.file_id != st.session_state.get("opened_file"):
            st.session_state["opened_file"] = file.file_id
            try:
                texts = _read(file.name, file.getvalue(), texts_of_json)
            except PoolvizError as error:
                st.error(error_sentence(error))
                return
            take(*texts)
            st.rerun()


def link(fields: TextFields) -> None:
    """The address of this view to copy; with texts of one's own only when it is asked for."""
    with st.popover(_("Link to this view"), icon=":material/link:", width="stretch"):
        session = st.session_state
        own = session[fields.example] is None and not session[fields.row]
        with_text = own and st.toggle(
            _("Copy link with this text"),
            help=_("The text then stands in the address, for everybody who sees the link."),
        )
        longest = max(len(session[name]) for name in fields.texts)
        if with_text and longest > state.MAX_TEXT_IN_ADDRESS:
            st.info(
                _(
                    "The text is longer than {count} characters: save the explanation as JSON "
                    "below and open that file instead."
                ).format(count=state.MAX_TEXT_IN_ADDRESS)
            )
            return
        page = (st.context.url or "").split("?")[0]
        address = state.current_address(fields if with_text else None)
        st.code(f"{page}?{urlencode(address)}", language=None, wrap_lines=True)


def _read(
    name: str, content: bytes, texts_of_json: Callable[[Any], tuple[str, ...]]
) -> tuple[str, ...]:
    try:
        text = content.decode("utf-8-sig")
        if not name.lower().endswith(".json"):
            return (text,)
        saved = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise PoolvizError(
            "{name} is neither text in UTF-8 nor valid JSON; save it again as UTF-8.", name=name
        ) from error
    return texts_of_json(saved)
