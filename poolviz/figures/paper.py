"""Figures made ready for files: white paper, dark text, and vectors where Plotly draws pictures."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from poolviz.figures import colours

_FILLED = 0.94  # share of a heatmap's cell that is tinted
_WIDTH, _HEIGHT = 900, 500


def for_paper(figure: go.Figure) -> go.Figure:
    """A copy for static files, of the width that `layout.meta` gives.

    Plotly puts a heatmap into SVG and PDF as a bitmap; here its cells become bars, which stay
    vectors.
    """
    paper = go.Figure(figure)
    paper.data = ()
    for trace in figure.data:
        paper.add_traces(_cells(trace) if trace.type == "heatmap" else [trace])
    meta = figure.layout.meta or {}
    paper.update_layout(
        width=figure.layout.width or meta.get("width", _WIDTH),
        height=figure.layout.height or _HEIGHT,
        barmode="overlay",
        template="none",
        paper_bgcolor="white",
        plot_bgcolor="white",
        font={"color": colours.PAPER_TEXT},
    )
    return paper


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
