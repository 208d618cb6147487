"""The Results page's first screen: the answer, the picture, who beats whom, all data sets."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from poolviz.datasets import dataset_title, small
from poolviz.evaluation.shifted import in_words
from poolviz.evaluation.standings import answer
from poolviz.figures.rows.duels import duels_html
from poolviz.figures.rows.standings import standings_html
from poolviz.language import _, joined
from poolviz.ui.frame import state
from poolviz.ui.frame.markdown import plain
from poolviz.ui.results.measured import Measured

_BESIDE = 3  # data sets in a row


def draw_answer(measured: Measured) -> None:
    """Which head to take, in sentences, and the picture that shows it."""
    st.markdown(
        f"**{plain(joined(answer(measured.standings, measured.comparisons)))}**", help=_rule()
    )
    notes = in_words(measured.shifts, measured.comparisons)
    st.html(standings_html(measured.standings, measured.believed, notes))
    if cautions := small.of_cards(checkpoint.card for checkpoint in measured.checkpoints):
        st.caption(plain(joined(cautions)))


def draw_comparisons(measured: Measured, data_sets: Mapping[str, Measured]) -> None:
    """Who beats whom on this data set, and on all of them, where a click chooses one."""
    names = {standing.head: standing.name for standing in measured.standings}
    own, every = st.columns([9, 11], gap="medium")
    with own:
        st.markdown(f"**{_('Who beats whom')}**", help=_rule())
        st.html(duels_html(names, measured.comparisons))
    with every:
        st.markdown(
            f"**{_('All data sets at a glance')}**",
            help=_("The same table for each data set, with the heads in the same order."),
        )
        _draw_glance(names, measured.task, data_sets)


def _draw_glance(names: Mapping[str, str], chosen: str, data_sets: Mapping[str, Measured]) -> None:
    tasks = list(data_sets)
    for start in range(0, len(tasks), _BESIDE):
        row = tasks[start : start + _BESIDE]
        for column, task in zip(st.columns(_BESIDE), row, strict=False):
            with column, st.container(gap="xxsmall"):
                _draw_data_set(names, data_sets[task], task == chosen)


def _draw_data_set(names: Mapping[str, str], measured: Measured, chosen: bool) -> None:
    """A button that chooses the data set, and its heads against each other."""
    st.button(
        plain(dataset_title(measured.task)),
        key=f"pick_{measured.task}",
        type="primary" if chosen else "tertiary",
        on_click=_pick,
        args=(measured.task,),
        help=_("Show this data set"),
    )
    if measured.comparisons:
        st.html(duels_html(names, measured.comparisons, small=True))
    else:
        st.caption(_("not compared"))


def _pick(task: str) -> None:
    st.session_state["dataset"] = task
    state.mark_choice()


def _rule() -> str:
    return _(
        "A head is shown to be better where the two trained models differ by McNemar's exact test "
        "on the same test rows (Holm's correction for all pairs of the data set, 5 %), and each "
        "training of the one beats each training of the other (three of each do so by chance in "
        "one of ten pairs of equal heads). No difference shown does not mean that there is none. "
        "Cheapest: the fewest parameters."
    )
