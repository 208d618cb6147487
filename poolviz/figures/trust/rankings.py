"""Figures of one text on the Trust page: erasing it step by step, and where rankings disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from poolviz.figures import colours
from poolviz.figures.figure import Figure, across, upright
from poolviz.figures.layout import figure, row_axis
from poolviz.figures.texts.lines import line_style
from poolviz.figures.trust.palette import RANKING_COLOURS
from poolviz.language import _, ngettext
from poolviz.text.pieces import as_label, plotly_text
from poolviz.trust.text.rankings import APART, CONTROLS, RANKINGS
from poolviz.views.captions import number

GRID = {"gridcolor": colours.GRID, "zeroline": False, "automargin": True}
_AXIS = (-0.04, 1.04)
_QUIET = {"random": "dot", "uniform": "dash"}  # controls, so that the others stand out
_NAMED = 4  # units whose text stands beside their point
_LABEL = 6  # characters of it
_CIRCLE = 15  # pixels of a tau of 1
_WIDTH = 620


def ranking_style(ranking: str) -> dict[str, Any]:
    """Line and marker of a ranking, the same in all figures."""
    style = line_style(list(RANKINGS).index(ranking))
    style["line"]["color"] = RANKING_COLOURS[ranking]
    if ranking in CONTROLS:
        style["line"] |= {"dash": _QUIET[ranking], "width": 1.5}
    elif ranking == "weight":
        style["line"]["width"] = 3
    return style


def erasure_curves(
    title: str, curves: Mapping[str, np.ndarray], inserting: bool, notes: Sequence[str]
) -> Figure:
    """The class's probability while a text is erased, or put in, in the order of rankings.

    Parameters
    ----------
    title : whose curves these are.
    curves : for each ranking (S + 1,) probabilities.
    inserting : whether units are put in rather than erased.
    notes : sentences under the title: the way to erase, segments, ties.
    """
    traces = [
        {
            "type": "scatter",
            "x": np.linspace(0, 1, len(values)),
            "y": values,
            "name": plotly_text(_(RANKINGS[ranking])),
            "mode": "lines",
            "hovertemplate": "%{fullData.name}<br>%{x:.0%}: %{y:.3f}<extra></extra>",
            "line": ranking_style(ranking)["line"],
        }
        for ranking, values in curves.items()
    ]
    share = _("share of the text put in") if inserting else _("share of the text erased")
    return figure(
        traces,
        title=title,
        notes=notes,
        alt=_("{title}: the probability of the predicted class over the {share}.").format(
            title=title, share=share
        ),
        width=_WIDTH,
        height=330,
        xaxis=GRID | {"title": {"text": share}, "tickformat": ".0%", "dtick": 0.25, "range": _AXIS},
        yaxis=GRID | {"title": {"text": _("probability of the class")}, "range": _AXIS},
        legend={"orientation": "h", "y": -0.28},
    )


def weight_against_contribution(
    title: str,
    names: Sequence[str],
    weights: np.ndarray,
    contributions: np.ndarray,
    uniform: float,
    apart: np.ndarray | None,
    notes: Sequence[str],
) -> Figure:
    """Each unit by its weight and its contribution; those that the two rank most unlike are named.

    Parameters
    ----------
    names : of S units.
    weights, contributions : (S,).
    uniform : the weight of every token under average pooling, which a line marks.
    apart : (S,) as of `poolviz.trust.text.reading.Reading.apart`; None names nobody, and neither is
        a unit named that is not far apart.
    notes : sentences under the title.
    """
    labels = ["" for _name in names]
    far = np.zeros(len(names)) if apart is None else np.abs(apart)
    for index in map(int, np.argsort(-far, kind="stable")[:_NAMED]):
        if far[index] >= APART:
            labels[index] = plotly_text(as_label(names[index], limit=_LABEL))
    points = {
        "type": "scatter",
        "x": weights,
        "y": contributions,
        "text": labels,
        "mode": "markers+text",
        "textposition": _positions(weights),
        "customdata": [
            f"{plotly_text(as_label(name, limit=40))}<br>{number(x)} · {number(y)}"
            for name, x, y in zip(names, weights, contributions, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "size": 9,
            "opacity": 0.8,
            "color": [
                colours.css(colours.POSITIVE if y >= 0 else colours.NEGATIVE) for y in contributions
            ],
        },
    }
    axis = GRID | {"exponentformat": "none"}
    return figure(
        [points],
        title=title,
        notes=notes,
        alt=ngettext(
            "{title}: a point for {count} token or segment.",
            "{title}: a point for each of {count} tokens or segments.",
            len(names),
        ).format(title=title, count=len(names)),
        width=_WIDTH,
        height=330,
        shapes=[
            across(0, {"color": colours.RULE, "width": 1}),
            upright(uniform, {"color": colours.RULE, "width": 1, "dash": "dot"}),
        ],
        xaxis=axis | {"title": {"text": _("weight")}, "rangemode": "tozero", "nticks": 6},
        yaxis=axis | {"title": {"text": _("contribution to the class")}},
    )


def agreement_matrix(
    title: str, rankings: Sequence[str], taus: np.ndarray, notes: Sequence[str]
) -> Figure:
    """Kendall's tau-b of every ranking with every other one.

    Parameters
    ----------
    rankings : R keys of `RANKINGS`.
    taus : (R, R), NaN where a ranking ranks nothing.
    notes : sentences under the title.
    """
    count = len(rankings)
    labels = [_(RANKINGS[ranking]) for ranking in rankings]
    rows, columns = np.nonzero(~np.eye(count, dtype=bool))
    values = taus[rows, columns]
    sizes = np.abs(np.nan_to_num(values))
    # Numbers stand beside the circles, so that they read on light and dark pages alike.
    circles = {
        "type": "scatter",
        "x": columns - 0.25,
        "y": rows,
        "text": [_("n/a") if np.isnan(tau) else f"{tau:.2f}" for tau in values],
        "textposition": "middle right",
        "mode": "markers+text",
        "hoverinfo": "skip",
        "marker": {
            "size": 3 + _CIRCLE * sizes,
            "opacity": 0.9,
            "line": {"width": 0},
            "color": [
                colours.css(colours.NEGATIVE if tau < 0 else colours.POSITIVE) for tau in values
            ],
        },
    }
    axis = row_axis(labels)
    return figure(
        [circles],
        title=title,
        notes=notes,
        alt=title,
        width=_WIDTH,
        height=330,
        xaxis=axis | {"range": [-0.6, count - 0.4], "tickangle": -30},
        yaxis=axis,
    )


def _positions(weights: np.ndarray) -> list[str]:
    """Labels of the heaviest points stand to their left, so that none leaves the figure."""
    border = weights.max() * 0.75
    return ["middle left" if weight > border else "middle right" for weight in weights]
