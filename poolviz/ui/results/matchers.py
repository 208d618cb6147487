"""The Results page's report on matchers: their test figures beside those of counted characters."""

from __future__ import annotations

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import choose
from poolviz.datasets import dataset_title
from poolviz.evaluation.pair_verdict import beats_baseline, none_beats_baseline
from poolviz.evaluation.report import matcher_lines
from poolviz.language import _, ngettext
from poolviz.model.kinds import MATCHER, kinds_of
from poolviz.ui.frame import loaders
from poolviz.ui.frame.markdown import plain
from poolviz.ui.results.tables import draw_table
from poolviz.ui.sidebar.models import in_order


def matchers_by_data_set() -> dict[str, list[Checkpoint]]:
    """The matchers of every data set that has any."""
    present = loaders.all_checkpoints()
    tasks = in_order({checkpoint.task for checkpoint in present})
    found = {task: choose(present, task, kinds_of(MATCHER)) for task in tasks}
    return {task: matchers for task, matchers in found.items() if matchers}


def draw_matchers(data_sets: dict[str, list[Checkpoint]]) -> None:
    """Every matcher in one table, after what it is worth."""
    for task, matchers in data_sets.items():
        if worth := _worth(matchers):
            st.markdown(f"**{plain(dataset_title(task))}**: {worth}")
    lines = [line for matchers in data_sets.values() for line in matcher_lines(matchers)]
    draw_table(lines, "match_results", "matchers")
    if any(matcher.shipped for matchers in data_sets.values() for matcher in matchers):
        st.caption(
            _(
                "The shipped matchers share one recipe: about 18 settings were tried on held-out "
                "pairs of LCQMC, and the last one was fixed before any figure of a test file was "
                "seen. Those of pairs learned from three data sets together, more than the "
                "originals had. Each was trained once, so that nothing is shown of other trainings."
            )
        )


def _worth(found: list[Checkpoint]) -> str:
    """Whether a data set's matchers beat counted characters; empty where that is unmeasured."""
    if none_beats_baseline(found):
        return _("No matcher beats the cosine of character counts by more than the intervals.")
    better = [checkpoint for checkpoint in found if beats_baseline(checkpoint.card)]
    if not better:
        return ""
    return ngettext(
        "{count} of {all} matchers beats the cosine of character counts by more than the "
        "intervals.",
        "{count} of {all} matchers beat the cosine of character counts by more than the intervals.",
        len(better),
    ).format(count=len(better), all=len(found))
