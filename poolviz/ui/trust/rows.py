"""The half of the Trust page about test rows: verdicts, tables, charts of one measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from poolviz.checkpoints import selection
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.export.trust import RowsShown
from poolviz.figures.trust.rows import distribution_chart, ranking_chart
from poolviz.language import _, joined, listed, ngettext
from poolviz.model.heads import HEADS
from poolviz.trust.rows import results
from poolviz.trust.rows.verdict import RULE, ceiling, verdict
from poolviz.trust.tables import (
    CONTROL,
    NORMALISED,
    Summaries,
    cost_table,
    erasure_note,
    figures_table,
    head_title,
    interval,
    measure_title,
    rows_stress_table,
    rows_table,
    spread_table,
    ties_note,
)
from poolviz.trust.text.measures import MEASURES
from poolviz.trust.text.rankings import RANKINGS
from poolviz.ui.frame import loaders
from poolviz.ui.frame.charts import chart
from poolviz.ui.frame.commands import command
from poolviz.ui.frame.controls import Choice
from poolviz.ui.frame.remembered import remembered
from poolviz.ui.trust.text import stress_note


def read_summaries(checkpoints: Sequence[Checkpoint]) -> Summaries:
    """What was measured over the test rows under these heads."""
    read = {c.head: results.read_summary(c) for c in checkpoints}
    return {head: summary for head, summary in read.items() if summary}


def verdicts(summaries: Summaries, how: str) -> None:
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


def test_rows(
    choice: Choice, measured: Sequence[Checkpoint], summaries: Summaries, how: str
) -> RowsShown | None:
    """Tables, and the charts of one measure, where a survey was made.

    Parameters
    ----------
    measured : `with_control` of the choice.
    summaries : `read_summaries` of these.

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
    own = [c for c in loaders.all_checkpoints() if c.task == choice.dataset]
    found = selection.by_head(own, choice.checkpoints[0].readout)
    control = [found[CONTROL]] if CONTROL in found else []
    chosen = {c.head: c for c in [*control, *choice.checkpoints]}
    return [chosen[head] for head in HEADS if head in chosen]


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
        ).format(**_settings(summaries))
    )
    own_n = _("A figure that is not defined in every row has its own n: a class need not flip.")
    st.caption(joined([erasure_note(how), *_sample_notes(summaries), own_n]))


def _settings(summaries: Summaries) -> dict[str, float]:
    """How NAOPC was measured, the same for all heads."""
    first = next(iter(summaries.values()))
    settings = first["settings"]
    none = {"value": 0.0, "n": 0}
    exact = first["figures"].get("naopc.exact", none)
    return {
        "rows": exact["n"],
        "segments": first["figures"].get("naopc.in_segments", none)["value"],
        "most": settings["most_units"],
        "exact": settings["exact_units"],
        "beam": settings["beam"],
        "share": exact["value"],
    }


def _sample_notes(summaries: Summaries) -> list[str]:
    """Which rows were measured, and how, in sentences."""
    first = next(iter(summaries.values()))
    notes = [
        ngettext(
            "{rows:,} test row, seed {seed}.", "{rows:,} test rows, seed {seed}.", first["rows"]
        ).format(rows=first["rows"], seed=first["seed"])
    ]
    if first["in_segments"]:
        notes.append(
            _("{share:.0%} of the rows are longer than {most} tokens: in {most} segments.").format(
                share=first["in_segments"], most=first["settings"]["most_units"]
            )
        )
    return [*notes, ties_note()]


def _normalised_rows_note(summaries: Summaries) -> str:
    """On which rows AOPC was normalised."""
    settings = _settings(summaries)
    if settings["segments"]:
        note = _(
            "Test rows: {rows}; longer than {most} tokens, in {most} segments: {segments:.0%}."
        )
    else:
        note = _("Test rows: {rows}, of at most {most} tokens.")
    return note.format(**settings)


def _charts(checkpoints: Sequence[Checkpoint], summaries: Summaries, how: str) -> RowsShown:
    """Means with intervals of one measure for every ranking, and how single rows are spread."""
    measures = [*NORMALISED, *MEASURES]
    measure = remembered(
        st.selectbox,
        "measure",
        _("Measure"),
        measures[0],
        options=measures,
        format_func=measure_title,
    )
    normalised = measure in NORMALISED
    interval_note = _("Point and line: mean and its 95 % bootstrap interval over the rows.")
    box_note = _("Box: the middle half of the rows; whiskers: 5 to 95 %; line within: median.")
    means = figures_table(summaries, measure, how)
    where = [_normalised_rows_note(summaries), ties_note()]
    defined = []
    if not normalised:
        where = [_(MEASURES[measure].meaning), *_sample_notes(summaries)]
        defined = _defined_note(means, summaries)
    shown = RowsShown(
        dataset=checkpoints[0].task,
        title=measure_title(measure),
        means=means,
        spread=spread_table({c.head: loaders.trust_rows(c) for c in checkpoints}, measure),
        notes=[erasure_note("mask" if normalised else how), *where, *defined, interval_note],
        spread_notes=[erasure_note("mask"), *where, box_note],
        summaries=summaries,
    )
    chart(ranking_chart(shown.means, shown.title, shown.notes), "rankings")
    with st.expander(_("How single rows are spread")):
        chart(distribution_chart(shown.spread, shown.title, shown.spread_notes), "spread")
    return shown


def _defined_note(means: pd.DataFrame, summaries: Summaries) -> list[str]:
    """In how many rows a measure is defined, where these are not all."""
    rows = next(iter(summaries.values()))["rows"]
    if means.empty or means["n"].min() == rows:
        return []
    note = _("Defined in {least:,} to {most:,} of these rows, by head and ranking.")
    return [note.format(least=means["n"].min(), most=means["n"].max())]


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
