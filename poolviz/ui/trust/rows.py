"""The half of the Trust page about test rows: verdicts, tables, charts of one measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import with_head
from poolviz.figures.trust.rows import distribution_chart, ranking_chart
from poolviz.language import _, joined, listed
from poolviz.model.heads import HEADS
from poolviz.trust.rows.verdict import RULE, ceiling, verdict
from poolviz.trust.shown import RowsShown, rows_shown, sample_notes, settings
from poolviz.trust.tables import (
    CONTROL,
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
from poolviz.trust.text.rankings import RANKINGS
from poolviz.ui.frame import loaders
from poolviz.ui.frame.charts import draw_chart
from poolviz.ui.frame.commands import command
from poolviz.ui.frame.controls import Choice
from poolviz.ui.frame.remembered import remembered
from poolviz.ui.trust.text import stress_note


def draw_verdicts(summaries: Summaries, how: str) -> None:
    """The page's answer, if there is one: each sentence with all heads of which it holds."""
    if not summaries:
        return
    heads_of = {}
    for head, summary in summaries.items():
        heads_of.setdefault(verdict(summary, how).sentence, []).append(head_title(head))
    _list((listed(heads), sentence) for sentence, heads in heads_of.items())
    better = _(
        "Better: erasing what ranks highest changes the decision more, and keeping nothing "
        "else changes it less. The rule and the numbers stand under “{section}”."
    ).format(section=_("Over the test rows"))
    st.caption(joined([better, erasure_note(how)]))


def draw_test_rows(
    choice: Choice, measured: Sequence[Checkpoint], summaries: Summaries, how: str
) -> RowsShown | None:
    """Tables, and the charts of one measure, where a survey was made.

    Parameters
    ----------
    measured : `with_control` of the choice.
    summaries : `poolviz.trust.rows.results.read_summaries` of these.

    Returns
    -------
    What can be taken away of it; None where nothing was measured.
    """
    missing = [_(HEADS[c.head].title) for c in choice.checkpoints if c.head not in summaries]
    shown = None
    if summaries:
        _agreements(summaries, how)
        _table(summaries, how)
        shown = _charts(measured, summaries, how)
        _more(summaries)
    if missing:
        st.info(_("Not measured yet: {heads}. Run this:").format(heads=listed(missing)))
        st.code(command("trust", choice.checkpoints[0]), language=None)
    return shown


def with_control(choice: Choice) -> list[Checkpoint]:
    """The chosen heads, and average pooling beside them even where it was not chosen."""
    return with_head(loaders.all_checkpoints(), choice.checkpoints, CONTROL)


def _agreements(summaries: Summaries, how: str) -> None:
    """The rule of the verdicts; each head's agreement with contributions, what can be reached."""
    st.caption(joined([_(RULE), erasure_note(how)]))
    told = {head: [] for head in summaries}
    for head, summary in summaries.items():
        if agreement := summary["figures"].get("agreement.contribution"):
            told[head].append(
                _("Tau of weight with contribution: {tau}.").format(tau=interval(agreement))
            )
        if best := ceiling(summary, how):
            told[head].append(
                _("Highest tau with leave-one-out: {tau} ({ranking}).").format(
                    tau=f"{best[1]['value']:.2f}", ranking=_(RANKINGS[best[0]])
                )
            )
    _list((head_title(head), joined(sentences)) for head, sentences in told.items() if sentences)


def _list(lines: Iterable[tuple[str, str]]) -> None:
    """A list of what is said of one head or several."""
    texts = (_("**{head}**: {verdict}").format(head=head, verdict=text) for head, text in lines)
    st.markdown("\n".join(f"- {text}" for text in texts))


def _table(summaries: Summaries, how: str) -> None:
    """The measures over the test rows: a line for each head and ranking."""
    pinned = st.column_config.Column(pinned=True)
    st.dataframe(
        rows_table(summaries, how),
        hide_index=True,
        height="content",
        column_config={_("Head"): pinned, _("Ranking"): pinned},
        key="rows_table",
    )
    st.caption(
        _(
            "In brackets: 95 % bootstrap interval over the rows. NAOPC says where between the "
            "worst and the best order of a text under a model a ranking lies, so it may be "
            "compared between heads; it is measured on rows ({rows}) of at most {most} tokens, or "
            "where there are fewer also on longer ones in {most} segments ({segments:.0%}), tokens "
            "masked, with bounds that are exact up to {exact} tokens and found by a beam of {beam} "
            "beyond ({share:.0%} of these rows are exact). The other columns hold within one head. "
            "Ceiling of tau: the better of contribution and gradient × input. n/a: not defined."
        ).format(**settings(summaries))
    )
    own_n = _("A figure that is not defined in every row has its own n: a class need not flip.")
    st.caption(joined([erasure_note(how), *sample_notes(summaries), own_n]))


def _charts(checkpoints: Sequence[Checkpoint], summaries: Summaries, how: str) -> RowsShown:
    """Means with intervals of one measure for every ranking, and how single rows are spread."""
    measures = offered(summaries, how)
    measure = remembered(
        st.selectbox,
        "measure",
        _("Measure"),
        measures[0],
        options=measures,
        format_func=measure_title,
    )
    rows = {c.head: loaders.trust_rows(c) for c in checkpoints}
    shown = rows_shown(checkpoints[0].task, summaries, rows, measure, how)
    draw_chart(ranking_chart(shown.means, shown.title, shown.notes), "rankings")
    with st.expander(_("How single rows are spread")):
        draw_chart(distribution_chart(shown.spread, shown.title, shown.spread_notes), "spread")
    return shown


def _more(summaries: Summaries) -> None:
    """The stress tests over the rows, and what everything cost."""
    with st.expander(_("Stress tests over the test rows")):
        st.dataframe(rows_stress_table(summaries), hide_index=True, key="rows_stress")
        st.caption(stress_note())
    with st.expander(_("What the measures cost")):
        st.dataframe(cost_table(summaries), hide_index=True, key="cost")
        st.caption(
            _(
                "For all rows of a head, on the machine that measured them. Passes through the "
                "model: texts it had to read, most of them with tokens erased. The stress tests "
                "pool vectors again and read no text."
            )
        )
