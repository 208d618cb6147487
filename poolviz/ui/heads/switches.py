"""Weight rows of a head that are taken out of its decision, and what becomes of the classes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.evaluation.anatomy import without_rows
from poolviz.figures.texts.switched import switched_html
from poolviz.language import _
from poolviz.ui.frame import state
from poolviz.values.explanation import Explanation
from poolviz.views.panel import Panel


def draw_switches(panel: Panel) -> None:
    """A toggle for each weight row of the heads that have several, and bars of the classes.

    Parameters
    ----------
    panel : of the text of the view.
    """
    for summary in panel.summaries:
        explanation = summary.explanation
        names = [row.label for row in panel.rows if row.explanation is explanation]
        if len(names) < 2:
            continue
        off = _off(explanation)
        with st.container(horizontal=True):
            for number, name in enumerate(names):
                key = f"on_{explanation.checkpoint}_{number}"
                st.session_state[key] = number not in off
                st.toggle(
                    name,
                    key=key,
                    on_change=_switched,
                    args=(explanation, number),
                    help=_("Off: the decision without what this row of weights gathers."),
                )
        st.html(switched_html(explanation, without_rows(explanation, off)))


def _off(explanation: Explanation) -> list[int]:
    """The rows of a head that are switched off."""
    count = len(explanation.weights)
    chosen: Sequence[str] = st.session_state["rows_off"] or ()
    return [row for row in range(count) if _name(explanation, row) in chosen]


def _switched(explanation: Explanation, row: int) -> None:
    """Callback of a toggle."""
    name = _name(explanation, row)
    others = [other for other in st.session_state["rows_off"] or () if other != name]
    on = st.session_state[f"on_{explanation.checkpoint}_{row}"]
    st.session_state["rows_off"] = (others if on else [*others, name]) or None
    state.mark_choice()


def _name(explanation: Explanation, row: int) -> str:
    """A weight row as an address has it, counted from 1."""
    return f"{explanation.checkpoint}.{row + 1}"
