"""Where heads put their weight over all test rows, as far as that was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.commands import command_for
from poolviz.evaluation.texts import read_anatomy
from poolviz.figures.rows.anatomy import profile_lines
from poolviz.language import _, listed
from poolviz.ui.frame.charts import draw_chart
from poolviz.ui.sidebar.run_choice import flags_of_training
from poolviz.values.interval import Interval
from poolviz.views.panel import row_names


def draw_survey(checkpoints: Sequence[Checkpoint]) -> None:
    """A line for each weight row, the profile along the text, and how to get what is missing."""
    measured, missing = {}, []
    for checkpoint in checkpoints:
        title = checkpoint.head_title
        found = read_anatomy(checkpoint)
        if found is None:
            missing.append(title)
        else:
            figures = [{"rows": found["rows"], **row} for row in found["weight_rows"]]
            measured |= zip(row_names(title, len(figures)), figures, strict=True)
    if measured:
        _table(measured)
        profiles = np.array([figures["position_profile"] for figures in measured.values()])
        draw_chart(profile_lines(list(measured), profiles), "profile")
    if missing:
        st.info(_("Not measured yet: {heads}. Run this:").format(heads=listed(missing)))
        flags = flags_of_training(checkpoints[0])
        st.code(command_for("evaluate", checkpoints[0], *flags, "--write"), language=None)


def _table(measured: dict[str, dict]) -> None:
    helps = {
        _("Entropy (nats)"): _(
            "How evenly the weight is spread, in nats, the unit of natural logarithms: from 0 (one "
            "token has it all) to ln of the number of tokens."
        ),
        _("Effective tokens"): _(
            "exp(entropy): as many tokens with equal weights are as spread out."
        ),
        _("On punctuation"): _("Average pooling has here the share of punctuation in a text."),
        _("On unknown tokens"): _("Average pooling has here their share of a text."),
    }
    st.dataframe(
        pd.DataFrame([_line(name, figures) for name, figures in measured.items()]),
        hide_index=True,
        key="survey",
        column_config={name: st.column_config.Column(help=text) for name, text in helps.items()},
    )
    st.caption(
        _(
            "Means over the test rows; in brackets their 95 % interval, which says nothing of what "
            "another training would give."
        )
    )


def _line(name: str, figures: dict) -> dict[str, str | int]:
    """One weight row's means over the test rows."""

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
