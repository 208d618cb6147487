"""The Results page: which head to take on a data set, and how sure that is."""

import streamlit as st

from poolviz.datasets import dataset_title
from poolviz.datasets.examples import examples
from poolviz.export.results import results_contents
from poolviz.language import _
from poolviz.ui.frame.error_sentence import draw_faults
from poolviz.ui.frame.exports import draw_exports, with_live_page
from poolviz.ui.frame.share import share_menu
from poolviz.ui.results.measured import every_data_set
from poolviz.ui.results.picture import draw_answer, draw_comparisons
from poolviz.ui.results.sections import draw_not_measured, draw_sections
from poolviz.ui.sidebar.controls import controls, draw_heading
from poolviz.views.view import View

choice = controls("results")
data_sets = every_data_set(choice)
measured = data_sets[choice.dataset]
with st.container(horizontal=True, vertical_alignment="center"):
    draw_heading(_("Which head for {title}?").format(title=dataset_title(choice.dataset)))
    share = share_menu()
draw_faults([checkpoint for each in data_sets.values() for checkpoint in each.checkpoints])
draw_answer(measured)
draw_not_measured(measured)
draw_comparisons(measured, data_sets)
draw_sections(measured, data_sets)
if share.open:
    with share:
        draw_exports(
            with_live_page(
                results_contents(
                    measured.checkpoints,
                    measured.standings,
                    measured.believed,
                    measured.comparisons,
                    dataset_title(choice.dataset),
                ),
                *(measured.checkpoints, examples(choice.dataset, choice.unit)[0]),
                View(scale="uniform"),
            ),
            subject=("results", [c.onnx_hash for c in measured.checkpoints]),
        )
