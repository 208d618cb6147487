"""Where the text of a view comes from: typed, an example, a labelled row, or a file."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from poolviz.datasets.examples import examples
from poolviz.errors import PoolvizError
from poolviz.language import _
from poolviz.text.pieces import shortened
from poolviz.ui.frame import state
from poolviz.ui.frame.controls import Choice
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.settings import TEXT
from poolviz.ui.input import rows
from poolviz.ui.input.text_helpers import file_opener, link
from poolviz.values.explanation import Explanation


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
        file_opener(
            _("A text file (UTF-8), or an explanation saved as JSON"),
            ["txt", "json"],
            _text_of_json,
            state.choose_text,
        )
        link(TEXT)
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
            rows.row_note(choice, row)
        elif st.session_state["example"] is not None:
            st.caption(_("An example written for this project, not a row of a data set."))
    if problem:
        st.warning(error_sentence(problem))
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
        row = rows.find(name, choice, of_any_classes=True)
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
        state.choose_text(example=number)
        state.mark_choice()


def _text_of_json(saved) -> tuple[str, ...]:
    first = saved[0] if isinstance(saved, list) and saved else saved
    return (Explanation.from_json(first).text,)
