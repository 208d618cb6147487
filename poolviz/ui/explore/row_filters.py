"""Search, order, filters, and the chips of those that are in effect."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import streamlit as st

from poolviz.explore.choices import MOST_APART
from poolviz.explore.survey import Survey
from poolviz.language import N_, _, ngettext
from poolviz.model.class_names import class_label
from poolviz.ui.frame import state
from poolviz.ui.frame.markdown import plain
from poolviz.ui.input.browsed import (
    ORDER_NAMES,
    Chip,
    head_titles,
    offered_orders,
    order_of_state,
    without,
)
from poolviz.ui.sidebar.choice import Choice

_OUTCOMES = {"right": N_("right"), "wrong": N_("wrong")}
_DIFFERENCES = {"classes": N_("on the class"), "weights": N_("in their weights")}


def draw_filters(choice: Choice, survey: Survey | None) -> None:
    """The line of search, order and filters; those in the menu cost nothing while it is closed."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state.bound(
            st.text_input,
            "explore_search",
            _("Search"),
            placeholder=_("Text that the row holds"),
            icon=":material/search:",
            width="stretch",
            help=_("Capitals do not matter; spaces and signs do."),
        )
        st.session_state["explore_order"] = order_of_state(survey)
        state.relabel("_explore_order")
        state.bound(
            st.selectbox,
            "explore_order",
            _("Order"),
            options=offered_orders(survey),
            format_func=lambda key: _(ORDER_NAMES[key]),
            width=260,
            help=_("Orders by disagreement are offered once the rows are predicted."),
        )
        menu = st.popover(
            _("Filters"), icon=":material/filter_list:", on_change="rerun", key="filters"
        )
    if menu.open:
        with menu:
            _filter_menu(choice, survey)


def draw_chips(shown: list[Chip], count: int, rows: int) -> None:
    """How many rows are left, and a button for each filter that takes it away."""
    left = ngettext("{count:,} of {rows:,} row", "{count:,} of {rows:,} rows", rows)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        st.markdown(f"**{left.format(count=count, rows=rows)}**", width="content")
        for chip in shown:
            st.button(
                plain(chip.text),
                icon=":material/close:",
                key=f"chip_{chip.setting}",
                help=_("Take this filter away"),
                on_click=_take_away,
                args=(chip,),
            )
        if len(shown) > 1:
            st.button(
                _("Take all away"),
                type="tertiary",
                key="no_filters",
                help=_("All rows are shown again."),
                on_click=_take_away,
                args=tuple(shown),
            )
        st.caption(_("Click a row to open it in Compare."), width="content")


def choose_pair(heads: str) -> None:
    """Show the rows on which two heads disagree, "max,attention"; once more: all rows again."""
    pair = heads.split(",")
    again = st.session_state["explore_pair"] == pair
    st.session_state["explore_pair"] = None if again else pair
    st.session_state["explore_view"] = "rows"
    state.mark_choice()


def _take_away(*chips: Chip) -> None:
    without(*chips)
    state.mark_choice()


def _filter_menu(choice: Choice, survey: Survey | None) -> None:
    classes = {name: class_label(name) for name in choice.classes}
    if survey is not None:
        _filters_of_predictions(choice, classes)
    left, middle, right = st.columns([2, 1, 1], vertical_alignment="bottom")
    with left:
        _select("explore_label", _("Label"), classes, _("Rows that are known to be of this class."))
    with middle:
        _length("explore_shortest", _("Characters, at least"), _("Shorter texts are left out."))
    with right:
        _length("explore_longest", _("at most"), _("Longer texts are left out."))


def _filters_of_predictions(choice: Choice, classes: Mapping[str, str]) -> None:
    heads, columns = head_titles(choice), st.columns([2, 1, 1])
    with columns[0]:
        whose = _("The head whose prediction is asked for beside.")
        _select("explore_head", _("Predicted by"), heads, whose, _("any head"))
    with columns[1]:
        taken = _("Rows that are taken for this class.")
        _select("explore_predicted", _("Predicted class"), classes, taken)
    with columns[2]:
        outcomes = {key: _(name) for key, name in _OUTCOMES.items()}
        held = _("The prediction is held against the known label.")
        _select("explore_outcome", _("Prediction"), outcomes, held)
    if len(heads) < 2:
        return
    left, right = st.columns(2)
    with left:
        _select_pair(heads)
    with right:
        differences = {key: _(name) for key, name in _DIFFERENCES.items()}
        of_all = _("Of all chosen heads at least two differ so.")
        difference = _select("explore_difference", _("Heads disagree"), differences, of_all)
    if difference == "weights":
        state.bound(
            st.slider,
            "explore_apart",
            _("Divergence of two heads' weights for the length of the text, at least"),
            min_value=0.0,
            max_value=MOST_APART,
            step=0.01,
            help=_("0: equal weights. Counted is the pair of heads that differs most."),
        )


def _select(
    name: str, label: str, titles: Mapping[str, str], help_text: str, nothing: str | None = None
) -> str | None:
    """One of the options, or none."""
    if st.session_state[name] not in titles:
        st.session_state[name] = None
    state.relabel(f"_{name}")
    return state.bound(
        st.selectbox,
        name,
        label,
        options=list(titles),
        index=None,
        format_func=titles.get,
        placeholder=nothing or _("any"),
        help=help_text,
    )


def _select_pair(heads: Mapping[str, str]) -> None:
    """Two heads of which one predicts another class than the other."""
    pairs = {",".join(pair): pair for pair in combinations(heads, 2)}
    chosen = ",".join(st.session_state["explore_pair"] or ())
    st.session_state["_explore_pair"] = chosen if chosen in pairs else None
    st.selectbox(
        _("Two heads disagree on the class"),
        options=list(pairs),
        format_func=lambda key: " · ".join(heads[head] for head in pairs[key]),
        placeholder=_("any"),
        index=None,
        key="_explore_pair",
        help=_("Rows that one of these two heads takes for another class than the other."),
        on_change=_pair_chosen,
    )


def _pair_chosen() -> None:
    chosen = st.session_state["_explore_pair"]
    st.session_state["explore_pair"] = chosen.split(",") if chosen else None
    state.mark_choice()


def _length(name: str, label: str, help_text: str) -> None:
    state.bound(
        st.number_input,
        name,
        label,
        min_value=1,
        value=None,
        step=10,
        placeholder=_("any"),
        help=help_text,
    )
