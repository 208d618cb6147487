"""The check that padding does not leak, on the Trust and the Match page: a line where it passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from poolviz.language import _, listed
from poolviz.trust.ablation.selfcheck import TOLERANCE, PaddedRun
from poolviz.ui.frame.markdown import plain


def draw_padding(of: str, runs: Mapping[str, Sequence[PaddedRun]]) -> None:
    """Say how many runs passed, and of the others the numbers.

    Parameters
    ----------
    of : what the runs are of, in a word: a head, a matcher.
    runs : of each, by its name.
    """
    names: dict[tuple[int, int], list[str]] = {}
    for name, found in runs.items():
        names.setdefault((sum(run.passed for run in found), len(found)), []).append(plain(name))
    st.markdown(
        "\n".join(
            "- "
            + _("**{names}**: passed on {passed} of {count} padded lengths.").format(
                names=listed(whose), passed=passed, count=count
            )
            for (passed, count), whose in names.items()
        )
    )
    st.caption(
        _(
            "Passed: no weight on padding at all, and no change above {tolerance:.0e}, which is "
            "what rounding leaves."
        ).format(tolerance=TOLERANCE)
    )
    if failed := _failed(of, runs):
        st.dataframe(pd.DataFrame(failed), hide_index=True, key="padding")


def _failed(of: str, runs: Mapping[str, Sequence[PaddedRun]]) -> list[dict[str, object]]:
    return [
        {
            of: name,
            _("Padded length"): run.length,
            _("Largest change of a weight"): f"{run.weight_change:.1e}",
            _("Largest change of a probability"): f"{run.probability_change:.1e}",
            _("Weight on padding"): f"{run.padding_weight:.1e}",
        }
        for name, found in runs.items()
        for run in found
        if not run.passed
    ]
