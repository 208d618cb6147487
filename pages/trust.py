"""The Trust page: can these weights be believed? One text, then the test rows, then padding."""

import pandas as pd
import streamlit as st

from poolviz.errors import PoolvizError
from poolviz.heads import HEADS
from poolviz.language import _, error_message
from poolviz.text import encode
from poolviz.trust.erasure import ERASURES
from poolviz.trust.selfcheck import TOLERANCE, padding_check
from poolviz.ui import loaders, state
from poolviz.ui.controls import Choice, controls, dataset_title
from poolviz.ui.text_input import text_input
from poolviz.ui.trust_rows import test_rows
from poolviz.ui.trust_text import this_text


def padding(choice: Choice, text: str) -> None:
    """The padding check of every chosen checkpoint on this text, at a button."""
    if not st.button(_("Check the padding"), icon=":material/rule:"):
        return
    lines = []
    for checkpoint in choice.checkpoints:
        explainer = loaders.explainer(checkpoint)
        for run in padding_check(explainer.engine, encode(text, explainer.vocabulary)[1]):
            lines.append(
                {
                    _("Head"): _(HEADS[checkpoint.head].title),
                    _("Padded length"): run.length,
                    _("Largest change of a weight"): f"{run.weight_change:.1e}",
                    _("Largest change of a probability"): f"{run.probability_change:.1e}",
                    _("Weight on padding"): f"{run.padding_weight:.1e}",
                    _("Passed"): _("yes") if run.passed else _("no"),
                }
            )
    st.dataframe(pd.DataFrame(lines), hide_index=True, key="padding")
    st.caption(
        _(
            "Passed: no weight on padding at all, and no change above {tolerance:.0e}, which is "
            "what rounding leaves."
        ).format(tolerance=TOLERANCE)
    )


choice = controls("trust")
st.header(
    _("Can these weights be believed? {title}").format(title=dataset_title(choice.dataset)),
    anchor=False,
)
given = text_input(choice)
how = state.bound(
    st.segmented_control,
    "erase",
    _("Erased tokens are"),
    options=list(ERASURES),
    format_func=lambda key: _(ERASURES[key]),
    required=True,
)
try:
    this_text(choice, given.text, how)
    usable = True
except PoolvizError as error:
    st.info(error_message(error))
    usable = False
st.header(_("Over the test rows"), anchor=False)
test_rows(choice, how)
if usable:
    st.header(_("Does padding leak?"), anchor=False)
    padding(choice, given.text)
