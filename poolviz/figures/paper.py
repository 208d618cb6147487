"""Figures made ready for files: white paper, dark text, and vectors where Plotly draws pictures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from poolviz.figures import colours
from poolviz.figures.layout import heading
from poolviz.figures.sheet import LETTERS, PAGE, Sheet
from poolviz.language import _
from poolviz.text.width import width_units

_FILLED = 0.94  # share of a heatmap's cell that is tinted
_HEIGHT = 500
_LOWER = 0.85  # of its height on the page a chart keeps, since its letters are smaller
_BESIDE = 130  # pixels that names and a scale take beside the columns
_BELOW = {"orientation": "h", "yref": "container", "y": 0}  # a legend under the chart
_MARKS = 8  # numbers on an axis whose labels have no room


def for_paper(figure: go.Figure, sheet: Sheet) -> go.Figure:
    """A copy for static files: fitted to a sheet, all letters of one size, dark on white.

    Plotly puts a heatmap into SVG and PDF as a bitmap; here its cells become bars, which stay
    vectors. Labels of columns that have no room side by side become numbers.
    """
    paper = go.Figure(figure)
    paper.data = ()
    for trace in figure.data:
        paper.add_traces(_cells(trace) if trace.type == "heatmap" else [trace])
    meta = figure.layout.meta or {}
    layout = figure.layout.to_plotly_json()
    below = layout.get("margin", {}).get("t", 0)
    head, top = _heading(meta, sheet)
    if "b" in layout.get("margin", {}):
        head["margin"]["b"] = layout["margin"]["b"]
    paper.update_layout(
        head,
        width=sheet.width,
        height=top + _LOWER * ((layout.get("height") or _HEIGHT) - below),
        barmode="overlay",
        template="none",
        paper_bgcolor="white",
        plot_bgcolor="white",
        font={"color": colours.PAPER_TEXT},
    )
    if sheet.inches < PAGE:
        named = sum(1 for trace in paper.data if trace.showlegend is not False and trace.name)
        paper.layout.height += 1.5 * LETTERS * named
        paper.layout.legend = _BELOW
    paper.for_each_xaxis(lambda axis: _fit_labels(axis, sheet))
    return go.Figure(
        data=[_lettered(trace.to_plotly_json()) for trace in paper.data],
        layout=_lettered(paper.layout.to_plotly_json()),
    )


def _heading(meta: dict[str, Any], sheet: Sheet) -> tuple[dict[str, Any], int]:
    if sheet.titled and "title" in meta:
        return heading(meta["title"], meta["notes"], sheet.width, (LETTERS, LETTERS))
    nothing: dict[str, Any] = {"title": {"text": "", "subtitle": {"text": ""}}}
    return nothing | {"margin": {"t": 8, "l": 8, "r": 8, "b": 8}}, 8


def _fit_labels(axis: go.layout.XAxis, sheet: Sheet) -> None:
    """Number the columns where their labels would run into each other at the size of letters."""
    labels = axis.ticktext
    if not labels or len(labels) < _MARKS or axis.tickvals is None:
        return
    first, last = axis.domain or (0, 1)
    room = (sheet.width - _BESIDE) * (last - first) / len(labels)
    upright = axis.tickangle == -90
    widest = LETTERS if upright else max(map(width_units, labels)) * LETTERS / 2
    if room < widest:
        step = math.ceil(len(labels) / _MARKS)
        axis.update(
            tickvals=axis.tickvals[::step],
            ticktext=[str(n) for n in range(1, len(labels) + 1, step)],
            tickangle=0,
            title={"text": _("position")},
        )


def _lettered(node: Any) -> Any:
    """A part of a figure's JSON with every font of the size that papers ask for."""
    if isinstance(node, dict):
        lettered = {
            key: value | {"size": LETTERS} if key.endswith("font") else _lettered(value)
            for key, value in node.items()
        }
        if isinstance(node.get("text"), str) and "font" not in node:  # the title of an axis
            lettered["font"] = {"size": LETTERS}
        return lettered
    return [_lettered(value) for value in node] if isinstance(node, list | tuple) else node


def _cells(heatmap: go.Heatmap) -> list[go.Bar]:
    """A bar trace for each row of a heatmap over columns 0 … C-1 and rows 0 … R-1."""
    rows = np.asarray(heatmap.z)
    return [
        go.Bar(
            x=np.arange(len(values)),
            y=np.full(len(values), _FILLED),
            xaxis=heatmap.xaxis,
            yaxis=heatmap.yaxis,
            base=index - _FILLED / 2,
            width=_FILLED,
            marker={
                "color": values,
                "colorscale": colours.on_white(heatmap.colorscale),
                "cmin": heatmap.zmin,
                "cmax": heatmap.zmax,
                "showscale": index == 0,
                "colorbar": heatmap.colorbar.to_plotly_json(),
                "line": {"width": 0},
            },
            showlegend=False,
        )
        for index, values in enumerate(rows)
    ]
