"""The Results page: how good the heads of the chosen data set are, and every model's card."""

import altair as alt
import pandas as pd
import streamlit as st

from poolviz.checkpoints import Checkpoint
from poolviz.heads import HEADS
from poolviz.language import _
from poolviz.ui.controls import controls, dataset_title

choice = controls("results")
st.header(
    _("How good is each head? {title}").format(title=dataset_title(choice.dataset)), anchor=False
)


def interval(figure: dict) -> str:
    """A share with its 95 % interval, in per cent."""
    return f"{figure['value']:.1%} ({figure['low']:.1%} – {figure['high']:.1%})"


def seeds(checkpoint: Checkpoint) -> str:
    """Mean accuracy over training seeds and its range; empty for a single training."""
    spread = checkpoint.card.get("seeds")
    if not spread:
        return ""
    values = spread["accuracy"]
    return f"{spread['mean_accuracy']:.1%} ({min(values):.1%} – {max(values):.1%})"


def accuracy_chart() -> alt.LayerChart:
    """Accuracy of each head as a point with its interval as a bar."""
    rows = pd.DataFrame(
        [{"head": _(HEADS[c.head].title), **c.card["test"]["accuracy"]} for c in choice.checkpoints]
    )
    base = alt.Chart(rows).encode(
        y=alt.Y("head:N", title=None, sort=None, axis=alt.Axis(labelLimit=300))
    )
    scale = alt.Scale(zero=False)
    bar = base.mark_rule(strokeWidth=3, color="#9a7fd1").encode(
        x=alt.X("low:Q", title=_("Test accuracy"), scale=scale, axis=alt.Axis(format=".1%")),
        x2="high:Q",
    )
    point = base.mark_point(filled=True, size=90, color="#6b46a8").encode(
        x="value:Q",
        tooltip=["head", *(alt.Tooltip(f"{f}:Q", format=".2%") for f in rows.columns[1:])],
    )
    return (bar + point).properties(height=36 * len(rows) + 40)


st.dataframe(
    pd.DataFrame(
        {
            _("Head"): [_(HEADS[c.head].title) for c in choice.checkpoints],
            _("Test accuracy"): [interval(c.card["test"]["accuracy"]) for c in choice.checkpoints],
            _("Macro-F1"): [interval(c.card["test"]["macro_f1"]) for c in choice.checkpoints],
            _("Accuracy over seeds"): [seeds(c) for c in choice.checkpoints],
            _("Test rows"): [c.card["test"]["rows"] for c in choice.checkpoints],
            _("Parameters"): [c.card["parameters"] for c in choice.checkpoints],
            _("Training, seconds"): [c.card["fit"]["seconds"] for c in choice.checkpoints],
        }
    ),
    hide_index=True,
    key="results",
)
st.altair_chart(accuracy_chart(), key="accuracy")
st.caption(
    _(
        "In brackets: 95 % bootstrap interval over the test rows; over seeds, lowest and highest "
        "of the trainings. An interval says nothing of what another training would give."
    )
)
st.subheader(_("Model cards"), anchor=False)
for checkpoint in choice.checkpoints:
    with st.expander(_(HEADS[checkpoint.head].title)):
        st.markdown(_("The command that trains it again:"))
        st.code(checkpoint.card["command"], language=None, wrap_lines=True)
        st.json(dict(checkpoint.card), expanded=1)
