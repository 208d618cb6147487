"""Figures made ready for files: white paper, dark text, and vectors where Plotly draws pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from poolviz.figures import colours
from poolviz.figures.figure import Figure, Trace
from poolviz.figures.layout import heading
from poolviz.figures.sheet import LETTERS, PAGE, Sheet
from poolviz.language import _
from poolviz.text.width import width_units

_FILLED = 0.94  # share of a heatmap's cell that is tinted
_LOWER = 0.85  # of its height on the page a chart keeps, since its letters are smaller
_BESIDE = 130  # pixels that names and a scale take beside the columns
_BELOW = {"orientation": "h", "yref": "container", "y": 0}  # a legend under the chart
_MARKS = 8  # numbers on an axis whose labels have no room


def for_paper(figure: Figure, sheet: Sheet) -> Figure:
    """A copy for static files: fitted to a sheet, all letters of one size, dark on white.

    Plotly puts a heatmap into SVG and PDF as a bitmap; here its cells become bars, which stay
    vectors. Labels of columns that have no room side by side become numbers.
    """
    data = [
        part
        for trace in figure.data
        for part in (_cells(trace) if trace["type"] == "heatmap" else [trace])
    ]
    return replace(
        figure,
        data=[_lettered(trace) for trace in data],
        layout=_lettered(_layout(figure, data, sheet)),
    )


def _layout(figure: Figure, data: Sequence[Trace], sheet: Sheet) -> dict[str, Any]:
    layout = figure.layout
    head, top = _heading(figure, sheet)
    head["margin"]["b"] = layout["margin"]["b"]
    paper = {
        "width": sheet.width,
        "height": top + _LOWER * (layout["height"] - layout["margin"]["t"]),
        "barmode": "overlay",
        "template": "none",
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "font": layout["font"] | {"color": colours.PAPER_TEXT},
    }
    if sheet.inches < PAGE:
        named = sum(bool(trace.get("showlegend", True) and trace.get("name")) for trace in data)
        paper["height"] += 1.5 * LETTERS * named
        paper["legend"] = _BELOW
    fitted = {
        name: _with_room(axis, sheet) for name, axis in layout.items() if name.startswith("xaxis")
    }
    return layout | head | paper | fitted


def _heading(figure: Figure, sheet: Sheet) -> tuple[dict[str, Any], int]:
    if sheet.titled:
        return heading(figure.title, figure.notes, sheet.width, (LETTERS, LETTERS))
    nothing: dict[str, Any] = {"title": {"text": "", "subtitle": {"text": ""}}}
    return nothing | {"margin": {"t": 8, "l": 8, "r": 8, "b": 8}}, 8


def _with_room(axis: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    """The axis with numbers where its labels would run into each other at the size of letters."""
    labels = axis.get("ticktext", ())
    if len(labels) < _MARKS:
        return axis
    first, last = axis.get("domain", (0, 1))
    room = (sheet.width - _BESIDE) * (last - first) / len(labels)
    upright = axis.get("tickangle") == -90
    widest = LETTERS if upright else max(map(width_units, labels)) * LETTERS / 2
    if room >= widest:
        return axis
    step = math.ceil(len(labels) / _MARKS)
    return axis | {
        "tickvals": axis["tickvals"][::step],
        "ticktext": [str(n) for n in range(1, len(labels) + 1, step)],
        "tickangle": 0,
        "title": {"text": _("position")},
    }


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


def _cells(heatmap: Trace) -> list[Trace]:
    """A bar trace for each row of a heatmap over columns 0 … C-1 and rows 0 … R-1."""
    axes = {name: heatmap[name] for name in ("xaxis", "yaxis") if name in heatmap}
    return [
        {
            "type": "bar",
            "x": np.arange(len(values)),
            "y": np.full(len(values), _FILLED),
            "base": index - _FILLED / 2,
            "width": _FILLED,
            "marker": {
                "color": values,
                "colorscale": colours.on_white(heatmap["colorscale"]),
                "cmin": heatmap["zmin"],
                "cmax": heatmap["zmax"],
                "showscale": index == 0 and heatmap.get("showscale", True),
                "colorbar": heatmap.get("colorbar", {}),
                "line": {"width": 0},
            },
            "showlegend": False,
            **axes,
        }
        for index, values in enumerate(np.asarray(heatmap["z"]))
    ]
