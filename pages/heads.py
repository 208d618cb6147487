"""The Heads page: how heads divide their weight, on one text and over all test rows."""

import numpy as np
import streamlit as st

from poolviz.errors import PoolvizError
from poolviz.evaluation.anatomy import differences_in_words
from poolviz.export.anatomy import anatomy_contents
from poolviz.figures.texts.anatomy import anatomy_html
from poolviz.language import _, joined
from poolviz.ui.frame import explained
from poolviz.ui.frame.error_sentence import draw_faults, error_sentence
from poolviz.ui.frame.exports import draw_exports, with_live_page
from poolviz.ui.frame.markdown import plain
from poolviz.ui.heads.sections import draw_sections
from poolviz.ui.input.text_input import text_input
from poolviz.ui.sidebar.controls import controls, draw_heading
from poolviz.views.panel import panel
from poolviz.views.view import View

choice = controls("heads")
draw_heading(_("Where do the heads put their weight?"))
draw_faults(choice.checkpoints)
given = text_input(choice)
try:
    shown = panel(explained.explanations(choice.checkpoints, given.text), View(scale="uniform"))
except PoolvizError as error:
    shown = None
    st.info(error_sentence(error))
else:
    names = [row.label for row in shown.summaries]
    means = np.array([row.explanation.weights.mean(axis=0) for row in shown.summaries])
    st.markdown(f"**{plain(joined(differences_in_words(names, means)))}**")
    st.html(anatomy_html(shown))
draw_sections(choice, shown)
if shown and given.share.open:
    with given.share:
        draw_exports(
            with_live_page(
                anatomy_contents(shown, given.row.label if given.row else None),
                *(choice.checkpoints, given.text, shown.view),
            ),
            subject=(given.text, [c.onnx_hash for c in choice.checkpoints]),
        )
