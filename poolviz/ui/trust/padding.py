"""The check that padding does not leak, at a button of the Trust and the Match page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from poolviz.language import _
from poolviz.trust.ablation.selfcheck import TOLERANCE, PaddedRun
from poolviz.ui.frame import kept


def draw_padding(
    subject: object, of: str, check: Callable[[], Mapping[str, Sequence[PaddedRun]]]
) -> None:
    """Draw the button, and once it was pressed for this subject the runs.

    Parameters
    ----------
    subject : texts and models; what was found is shown as long as they are these.
    of : what the runs are of, in a word: a head, a matcher.
    check : gives the runs of each, by its name.
    """
    subject = (of, subject)  # names are in the language of `of`
    if st.button(_("Check the padding"), icon=":material/rule:", key="check_padding"):
        kept.keep("padding", subject, check())
    found = kept.read("padding", subject)
    if found is None:
        return
    lines = [
        {
            of: name,
            _("Padded length"): run.length,
            _("Largest change of a weight"): f"{run.weight_change:.1e}",
            _("Largest change of a probability"): f"{run.probability_change:.1e}",
            _("Weight on padding"): f"{run.padding_weight:.1e}",
            _("Passed"): _("yes") if run.passed else _("no"),
        }
        for name, runs in found.items()
        for run in runs
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, key="padding")
    st.caption(
        _(
            "Passed: no weight on padding at all, and no change above {tolerance:.0e}, which is "
            "what rounding leaves."
        ).format(tolerance=TOLERANCE)
    )
