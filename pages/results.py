"""The Results page: how good the heads of the chosen data set are, and every model's card."""

import numpy as np
import pandas as pd
import streamlit as st

from poolviz import metrics, predictions
from poolviz.checkpoints import Checkpoint
from poolviz.comparison import compare
from poolviz.figures.results import accuracy_chart, confusion_chart
from poolviz.heads import HEADS
from poolviz.language import _
from poolviz.ui.controls import Choice, controls, dataset_title


def title(checkpoint: Checkpoint) -> str:
    """The head's name in the language of the page."""
    return _(HEADS[checkpoint.head].title)


def interval(figure: dict) -> str:
    """A share with its 95 % interval, in per cent."""
    return f"{figure['value']:.1%} ({figure['low']:.1%} – {figure['high']:.1%})"


def over_seeds(checkpoint: Checkpoint) -> str:
    """Mean accuracy over training seeds and its range; empty for a single training."""
    spread = checkpoint.card.get("seeds")
    if not spread:
        return ""
    values = spread["accuracy"]
    return f"{spread['mean_accuracy']:.1%} ({min(values):.1%} – {max(values):.1%})"


def accuracies(checkpoints: tuple[Checkpoint, ...]) -> None:
    """The table of all figures, and the accuracies as a chart."""
    cards = [checkpoint.card for checkpoint in checkpoints]
    table = {
        _("Head"): [title(checkpoint) for checkpoint in checkpoints],
        _("Test accuracy"): [interval(card["test"]["accuracy"]) for card in cards],
        _("Macro-F1"): [interval(card["test"]["macro_f1"]) for card in cards],
        _("Accuracy over seeds"): [over_seeds(checkpoint) for checkpoint in checkpoints],
        _("Test rows"): [card["test"]["rows"] for card in cards],
        _("Parameters"): [card["parameters"] for card in cards],
        _("Training, seconds"): [card["fit"]["seconds"] for card in cards],
    }
    st.dataframe(pd.DataFrame(table), hide_index=True, key="results")
    chart = accuracy_chart(table[_("Head")], [card["test"]["accuracy"] for card in cards])
    st.altair_chart(chart, key="accuracy")
    st.caption(
        _(
            "In brackets: 95 % bootstrap interval over the test rows; over seeds, lowest and "
            "highest of the trainings. An interval says nothing of what another training would "
            "give."
        )
    )


def differences(checkpoints: tuple[Checkpoint, ...]) -> None:
    """McNemar's test of every pair of heads on the same test rows."""
    right = predictions.right_on_same_rows(checkpoints)
    missing = [c for c in checkpoints if c.head not in right]
    if len(right) > 1:
        seeds = {c.head: c.card.get("seeds", {}).get("accuracy", []) for c in checkpoints}
        found = compare(right, seeds)
        name = {key: _(HEADS[key].title) for key in right}
        table = {
            _("Head A"): [name[c.first] for c in found],
            _("Head B"): [name[c.second] for c in found],
            _("Only A right"): [c.only_first for c in found],
            _("Only B right"): [c.only_second for c in found],
            _("p (Holm)"): [f"{c.adjusted:.2g}" for c in found],
            _("These two trained models"): [
                _("differ") if c.differ else _("do not differ") for c in found
            ],
            _("Better across seeds"): [name.get(c.better, "–") for c in found],
        }
        st.dataframe(pd.DataFrame(table), hide_index=True, key="differences")
        st.caption(
            _(
                "McNemar's exact test on the same test rows, corrected by Holm for all pairs of "
                "this data set, at 5 %. It compares two trained models; a head is called better "
                "only where each of its trainings also beats each training of the other."
            )
        )
    if missing:
        st.info(
            _("Not measured yet: {heads}. Run this:").format(heads=", ".join(map(title, missing)))
        )
        st.code(f"python -m poolviz evaluate --dataset {missing[0].task} --write", language=None)


def classes(choice: Choice) -> None:
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
        tables = [predictions.read(measured[key]) for key in (head, other)]
        if any(table is None for table in tables) or not tables[0]["key"].equals(tables[1]["key"]):
            st.info(_("These heads were not measured on the same rows yet."))
            return
        labels = [table["predicted"].to_numpy(np.int64) for table in tables]
        counts = metrics.confusion(labels[1], labels[0], len(choice.classes))
        against = _("{head} predicts").format(head=_(HEADS[other].title))
    predicts = _("{head} predicts").format(head=_(HEADS[head].title))
    chart, table = st.columns(2)
    chart.altair_chart(
        confusion_chart(counts, choice.classes, against, predicts), key="confusion", width="content"
    )
    table.dataframe(class_table(measured[head]), hide_index=True, key="classes")


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
    return table.rename(columns=names).round(3)


def cards(checkpoints: tuple[Checkpoint, ...]) -> None:
    """Everything that is known of each model, and how to train it again."""
    for checkpoint in checkpoints:
        with st.expander(title(checkpoint)):
            st.markdown(_("The command that trains it again:"))
            st.code(checkpoint.card["command"], language=None, wrap_lines=True)
            st.json(dict(checkpoint.card), expanded=1)


choice = controls("results")
st.header(
    _("How good is each head? {title}").format(title=dataset_title(choice.dataset)), anchor=False
)
accuracies(choice.checkpoints)
st.subheader(_("Do the heads differ?"), anchor=False)
differences(choice.checkpoints)
st.subheader(_("Classes"), anchor=False)
classes(choice)
st.subheader(_("Model cards"), anchor=False)
cards(choice.checkpoints)
