"""Sections of the Trust page about the text: numbers, where rankings disagree, other weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from poolviz.figures.trust.readings import agreement_figure, disagreement_figure
from poolviz.language import _, joined
from poolviz.model.own_heads import head_title
from poolviz.trust.ablation.stress import EPSILON, SHUFFLES
from poolviz.trust.tables import (
    CONTROL,
    bins_note,
    disagreement_table,
    erasure_note,
    gradient_note,
    saturated_note,
    stress_table,
    text_table,
    ties_note,
    units_note,
)
from poolviz.trust.text.measures import TEXT, in_table
from poolviz.trust.text.rankings import APART
from poolviz.trust.text.reading import STRESS_TESTS, Reading
from poolviz.ui.frame import state
from poolviz.ui.frame.charts import draw_chart
from poolviz.ui.trust.headings import explained, measure_headings


def draw_numbers(found: Sequence[Reading]) -> None:
    """The measures of the text: a line for each head and ranking."""
    st.dataframe(
        text_table(found),
        hide_index=True,
        height="content",
        column_config=measure_headings(in_table(TEXT)),
        key="text_figures",
    )
    notes = [
        erasure_note(found[0].how, found[0].explanation.window),
        *units_note(found[0]),
        ties_note(),
        *gradient_note(found[0].explanation.window),
    ]
    st.caption(joined([*notes, bins_note(found[0]), *saturated_note(found)]))


def draw_disagreement(found: Sequence[Reading]) -> None:
    """Every head's disagreement in words; one head's in figures."""
    st.dataframe(
        disagreement_table(found),
        hide_index=True,
        column_config={
            _("Tau with contribution"): explained(
                _("Kendall's tau-b of the weights: 1 the same order, 0 unrelated, −1 reversed.")
            ),
            _("Tau with |contribution|"): explained(
                _("The same with the size of contributions, whatever their sign.")
            ),
            _("Heavy, yet adds little"): explained(_apart_note()),
            _("Light, yet adds much"): explained(
                _("The other way round. Where that happens, the colours of weights mislead.")
            ),
        },
        key="disagreement_table",
    )
    # The control makes no choice, so it comes last: the first is shown until somebody chooses.
    heads = sorted((r.explanation.head for r in found), key=lambda head: head == CONTROL)
    titles = {head: head_title(head) for head in heads}
    head = state.switch(
        "trust_head",
        _("Head"),
        titles,
        label_visibility="collapsed",
        help=_("The head that both charts are of."),
    )
    reading = next(r for r in found if r.explanation.head == head)
    scatter, matrix = st.columns(2)
    with scatter:
        draw_chart(disagreement_figure(reading), "disagreement")
    with matrix:
        draw_chart(agreement_figure(reading), "agreement")


def draw_stress(found: Sequence[Reading]) -> None:
    """One stress test under every head, chosen by a button."""
    test = state.switch(
        "trust_stress",
        _("Stress test"),
        STRESS_TESTS,
        label_visibility="collapsed",
        help=_("What is done to the weights before the head decides again."),
    )
    st.dataframe(
        stress_table(found, test),
        hide_index=True,
        column_config=stress_headings(),
        key="stress_table",
    )


def stress_headings() -> dict[str, Any]:
    """What the columns of both tables of stress tests mean."""
    return {
        _("Total variation distance"): explained(
            _("How far all probabilities move, from 0 to 1. Near 0: the weights hardly matter.")
        ),
        _("Another class"): explained(_("The class that is decided for instead.")),
        _("Decision flips"): explained(_("In which share of the rows the class is another one.")),
        _("Divergence of the weights (nats)"): explained(
            _("Jensen-Shannon divergence to the head's own weights, from 0 to ln 2 = 0.693.")
        ),
    }


def stress_note() -> str:
    """How the stress tests are made."""
    return _(
        "The vectors are held, only the pooling changes. Shuffled: the median of {shuffles} "
        "shuffles. Most different: the weights most unlike the head's own that were found with a "
        "total variation distance of at most ε = {epsilon}. n/a: max does not multiply by its "
        "weights."
    ).format(shuffles=SHUFFLES, epsilon=EPSILON)


def _apart_note() -> str:
    return _(
        "By weight at least {share:.0%} of the text higher than by contribution to the predicted "
        "class."
    ).format(share=APART)
