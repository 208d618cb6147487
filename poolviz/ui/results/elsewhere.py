"""The Results page's section about rows of another public sample: what accuracy is worth there."""

from __future__ import annotations

import streamlit as st

from poolviz.checkpoints.commands import command_for
from poolviz.datasets import dataset_title
from poolviz.evaluation.report import shifted_difference_lines, shifted_lines
from poolviz.evaluation.shifted import Shift
from poolviz.language import _
from poolviz.ui.frame.markdown import plain
from poolviz.ui.results.measured import Measured
from poolviz.ui.results.tables import draw_table
from poolviz.ui.sidebar.run_choice import flags_of_training


def draw_elsewhere(measured: Measured) -> None:
    """Figures of each sample that was measured, with the command; else how to measure one."""
    shifts = measured.shifts
    for shift in shifts:
        _draw_shift(measured, shift)
    if not shifts:
        st.info(_("Shown where the heads were measured on another data set with the same classes:"))
        _draw_command(measured, "KEY")


def _draw_shift(measured: Measured, shift: Shift) -> None:
    st.markdown(
        "**"
        + _("{title}: {rows:,} rows, each text once, none of this data set").format(
            title=plain(dataset_title(shift.sample)), rows=shift.rows
        )
        + "**"
    )
    key = f"elsewhere_{shift.sample}"
    stem = f"{measured.task}_on_{shift.sample}"
    draw_table(shifted_lines(measured.checkpoints, shift), key, stem)
    lines = shifted_difference_lines(measured.comparisons, shift)
    if lines:
        draw_table(lines, f"{key}_pairs", f"{stem}_pairs")
    _draw_command(measured, shift.sample)


def _draw_command(measured: Measured, sample: str) -> None:
    first = measured.checkpoints[0]
    flags = flags_of_training(first)
    st.code(command_for("evaluate", first, *flags, "--on", sample, "--write"), language=None)
