"""How well a head tells each class, and for what it takes it: by the labels, or by another head."""

from __future__ import annotations

import numpy as np
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation import metrics, predictions
from poolviz.evaluation.report import class_lines, confusion_lines
from poolviz.figures.rows.confusion import confusion_html
from poolviz.language import _
from poolviz.ui.frame import state
from poolviz.ui.results.measured import Measured, one_head
from poolviz.ui.results.tables import draw_csv_button, draw_table


def draw_classes(measured: Measured) -> None:
    """The confusion matrix and the table of the classes of one of the heads."""
    first, second = st.columns(2)
    with first:
        checkpoint = one_head(measured, "classes_of")
    with second:
        other = _other_head(measured, checkpoint.head)
    counts = _counts(checkpoint, other)
    if counts is None:
        st.info(_("These heads were not measured on the same rows yet."))
        return
    predicts = _("{head} predicts")
    titles = measured.titles
    lines = predicts.format(head=titles[other.head]) if other else _("known label")
    columns = predicts.format(head=titles[checkpoint.head])
    stem = f"{measured.task}_{checkpoint.name}"
    st.html(confusion_html(counts, checkpoint.classes, lines, columns))
    draw_csv_button(confusion_lines(counts, checkpoint.classes), "confusion", f"{stem}_confusion")
    draw_table(class_lines(checkpoint), "classes", f"{stem}_classes")


def _other_head(measured: Measured, head: str) -> Checkpoint | None:
    """The choice of another head to hold this one against; None for the known labels."""
    others = {key: title for key, title in measured.titles.items() if key != head}
    if st.session_state["classes_against"] not in others:
        st.session_state["classes_against"] = None
    other = state.bound(
        st.selectbox,
        "classes_against",
        _("Against"),
        options=list(others),
        format_func=others.get,
        placeholder=_("the known labels"),
        help=_("Counts the classes against known labels, or against those of another head."),
    )
    return measured.checkpoint(other) if other else None


def _counts(checkpoint: Checkpoint, other: Checkpoint | None) -> np.ndarray | None:
    """(K, K) test rows; of two heads, the other one's class by this one's. None if not measured."""
    if other is None:
        return np.array(checkpoint.card["test"]["confusion"])
    own, others = predictions.read(checkpoint), predictions.read(other)
    if own is None or others is None or not own["key"].equals(others["key"]):
        return None
    columns, rows = (table["predicted"].to_numpy(np.int64) for table in (own, others))
    return metrics.confusion(rows, columns, len(checkpoint.classes))
