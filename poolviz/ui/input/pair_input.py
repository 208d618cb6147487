"""Where the sentences of the Match page come from: typed, an example, a labelled row, or a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from poolviz.datasets.examples import pair_examples, triplet_examples
from poolviz.errors import PoolvizError
from poolviz.language import _
from poolviz.text.pieces import shortened
from poolviz.ui.frame import state
from poolviz.ui.frame.controls import Choice
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.settings import PAIR
from poolviz.ui.frame.share import TextFile, share_menu
from poolviz.ui.input import rows
from poolviz.values.pairs import read_explained
from poolviz.views.pairs import MODE_OF, MODES, SENTENCES

_HEIGHT = 100
_EXAMPLES = {"pair": pair_examples, "triplet": triplet_examples}


@dataclass(frozen=True)
class PairInput:
    """Two sentences, or an anchor, a positive and a negative; and the row that they are.

    Parameters
    ----------
    mode : key of `poolviz.views.pairs.MODES`.
    known : of a labelled row, its outcome, of `poolviz.model.kinds.OUTCOMES`; else None.
    share : the menu of files and links; draw in it only while it is open.
    """

    mode: str
    texts: tuple[str, ...]
    known: str | None
    share: PopoverContainer


def pair_input(choice: Choice) -> PairInput:
    """Draw the boxes and their helpers; returns the sentences of the view.

    Stops the page with a sentence where the address names a row that is not at hand.
    """
    mode, example = st.columns([1, 2], vertical_alignment="bottom")
    with mode:
        mode = _mode_switch()
    _settle_example(choice, mode)
    with example:
        _example_picker(choice, mode)
    texts, row, problem = _texts_of_view(choice, mode)
    _boxes(mode, texts)
    share = _helpers(choice, mode)
    if row:
        rows.draw_row_note(choice, row)
    elif st.session_state["pair"] is not None:
        st.caption(_("An example written for this project, not a row of a data set."))
    if problem:
        st.warning(error_sentence(problem))
        st.stop()
    known = row.as_pair()[1] if row and len(texts) == 2 else None
    return PairInput(mode, texts, known, share)


def _mode_switch() -> str:
    return state.switch("match_mode", _("Compare"), MODES, label_visibility="collapsed")


def _names(mode: str) -> tuple[str, ...]:
    """Names in the state of the sentences of a mode."""
    return PAIR.texts[: len(SENTENCES[mode])]


def _known(choice: Choice, mode: str) -> tuple[tuple[str, ...], ...]:
    return _EXAMPLES[mode](choice.dataset)


def _settle_example(choice: Choice, mode: str) -> None:
    """An example is named by its number: its sentences follow the data set and the mode."""
    number = st.session_state["pair"]
    if number is not None:
        known = _known(choice, mode)
        number %= len(known)
        st.session_state.update(zip(_names(mode), known[number], strict=True))
        st.session_state["pair"] = number


def _texts_of_view(
    choice: Choice, mode: str
) -> tuple[tuple[str, ...], rows.LabelledRow | None, PoolvizError | None]:
    """The sentences of the view, the row that they are, and why there is no such row."""
    name, row = st.session_state["pair_row"], None
    texts = [st.session_state[name] for name in _names(mode)]
    if name:
        try:
            row = rows.find(name, choice)
        except PoolvizError as error:
            return tuple("" for _text in texts), None, error
        texts[:2] = row.as_pair()[0]
    if st.session_state["swapped"]:
        texts = _in_other_order(texts)
    return tuple(texts), row, None


def _boxes(mode: str, texts: tuple[str, ...]) -> None:
    columns = st.columns(len(texts))
    for column, title, name, text in zip(
        columns, SENTENCES[mode], _names(mode), texts, strict=True
    ):
        st.session_state[f"_{name}"] = text
        column.text_area(
            _(title),
            key=f"_{name}",
            on_change=partial(_typed, mode),
            height=_HEIGHT,
            placeholder=_("Type or paste a text here."),
            help=_("Ctrl+Enter, or leaving the box, updates the view."),
        )


def _typed(mode: str) -> None:
    _take_texts(mode, [st.session_state[f"_{name}"] for name in _names(mode)])


def _swap(mode: str) -> None:
    """Examples and rows stay what they are, in the other order; other sentences are exchanged."""
    if st.session_state["pair"] is None and not st.session_state["pair_row"]:
        texts = [st.session_state[name] for name in _names(mode)]
        _take_texts(mode, _in_other_order(texts))
    else:
        st.session_state["swapped"] = not st.session_state["swapped"]
        state.mark_choice()


def _take_texts(mode: str, texts: list[str]) -> None:
    others = [st.session_state[name] for name in PAIR.texts[len(_names(mode)) :]]
    state.choose_text(*texts, *others, fields=PAIR)
    state.mark_choice()


def _in_other_order(texts: list[str]) -> list[str]:
    """The last two exchanged: of a triplet the positive and the negative."""
    *first, second_last, last = texts
    return [*first, last, second_last]


def _helpers(choice: Choice, mode: str) -> PopoverContainer:
    # A row has two sentences, so that it is no triplet.
    with st.container(horizontal=True):
        st.button(
            _("Swap"),
            icon=":material/swap_horiz:",
            key="swap",
            on_click=partial(_swap, mode),
            help=_("Exchanges the two sentences; of a triplet, the positive and the negative."),
        )
        if len(_names(mode)) == 2:
            rows.draw_picker(choice, PAIR)
        return share_menu(
            PAIR,
            TextFile(_("an explanation saved as JSON"), ["json"], _texts_of_json, _take_file),
        )


def _example_picker(choice: Choice, mode: str) -> None:
    known = _known(choice, mode)
    st.session_state["_pair"] = st.session_state["pair"]
    st.selectbox(
        _("Example"),
        options=range(len(known)),
        format_func=lambda number: shortened(" · ".join(known[number]), 60),
        key="_pair",
        on_change=_example_chosen,
        placeholder=_("Choose an example"),
        label_visibility="collapsed",
        help=_("Texts written for this project."),
    )


def _example_chosen() -> None:
    number = st.session_state["_pair"]
    if number is not None:
        state.choose_text(example=number, fields=PAIR)
        state.mark_choice()


def _texts_of_json(saved: Any) -> tuple[str, ...]:
    first = saved[0] if isinstance(saved, list) and saved else saved
    return tuple(sentence.text for sentence in read_explained(first).sentences)


def _take_file(*texts: str) -> None:
    st.session_state["match_mode"] = MODE_OF[len(texts)]
    state.choose_text(*texts, fields=PAIR)
