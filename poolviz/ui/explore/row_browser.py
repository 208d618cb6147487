"""The table of rows; a click on a row opens it in Compare."""

from __future__ import annotations

import numpy as np
import streamlit as st

from poolviz.explore.survey import Survey
from poolviz.figures.rows.table import table_html
from poolviz.language import _
from poolviz.ui.explore.row_filters import draw_chips, draw_filters
from poolviz.ui.frame import kept, state
from poolviz.ui.input.browsed import Source, chips, found, head_titles
from poolviz.ui.sidebar.choice import Choice

PAGE_ROWS = 50


def draw_row_browser(choice: Choice, source: Source, survey: Survey | None) -> None:
    """Draw the filters and the table."""
    draw_filters(choice, survey)
    every = found(choice, source, survey)
    shown = chips(choice, survey is not None)
    draw_chips(shown, len(every), len(source.rows))
    if not len(every):
        st.info(_("No row fits; ask for less."))
        return
    pages = -(-len(every) // PAGE_ROWS)
    number = min(_page(every), pages)
    st.html(
        table_html(
            source.rows,
            every[(number - 1) * PAGE_ROWS : number * PAGE_ROWS],
            choice.classes,
            survey,
            list(head_titles(choice).values()),
        )
    )
    draw_page_picker("explore_page", number, pages)


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
                help=_("Type a number to turn to that page."),
            )


def _page(every: np.ndarray) -> int:
    """The page that is wanted: of other rows than were shown before, the first."""
    subject = every.tobytes()
    if kept.read("rows_of_pages", subject) is None:
        if kept.drop("rows_of_pages"):
            st.session_state["explore_page"] = 1
        kept.keep("rows_of_pages", subject, True)
    return st.session_state["explore_page"]
