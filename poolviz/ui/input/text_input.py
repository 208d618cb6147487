"""Where the text of a view comes from: typed, an example, a labelled row, or a file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from poolviz.datasets.examples import examples
from poolviz.engine.vectors import windows_of
from poolviz.errors import PoolvizError
from poolviz.language import _, joined
from poolviz.text.pieces import shortened, told_apart
from poolviz.ui.frame import explained, loaders, state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.settings import TEXT
from poolviz.ui.frame.share import TextFile, share_menu
from poolviz.ui.input import rows
from poolviz.ui.input.boxes import DOUBTS, fill_boxes, leave_boxes_alone
from poolviz.ui.sidebar.choice import Choice
from poolviz.values.explanation import Explanation
from poolviz.views.captions import reading_sentence
from poolviz.views.doubts import doubts


@dataclass(frozen=True)
class Input:
    """The text to explain, the labelled row it is, if it is one, and the menu of files and links.

    Draw in `share` only while it is open: what is closed costs nothing.
    """

    text: str
    row: rows.LabelledRow | None
    share: PopoverContainer


def text_input(choice: Choice) -> Input:
    """Draw the line of the text: the box, examples, rows, and the menu to share the view.

    Stops the page with a sentence where the address names a row that is not at hand.
    """
    _settle_text(choice)
    shown, row, problem = _row_of_view(choice)
    with st.container(horizontal=True, gap="small"):
        fill_boxes({"_text": shown})
        st.text_area(
            _("Text"),
            key="_text",
            on_change=_typed,
            height="content",
            placeholder=_("Type or paste a text here."),
            help=_("Any text; all that is shown below follows it."),
            label_visibility="collapsed",
            width="stretch",
        )
        _example_menu(choice)
        rows.draw_picker(choice)
        share = share_menu(
            TEXT,
            TextFile(
                _("text in UTF-8, or an explanation saved as JSON"),
                ["txt", "json"],
                _text_of_json,
                state.choose_text,
            ),
        )
    if st.session_state["walk"] is not None:
        from poolviz.ui.input.walk import draw_walk

        draw_walk(choice, shown)
    if row:
        rows.draw_row_note(choice, row)
    if problem:
        st.warning(error_sentence(problem))
        st.stop()
    _say_doubts(choice, shown)
    return Input(shown, row, share)


def _say_doubts(choice: Choice, text: str) -> None:
    """Say so where the models cannot read the text; what they cannot take at all the page says."""
    with st.container(key=DOUBTS), suppress(PoolvizError):
        vocabulary = loaders.explainer(choice.checkpoints[0]).vocabulary
        read = explained.encoded(vocabulary, text)
        for sentence in doubts(read):
            st.warning(sentence, icon=":material/help:")
        if said := reading_sentence(_("This text"), *windows_of(read)):
            st.caption(joined(said))


def _settle_text(choice: Choice) -> None:
    """An example is named by its number: its text follows the data set."""
    number = st.session_state["example"]
    if number is not None:
        known = _known_texts(choice)
        number %= len(known)
        st.session_state.update(text=known[number], example=number)


def _known_texts(choice: Choice) -> tuple[str, ...]:
    """Test rows of a data set of somebody's own, as far as they are kept; else examples."""
    kept = loaders.own_rows(choice.checkpoints[0]).rows
    return tuple(row[1] for row in kept) or examples(choice.dataset, choice.unit)


def _row_of_view(choice: Choice) -> tuple[str, rows.LabelledRow | None, PoolvizError | None]:
    """The text of the view, the row that it is, and why there is no such row."""
    name = st.session_state["row"]
    if not name:
        return st.session_state["text"], _own_row(choice), None
    try:
        row = rows.find(name, choice, of_any_classes=True)
    except PoolvizError as error:
        return "", None, error
    return row.text, row, None


def _own_row(choice: Choice) -> rows.LabelledRow | None:
    """The row of somebody's own data set that the chosen example is."""
    number, kept = st.session_state["example"], loaders.own_rows(choice.checkpoints[0]).rows
    if number is None or not kept:
        return None
    label, *texts = kept[number]
    return rows.LabelledRow(choice.dataset, "test", tuple(texts), label)


def _typed() -> None:
    leave_boxes_alone()
    state.choose_text(st.session_state["_text"])
    state.mark_choice()


def _example_menu(choice: Choice) -> None:
    known, own = _known_texts(choice), loaders.own_rows(choice.checkpoints[0]).rows
    labels = told_apart([plain(shortened(text, 40)) for text in known])
    st.menu_button(
        _("Examples"),
        range(len(known)),
        format_func=labels.__getitem__,
        key="_example",
        on_click=_example_chosen,
        help=_("Rows that these models were tested on.")
        if own
        else _("Texts written for this project."),
    )


def _example_chosen() -> None:
    number = st.session_state["_example"]
    if number is not None:
        state.choose_text(example=number)
        state.mark_choice()


def _text_of_json(saved) -> tuple[str, ...]:
    first = saved[0] if isinstance(saved, list) and saved else saved
    return (Explanation.from_json(first).text,)
