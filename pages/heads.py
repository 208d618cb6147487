"""The Heads page: how heads divide their weight, on one text and over all test rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.errors import PoolvizError
from poolviz.evaluation.anatomy import divergences, effective_tokens, entropy, without_rows
from poolviz.evaluation.texts import read_anatomy
from poolviz.figures.rows.anatomy import before_and_after, divergence_matrix, profile_lines
from poolviz.figures.texts.heatmap import heatmap
from poolviz.figures.texts.lines import lines
from poolviz.language import _, listed, ngettext
from poolviz.model.heads import HEADS
from poolviz.ui.frame import explained
from poolviz.ui.frame.charts import draw_chart
from poolviz.ui.frame.commands import command
from poolviz.ui.frame.controls import controls, dataset_title
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.input.text_input import text_input
from poolviz.values.explanation import Explanation
from poolviz.values.interval import Interval
from poolviz.views.captions import method
from poolviz.views.panel import panel, row_names
from poolviz.views.view import View


def draw_anatomy(explanation: Explanation) -> None:
    """Everything about one text under a head with several weight rows."""
    shown = panel([explanation], View())
    names = [row.label for row in shown.rows]
    key = explanation.checkpoint
    draw_chart(heatmap(shown), f"heatmap_{key}")
    draw_chart(lines(shown), f"lines_{key}")
    left, right = st.columns(2)
    with left:
        matrix = divergence_matrix(names, divergences(explanation.weights), method(explanation))
        draw_chart(matrix, f"divergences_{key}")
    with right:
        count = len(explanation.tokens)
        table = {
            _("Weight row"): names,
            _("Entropy (nats)"): [f"{value:.3f}" for value in entropy(explanation.weights)],
            _("Effective tokens"): [f"{n:.2f}" for n in effective_tokens(explanation.weights)],
        }
        st.dataframe(pd.DataFrame(table), hide_index=True, key=f"entropy_{key}")
        st.caption(
            ngettext(
                "Effective tokens are exp(entropy): as many tokens with equal weights are as "
                "spread out. Uniform weights over this text: {entropy:.3f} nats, {count} token.",
                "Effective tokens are exp(entropy): as many tokens with equal weights are as "
                "spread out. Uniform weights over this text: {entropy:.3f} nats, {count} tokens.",
                count,
            ).format(entropy=np.log(count), count=count)
        )
    draw_switches(explanation, names)


def draw_switches(explanation: Explanation, names: list[str]) -> None:
    """Toggles that take weight rows out of the decision, and what becomes of the classes."""
    st.subheader(_("What if a weight row is switched off?"), anchor=False)
    with st.container(horizontal=True):
        on = [
            st.toggle(name, value=True, key=f"on_{explanation.checkpoint}_{row}")
            for row, name in enumerate(names)
        ]
    off = [row for row, kept in enumerate(on) if not kept]
    draw_chart(
        before_and_after(explanation, without_rows(explanation, off)),
        f"switched_{explanation.checkpoint}",
    )
    if explanation.exact:
        st.caption(
            _(
                "Exact: each logit is the bias and a sum over the weight rows, so a row that is "
                "switched off only takes its part away. With all rows off the bias is left."
            )
        )
    else:
        st.warning(
            _("Approximate: under this read-out a weight row's part in the logits is an estimate.")
        )


def survey_row(name: str, figures: dict) -> dict[str, str | int]:
    """One weight row's means over the test rows, for the table."""

    def interval(measure: str) -> Interval:
        found = Interval.read(figures[measure])
        return replace(found, low=max(found.low, 0))  # none of the measures can be negative

    return {
        _("Weight row"): name,
        _("Entropy (nats)"): interval("entropy").as_number(2),
        _("Effective tokens"): interval("effective_tokens").as_number(2),
        _("On punctuation"): interval("punctuation").as_share(),
        _("On unknown tokens"): interval("unknown").as_share(),
        _("Test rows"): figures["rows"],
    }


def draw_survey(checkpoints: tuple[Checkpoint, ...]) -> None:
    """Where the weights lie over the test rows, for the checkpoints where that was measured."""
    measured, missing = {}, []
    for checkpoint in checkpoints:
        title = _(HEADS[checkpoint.head].title)
        found = read_anatomy(checkpoint)
        if found is None:
            missing.append(title)
        else:
            figures = [{"rows": found["rows"], **row} for row in found["weight_rows"]]
            measured |= zip(row_names(title, len(figures)), figures, strict=True)
    if measured:
        rows = [survey_row(name, figures) for name, figures in measured.items()]
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="survey")
        st.caption(
            _(
                "Means over the test rows; in brackets their 95 % interval (1.96 standard errors), "
                "which says nothing of what another training would give. The weight that average "
                "pooling has on punctuation or unknown tokens is their share of a text."
            )
        )
        profiles = np.array([figures["position_profile"] for figures in measured.values()])
        draw_chart(profile_lines(list(measured), profiles), "profile")
    if missing:
        st.info(_("Not measured yet: {heads}. Run this:").format(heads=listed(missing)))
        st.code(command("evaluate", checkpoints[0], "--write"), language=None)


choice = controls("heads")
st.header(
    _("Where do the heads put their weight? {title}").format(title=dataset_title(choice.dataset)),
    anchor=False,
)
given = text_input(choice)
try:
    explanations = explained.explanations(choice.checkpoints, given.text)
except PoolvizError as error:
    st.info(error_sentence(error))
else:
    several = [explanation for explanation in explanations if len(explanation.weights) > 1]
    for explanation in several:
        draw_anatomy(explanation)
    if not several:
        st.info(_("Choose a head with several weight rows, such as multi-head attention."))
st.header(_("Over all test rows"), anchor=False)
draw_survey(choice.checkpoints)
