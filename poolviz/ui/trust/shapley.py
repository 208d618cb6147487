"""Section of the Trust page: Shapley values of a short text beside its contributions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from poolviz.engine.texts import encoded_each
from poolviz.errors import TextError
from poolviz.figures.trust.shapley import shapley_html
from poolviz.language import _
from poolviz.trust.ablation.erasure import erasures
from poolviz.trust.tables import head_title, undefined
from poolviz.trust.text.reading import Reading
from poolviz.trust.text.shapley import Comparison, check_short, compare_all
from poolviz.ui.frame import jobs
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.trust.headings import explained
from poolviz.views.decisions import named_class

JOB = "trust_shapley"
PATIENCE = 1.2  # seconds after which a bar is drawn


def draw_shapley(found: Sequence[Reading]) -> None:
    """The picture for the way to erase of the page, and a table of all ways."""
    models = [reading.model for reading in found]
    text = found[0].explanation.text
    encoded = encoded_each([model.explainer for model in models], text)
    try:
        check_short(encoded[0])
    except TextError as error:
        st.info(error_sentence(error))
        return
    subject = (text, [model.checkpoint.onnx_hash for model in models])
    work = partial(compare_all, models, encoded)
    jobs.start_once(JOB, work, subject, PATIENCE)
    finished = jobs.draw(JOB, _("Adding tokens in all orders …"), subject)
    if finished:
        st.html(shapley_html(finished.result, found[0].how))
        st.dataframe(
            _table(finished.result),
            hide_index=True,
            column_config=_headings(),
            key="shapley_table",
        )
    elif not jobs.job(JOB, subject) and st.button(
        _("Compute them"),
        icon=":material/play_arrow:",
        key="compute_shapley",
        help=_("Reads the text without each set of its tokens; it can be cancelled."),
    ):
        jobs.start(JOB, work, subject, PATIENCE)
        st.rerun()


def _table(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """A line for each head and way to erase."""
    target = named_class([comparison.explanation for comparison in comparisons])
    return pd.DataFrame(
        {
            _("Head"): head_title(comparison.explanation.head),
            _("Erased tokens are"): _(title),
            "r": _number(found.r),
            "tau": _number(found.tau),
            _("Same sign"): f"{found.same_sign:.0%}",
            _("They add up to"): f"{comparison.values(target, how).sum():+.3f}",
            _("Contributions add up to"): f"{comparison.contributions(target).sum():+.3f}",
            _("Largest standard error"): f"{comparison.errors(target, how).max():.3f}",
        }
        for comparison in comparisons
        for how, title in erasures(comparison.explanation.window).items()
        for found in [comparison.likeness(target, how)]
    )


def _number(value: float) -> str:
    return undefined() if math.isnan(value) else f"{value:.2f}"


def _headings() -> dict[str, Any]:
    return {
        "r": explained(_("Pearson's correlation of contributions and Shapley values.")),
        "tau": explained(_("Kendall's tau-b of the same two.")),
        _("Same sign"): explained(_("Share of the tokens for which both have the same sign.")),
        _("They add up to"): explained(
            _("The logit of the text less that of the text with all tokens erased.")
        ),
        _("Contributions add up to"): explained(
            _(
                "Under the linear read-out the logit less the bias. The bias is the logit of the "
                "text with all tokens masked; under MLP it is what is left, and no text's logit."
            )
        ),
        _("Largest standard error"): explained(
            _("Of a sampled value; 0 where all sets of tokens were looked at.")
        ),
    }
