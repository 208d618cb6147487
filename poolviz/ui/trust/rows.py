"""Sections of the Trust page about the test rows: the measure, tables, charts of one measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.figures.trust.rows import distribution_chart, ranking_chart
from poolviz.language import _, joined, listed
from poolviz.trust.rows.opposed import opposed, taus
from poolviz.trust.rows.summary import AT_RANDOM
from poolviz.trust.rows.verdict import RULE, Verdict, verdicts
from poolviz.trust.shown import RowsShown, rows_shown, sample_notes, settings, worse_gradients
from poolviz.trust.tables import (
    Summaries,
    cost_table,
    erasure_note,
    gradient_note,
    head_title,
    interval,
    measure_title,
    offered,
    rows_stress_table,
    rows_table,
    window_of,
)
from poolviz.trust.text.measures import ROWS, SATURATED, in_table
from poolviz.trust.text.rankings import RANKINGS
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.charts import draw_chart
from poolviz.ui.trust.comparisons import stress_headings
from poolviz.ui.trust.headings import explained, measure_headings


def draw_measure(summaries: Summaries, how: str) -> None:
    """The formula, the rule of the verdicts, and what else they say of each head."""
    st.markdown(
        _(
            "$x$: a text of $S$ tokens, $p$: the probability of its class. Erase the tokens in the "
            "order of a ranking, and average what the class loses on the way:"
        )
    )
    st.latex(
        r"\mathrm{AOPC} = \frac{1}{S}\sum_{i=1}^{S} \bigl[p(x) - p(x_{-i})\bigr] \qquad "
        r"\mathrm{NAOPC} = \frac{\mathrm{AOPC} - \min}{\max - \min}"
    )
    st.markdown(
        _(
            "$x_{{-i}}$: the text without the first i tokens. min, max: the least and the greatest "
            "AOPC of any order under this model (exact up to {exact} tokens, found by a beam of "
            "{beam} beyond), so that heads may be compared. Edin et al. 2025, arXiv 2408.08137."
        ).format(**settings(summaries))
    )
    st.caption(joined([_(RULE), erasure_note(how, window_of(summaries))]))
    found = verdicts(summaries, how)
    told = ((head, _told(found[head], summary, how)) for head, summary in summaries.items())
    _list((head_title(head), joined(sentences)) for head, sentences in told)


def draw_rows(checkpoints: Sequence[Checkpoint], summaries: Summaries, how: str) -> None:
    """All numbers as a table, and one measure as a chart."""
    st.dataframe(
        rows_table(summaries, how),
        hide_index=True,
        height="content",
        column_config={
            **measure_headings(in_table(ROWS)),
            _("n, NAOPC"): explained(_normalised_on(summaries)),
            _("NAOPC in segments"): explained(
                _(
                    "Share of these rows that are longer than {most} tokens: in {most} segments."
                ).format(**settings(summaries))
            ),
            _("n, others"): explained(_("Test rows of all other columns.")),
        },
        key="rows_table",
    )
    notes = [
        _("In brackets: 95 % interval over the rows, of 20 or more. n/a: not defined."),
        _("NAOPC may be compared between heads, the other columns hold within one head."),
        erasure_note(how, window_of(summaries)),
        *gradient_note(window_of(summaries)),
        *sample_notes(summaries),
        *worse_gradients(summaries, how),
    ]
    st.caption(joined(notes))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["_trust_measure"] = _measure(summaries, how)
        st.selectbox(
            _("Measure"),
            offered(summaries, how),
            format_func=measure_title,
            key="_trust_measure",
            on_change=state.copy_back,
            args=("trust_measure",),
            width=320,
            help=_("The column of the table that the chart shows."),
        )
        spread = state.bound(
            st.toggle,
            "trust_spread",
            _("How single rows are spread"),
            help=_("All rows instead of their mean."),
        )
    shown = shown_rows(checkpoints, summaries, how)
    if spread:
        draw_chart(distribution_chart(shown.spread, shown.title, shown.spread_notes), "spread")
    else:
        draw_chart(ranking_chart(shown.means, shown.title, shown.notes), "rankings")


def shown_rows(checkpoints: Sequence[Checkpoint], summaries: Summaries, how: str) -> RowsShown:
    """The measure of the view over the test rows, as its charts and files show it."""
    rows = {checkpoint.head: loaders.trust_rows(checkpoint) for checkpoint in checkpoints}
    return rows_shown(checkpoints[0].task, summaries, rows, _measure(summaries, how), how)


def draw_rows_stress(summaries: Summaries) -> None:
    """The stress tests over the test rows."""
    st.dataframe(
        rows_stress_table(summaries),
        hide_index=True,
        column_config=stress_headings(),
        key="rows_stress",
    )


def draw_cost(summaries: Summaries) -> None:
    """What everything cost."""
    st.dataframe(cost_table(summaries), hide_index=True, key="cost")
    st.caption(
        _(
            "For all rows of a head, on the machine that measured them. Passes through the "
            "model: texts it had to read, most of them with tokens erased. The stress tests "
            "pool vectors again and read no text."
        )
    )


def _measure(summaries: Summaries, how: str) -> str:
    """The chosen measure, or the first where these surveys do not have it."""
    known, chosen = offered(summaries, how), st.session_state["trust_measure"]
    return chosen if chosen in known else known[0]


def _told(found: Verdict, summary: Mapping[str, Any], how: str) -> list[str]:
    """The verdict on a head's weights, how far rankings agree, and where two measures do not."""
    told = [found.sentence]
    if agreement := summary["figures"].get("agreement.contribution"):
        told.append(_("Tau of weight with contribution: {tau}.").format(tau=interval(agreement)))
    if found_taus := taus(summary, how):
        each = [f"{_(RANKINGS[key])} {figure['value']:.2f}" for key, figure in found_taus.items()]
        told.append(_("Tau with leave-one-out: {taus}.").format(taus=listed(each)))
    if (found_share := summary["figures"].get(f"{how}.saturated")) and found_share["value"] > 0:
        told.append(
            _(
                "In {share:.0%} of the rows no token erased alone moves the class by {least:.0%}: "
                "tau means little there."
            ).format(share=found_share["value"], least=SATURATED)
        )
    for pair in opposed(summary, how):
        told.append(
            _(
                "By tau {first} stands above {second} ({tau_first:.2f} and {tau_second:.2f}), by "
                "the faithfulness gap below ({gap_first:.2f} and {gap_second:.2f})."
            ).format(
                first=_(RANKINGS[pair.first]),
                second=_(RANKINGS[pair.second]),
                tau_first=pair.tau[0],
                tau_second=pair.tau[1],
                gap_first=pair.gap[0],
                gap_second=pair.gap[1],
            )
        )
    return told


def _list(lines: Iterable[tuple[str, str]]) -> None:
    texts = (_("**{head}**: {verdict}").format(head=head, verdict=text) for head, text in lines)
    st.markdown("\n".join(f"- {text}" for text in texts))


def _normalised_on(summaries: Summaries) -> str:
    made_with = settings(summaries)
    note = (
        _(
            "Rows on which NAOPC was measured, drawn at random; those longer than {most} tokens in "
            "{most} segments ({segments:.0%}); bounds are exact in {share:.0%}."
        )
        if made_with["drawn"] == AT_RANDOM
        else _(
            "Rows on which NAOPC was measured: of at most {most} tokens, or where there are fewer "
            "also longer ones in {most} segments ({segments:.0%}); bounds are exact in {share:.0%}."
        )
    )
    return note.format(**made_with)
