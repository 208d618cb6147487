"""Where the text of a view comes from: typed, an example, a labelled row, or a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from poolviz.datasets import CATALOGUE
from poolviz.errors import PoolvizError
from poolviz.examples import examples
from poolviz.figures.pieces import shortened
from poolviz.language import N_, _, error_message
from poolviz.types import Explanation
from poolviz.ui import rows, state
from poolviz.ui.controls import Choice

SPLITS = {"train": N_("train"), "validation": N_("validation"), "test": N_("test")}


@dataclass(frozen=True)
class Input:
    """The text to explain, and the labelled row it is, if it is one."""

    text: str
    row: rows.LabelledRow | None


def text_input(choice: Choice) -> Input:
    """Draw the text box and its helpers; returns the text of the view.

    Stops the page with a sentence where the address names a row that is not at hand.
    """
    _settle_text(choice)
    shown, row, problem = _row_of_view(choice)
    area, helpers = st.columns([3, 1])
    with helpers:
        _example_picker(choice)
        rows.picker(choice)
        _file_opener()
        _link()
    with area:
        st.session_state["_text"] = shown
        st.text_area(
            _("Text"),
            key="_text",
            on_change=_typed,
            height=180,
            placeholder=_("Type or paste a text here."),
            help=_("Ctrl+Enter, or leaving the box, updates the view."),
        )
        if row:
            _row_note(choice, row)
        elif st.session_state["example"] is not None:
            st.caption(_("An example written for this project, not a row of a data set."))
    if problem:
        st.warning(error_message(problem))
        st.stop()
    return Input(shown, row)


def _settle_text(choice: Choice) -> None:
    """An example is named by its number: its text follows the data set."""
    number = st.session_state["example"]
    if number is not None:
        known = examples(choice.dataset, choice.unit)
        number %= len(known)
        st.session_state.update(text=known[number], example=number)


def _row_of_view(choice: Choice) -> tuple[str, rows.LabelledRow | None, PoolvizError | None]:
    """The text of the view, the row that it is, and why there is no such row."""
    name = st.session_state["row"]
    if not name:
        return st.session_state["text"], None, None
    try:
        row = rows.find(name, choice)
    except PoolvizError as error:
        return "", None, error
    return row.text, row, None


def _typed() -> None:
    state.choose_text(st.session_state["_text"])
    state.mark_choice()


def _example_picker(choice: Choice) -> None:
    known = examples(choice.dataset, choice.unit)
    st.session_state["_example"] = st.session_state["example"]
    st.selectbox(
        _("Example"),
        options=range(len(known)),
        format_func=lambda number: shortened(known[number], 24),
        key="_example",
        on_change=_example_chosen,
        placeholder=_("Choose an example"),
        help=_("Texts written for this project."),
    )


def _example_chosen() -> None:
    number = st.session_state["_example"]
    if number is not None:
        state.choose_text("", example=number)
        state.mark_choice()


def _row_note(choice: Choice, row: rows.LabelledRow) -> None:
    source = _(CATALOGUE[row.dataset].title)
    st.caption(_("A row of {source}, known label: {label}.").format(source=source, label=row.label))
    if row.dataset == choice.dataset and row.split != "test":
        st.warning(
            _("These models were trained on this row ({split} rows).").format(
                split=_(SPLITS[row.split])
            ),
            icon=":material/warning:",
        )


def _file_opener() -> None:
    with st.popover(_("Open a file"), icon=":material/upload:", width="stretch"):
        file = st.file_uploader(
            _("A text file (UTF-8), or an explanation saved as JSON"), type=["txt", "json"]
        )
        if file and file.file_id != st.session_state.get("opened_file"):
            st.session_state["opened_file"] = file.file_id
            _open(file.name, file.getvalue())


def _open(name: str, content: bytes) -> None:
    try:
        text = _text_of_file(name, content)
    except PoolvizError as error:
        st.error(error_message(error))
        return
    state.choose_text(text)
    st.rerun()


def _text_of_file(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
        if not name.lower().endswith(".json"):
            return text
        saved = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise PoolvizError(
            "{name} is neither text in UTF-8 nor valid JSON; save it again as UTF-8.", name=name
        ) from error
    return Explanation.from_json(saved[0] if isinstance(saved, list) and saved else saved).text


def _link() -> None:
    """The address of this view to copy; with a text of one's own only when it is asked for."""
    with st.popover(_("Link to this view"), icon=":material/link:", width="stretch"):
        own = st.session_state["example"] is None and not st.session_state["row"]
        with_text = own and st.toggle(
            _("Copy link with this text"),
            help=_("The text then stands in the address, for everybody who sees the link."),
        )
        if with_text and len(st.session_state["text"]) > state.MAX_TEXT_IN_ADDRESS:
            st.info(
                _(
                    "The text is longer than {count} characters: save the explanation as JSON "
                    "below and open that file instead."
                ).format(count=state.MAX_TEXT_IN_ADDRESS)
            )
            return
        page = (st.context.url or "").split("?")[0]
        st.code(
            f"{page}?{urlencode(state.current_address(with_text))}", language=None, wrap_lines=True
        )
