"""The Results page's sections on one data set; each is left out where nothing was measured."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation import exactness, measurements, predictions
from poolviz.figures.rows.results import accuracy_chart
from poolviz.language import _, listed, ngettext
from poolviz.model.heads import HEADS
from poolviz.ui.frame import loaders
from poolviz.ui.frame.commands import command
from poolviz.ui.results.overview import (
    cost_sentence,
    divergence_meaning,
    of_every_head,
    seeds_sentence,
    title,
)
from poolviz.values.interval import Interval


def draw_accuracies(checkpoints: tuple[Checkpoint, ...]) -> None:
    """The accuracies as a chart: intervals over rows, and every training."""
    cards = [checkpoint.card for checkpoint in checkpoints]
    seeds = [card.get("seeds", {}).get("accuracy", []) for card in cards]
    names = [title(checkpoint) for checkpoint in checkpoints]
    figures = [Interval.read(card["test"]["accuracy"]) for card in cards]
    chart = accuracy_chart(names, figures, seeds)
    st.altair_chart(chart, key="accuracy")
    st.caption(
        _(
            "Point and bar: the trained model's accuracy with its 95 % interval over the test "
            "rows. Ticks: every training of the head, with other seeds."
        )
    )


def draw_differences(checkpoints: tuple[Checkpoint, ...]) -> None:
    """McNemar's test of every pair of these heads on the same test rows.

    Corrected for all pairs of the data set, however many of them are shown.
    """
    task, readout = checkpoints[0].task, checkpoints[0].readout
    every = loaders.comparisons(of_every_head(loaders.all_checkpoints(), task, readout))
    heads = {checkpoint.head for checkpoint in checkpoints}
    found = [pair for pair in every if {pair.first, pair.second} <= heads]
    if found:
        st.subheader(_("Do the heads differ?"), anchor=False)
        name = {c.head: title(c) for c in checkpoints}
        table = {
            _("Head A"): [name[c.first] for c in found],
            _("Head B"): [name[c.second] for c in found],
            _("Only A right"): [c.only_first for c in found],
            _("Only B right"): [c.only_second for c in found],
            _("p (Holm)"): [f"{c.adjusted:.2g}" for c in found],
            _("These two trained models"): [
                _("differ") if c.differ else _("do not differ") for c in found
            ],
            _("Better across seeds"): [name.get(c.better or "", "–") for c in found],
        }
        st.dataframe(pd.DataFrame(table), hide_index=True, key="differences")
        st.caption(
            _(
                "McNemar's exact test on the same test rows, corrected by Holm for all pairs of "
                "this data set, at 5 %. It compares two trained models; a head is called better "
                "only where each of its trainings also beats each training of the other."
            )
        )


def draw_weights(checkpoints: tuple[Checkpoint, ...]) -> None:
    """Whether another head changes the weights more than another training."""
    spread = measurements.spread(checkpoints)
    if spread is None:
        return
    st.subheader(_("Do their weights differ?"), anchor=False)
    st.markdown(seeds_sentence(spread))
    table = {
        _("Head"): [_(HEADS[head].title) for head in spread.between_seeds],
        _("To other heads, nats"): [spread.to_other_heads(head) for head in spread.between_seeds],
        _("Between its seeds, nats"): list(spread.between_seeds.values()),
    }
    thousandths = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        key="weights",
        column_config=dict.fromkeys(list(table)[1:], thousandths),
    )
    st.caption(_("Distances: {meaning}").format(meaning=divergence_meaning()))


def draw_exactness(checkpoints: tuple[Checkpoint, ...]) -> None:
    """The two read-outs against each other, over the seeds."""
    pairs = exactness.read(checkpoints)
    if not pairs:
        return
    st.subheader(_("What does exactness cost?"), anchor=False)
    overall = exactness.mean_cost(pairs)
    st.markdown(cost_sentence(overall))
    names = {_(HEADS[head].title): cost for head, cost in exactness.costs(pairs).items()}
    names[_("Mean of the heads")] = overall
    table = {
        _("Head"): list(names),
        _("Linear"): [f"{cost.exact:.1%}" for cost in names.values()],
        _("MLP"): [f"{cost.estimate:.1%}" for cost in names.values()],
        _("MLP − linear, points"): [cost.difference.as_points() for cost in names.values()],
    }
    st.dataframe(pd.DataFrame(table), hide_index=True, key="readouts")
    st.caption(
        _(
            "Mean test accuracy of {seeds} trainings each, with the same options and other seeds. "
            "In brackets the 95 % interval of the difference over other trainings: Welch's t for a "
            "head, Satterthwaite's over all heads. Both read-outs were tested on the same rows."
        ).format(seeds=overall.seeds)
    )
    with st.expander(_("The commands that train them again")):
        commands = [pair[exactness.ESTIMATE]["command"] for pair in pairs.values()]
        st.code("\n".join(commands), language=None, wrap_lines=True)


def draw_long_texts(checkpoints: tuple[Checkpoint, ...]) -> None:
    """Accuracy on the long test rows by themselves."""
    found = [(c, (measurements.read(c) or {}).get("long_rows")) for c in checkpoints]
    measured = [(checkpoint, figures) for checkpoint, figures in found if figures]
    if not measured:
        return
    st.subheader(_("Long texts"), anchor=False)
    checkpoint, figures = measured[0]
    st.markdown(
        ngettext(
            "{long:,} of {all:,} test rows has more than {over} tokens. Nothing is cut, in "
            "training or here.",
            "{long:,} of {all:,} test rows have more than {over} tokens. Nothing is cut, in "
            "training or here.",
            figures["rows"],
        ).format(long=figures["rows"], all=checkpoint.card["test"]["rows"], over=figures["over"])
    )
    table = {
        _("Head"): [title(c) for c, _f in measured],
        _("Accuracy on long rows"): [Interval.read(f["accuracy"]).as_share() for _c, f in measured],
        _("On all test rows"): [
            Interval.read(c.card["test"]["accuracy"]).as_share() for c, _f in measured
        ],
    }
    st.dataframe(pd.DataFrame(table), hide_index=True, key="long")
    st.caption(
        _(
            "In brackets the 95 % interval: Wilson's on the long rows, since they are few, the "
            "bootstrap's on all rows."
        )
    )


def draw_not_measured(checkpoints: tuple[Checkpoint, ...]) -> None:
    """How to get the sections that a page without measurements lacks."""
    missing = [
        c for c in checkpoints if predictions.read(c) is None or measurements.read(c) is None
    ]
    if missing:
        st.info(_("Not measured yet: {heads}. Run this:").format(heads=listed(map(title, missing))))
        st.code(command("evaluate", missing[0], "--write"), language=None)
