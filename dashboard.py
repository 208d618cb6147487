"""The Compare page: one text, every pooling head side by side."""

import streamlit as st

from poolviz.change_contents import with_changes
from poolviz.contents import compare_contents
from poolviz.errors import PoolvizError
from poolviz.figures.heatmap import heatmap
from poolviz.figures.lines import lines
from poolviz.language import _
from poolviz.ui import loaders
from poolviz.ui.cards import cards
from poolviz.ui.charts import chart
from poolviz.ui.controls import controls, dataset_title
from poolviz.ui.editing import changes_section
from poolviz.ui.error_sentence import error_sentence
from poolviz.ui.exports import exports
from poolviz.ui.long_text import part_shown
from poolviz.ui.text_input import text_input
from poolviz.ui.view_controls import view_controls
from poolviz.views import panel

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
