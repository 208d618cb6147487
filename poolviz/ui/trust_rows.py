"""The half of the Trust page about test rows: verdicts, the table, charts of one measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from poolviz.checkpoints import Checkpoint
from poolviz.figures.trust import distribution_chart, ranking_chart
from poolviz.heads import HEADS
from poolviz.language import _, listed
from poolviz.trust import results
from poolviz.trust.erasure import ERASURES
from poolviz.trust.measures import MEASURES
from poolviz.trust.rankings import RANKINGS
from poolviz.trust.verdict import RULE, ceiling, verdict
from poolviz.ui import state
from poolviz.ui.controls import Choice
from poolviz.ui.trust import IN_TABLES, NORMALISED, NOT_DEFINED, column, measure_title

MEASURES_SHOWN = (*NORMALISED, "tau", "tau_effect", "flip")

Summaries = dict[str, dict[str, Any]]  # of each head


def test_rows(choice: Choice, how: str) -> None:
    """Verdicts, the table, and the charts of one measure, where a survey was made."""
    summaries = {c.head: results.read_summary(c) for c in choice.checkpoints}
    missing = [_(HEADS[c.head].title) for c in choice.checkpoints if summaries[c.head] is None]
    summaries = {head: summary for head, summary in summaries.items() if summary}
    if summaries:
        _verdicts(summaries, how)
        _table(summaries, how)
        _charts(choice, summaries, how)
    if missing:
        st.info(_("Not measured yet: {heads}. Run this:").format(heads=listed(missing)))
        readout = choice.checkpoints[0].readout
        flag = "" if readout == "linear" else f" --readout {readout}"
        st.code(f"python -m poolviz trust --dataset {choice.dataset}{flag}", language=None)


def _verdicts(summaries: Summaries, how: str) -> None:
    """A sentence for each head, and the rule behind it."""
    for head, summary in summaries.items():
        sentence = f"**{_(HEADS[head].title)}**: {verdict(summary, how).sentence}"
        if best := ceiling(summary, how):
            sentence += " " + _("Highest tau in sight: {tau} ({ranking}).").format(
                tau=f"{best[1]['value']:.2f}", ranking=_(RANKINGS[best[0]])
            )
        st.markdown(f"- {sentence}")
    st.caption(_(RULE))


def _table(summaries: Summaries, how: str) -> None:
    """The measures over the test rows: a line for each head and ranking."""
    lines = []
    for head, summary in summaries.items():
        for ranking in IN_TABLES:
            line = {_("Head"): _(HEADS[head].title), _("Ranking"): _(RANKINGS[ranking])}
            for measure in MEASURES_SHOWN:
                found = summary["figures"].get(column(measure, ranking, how))
                line[measure_title(measure)] = (
                    f"{found['value']:.3f} ({found['low']:.3f} – {found['high']:.3f})"
                    if found
                    else NOT_DEFINED
                )
            lines.append(line | {_("Test rows"): summary["rows"]})
    st.dataframe(pd.DataFrame(lines), hide_index=True, key="rows_table")
    st.caption(
        _(
            "In brackets: 95 % bootstrap interval over the rows. NAOPC says where between the "
            "worst and the best order of a text under a model a ranking lies, so it may be "
            "compared between heads; it is measured on {count} of the rows with at most 32 tokens, "
            "tokens masked. The other columns: tokens {erasure}."
        ).format(
            count=max(s["figures"].get("naopc.exact", {"n": 0})["n"] for s in summaries.values()),
            erasure=_(ERASURES[how]),
        )
    )


def _charts(choice: Choice, summaries: Summaries, how: str) -> None:
    """Means with intervals of one measure for every ranking, and how single rows are spread."""
    state.relabel("measure")
    measure = st.selectbox(
        _("Measure"),
        [*NORMALISED, *MEASURES],
        format_func=measure_title,
        key="measure",
    )
    if measure in MEASURES:
        st.caption(_(MEASURES[measure].meaning))
    name = measure_title(measure)
    st.altair_chart(ranking_chart(_figures_table(summaries, measure, how), name), key="rankings")
    with st.expander(_("How single rows are spread")):
        spread = _spread_table(choice.checkpoints, measure)
        st.altair_chart(distribution_chart(spread, name), key="spread")
        st.caption(
            _("Box: the middle half of the rows; line: 5 to 95 %; tick: median. Tokens masked.")
        )


def _figures_table(summaries: Summaries, measure: str, how: str) -> pd.DataFrame:
    """Means with intervals of a measure: a line for each head and ranking that has one."""
    lines = [
        {"head": _(HEADS[head].title), "ranking": _(title), **figure}
        for head, summary in summaries.items()
        for ranking, title in RANKINGS.items()
        if (figure := summary["figures"].get(column(measure, ranking, how)))
    ]
    return pd.DataFrame(lines, columns=["head", "ranking", "value", "low", "high", "n"])


def _spread_table(checkpoints: Sequence[Checkpoint], measure: str) -> pd.DataFrame:
    """The five numbers of a box for each head and ranking, over single rows, tokens masked."""
    names = ("lowest", "first", "median", "third", "highest")
    lines = []
    for checkpoint in checkpoints:
        rows = results.read_rows(checkpoint)
        for ranking, title in RANKINGS.items():
            name = column(measure, ranking, "mask")
            if rows is None or name not in rows or rows[name].isna().all():
                continue
            box = np.nanpercentile(rows[name], [5, 25, 50, 75, 95])
            head = {"head": _(HEADS[checkpoint.head].title), "ranking": _(title)}
            lines.append(head | dict(zip(names, box, strict=True)))
    return pd.DataFrame(lines, columns=["head", "ranking", *names])
