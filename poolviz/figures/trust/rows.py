"""Figures of a test set on the Trust page: rankings of every head, and how rows are spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from poolviz.figures import colours
from poolviz.figures.layout import finish
from poolviz.figures.trust.rankings import GRID, ranking_style
from poolviz.language import _, ngettext
from poolviz.text.pieces import plotly_text
from poolviz.trust.text.rankings import RANKINGS
from poolviz.values.interval import Interval

_ROW = 17  # pixels of one ranking
_SPACE = 1.5  # rankings' height between two heads
_AXES = 110


def ranking_chart(table: pd.DataFrame, measure: str, notes: Sequence[str]) -> go.Figure:
    """Means with intervals, a group for each head and a point for each ranking.

    Parameters
    ----------
    table : columns `head`, as it is to be shown, `ranking`, a key of `RANKINGS`, `value`, `low`,
        `high` and `n`.
    measure : what the numbers are, with an arrow for the direction that is better.
    notes : sentences under the title.
    """
    figure = go.Figure()
    for ranking, lines, levels in _groups(table):
        style = ranking_style(ranking)
        colour = style["line"]["color"]
        figure.add_trace(
            go.Scatter(
                x=lines["value"],
                y=levels,
                name=plotly_text(_(RANKINGS[ranking])),
                mode="markers",
                marker={**style["marker"], "size": 9, "color": colour},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": lines["high"] - lines["value"],
                    "arrayminus": lines["value"] - lines["low"],
                    "color": colour,
                    "thickness": 2,
                    "width": 0,
                },
                customdata=[
                    f"{plotly_text(head)}<br>{Interval(*figure).as_number()}, n {n:,}"
                    for head, *figure, n in lines[["head", "value", "low", "high", "n"]].itertuples(
                        index=False
                    )
                ],
                hovertemplate="%{fullData.name}<br>%{customdata}<extra></extra>",
            )
        )
    return _finished(figure, table, measure, notes)


def distribution_chart(table: pd.DataFrame, measure: str, notes: Sequence[str]) -> go.Figure:
    """How the numbers of single rows are spread: a box for each head and ranking.

    Parameters
    ----------
    table : columns `head` and `ranking` as for `ranking_chart`, and the five numbers of a box:
        `lowest`, `first`, `median`, `third`, `highest`, the ends at 5 and 95 % of the rows.
    measure, notes : as for `ranking_chart`.
    """
    figure = go.Figure()
    for ranking, lines, levels in _groups(table):
        colour = ranking_style(ranking)["line"]["color"]
        figure.add_trace(
            go.Box(
                y=levels,
                q1=lines["first"],
                median=lines["median"],
                q3=lines["third"],
                lowerfence=lines["lowest"],
                upperfence=lines["highest"],
                orientation="h",
                name=plotly_text(_(RANKINGS[ranking])),
                width=0.7,
                line={"color": colour, "width": 1.5},
            )
        )
    return _finished(figure, table, measure, notes)


def _groups(table: pd.DataFrame):
    """For each ranking there is its key, its lines, and their levels on the axis of heads."""
    heads = list(dict.fromkeys(table["head"]))
    rankings = [ranking for ranking in RANKINGS if ranking in set(table["ranking"])]
    for number, ranking in enumerate(rankings):
        lines = table[table["ranking"] == ranking]
        levels = [heads.index(head) * (len(rankings) + _SPACE) + number for head in lines["head"]]
        yield ranking, lines, levels


def _finished(
    figure: go.Figure, table: pd.DataFrame, measure: str, notes: Sequence[str]
) -> go.Figure:
    heads = list(dict.fromkeys(table["head"]))
    rankings = table["ranking"].nunique()
    group = rankings + _SPACE
    middles = np.arange(len(heads)) * group + (rankings - 1) / 2
    end = len(heads) * group - _SPACE
    figure.update_xaxes(title={"text": plotly_text(measure)}, **GRID)
    figure.update_yaxes(
        tickvals=middles,
        ticktext=[plotly_text(head) for head in heads],
        range=[end - 0.25, -0.75],
        showgrid=False,
        zeroline=False,
        automargin=True,
    )
    for number in range(1, len(heads)):
        figure.add_hline(
            y=number * group - (_SPACE + 1) / 2, line={"color": colours.GRID, "width": 1}
        )
    height = int(_ROW * end) + _AXES
    figure.update_layout(legend={"orientation": "h", "y": -70 / (height - _AXES + 70)})
    alt_text = ngettext(
        "{measure}: {rankings} rankings of {heads} head.",
        "{measure}: {rankings} rankings of each of {heads} heads.",
        len(heads),
    ).format(measure=measure, rankings=rankings, heads=len(heads))
    return finish(figure, title=measure, notes=notes, alt=alt_text, width=860, height=height)
