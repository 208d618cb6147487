"""The Compare page: one text, every pooling head side by side."""

import streamlit as st

from poolviz.errors import PoolvizError
from poolviz.export.changes import with_changes
from poolviz.export.contents import compare_contents
from poolviz.figures.texts.heatmap import heatmap
from poolviz.figures.texts.lines import lines
from poolviz.language import _
from poolviz.ui.compare.cards import cards
from poolviz.ui.compare.editing import changes_section
from poolviz.ui.frame import loaders
from poolviz.ui.frame.charts import chart
from poolviz.ui.frame.controls import controls, dataset_title
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.exports import exports
from poolviz.ui.input.long_text import part_shown
from poolviz.ui.input.text_input import text_input
from poolviz.ui.input.view_controls import view_controls
from poolviz.views.panel import panel

choice = controls("compare")
st.header(
    _("What does each pooling head look at? {title}").format(title=dataset_title(choice.dataset)),
    anchor=False,
)
given = text_input(choice)
view = view_controls(choice)
try:
    explanations = [
        loaders.explainer(checkpoint).explain(given.text) for checkpoint in choice.checkpoints
    ]
    shown = panel(explanations, view)
except PoolvizError as error:
    st.info(error_sentence(error))
    st.stop()

known = given.row.label if given.row else None
cards(choice.checkpoints, explanations, shown, part_shown(shown), known)
for key, figure in (("heatmap", heatmap(shown)), ("lines", lines(shown))):
    chart(figure, key)
changes = changes_section(choice, explanations, view)
exports(
    with_changes(compare_contents(explanations, shown, known), changes),
    subject=(
        *(shown.view, known, explanations[0].text, [c.onnx_hash for c in choice.checkpoints]),
        changes and changes.texts,
    ),
)
