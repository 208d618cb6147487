"""The Results page: how good the heads of every data set are, the chosen one in detail."""

import numpy as np
import pandas as pd
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation import metrics, predictions
from poolviz.figures.rows.results import confusion_chart
from poolviz.language import _
from poolviz.model.heads import HEADS
from poolviz.ui.frame import loaders
from poolviz.ui.frame.controls import Choice, controls, dataset_title
from poolviz.ui.results.data_set import (
    draw_accuracies,
    draw_differences,
    draw_exactness,
    draw_long_texts,
    draw_not_measured,
    draw_weights,
)
from poolviz.ui.results.matchers import draw_match_report
from poolviz.ui.results.overview import by_data_set, draw_report, title

BESIDE_EACH_OTHER = 5  # classes of a confusion matrix that leaves room for a table


def draw_classes(choice: Choice) -> None:
    """The confusion matrix and the class table of one head, or of one head against another."""
    measured = {c.head: c for c in choice.checkpoints}
    first, second = st.columns(2)
    head = first.selectbox(
        _("Head"), list(measured), format_func=lambda key: _(HEADS[key].title), key="confusion_head"
    )
    other = second.selectbox(
        _("Against"),
        [key for key in measured if key != head],
        index=None,
        format_func=lambda key: _(HEADS[key].title),
        placeholder=_("the known labels"),
        key="confusion_against",
    )
    counts = np.array(measured[head].card["test"]["confusion"])
    against = _("known label")
    if other:
        own, others = (predictions.read(measured[key]) for key in (head, other))
        if own is None or others is None or not own["key"].equals(others["key"]):
            st.info(_("These heads were not measured on the same rows yet."))
            return
        labels = [table["predicted"].to_numpy(np.int64) for table in (own, others)]
        counts = metrics.confusion(labels[1], labels[0], len(choice.classes))
        against = _("{head} predicts").format(head=_(HEADS[other].title))
    predicts = _("{head} predicts").format(head=_(HEADS[head].title))
    chart = confusion_chart(counts, choice.classes, against, predicts)
    few = len(choice.classes) <= BESIDE_EACH_OTHER
    left, right = st.columns(2) if few else (st.container(), st.container())
    left.altair_chart(chart, key="confusion", width="content" if few else "stretch")
    thousandths = st.column_config.NumberColumn(format="%.3f")
    right.dataframe(
        class_table(measured[head]),
        hide_index=True,
        key="classes",
        column_config=dict.fromkeys((_("Precision"), _("Recall"), "F1"), thousandths),
    )


def class_table(checkpoint: Checkpoint) -> pd.DataFrame:
    """Precision, recall and F1 of every class."""
    names = {
        "class": _("Class"),
        "rows": _("Test rows"),
        "precision": _("Precision"),
        "recall": _("Recall"),
        "f1": "F1",
    }
    table = pd.DataFrame(checkpoint.card["test"]["per_class"])[list(names)]
    return table.rename(columns=names)


def draw_cards(checkpoints: tuple[Checkpoint, ...]) -> None:
    """Everything that is known of each model, and how to train it again."""
    for checkpoint in checkpoints:
        with st.expander(title(checkpoint)):
            st.markdown(_("The command that trains it again:"))
            st.code(checkpoint.card["command"], language=None, wrap_lines=True)
            st.json(dict(checkpoint.card), expanded=1)


choice = controls("results")
st.header(_("How good is each head?"), anchor=False)
draw_report(by_data_set(loaders.all_checkpoints()))
draw_match_report(loaders.all_checkpoints())
st.header(dataset_title(choice.dataset), anchor=False)
draw_not_measured(choice.checkpoints)
draw_accuracies(choice.checkpoints)
draw_differences(choice.checkpoints)
draw_weights(choice.checkpoints)
draw_exactness(choice.checkpoints)
draw_long_texts(choice.checkpoints)
st.subheader(_("Classes"), anchor=False)
draw_classes(choice)
st.subheader(_("Model cards"), anchor=False)
draw_cards(choice.checkpoints)
