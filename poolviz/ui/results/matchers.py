"""The Results page's report on matchers: their test figures beside those of counted characters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import choose
from poolviz.evaluation.pair_verdict import beats_baseline, none_beats_baseline
from poolviz.language import N_, _, joined, ngettext
from poolviz.model.kinds import MATCHER, kinds_of
from poolviz.ui.frame.controls import dataset_title, in_order
from poolviz.values.interval import Interval

_BASELINES: dict[str, str] = {
    "character-cosine": N_("cosine of character counts"),
    "ngram-regression": N_("regression on character n-grams"),
}


def draw_match_report(present: Iterable[Checkpoint]) -> None:
    """Every matcher in one table, after what it is worth; nothing where there are none."""
    present = list(present)
    tasks = in_order({checkpoint.task for checkpoint in present})
    found = {task: choose(present, task, kinds_of(MATCHER)) for task in tasks}
    data_sets = {task: matchers for task, matchers in found.items() if matchers}
    if not data_sets:
        return
    st.header(_("How good is each matcher?"), anchor=False)
    st.markdown(joined(filter(None, map(_worth, data_sets.values()))))
    rows = [row for task, found in data_sets.items() for row in _rows(task, found)]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", key="match_results")
    st.caption(
        _(
            "On the test rows, with the 95 % bootstrap interval. F1 of “match”; for texts matched "
            "with the names of their classes the mean over the classes. Unseen: the accuracy "
            "without the pairs of which a sentence stands in training."
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


def _rows(task: str, found: list[Checkpoint]) -> list[dict[str, str]]:
    """A line for each matcher, then one for each baseline, which is the same on all cards."""
    baselines: Mapping[str, Any] = found[0].card.get("baselines", {})
    lines = [(c.title, c.card) for c in found] + [
        (_(_BASELINES.get(name, name)), baseline) for name, baseline in baselines.items()
    ]
    return [_line(dataset_title(task), name, figures) for name, figures in lines]


def _line(data_set: str, name: str, figures: Mapping[str, Any]) -> dict[str, str]:
    test, unseen = figures["test"], figures.get("test_unseen", {})
    return {
        _("Data set"): data_set,
        _("Matcher"): name,
        _("Accuracy, %"): Interval.read(test["accuracy"]).as_percent(),
        "F1": Interval.read(test.get("f1") or test["macro_f1"]).as_number(),
        "ROC-AUC": Interval.read(test["roc_auc"]).as_number() if "roc_auc" in test else "–",
        _("Unseen, %"): Interval.read(unseen["accuracy"]).as_percent() if unseen else "–",
    }
