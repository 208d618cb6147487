"""What the chosen heads predict for the rows, computed once and then kept; how often they agree."""

from __future__ import annotations

from functools import partial

import streamlit as st

from poolviz.explore import survey
from poolviz.explore.agreement import agreement
from poolviz.explore.rows import NO_LABEL, RowSet
from poolviz.explore.survey import Survey
from poolviz.figures.rows.agreement import agreement_html
from poolviz.language import _
from poolviz.ui import row_loaders
from poolviz.ui.frame import jobs, kept, loaders
from poolviz.ui.input.browsed import filters_of_state, head_titles
from poolviz.ui.sidebar.choice import Choice


def predictions(choice: Choice, rows: RowSet) -> Survey | None:
    """The heads' predictions; where there are none yet, a button or the progress, and None."""
    found = row_loaders.row_survey(rows, choice.checkpoints)
    name = f"survey_{rows.identity}"
    if found:
        jobs.forget(name)
        return found
    if jobs.draw(name, _("Predicting …")):
        jobs.forget(name)  # finished for the heads that were chosen when it began
    elif jobs.job(name):
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            _("Predict all rows"),
            icon=":material/play_arrow:",
            type="primary",
            help=_("Runs each row once under each chosen head; it can be cancelled."),
        ):
            explainers = [loaders.explainer(checkpoint) for checkpoint in choice.checkpoints]
            jobs.start(name, partial(survey.measure, rows, explainers))
            st.rerun()
        st.caption(
            _(
                "How often the chosen heads agree on these rows ({rows:,}), and where their "
                "weights differ, is computed once and kept on this machine."
            ).format(rows=len(rows)),
            width="stretch",
        )
    return None


def draw_agreement(choice: Choice, rows: RowSet, survey: Survey) -> None:
    """How often the heads agree on all of these rows, and how often each is right."""
    found = kept.once(
        "agreement",
        (rows, survey),
        lambda: agreement(survey.predicted, rows.labels, NO_LABEL),
    )
    st.html(agreement_html(found, head_titles(choice), filters_of_state(choice, True).pair))
