"""The table of rows: search, filters, order, pages; a click on a row opens it in Compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from poolviz.explore.filters import ORDERS, Filters, in_order, matching
from poolviz.explore.rows import NO_LABEL
from poolviz.explore.survey import Survey
from poolviz.export.files import harmless
from poolviz.language import N_, _, ngettext
from poolviz.model.heads import HEADS
from poolviz.text.pieces import one_line, shortened
from poolviz.ui.explore.row_source import Source
from poolviz.ui.frame import state
from poolviz.ui.frame.controls import Choice
from poolviz.ui.frame.menu import MENU
from poolviz.ui.input.rows import KEY_DIGITS

PAGE_ROWS = 100
SHOWN_CHARACTERS = 120
ROW_PIXELS, MAX_PIXELS = 35, 525  # of the table
_OUTCOMES = {"right": N_("right"), "wrong": N_("wrong")}
_DIFFERENCES = {"classes": N_("on the class"), "weights": N_("in their weights")}
_ORDER_NAMES = {
    "file": N_("As in the file"),
    "disagreement": N_("Largest disagreement"),
    "length": N_("Longest"),
}


def draw_row_browser(choice: Choice, source: Source, survey: Survey | None) -> None:
    """Draw the filters and the table."""
    rows = source.rows
    search, order, more = st.columns([4, 2, 1], vertical_alignment="bottom")
    with search:
        text = state.bound(
            st.text_input,
            "explore_search",
            _("Search"),
            placeholder=_("Text that the row holds"),
            icon=":material/search:",
        )
    with order:
        wanted = _order(survey)
    with more, st.popover(_("Filters"), icon=":material/filter_list:", width="stretch"):
        filters = Filters(search=text, **_filters(choice, survey))
    indices = in_order(matching(rows, survey, filters), rows, survey, wanted)
    if not len(indices):
        st.info(_("No row fits; ask for less."))
        return
    st.caption(
        ngettext(
            "{count:,} of {rows:,} row. Click a row to open it in Compare.",
            "{count:,} of {rows:,} rows. Click a row to open it in Compare.",
            len(rows),
        ).format(count=len(indices), rows=len(rows))
    )
    pages = -(-len(indices) // PAGE_ROWS)
    number = min(st.session_state["explore_page"], pages)
    shown = indices[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    table = _table(choice, source, survey, shown)
    event = st.dataframe(
        table,
        hide_index=True,
        height=min(ROW_PIXELS * (len(table) + 1) + 3, MAX_PIXELS),
        key="explore_rows",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config=_column_settings(table),
    )
    draw_page_picker("explore_page", number, pages)
    if (place := _clicked(event)) is not None:
        _open(source, int(shown[place]))


def draw_page_picker(name: str, number: int, pages: int) -> None:
    """Draw the number of the page, kept in the state as `name`, where there are several."""
    st.session_state[name] = number
    if pages > 1:
        with st.container(width=140):
            state.bound(
                st.number_input,
                name,
                _("Page of {pages:,}").format(pages=pages),
                min_value=1,
                max_value=pages,
            )


def _order(survey: Survey | None) -> str:
    options = [key for key in ORDERS if survey is not None or key != "disagreement"]
    if st.session_state["explore_order"] not in options:
        st.session_state["explore_order"] = options[0]
    state.relabel("_explore_order")
    return state.bound(
        st.selectbox,
        "explore_order",
        _("Order"),
        options=options,
        format_func=lambda key: _(_ORDER_NAMES[key]),
    )


def _filters(choice: Choice, survey: Survey | None) -> dict[str, Any]:
    """What is asked beside the text searched for, by the names of `Filters`."""
    number = {name: column for column, name in enumerate(choice.classes)}
    found = {"label": _column(number, _select("explore_label", _("Label"), number))}
    if survey is not None:
        found |= _filters_of_predictions(choice, number)
    shortest, longest = st.columns(2)
    with shortest:
        found["shortest"] = _length("explore_shortest", _("Characters, at least"))
    with longest:
        found["longest"] = _length("explore_longest", _("at most"))
    return found


def _filters_of_predictions(choice: Choice, number: dict[str, int]) -> dict[str, Any]:
    heads = {checkpoint.head: column for column, checkpoint in enumerate(choice.checkpoints)}
    names = {head: _(HEADS[head].title) for head in heads}
    found = {
        "head": _column(heads, _select("explore_head", _("Predicted by"), names, _("any head"))),
        "predicted": _column(number, _select("explore_predicted", _("Predicted class"), number)),
        "outcome": _select("explore_outcome", _("Prediction"), _OUTCOMES),
    }
    if len(heads) > 1:
        found["difference"] = _select("explore_difference", _("Heads disagree"), _DIFFERENCES)
    if found.get("difference") == "weights":
        found["apart"] = state.bound(
            st.slider,
            "explore_apart",
            _("Jensen-Shannon divergence of two heads' weights, at least (nats)"),
            min_value=0.0,
            max_value=0.69,
            step=0.01,
        )
    return found


def _column(columns: Mapping[str, int], name: str | None) -> int | None:
    return None if name is None else columns[name]


def _select(name: str, label: str, options: Mapping[str, Any], nothing: str = "") -> str | None:
    """One of the options, or none; a message among their values is how an option is shown."""
    if st.session_state[name] not in options:
        st.session_state[name] = None
    return state.bound(
        st.selectbox,
        name,
        label,
        options=list(options),
        index=None,
        format_func=lambda key: _(options[key]) if isinstance(options[key], str) else key,
        placeholder=nothing or _("any"),
    )


def _length(name: str, label: str) -> int | None:
    return state.bound(
        st.number_input, name, label, min_value=1, value=None, step=10, placeholder=_("any")
    )


def _table(
    choice: Choice, source: Source, survey: Survey | None, shown: np.ndarray
) -> pd.DataFrame:
    rows, classes = source.rows, [harmless(name) for name in choice.classes]
    labels = rows.labels[shown]
    texts = rows.texts.iloc[shown]
    table = {
        _("Text"): [harmless(shortened(one_line(text), SHOWN_CHARACTERS)) for text in texts],
        _("Label"): [classes[label] if label != NO_LABEL else "" for label in labels],
    }
    if survey is not None and survey.pairs:
        table[_("Divergence")] = survey.disagreement[shown]
    if survey is not None:
        for column, checkpoint in enumerate(choice.checkpoints):
            predicted = survey.predicted[shown, column]
            table[_(HEADS[checkpoint.head].title)] = [
                classes[p] if label in (p, NO_LABEL) else f"✗ {choice.classes[p]}"
                for p, label in zip(predicted, labels, strict=True)
            ]
    table[_("Characters")] = rows.lengths[shown]
    return pd.DataFrame(table)


def _column_settings(table: pd.DataFrame) -> dict[str, Any]:
    settings: dict[str, Any] = {name: st.column_config.TextColumn(width=66) for name in table}
    settings[_("Text")] = st.column_config.TextColumn(width=270)
    settings[_("Characters")] = st.column_config.NumberColumn(width=66)
    if _("Divergence") in table:
        settings[_("Divergence")] = st.column_config.NumberColumn(
            width=66,
            format="%.3f",
            help=_(
                "The largest Jensen-Shannon divergence between the weights of two heads, in nats: "
                "0 where all weigh alike, 0.693 where two have no token in common."
            ),
        )
    return settings


def _clicked(event: Any) -> int | None:
    """The line of the table that was chosen by its mark or by one of its cells."""
    chosen = event.selection
    if chosen.rows:
        return chosen.rows[0]
    return chosen.cells[0][0] if chosen.cells else None


def _open(source: Source, row: int) -> None:
    if source.dataset:
        key = f"{source.rows.keys[row]:016x}"[:KEY_DIGITS]
        state.choose_text("", row=f"{source.dataset}:{key}")
    else:
        state.choose_text(source.rows.texts[row])
    state.mark_choice()
    # With its address at once: without, going back would meet the bare address first.
    st.switch_page(MENU["compare"].file, query_params=state.linked_address())
