"""From one row to the next in Compare, through the rows that Explore has found."""

from __future__ import annotations

import numpy as np
import streamlit as st

from poolviz import places
from poolviz.errors import PoolvizError
from poolviz.language import _, listed
from poolviz.ui import row_loaders
from poolviz.ui.frame.markdown import plain
from poolviz.ui.input.browsed import (
    Source,
    chips,
    found,
    offered_sources,
    open_row,
    rows_of,
    settled_source,
    source_name,
)
from poolviz.ui.sidebar.choice import Choice


def draw_walk(choice: Choice, text: str) -> None:
    """Previous and next, where the text is the row of this walk and one of those found."""
    number = st.session_state["walk"]
    if places.rows_hidden():
        return
    settled = settled_source(offered_sources(choice))
    source = _source(settled, choice)
    if source is None or number >= len(source.rows) or source.rows.texts.iloc[number] != text:
        return
    survey = row_loaders.row_survey(source.rows, choice.checkpoints)
    every = found(choice, source, survey)
    here = np.flatnonzero(every == number)
    if not len(here):  # the filter stands no longer
        return
    place = int(here[0])
    asked = [source_name(settled), *(chip.text for chip in chips(choice, survey is not None))]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="walk"):
        _step("back", _("Previous row"), source, settled, every, place - 1)
        st.markdown(
            _("{place:,} of {count:,}").format(place=place + 1, count=len(every)), width="content"
        )
        _step("on", _("Next row"), source, settled, every, place + 1)
        st.caption(_("Rows of {rows}").format(rows=plain(listed(asked))))


def _source(settled: str, choice: Choice) -> Source | None:
    try:
        return rows_of(settled, choice)
    except PoolvizError:
        return None  # the row itself says what is missing


def _step(
    name: str, label: str, source: Source, settled: str, every: np.ndarray, place: int
) -> None:
    there = 0 <= place < len(every)
    st.button(
        "‹" if name == "back" else "›",
        key=f"walk_{name}",
        help=label,
        disabled=not there,
        on_click=open_row,
        args=(source, settled, int(every[place])) if there else (),
    )
