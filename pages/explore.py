"""The Explore page: how often the heads agree on many rows, which rows, and which tokens."""

import streamlit as st

from poolviz import places
from poolviz.language import N_, _
from poolviz.ui.explore.choices import hear_choices
from poolviz.ui.explore.row_browser import draw_row_browser
from poolviz.ui.explore.row_export import draw_row_export
from poolviz.ui.explore.row_filters import choose_pair
from poolviz.ui.explore.row_predictions import draw_agreement, predictions
from poolviz.ui.explore.row_source import draw_source_picker, source_rows
from poolviz.ui.explore.token_browser import choose_token, draw_token_browser
from poolviz.ui.frame import state
from poolviz.ui.frame.error_sentence import draw_faults
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.menu import MENU
from poolviz.ui.frame.share import share_menu
from poolviz.ui.input.browsed import (
    OWN_FILE,
    found,
    offered_sources,
    open_row,
    own_file,
    rows_of,
    settled_source,
    source_name,
)
from poolviz.ui.sidebar.controls import controls, draw_heading

VIEWS = {"rows": N_("Browse"), "tokens": N_("Top tokens")}

choice = controls("explore")
if places.rows_hidden():
    draw_heading(_("How often do the heads agree?"))
    st.info(_("This server does not show the rows of data sets."))
    st.stop()
sources = offered_sources(choice)
settled = settled_source(sources)
draw_heading(_("How often do the heads agree? {rows}").format(rows=plain(source_name(settled))))
draw_faults(choice.checkpoints)


def open_in_compare(number: str) -> None:
    """Callback: the row becomes the text; the next run of this page goes to Compare."""
    source = rows_of(settled, choice)
    if source and number.isdecimal() and int(number) < len(source.rows):
        open_row(source, settled, int(number))
        st.session_state["row_opened"] = True


hear_choices({"pair": choose_pair, "row": open_in_compare, "token": choose_token})
if st.session_state.pop("row_opened", False):
    # With its address at once: without, going back would meet the bare address first.
    st.switch_page(MENU["compare"].file, query_params=state.linked_address())

with st.container(horizontal=True, vertical_alignment="bottom"):
    draw_source_picker(sources, settled)
    view = state.switch(
        "explore_view",
        _("Show"),
        VIEWS,
        label_visibility="collapsed",
        help=_("Row by row, or what each token means over all rows."),
    )
    with state.settled("explore_source", settled):
        share = share_menu()
source = source_rows(choice, settled)
survey = predictions(choice, source.rows) if source else None
if source and survey:
    draw_agreement(choice, source.rows, survey)
if view == "tokens":
    draw_token_browser(choice, source, survey)
elif source:
    draw_row_browser(choice, source, survey)
if share.open:
    with share:
        if settled == OWN_FILE and own_file():
            st.caption(
                _("The link cannot hold your file: whoever opens it chooses the file again.")
            )
        if source:
            draw_row_export(choice, source, found(choice, source, survey))
