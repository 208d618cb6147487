"""Figures of a test set on the Trust page: rankings of every head, and how rows are spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from poolviz.figures import colours
from poolviz.figures.figure import Figure, Trace, across
from poolviz.figures.layout import figure, row_axis
from poolviz.figures.trust.rankings import GRID, ranking_style
from poolviz.language import _, ngettext
from poolviz.text.pieces import plotly_text
from poolviz.trust.text.rankings import RANKINGS
from poolviz.values.interval import Interval

_ROW = 17  # pixels of one ranking
_SPACE = 1.5  # rankings' height between two heads
_AXES = 110


def ranking_chart(table: pd.DataFrame, measure: str, notes: Sequence[str]) -> Figure:
    """Means with intervals, a group for each head and a point for each ranking.

    Parameters
    ----------
    table : columns `head`, as it is to be shown, `ranking`, a key of `RANKINGS`, `value`, `low`,
        `high` and `n`.
    measure : what the numbers are, with an arrow for the direction that is better.
    notes : sentences under the title.
    """
    traces = []
    for ranking, lines, levels in _groups(table):
        style = ranking_style(ranking)
        colour = style["line"]["color"]
        traces.append(
            {
                "type": "scatter",
                "x": lines["value"],
                "y": levels,
                "name": plotly_text(_(RANKINGS[ranking])),
                "mode": "markers",
                "marker": {**style["marker"], "size": 9, "color": colour},
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": lines["high"] - lines["value"],
                    "arrayminus": lines["value"] - lines["low"],
                    "color": colour,
                    "thickness": 2,
                    "width": 0,
                },
                "customdata": [
                    f"{plotly_text(head)}<br>{Interval(*mean).as_number()}, n {n:,}"
                    for head, *mean, n in lines[["head", "value", "low", "high", "n"]].itertuples(
                        index=False
                    )
                ],
                "hovertemplate": "%{fullData.name}<br>%{customdata}<extra></extra>",
            }
        )
    return _chart(traces, table, measure, notes)


def distribution_chart(table: pd.DataFrame, measure: str, notes: Sequence[str]) -> Figure:
    """How the numbers of single rows are spread: a box for each head and ranking.

    Parameters
    ----------
    table : columns `head` and `ranking` as for `ranking_chart`, and the five numbers of a box:
        `lowest`, `first`, `median`, `third`, `highest`, the ends at 5 and 95 % of the rows.
    measure, notes : as for `ranking_chart`.
    """
    traces = []
    for ranking, lines, levels in _groups(table):
        colour = ranking_style(ranking)["line"]["color"]
        traces.append(
            {
                "type": "box",
                "y": levels,
                "q1": lines["first"],
                "median": lines["median"],
                "q3": lines["third"],
                "lowerfence": lines["lowest"],
                "upperfence": lines["highest"],
                "orientation": "h",
                "name": plotly_text(_(RANKINGS[ranking])),
                "width": 0.7,
                "line": {"color": colour, "width": 1.5},
            }
        )
    return _chart(traces, table, measure, notes)


def _groups(table: pd.DataFrame):
    """For each ranking there is its key, its lines, and their levels on the axis of heads."""
    heads = list(dict.fromkeys(table["head"]))
    rankings = [ranking for ranking in RANKINGS if ranking in set(table["ranking"])]
    for number, ranking in enumerate(rankings):
        lines = table[table["ranking"] == ranking]
        levels = [heads.index(head) * (len(rankings) + _SPACE) + number for head in lines["head"]]
        yield ranking, lines, levels


def _chart(
    traces: Sequence[Trace], table: pd.DataFrame, measure: str, notes: Sequence[str]
) -> Figure:
    heads = list(dict.fromkeys(table["head"]))
    rankings = table["ranking"].nunique()
    group = rankings + _SPACE
    middles = np.arange(len(heads)) * group + (rankings - 1) / 2
    end = len(heads) * group - _SPACE
    height = int(_ROW * end) + _AXES
    return figure(
        traces,
        title=measure,
        notes=notes,
        alt=ngettext(
            "{measure}: {rankings} rankings of {heads} head.",
            "{measure}: {rankings} rankings of each of {heads} heads.",
            len(heads),
        ).format(measure=measure, rankings=rankings, heads=len(heads)),
        width=860,
        height=height,
        shapes=[
            across(number * group - (_SPACE + 1) / 2, {"color": colours.GRID, "width": 1})
            for number in range(1, len(heads))
        ],
        xaxis=GRID | {"title": {"text": plotly_text(measure)}},
        yaxis=row_axis(heads) | {"tickvals": middles, "range": [end - 0.25, -0.75]},
        legend={"orientation": "h", "y": -70 / (height - _AXES + 70)},
    )
