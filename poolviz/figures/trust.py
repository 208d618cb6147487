"""Charts of the Trust page: erasing a text step by step, and rankings over a test set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from poolviz.figures.colours import LINES, OTHER
from poolviz.figures.layout import finish
from poolviz.figures.lines import line_style
from poolviz.figures.pieces import plotly_text
from poolviz.language import _
from poolviz.trust.rankings import RANKINGS

_ROW = 15  # pixels of one interval
_AXIS = (-0.04, 1.04)
_CONTROLS = {"random": "dot", "uniform": "dash"}  # quiet lines, so that the others stand out
_LINES = {
    ranking: {"color": OTHER, "dash": _CONTROLS[ranking], "width": 1.5}
    if ranking in _CONTROLS
    else {**line_style(index)["line"], "width": 3 if ranking == "weight" else 2}
    for index, ranking in enumerate(RANKINGS)
}


def erasure_curves(
    title: str, curves: Mapping[str, np.ndarray], inserting: bool, notes: Sequence[str]
) -> go.Figure:
    """The class's probability while a text is erased, or put in, in the order of rankings.

    Parameters
    ----------
    title : whose curves these are.
    curves : for each ranking (S + 1,) probabilities.
    inserting : whether units are put in rather than erased.
    notes : sentences under the title: the way to erase, segments.
    """
    figure = go.Figure()
    for ranking, values in curves.items():
        figure.add_trace(
            go.Scatter(
                x=np.linspace(0, 1, len(values)),
                y=values,
                name=plotly_text(_(RANKINGS[ranking])),
                mode="lines",
                hovertemplate="%{fullData.name}<br>%{x:.0%}: %{y:.3f}<extra></extra>",
                line=_LINES[ranking],
            )
        )
    share = _("share of the text put in") if inserting else _("share of the text erased")
    grid = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "automargin": True}
    figure.update_xaxes(title={"text": share}, tickformat=".0%", dtick=0.25, range=_AXIS, **grid)
    figure.update_yaxes(title={"text": _("probability of the class")}, range=_AXIS, **grid)
    figure.update_layout(legend={"orientation": "h", "y": -0.28})
    alt_text = _("{title}: the probability of the predicted class over the {share}.").format(
        title=title, share=share
    )
    return finish(figure, title=title, notes=notes, alt=alt_text, width=620, height=330)


def ranking_chart(table: pd.DataFrame, measure: str) -> alt.LayerChart:
    """Means with intervals, a group for each head and a line for each ranking.

    Parameters
    ----------
    table : columns `head`, `ranking` (both as they are to be shown), `value`, `low`, `high`.
    measure : what the numbers are, with an arrow for the direction that is better.
    """
    rankings = list(dict.fromkeys(table["ranking"]))
    base = _grouped(table, rankings)
    interval = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=measure), x2="high:Q")
    point = base.mark_point(filled=True, size=60, opacity=1).encode(
        x="value:Q",
        tooltip=[
            alt.Tooltip("head:N", title=_("Head")),
            alt.Tooltip("ranking:N", title=_("Ranking")),
            *(alt.Tooltip(f"{name}:Q", format=".3f") for name in ("value", "low", "high")),
        ],
    )
    return (interval + point).properties(height=_height(table, rankings))


def distribution_chart(table: pd.DataFrame, measure: str) -> alt.Chart:
    """How the numbers of single rows are spread: a box for each head and ranking.

    Parameters
    ----------
    table : columns `head`, `ranking` (as they are to be shown) and the five numbers of a box:
        `lowest`, `first`, `median`, `third`, `highest`, the ends at 5 and 95 % of the rows.
    measure : what the numbers are.
    """
    rankings = list(dict.fromkeys(table["ranking"]))
    base = _grouped(table, rankings)
    reach = base.mark_rule().encode(x=alt.X("lowest:Q", title=measure), x2="highest:Q")
    box = base.mark_bar(height=_ROW - 6, opacity=0.55).encode(x="first:Q", x2="third:Q")
    middle = base.mark_tick(thickness=2, height=_ROW - 4).encode(
        x="median:Q",
        tooltip=[
            alt.Tooltip("head:N", title=_("Head")),
            alt.Tooltip("ranking:N", title=_("Ranking")),
            alt.Tooltip("median:Q", title=_("Median"), format=".3f"),
        ],
    )
    return (reach + box + middle).properties(height=_height(table, rankings))


def _grouped(table: pd.DataFrame, rankings: Sequence[str]) -> alt.Chart:
    """A group for each head, in it a line and a colour for each ranking."""
    return alt.Chart(table).encode(
        y=alt.Y("head:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
        yOffset=alt.YOffset("ranking:N", sort=rankings),
        color=alt.Color(
            "ranking:N",
            title=None,
            sort=rankings,
            scale=alt.Scale(domain=rankings, range=list(LINES[: len(rankings)])),
            legend=alt.Legend(orient="top", columns=2),
        ),
    )


def _height(table: pd.DataFrame, rankings: Sequence[str]) -> int:
    return _ROW * len(rankings) * table["head"].nunique() + 60
