"""What the chosen heads predict for the rows: computed once beside the page, then kept on disk."""

from __future__ import annotations

from functools import partial

import streamlit as st

from poolviz.explore import survey
from poolviz.explore.rows import RowSet
from poolviz.explore.survey import Survey
from poolviz.language import _
from poolviz.ui.frame import jobs, loaders
from poolviz.ui.frame.controls import Choice


def predictions(choice: Choice, rows: RowSet) -> Survey | None:
    """The heads' predictions; where there are none yet, a button or the progress, and None."""
    found = loaders.row_survey(rows, choice.checkpoints)
    name = f"survey_{rows.identity}"
    if found:
        jobs.forget(name)
        return found
    if jobs.draw(name, _("Predicting …")):
        jobs.forget(name)  # finished for the heads that were chosen when it began
    elif jobs.job(name):
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("Predict all rows"), icon=":material/play_arrow:", type="primary"):
            explainers = [loaders.explainer(checkpoint) for checkpoint in choice.checkpoints]
            jobs.start(name, partial(survey.measure, rows, explainers))
            st.rerun()
        st.caption(
            _(
                "What the chosen heads predict for these rows ({rows:,}), and where their weights "
                "differ, is computed once and kept on this machine."
            ).format(rows=len(rows))
        )
    return None
