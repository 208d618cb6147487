"""The Trust page: can weights be believed? Test rows, one text, and how it was measured."""

import streamlit as st

from poolviz.datasets import dataset_title
from poolviz.errors import PoolvizError
from poolviz.export.trust import trust_contents
from poolviz.language import _
from poolviz.ui.frame import loaders
from poolviz.ui.frame.error_sentence import draw_faults, error_sentence
from poolviz.ui.frame.exports import draw_exports, with_live_page
from poolviz.ui.input.text_input import text_input
from poolviz.ui.sidebar.controls import controls, draw_heading
from poolviz.ui.trust.plausibility import marks_tables
from poolviz.ui.trust.readings import readings, with_control
from poolviz.ui.trust.rows import shown_rows
from poolviz.ui.trust.sections import Shown, draw_sections
from poolviz.ui.trust.standing import draw_standings
from poolviz.ui.trust.this_text import draw_this_text
from poolviz.views.view import View

choice = controls("trust")
draw_heading(_("Can you believe the colours? {title}").format(title=dataset_title(choice.dataset)))
measured, how = with_control(choice.checkpoints), st.session_state["erase"]
summaries = {c.head: found for c in measured if (found := loaders.trust_summary(c))}
draw_faults(measured)
draw_standings(choice.checkpoints, summaries)
st.subheader(_("Try it on this text"), anchor=False)
given = text_input(choice)
found = []
try:
    found = readings(measured, given.text, how) or []
except PoolvizError as error:
    st.info(error_sentence(error))
if found:
    draw_this_text(found)
draw_sections(Shown(choice, measured, summaries, found, how))
if found and given.share.open:
    rows = shown_rows(measured, summaries, how) if summaries else None
    tables = marks_tables([reading.explanation for reading in found])
    with given.share:
        draw_exports(
            with_live_page(
                trust_contents(found, rows, tables),
                *(choice.checkpoints, given.text, View(scale="uniform")),
            ),
            subject=(
                *(given.text, how, [checkpoint.onnx_hash for checkpoint in measured]),
                *(rows and rows.title, [table.make() for table in tables]),
            ),
        )
