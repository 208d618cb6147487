"""The Explore page: the rows of a data set under all heads, and the tokens these weigh."""

import streamlit as st

from poolviz import places
from poolviz.language import N_, _
from poolviz.ui.explore.row_browser import draw_row_browser
from poolviz.ui.explore.row_predictions import predictions
from poolviz.ui.explore.row_source import source_picker, source_rows
from poolviz.ui.explore.token_browser import draw_token_browser
from poolviz.ui.frame import state
from poolviz.ui.frame.controls import controls, dataset_title

VIEWS = {"rows": N_("Browse"), "tokens": N_("Top tokens")}

choice = controls("explore")
st.header(
    _("Where do the heads agree? {title}").format(title=dataset_title(choice.dataset)),
    anchor=False,
)
if places.rows_hidden():
    st.info(_("This server does not show the rows of data sets."))
    st.stop()

left, right = st.columns([2, 1], vertical_alignment="bottom")
with left:
    chosen = source_picker(choice)
with right:
    view = state.switch("explore_view", _("Show"), VIEWS, label_visibility="collapsed")
source = source_rows(choice, chosen)
survey = predictions(choice, source.rows) if source else None
if view == "tokens":
    draw_token_browser(choice, source, survey)
elif source:
    draw_row_browser(choice, source, survey)
