"""One measure over the test rows as pages and files show it: means, spread, and their notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from poolviz.language import _, listed, ngettext
from poolviz.trust.tables import (
    Summaries,
    erasure_note,
    figures_table,
    head_title,
    measure_title,
    spread_table,
    ties_note,
    window_of,
)
from poolviz.trust.text.measures import MEASURES, column
from poolviz.values.interval import Interval


@dataclass(frozen=True, eq=False)
class RowsShown:
    """What is shown of the test rows.

    Parameters
    ----------
    dataset : key of the data set.
    title : of the measure in the charts, with its arrow.
    means, spread : tables for `ranking_chart` and `distribution_chart`.
    notes, spread_notes : sentences under the charts.
    summaries : of each head.
    """

    dataset: str
    title: str
    means: pd.DataFrame
    spread: pd.DataFrame
    notes: Sequence[str]
    spread_notes: Sequence[str]
    summaries: Summaries


def rows_shown(
    dataset: str,
    summaries: Summaries,
    rows: Mapping[str, pd.DataFrame | None],
    measure: str,
    how: str,
) -> RowsShown:
    """What is shown of one measure.

    Parameters
    ----------
    rows : of each head what `poolviz.trust.rows.results.read_rows` reads.
    measure : one of `poolviz.trust.tables.offered`.
    how : the way to erase.
    """
    means = figures_table(summaries, measure, how)
    where, defined = [_(MEASURES[measure].meaning)], []
    if MEASURES[measure].normalised:
        how = "mask"
        where += [_normalised_rows_note(summaries), ties_note()]
    else:
        where += sample_notes(summaries)
        defined = _defined_note(means, summaries)
    box_note = _("Box: the middle half of the rows; whiskers: 5 to 95 %; line within: median.")
    return RowsShown(
        dataset=dataset,
        title=measure_title(measure),
        means=means,
        spread=spread_table(rows, measure),
        notes=[erasure_note(how, window_of(summaries)), *where, *defined, _interval_note()],
        spread_notes=[erasure_note("mask", window_of(summaries)), *where, box_note],
        summaries=summaries,
    )


def standing_notes(summaries: Summaries) -> list[str]:
    """What the picture of all heads shows, and how it was measured."""
    return [
        _interval_note(),
        _normalised_rows_note(summaries),
        erasure_note("mask", window_of(summaries)),
        *random_gap_note(summaries),
    ]


def worse_gradients(summaries: Summaries, how: str) -> list[str]:
    """A sentence where gradient × input ranks tokens worse than chance under some heads."""
    found = {
        head: summary["figures"].get(column("gap", "gradient", how))
        for head, summary in summaries.items()
    }
    worse = [head for head, gap in found.items() if gap and Interval.read(gap).high < 0]
    if not worse:
        return []
    notes = [
        _("Gradient × input ranks tokens worse than chance under {heads}.").format(
            heads=listed(head_title(head) for head in worse)
        )
    ]
    if "min-variance" in worse:
        notes.append(
            _(
                "Min-variance's weight, 1 / (variance + 0.001), is steep where a position varies "
                "little: its slope there says nothing of so long a step as an erasure."
            )
        )
    return notes


def random_gap_note(summaries: Summaries) -> list[str]:
    """How far random orders themselves lie apart between heads: smaller gaps say nothing."""
    found = [
        figure["value"]
        for summary in summaries.values()
        if (figure := summary["figures"].get(column("naopc.comprehensiveness", "random", "mask")))
    ]
    if len(found) < 2:
        return []
    note = _(
        "Random orders of two heads lie up to {gap:.0%} apart: a gap between heads that small "
        "says nothing."
    )
    return [note.format(gap=max(found) - min(found))]


def settings(summaries: Summaries) -> dict[str, Any]:
    """How NAOPC was measured, the same for all heads."""
    first = next(iter(summaries.values()))
    made_with = first["settings"]
    none = {"value": 0.0, "n": 0}
    exact = first["figures"].get("naopc.exact", none)
    return {
        "rows": exact["n"],
        "segments": first["figures"].get("naopc.in_segments", none)["value"],
        "most": made_with["most_units"],
        "exact": made_with["exact_units"],
        "beam": made_with["beam"],
        "share": exact["value"],
        "drawn": made_with.get("normalised"),
    }


def sample_notes(summaries: Summaries) -> list[str]:
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


def _interval_note() -> str:
    """What a mean and the line on which it lies are."""
    return _("Point and line: mean and its 95 % interval over the rows.")


def _normalised_rows_note(summaries: Summaries) -> str:
    """On which rows AOPC was normalised."""
    made_with = settings(summaries)
    if made_with["segments"]:
        note = _(
            "Test rows: {rows}; longer than {most} tokens, in {most} segments: {segments:.0%}."
        )
    else:
        note = _("Test rows: {rows}, of at most {most} tokens.")
    return note.format(**made_with)


def _defined_note(means: pd.DataFrame, summaries: Summaries) -> list[str]:
    """In how many rows a measure is defined, where these are not all."""
    rows = next(iter(summaries.values()))["rows"]
    if means.empty or means["n"].min() == rows:
        return []
    note = _("Defined in {least:,} to {most:,} of these rows, by head and ranking.")
    return [note.format(least=means["n"].min(), most=means["n"].max())]
