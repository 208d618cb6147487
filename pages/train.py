"""The Train page: rows of one's own, what they hold, a training, the models it made."""

import streamlit as st

from poolviz.language import _
from poolviz.ui import visitor
from poolviz.ui.sidebar.controls import draw_heading, frame
from poolviz.ui.train.models import draw_models
from poolviz.ui.train.plan import choose_plan
from poolviz.ui.train.running import draw_trainings
from poolviz.ui.train.said import draw_error
from poolviz.ui.train.source import choose_source
from poolviz.ui.train.start import draw_start

frame("train")
draw_heading(_("Train heads on your own rows"))
if not visitor.may_train():
    st.info(_("This server trains no models."))
    st.stop()
visitor.draw_key()
draw_error()
source = choose_source()
if source:
    draw_start(source, choose_plan(source))
draw_trainings()
draw_models()
