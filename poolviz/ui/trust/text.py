"""The half of the Trust page about the text of the view: curves, rankings, stress tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.figures.trust.readings import agreement_figure, curves_figure, disagreement_figure
from poolviz.language import _, joined
from poolviz.text.encoding import check_text
from poolviz.trust.ablation.stress import EPSILON, SHUFFLES
from poolviz.trust.tables import (
    CONTROL,
    disagreement_table,
    erasure_note,
    head_title,
    measure_title,
    stress_table,
    text_table,
    ties_note,
    units_note,
)
from poolviz.trust.text.measures import MEASURES, TEXT, in_table
from poolviz.trust.text.rankings import APART
from poolviz.trust.text.reading import STRESS_TESTS, Reading, read_all
from poolviz.ui.frame import jobs, loaders
from poolviz.ui.frame.charts import draw_chart
from poolviz.ui.frame.remembered import remembered

JOB = "trust_text"
PATIENCE = 1.2  # seconds after which a bar is drawn

_COLUMNS = 2


def readings(checkpoints: Sequence[Checkpoint], text: str, how: str) -> list[Reading] | None:
    """What was measured of the text under these heads; None while it is not there yet.

    The work is done beside the page. A text that takes longer than a moment has a bar and can be
    cancelled.

    Raises
    ------
    TextError : there is nothing to measure in the text.
    """
    models = [loaders.trust_model(checkpoint) for checkpoint in checkpoints]
    check_text(text)
    subject = (text, how, [checkpoint.onnx_hash for checkpoint in checkpoints])
    work = partial(read_all, models, text, how)
    jobs.start_once(JOB, work, subject, PATIENCE)
    finished = jobs.draw(JOB, _("Erasing tokens …"), subject)
    if finished:
        return finished.result
    if not jobs.job(JOB, subject) and st.button(
        _("Measure this text"), icon=":material/play_arrow:", key="measure_text"
    ):
        jobs.start(JOB, work, subject, PATIENCE)
        st.rerun()
    return None


def draw_this_text(found: Sequence[Reading]) -> None:
    """Curves, measures, disagreement and stress tests of the text of the view."""
    _curves(found)
    with st.expander(_("The numbers of this text")):
        st.dataframe(text_table(found), hide_index=True, key="text_figures")
        st.caption(joined([erasure_note(found[0].how), *units_note(found[0]), ties_note()]))
        for name in in_table(TEXT):
            st.caption(f"{measure_title(name)}: {_(MEASURES[name].meaning)}")
    st.subheader(_("Where weight and contribution disagree"), anchor=False)
    _disagreement(found)
    st.subheader(_("What if the weights were others?"), anchor=False)
    _stress(found)


def _curves(found: Sequence[Reading]) -> None:
    """A figure for each head, two side by side."""
    direction = remembered(
        st.segmented_control,
        "curve",
        _("Curve"),
        "deletion",
        options=["deletion", "insertion"],
        required=True,
        format_func=lambda key: _("Deletion") if key == "deletion" else _("Insertion"),
    )
    st.caption(
        _(
            "Deletion erases the text from the top of each ranking: the faster the probability "
            "falls, the better the ranking knew what the head uses. Insertion puts it in from the "
            "top: the faster it rises, the better."
        )
    )
    for start in range(0, len(found), _COLUMNS):
        row = found[start : start + _COLUMNS]
        for column, reading in zip(st.columns(_COLUMNS), row, strict=False):
            with column:
                draw_chart(
                    curves_figure(reading, direction == "insertion"),
                    f"curves_{reading.explanation.checkpoint}",
                )


def _disagreement(found: Sequence[Reading]) -> None:
    """Every head's disagreement in words; one head's in figures."""
    st.dataframe(disagreement_table(found), hide_index=True, key="disagreement_table")
    st.caption(
        _(
            "Tau: Kendall's tau-b of the weights, 1 the same order, 0 unrelated. Heavy, yet adds "
            "little: by weight at least {share:.0%} of the text higher than by "
            "contribution to the predicted class; light, yet adds much: the other way round. "
            "Where that happens, the colours of the weights mislead."
        ).format(share=APART)
    )
    titles = {r.explanation.head: head_title(r.explanation.head) for r in found}
    head = remembered(
        st.segmented_control,
        "disagreement_head",
        _("Head"),
        next((head for head in titles if head != CONTROL), CONTROL),
        options=list(titles),
        required=True,
        format_func=titles.get,
        label_visibility="collapsed",
    )
    reading = next(r for r in found if r.explanation.head == head)
    scatter, matrix = st.columns(_COLUMNS)
    with scatter:
        draw_chart(disagreement_figure(reading), "disagreement")
    with matrix:
        draw_chart(agreement_figure(reading), "agreement")


def _stress(found: Sequence[Reading]) -> None:
    """One stress test under every head, chosen by a button."""
    test = remembered(
        st.segmented_control,
        "stress",
        _("Stress test"),
        "permuted",
        options=list(STRESS_TESTS),
        required=True,
        format_func=lambda key: _(STRESS_TESTS[key]),
        label_visibility="collapsed",
    )
    st.dataframe(stress_table(found, test), hide_index=True, key="stress_table")
    st.caption(stress_note())


def stress_note() -> str:
    """How the stress tests are made."""
    return _(
        "The vectors are held, only the pooling changes. Shuffled: the median of {shuffles} "
        "shuffles. Most different: the greatest Jensen-Shannon divergence found (at most ln 2 "
        "= 0.693) with a total variation distance of at most ε = {epsilon}. n/a: max does not "
        "multiply by its weights."
    ).format(shuffles=SHUFFLES, epsilon=EPSILON)
