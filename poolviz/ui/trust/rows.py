"""Sections of the Trust page about the test rows: the measure, tables, charts of one measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.figures.trust.rows import distribution_chart, ranking_chart
from poolviz.language import _, joined
from poolviz.trust.rows.verdict import RULE, ceiling, verdict
from poolviz.trust.shown import RowsShown, rows_shown, sample_notes, settings
from poolviz.trust.tables import (
    Summaries,
    cost_table,
    erasure_note,
    head_title,
    interval,
    measure_title,
    offered,
    rows_stress_table,
    rows_table,
)
from poolviz.trust.text.measures import ROWS, in_table
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
    st.caption(joined([_(RULE), erasure_note(how)]))
    told = ((head_title(head), _told(summary, how)) for head, summary in summaries.items())
    _list((head, joined(sentences)) for head, sentences in told)


def draw_rows(checkpoints: Sequence[Checkpoint], summaries: Summaries, how: str) -> None:
    """All numbers as a table, and one measure as a chart."""
    st.dataframe(
        rows_table(summaries, how),
        hide_index=True,
        height="content",
        column_config={
            **measure_headings(in_table(ROWS)),
            _("Ceiling of tau"): explained(
                _("The tau to hope for: the better of contribution and gradient × input.")
            ),
            _("n, NAOPC"): explained(_normalised_on(summaries)),
            _("n, others"): explained(_("Test rows of all other columns.")),
        },
        key="rows_table",
    )
    notes = [
        _("In brackets: 95 % bootstrap interval over the rows. n/a: not defined."),
        _("NAOPC may be compared between heads, the other columns hold within one head."),
        erasure_note(how),
        *sample_notes(summaries),
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
        )
        spread = state.bound(st.toggle, "trust_spread", _("How single rows are spread"))
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


def _told(summary, how: str) -> list[str]:
    """The verdict on a head's weights, their agreement with contributions, what can be reached."""
    told = [verdict(summary, how).sentence]
    if agreement := summary["figures"].get("agreement.contribution"):
        told.append(_("Tau of weight with contribution: {tau}.").format(tau=interval(agreement)))
    if best := ceiling(summary, how):
        told.append(
            _("Highest tau with leave-one-out: {tau} ({ranking}).").format(
                tau=f"{best[1]['value']:.2f}", ranking=_(RANKINGS[best[0]])
            )
        )
    return told


def _list(lines: Iterable[tuple[str, str]]) -> None:
    texts = (_("**{head}**: {verdict}").format(head=head, verdict=text) for head, text in lines)
    st.markdown("\n".join(f"- {text}" for text in texts))


def _normalised_on(summaries: Summaries) -> str:
    return _(
        "Rows on which NAOPC was measured: of at most {most} tokens, or where there are fewer also "
        "longer ones in {most} segments ({segments:.0%}); bounds are exact in {share:.0%}."
    ).format(**settings(summaries))
