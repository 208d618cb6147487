"""Values over the positions of a text, one line per weight row of each head."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolviz.figures import colours
from poolviz.figures.binning import binned
from poolviz.figures.figure import Figure, Trace
from poolviz.figures.heaviest import heads_with_heaviest
from poolviz.figures.layout import broken, column_names, figure, token_axis
from poolviz.figures.method import method_of
from poolviz.language import _, ngettext
from poolviz.text.pieces import plotly_text
from poolviz.views.captions import number, treatment
from poolviz.views.panel import Panel, Row

_DASHES = ("solid", "dash", "dashdot", "longdash")
_MARKERS = ("circle", "square", "diamond", "cross", "triangle-up", "x", "star", "hexagon")
_MAX_POINTS = 1000
_MAX_MARKED = 150  # markers of more tokens would hide the lines


def lines(panel: Panel) -> Figure:
    """Line chart with a trace per row, which the legend switches on and off.

    A dotted line shows what average pooling gives (weights) or zero (contributions). Texts of more
    than a thousand tokens have several tokens per point, which the axis and the caption say.
    """
    said = heads_with_heaviest(panel)
    panel = binned(panel, _MAX_POINTS)
    names = column_names(panel)
    traces = [_trace(row, index, names) for index, row in enumerate(panel.rows)]
    if panel.reference is not None:
        traces.append(_reference_trace(panel, panel.reference))
    return figure(
        traces,
        title=_("Along the text: {unit}").format(unit=panel.unit),
        notes=(*treatment(panel), method_of(panel)),
        alt=_alt_text(panel, said),
        width=max(860, 240 + 14 * min(len(panel.tokens), 120)),
        height=380,
        xaxis=token_axis(panel),
        yaxis={
            "title": {"text": broken(panel.unit, 48)},
            "rangemode": "normal" if panel.diverging else "tozero",
            "zeroline": False,
            "gridcolor": colours.GRID,
            "automargin": True,
        },
    )


def line_style(index: int) -> dict[str, Any]:
    """Colour, dashes and markers of the line with this number: to be told apart without colour."""
    return {
        "line": {
            "color": colours.LINES[index % len(colours.LINES)],
            "dash": _DASHES[index % len(_DASHES)],
            "width": 2,
        },
        "marker": {"symbol": _MARKERS[index % len(_MARKERS)], "size": 7},
    }


def _trace(row: Row, index: int, names: list[str]) -> Trace:
    return {
        "type": "scatter",
        "x": np.arange(len(row.values)),
        "y": row.values,
        "name": plotly_text(row.label),
        "mode": "lines+markers" if len(row.values) <= _MAX_MARKED else "lines",
        "customdata": [
            f"{name}<br>{number(value)}" for name, value in zip(names, row.values, strict=True)
        ],
        "hovertemplate": "%{fullData.name}<br>%{customdata}<extra></extra>",
        **line_style(index),
    }


def _reference_trace(panel: Panel, level: np.ndarray) -> Trace:
    zero = panel.view.quantity == "contribution"
    return {
        "type": "scatter",
        "x": np.arange(len(level)),
        "y": level,
        "name": _("zero") if zero else _("average pooling"),
        "mode": "lines",
        "line": {"color": colours.OTHER, "dash": "dot", "width": 2},
        "hoverinfo": "skip",
    }


def _alt_text(panel: Panel, heads: str) -> str:
    count = len(panel.rows[0].explanation.tokens)
    return ngettext(
        "Line chart of {unit} over {count} token, one line for each of {heads}.",
        "Line chart of {unit} over {count} tokens, one line for each of {heads}.",
        count,
    ).format(
        unit=panel.unit,
        count=count,
        heads=heads,
    )
