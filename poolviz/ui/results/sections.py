"""What the Results page has below its picture, one part at a time; a closed one costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from poolviz.checkpoints.commands import command_for
from poolviz.datasets import dataset_title
from poolviz.evaluation.report import difference_lines, head_lines
from poolviz.evaluation.retraining.chosen import lines as chosen_lines
from poolviz.evaluation.standings import how_chosen
from poolviz.language import N_, _, listed
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.markdown import plain
from poolviz.ui.results.classes import draw_classes
from poolviz.ui.results.elsewhere import draw_elsewhere
from poolviz.ui.results.matchers import draw_matchers, matchers_by_data_set
from poolviz.ui.results.measured import Measured
from poolviz.ui.results.readings import (
    draw_card,
    draw_long_texts,
    draw_readouts,
)
from poolviz.ui.results.retraining import draw_retraining
from poolviz.ui.results.tables import draw_table
from poolviz.ui.sidebar.run_choice import flags_of_training

SECTIONS = {
    "retraining": N_("Retraining or head?"),
    "readouts": N_("Linear or MLP?"),
    "elsewhere": N_("Other rows"),
    "long": N_("Long texts"),
    "classes": N_("Classes"),
    "tables": N_("Tables"),
    "cards": N_("Model cards"),
    "matchers": N_("Matchers"),
}


def draw_sections(measured: Measured, data_sets: Mapping[str, Measured]) -> None:
    """Draw the switch, and the part that is open."""
    matchers = matchers_by_data_set()
    parts: dict[str, Callable[[], None]] = {
        "retraining": partial(draw_retraining, measured),
        "readouts": partial(draw_readouts, measured),
        "elsewhere": partial(draw_elsewhere, measured),
        "long": partial(draw_long_texts, measured),
        "classes": partial(draw_classes, measured),
        "tables": partial(_draw_tables, measured, data_sets),
        "cards": partial(draw_card, measured),
        "matchers": partial(draw_matchers, matchers),
    }
    offered = {key: title for key, title in SECTIONS.items() if key != "matchers" or matchers}
    opened = state.open_section("results_section", offered)
    if opened:
        parts[opened]()


def draw_not_measured(measured: Measured) -> None:
    """How to get what a page without measurements lacks."""
    missing = loaders.not_measured(measured.checkpoints)
    if missing:
        names = listed(c.head_title for c in missing)
        st.info(_("Not measured yet: {heads}. Run this:").format(heads=names))
        flags = flags_of_training(missing[0])
        st.code(command_for("evaluate", missing[0], *flags, "--write"), language=None)


def _draw_tables(measured: Measured, data_sets: Mapping[str, Measured]) -> None:
    """The figures of all data sets, and every pair of heads of the chosen one."""
    st.markdown(f"**{_('All data sets, the chosen heads')}**")
    lines = [line for each in data_sets.values() for line in head_lines(each.checkpoints)]
    draw_table(lines, "results", "results")
    if chosen := how_chosen(measured.checkpoints[0]):
        st.caption(f"{plain(dataset_title(measured.task))}: {plain(chosen)}")
    if anew := chosen_lines(measured.checkpoints):
        st.markdown(f"**{_('Settings chosen anew, on validation rows alone')}**")
        draw_table(anew, "chosen", f"{measured.task}_chosen_anew")
    if measured.comparisons:
        st.markdown(f"**{_('Every pair of heads on this data set')}**")
        lines = difference_lines(measured.comparisons)
        draw_table(lines, "differences", f"{measured.task}_differences")
