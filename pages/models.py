"""The Models page: every checkpoint of the chosen data set and what its card says."""

import pandas as pd
import streamlit as st

from poolviz.heads import HEADS
from poolviz.language import _
from poolviz.ui.controls import controls, dataset_title

choice = controls("models")
st.header(_("Models trained on {title}").format(title=dataset_title(choice.dataset)), anchor=False)


def interval(figure: dict) -> str:
    """A share with its 95 % interval."""
    return f"{figure['value']:.1%} ({figure['low']:.1%} – {figure['high']:.1%})"


st.dataframe(
    pd.DataFrame(
        {
            _("Head"): [_(HEADS[c.head].title) for c in choice.checkpoints],
            _("Test accuracy"): [interval(c.card["test"]["accuracy"]) for c in choice.checkpoints],
            _("Macro-F1"): [interval(c.card["test"]["macro_f1"]) for c in choice.checkpoints],
            _("Mean over seeds"): [
                f"{c.card['seeds']['mean_accuracy']:.1%}" if "seeds" in c.card else ""
                for c in choice.checkpoints
            ],
            _("Parameters"): [c.card["parameters"] for c in choice.checkpoints],
            _("Training time, s"): [c.card["fit"]["seconds"] for c in choice.checkpoints],
        }
    ),
    hide_index=True,
    key="models",
)
st.caption(_("Intervals: 95 % bootstrap over the test rows."))
for checkpoint in choice.checkpoints:
    with st.expander(_(HEADS[checkpoint.head].title)):
        st.markdown(_("The command that trains it again:"))
        st.code(checkpoint.card["command"], language=None)
        st.json(dict(checkpoint.card), expanded=1)
