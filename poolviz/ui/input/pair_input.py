"""Where the sentences of the Match page come from: typed, an example, a labelled row, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from poolviz.datasets.examples import encoder_examples, sentence_examples
from poolviz.errors import PoolvizError
from poolviz.language import N_, _
from poolviz.text.pieces import shortened, told_apart
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.settings import PAIR
from poolviz.ui.frame.share import TextFile, share_menu
from poolviz.ui.input import rows
from poolviz.ui.input.boxes import fill_boxes, leave_boxes_alone
from poolviz.ui.sidebar.choice import Choice
from poolviz.values.pairs import read_explained
from poolviz.views.pairs import SENTENCES

_QUANTITIES = {"contribution": N_("Contribution"), "weight": N_("Weight")}


@dataclass(frozen=True)
class PairInput:
    """Two sentences, a third to compare with the first, and how they are to be shown.

    Parameters
    ----------
    third : may be empty, and has no box here: see `draw_third_box`.
    known : of a labelled row, its outcome, of `poolviz.model.kinds.OUTCOMES`; else None.
    quantity : what tokens are tinted by, as for `poolviz.views.pairs.sentence_panels`.
    share : the menu of files and links; draw in it only while it is open.
    """

    texts: tuple[str, str]
    third: str
    known: str | None
    quantity: str
    share: PopoverContainer


def pair_input(choice: Choice | None) -> PairInput:
    """Draw the two boxes and their helpers; returns the sentences of the view.

    Stops the page with a sentence where the address names a row that is not at hand.

    Parameters
    ----------
    choice : whose examples and rows are offered; None for an encoder, which has no rows.
    """
    own = [] if choice is None else _own_pairs(choice)
    known: Sequence[tuple[str, ...]] = _with_thirds(own)
    if not known:
        known = encoder_examples() if choice is None else sentence_examples(choice.dataset)
    _settle_example(known, choice)
    (first, second, third), row, problem = _texts_of_view(choice, own)
    fill_boxes({f"_{name}": text for name, text in zip(PAIR.texts, (first, second), strict=False)})
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _box(0, _(SENTENCES["pair"][0]))
        st.button(
            "",
            icon=":material/swap_horiz:",
            key="swap",
            on_click=_swap,
            help=_("Exchanges the two sentences."),
        )
        _box(1, _(SENTENCES["pair"][1]))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        quantity = _quantity_switch()
        _example_menu(known, bool(own))
        if choice is not None:
            rows.draw_picker(choice, PAIR)
        share = share_menu(
            PAIR,
            TextFile(_("an explanation saved as JSON"), ["json"], _texts_of_json, _take_file),
        )
    if row and choice is not None:
        rows.draw_row_note(choice, row)
    if problem:
        st.warning(error_sentence(problem))
        st.stop()
    return PairInput((first, second), third, row.as_pair()[1] if row else None, quantity, share)


def draw_third_box(text: str) -> None:
    """Draw the box of the sentence that is the negative of a triplet."""
    label = _("Negative: a sentence that should be farther from A, the anchor, than B is")
    st.session_state[f"_{PAIR.texts[2]}"] = text
    _box(2, label, labelled=True)


def _box(number: int, label: str, labelled: bool = False) -> None:
    st.text_area(
        label,
        key=f"_{PAIR.texts[number]}",
        on_change=_typed,
        args=(number,),
        height="content",
        placeholder=_("Type or paste a text here."),
        help=_("One of the sentences that are matched; the rows below follow it."),
        label_visibility="visible" if labelled else "collapsed",
        width="stretch",
    )


def _quantity_switch() -> str:
    return state.switch(
        "match_quantity",
        _("Show"),
        _QUANTITIES,
        label_visibility="collapsed",
        help=_(
            "A weight is what the head multiplies by (for max: the share of channels won). A "
            "contribution is what the position added to the centred logit of a match, given the "
            "other sentence."
        ),
    )


def _settle_example(known: Sequence[tuple[str, ...]], choice: Choice | None) -> None:
    """An example is named by its number: its sentences follow the data set.

    Where there are no rows, the first example stands for one.
    """
    if choice is None and st.session_state["pair_row"]:
        state.choose_text(example=0, fields=PAIR)
    number = st.session_state["pair"]
    if number is not None:
        number %= len(known)
        st.session_state.update(zip(PAIR.texts, known[number], strict=True))
        st.session_state["pair"] = number


def _texts_of_view(
    choice: Choice | None, own: Sequence[rows.LabelledRow]
) -> tuple[Sequence[str], rows.LabelledRow | None, PoolvizError | None]:
    """The three sentences of the view, the row that they are, and why there is no such row.

    Parameters
    ----------
    own : rows that are the examples; none where these are others.
    """
    name, number = st.session_state["pair_row"], st.session_state["pair"]
    row = own[number] if own and number is not None else None
    texts = [st.session_state[name] for name in PAIR.texts]
    if name and choice is not None:
        try:
            row = rows.find(name, choice)
        except PoolvizError as error:
            return ("", "", ""), None, error
        texts[:2] = row.as_pair()[0]
    if st.session_state["swapped"]:
        texts[:2] = texts[1::-1]
    return texts, row, None


def _typed(number: int) -> None:
    """The box of one sentence; those without a box, which a run has not drawn, stay."""
    leave_boxes_alone()
    session = st.session_state
    texts = [session.get(f"_{name}", session[name]) for name in PAIR.texts]
    texts[number] = session[f"_{PAIR.texts[number]}"]
    state.choose_text(*texts, fields=PAIR)
    state.mark_choice()


def _swap() -> None:
    """Examples and rows stay what they are, in the other order; other sentences are exchanged."""
    session = st.session_state
    if session["pair"] is None and not session["pair_row"]:
        first, second, third = (session[name] for name in PAIR.texts)
        state.choose_text(second, first, third, fields=PAIR)
    else:
        session["swapped"] = not session["swapped"]
    state.mark_choice()


def _own_pairs(choice: Choice) -> list[rows.LabelledRow]:
    """Test rows of a data set of somebody's own, as far as they are kept."""
    kept = loaders.own_rows(choice.checkpoints[0]).rows
    return [rows.LabelledRow(choice.dataset, "test", row[1:], row[0]) for row in kept]


def _with_thirds(own: Sequence[rows.LabelledRow]) -> tuple[tuple[str, ...], ...]:
    """The pairs of rows, each with the second text of another one."""
    pairs = [row.as_pair()[0] for row in own]
    thirds = [pair[1] for pair in (*pairs[1:], *pairs[:1])]
    return tuple((*pair, third) for pair, third in zip(pairs, thirds, strict=True))


def _example_menu(known: Sequence[tuple[str, ...]], of_test_rows: bool) -> None:
    labels = told_apart([plain(shortened(" · ".join(texts[:2]), 60)) for texts in known])
    st.menu_button(
        _("Examples"),
        range(len(known)),
        format_func=labels.__getitem__,
        key="_pair",
        on_click=_example_chosen,
        help=_("Rows that these models were tested on.")
        if of_test_rows
        else _("Texts written for this project."),
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
    st.session_state["match_section"] = "triplet" if len(texts) > 2 else None
    state.choose_text(*texts, fields=PAIR)
