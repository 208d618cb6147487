"""The Results page's questions about one data set: read-outs, long texts, models."""

from __future__ import annotations

from typing import Any

import streamlit as st

from poolviz.checkpoints.commands import training_command
from poolviz.checkpoints.selection import choose
from poolviz.evaluation import exactness, measurements
from poolviz.evaluation.comparison import LEVEL
from poolviz.evaluation.exactness import Cost
from poolviz.evaluation.report import long_lines, readout_lines
from poolviz.evaluation.standings import how_chosen
from poolviz.language import _, ngettext
from poolviz.model.kinds import CLASSIFIER, kinds_of
from poolviz.program import as_called_here
from poolviz.ui.frame import loaders
from poolviz.ui.results.measured import Measured, one_head
from poolviz.ui.results.tables import draw_table
from poolviz.values.interval import as_chance


def draw_readouts(measured: Measured) -> None:
    """What exactness costs: the two read-outs against each other, over the seeds."""
    chosen = {checkpoint.head for checkpoint in measured.checkpoints}
    found = exactness.read(measured.checkpoints)
    pairs = {head: pair for head, pair in found.items() if head in chosen}
    if not pairs:
        st.info(_("Shown where a head was trained several times with either read-out."))
        return
    overall = exactness.mean_cost(pairs)
    by_task = {**_other_data_sets(measured.task), measured.task: pairs}
    p = exactness.adjusted(by_task)[measured.task]
    st.markdown(f"**{_cost_sentence(overall, p, len(by_task))}**")
    draw_table(readout_lines(pairs), "readouts", f"{measured.task}_readouts")
    st.caption(
        _(
            "{seeds} trainings each, with the same options and other seeds; both read-outs were "
            "tested on the same rows."
        ).format(seeds=overall.seeds)
        + " "
        + (
            _("The interval speaks of other trainings and of other rows.")
            if overall.rows_too
            else _("The interval speaks of other trainings, not of other rows.")
        )
    )
    st.markdown(_("The commands that train them again:"))
    commands = [as_called_here(pair[exactness.ESTIMATE]["command"]) for pair in pairs.values()]
    st.code("\n".join(commands), language=None, wrap_lines=True)


def draw_long_texts(measured: Measured) -> None:
    """Accuracy on the long test rows by themselves."""
    lines = long_lines(measured.checkpoints)
    if not lines:
        st.info(
            _("Shown where test rows of more than {count} tokens were measured.").format(
                count=measurements.LONG
            )
        )
        return
    rows = lines[0]["long rows"]
    sentence = ngettext(
        "{long:,} of {all:,} test rows has more than {over} tokens. Nothing is cut, in training or "
        "here.",
        "{long:,} of {all:,} test rows have more than {over} tokens. Nothing is cut, in training "
        "or here.",
        rows,
    ).format(long=rows, all=measured.standings[0].rows, over=measurements.LONG)
    st.markdown(f"**{sentence}**")
    draw_table(lines, "long", f"{measured.task}_long-texts")


def draw_card(measured: Measured) -> None:
    """Everything that is known of one model, and how to train it again."""
    checkpoint = one_head(measured, "card_of")
    if chosen := how_chosen(checkpoint):
        st.markdown(chosen)
    st.markdown(_("The command that trains it again:"))
    st.code(training_command(checkpoint), language=None, wrap_lines=True)
    st.json(dict(checkpoint.card), expanded=1)


def _other_data_sets(task: str) -> dict[str, dict[str, Any]]:
    """Of each other data set that was measured, both read-outs of its heads."""
    present, kinds = loaders.all_checkpoints(), kinds_of(CLASSIFIER)
    others = {c.task for c in present if c.kind in kinds and not c.damage} - {task}
    found = {other: exactness.read(choose(present, other, kinds)) for other in sorted(others)}
    return {other: pairs for other, pairs in found.items() if pairs}


def _cost_sentence(cost: Cost, p: float, data_sets: int) -> str:
    """What parts that add up exactly cost over all heads of a data set, in plain words.

    Parameters
    ----------
    p : after correction over so many data sets.
    """
    if p >= LEVEL:
        sentence = _(
            "Parts that add up exactly cost nothing that these seeds can show: MLP − linear is "
            "{points} points, {p}."
        )
    elif cost.difference.value > 0:
        sentence = _(
            "Parts that add up exactly cost accuracy: MLP − linear is {points} points, {p}."
        )
    else:
        sentence = _(
            "The read-out whose parts add up exactly is even better: MLP − linear is {points} "
            "points, {p}."
        )
    said = as_chance(p)
    if data_sets > 1:
        said = _("{p} after Holm's correction over {count} data sets").format(
            p=said, count=data_sets
        )
    return sentence.format(points=cost.difference.as_points(), p=said)
