"""Which pairs of tokens make a score: a heatmap with the sentences' weights at its edges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from poolviz.figures import colours
from poolviz.figures.binning import binned
from poolviz.figures.figure import Figure, Trace
from poolviz.figures.heaviest import heaviest_pairs
from poolviz.figures.layout import column_names, figure, token_axis
from poolviz.language import _, ngettext
from poolviz.text.pieces import plotly_text
from poolviz.values.pairs import PairExplanation
from poolviz.views.captions import number, window_sentence
from poolviz.views.pairs import sentence_panels, title
from poolviz.views.panel import Panel

MAX_SIDE = 60  # cells in a row or a column
_CELL = 26  # pixels
_TOP = 70  # pixels of the bars above the cells
_AXIS = 60  # pixels of the labels below them
_SCALE = 50  # pixels of the colour scale
_MAIN = 0.847  # share of the width that the cells have; the bars beside them have the rest
_GAP = 0.015
_ABOVE = 8  # pixels between the cells and the bars above them


def pair_matrix(
    pair: PairExplanation,
    names: Sequence[str],
    shared: Sequence[tuple[int, int]] | None = None,
) -> Figure:
    """Heatmap with a row per token of the first sentence and a column per token of the second.

    Bars above and beside it are the sentences' weights. Long sentences have several tokens to a
    row or column, which axes and caption say.

    Parameters
    ----------
    pair : its cells must be there.
    names : of the two sentences.
    shared : positions of tokens that are marked as common to both; they are left out where several
        tokens share a cell.
    """
    assert pair.cells is not None, "its cells must be there"
    first, second = (binned(panel, MAX_SIDE) for panel in sentence_panels([pair]).values())
    cells = _summed(pair.cells, first, second)
    top = float(np.abs(cells).max())
    height = _CELL * max(len(first.tokens), 4)
    traces = [
        _heatmap(cells, top, first, second, height),
        _bars(second, "v"),
        _bars(first, "h"),
    ]
    if shared and first.per_column == second.per_column == 1:
        traces.append(_marks(shared))
    return figure(
        traces,
        title=_("{matcher}: pairs of tokens").format(matcher=title(pair)),
        notes=[" – ".join(names), *_notes(pair, first, second, top)],
        alt=_alt_text(pair, names),
        width=max(560, 160 + _CELL * len(second.tokens)),
        height=_TOP + height + _AXIS + _SCALE,
        **_axes(first, second, names, height),
        showlegend=False,
        bargap=0.15,
        margin={"b": _AXIS + _SCALE},
    )


def method_sentence(pair: PairExplanation) -> str:
    """What the cells add up to, and whether exactly."""
    if pair.exact:
        return _("The cells add up exactly to the score, the cosine {score}.").format(
            score=number(pair.score)
        )
    return _(
        "Estimate (gradient × input): the cells and a rest of {rest} add up to the score, the "
        "logit {score}."
    ).format(rest=number(pair.rest), score=number(pair.score))


def _summed(cells: np.ndarray, first: Panel, second: Panel) -> np.ndarray:
    """Cells of the tokens that stand in one row and column added up."""
    for axis, panel in enumerate((first, second)):
        starts = np.arange(0, cells.shape[axis], panel.per_column)
        cells = np.add.reduceat(cells, starts, axis=axis)
    return cells


def _heatmap(cells, top: float, first: Panel, second: Panel, height: int) -> Trace:
    names_a, names_b = column_names(first), column_names(second)
    ends = [-1, -0.5, 0, 0.5, 1] if top else [0]
    return {
        "type": "heatmap",
        "z": np.round(cells / (top or 1.0), 5),
        "customdata": [
            [f"{a}<br>{b}<br>{number(value)}" for b, value in zip(names_b, row, strict=True)]
            for a, row in zip(names_a, cells, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "zmin": -1,
        "zmax": 1,
        "colorscale": colours.colorscale(diverging=True),
        "xgap": 1,
        "ygap": 1,
        "colorbar": {
            "tickvals": ends,
            "ticktext": [number(end * top) for end in ends],
            "orientation": "h",
            "thickness": 12,
            "outlinewidth": 1,
            "outlinecolor": colours.RULE,
            "x": 0,
            "xanchor": "left",
            "len": _MAIN,
            "y": -_AXIS / (_TOP + height),
            "yanchor": "top",
        },
    }


def _bars(panel: Panel, orientation: str) -> Trace:
    """Upright ones above the cells, or lying ones beside them."""
    values = panel.summaries[0].values
    positions = np.arange(len(values))
    above = orientation == "v"
    return {
        "type": "bar",
        "x": positions if above else values,
        "y": values if above else positions,
        "xaxis": "x" if above else "x2",
        "yaxis": "y2" if above else "y",
        "orientation": orientation,
        "marker": {"color": colours.css(colours.WEIGHT), "line": {"width": 0}},
        "customdata": [
            f"{name}<br>{number(value)}"
            for name, value in zip(column_names(panel), values, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _marks(shared: Sequence[tuple[int, int]]) -> Trace:
    return {
        "type": "scatter",
        "x": [column for _row, column in shared],
        "y": [row for row, _column in shared],
        "mode": "markers",
        "marker": {
            "symbol": "square-open",
            "size": 15,
            "line": {"width": 2},
            "color": colours.FRAME,
        },
        "hoverinfo": "skip",
    }


def _axes(first: Panel, second: Panel, names: Sequence[str], height: int) -> dict[str, Any]:
    """The cells' two axes, which the bars share, and one of weights for either row of bars."""
    below, beside = token_axis(second), token_axis(first)
    said = below.get("title", {}).get("text")
    under = plotly_text(names[1]) if said is None else f"{plotly_text(names[1])}: {said}"
    cells = height / (_TOP + height + _ABOVE)
    weights = {
        "showgrid": False,
        "zeroline": False,
        "rangemode": "tozero",
        "nticks": 2,
        "tickangle": 0,
    }
    return {
        "xaxis": below | {"domain": [0, _MAIN], "title": {"text": under}},
        "yaxis": beside
        | {
            "domain": [0, cells],
            "range": [len(first.tokens) - 0.5, -0.5],
            "tickangle": 0,
            "title": {"text": plotly_text(names[0])},
        },
        "xaxis2": weights | {"domain": [_MAIN + _GAP, 1], "anchor": "y", "side": "top"},
        "yaxis2": weights | {"domain": [1 - _TOP / (_TOP + height + _ABOVE), 1], "anchor": "x"},
    }


def _notes(pair: PairExplanation, first: Panel, second: Panel, top: float) -> list[str]:
    notes = [
        _("What each pair adds to the score."),
        method_sentence(pair),
        _("Colours: {low} to {high}. Bars: the sentences' weights.").format(
            low=number(-top), high=number(top)
        ),
        window_sentence(pair.sides[0].window),
    ]
    for panel, what in (
        (first, _("{count} tokens per row: their cells summed, their weights averaged.")),
        (second, _("{count} tokens per column: their cells summed, their weights averaged.")),
    ):
        if panel.per_column > 1:
            notes.append(what.format(count=panel.per_column))
    return notes


def _alt_text(pair: PairExplanation, names: Sequence[str]) -> str:
    assert pair.cells is not None, "its cells must be there"
    rows, columns = pair.cells.shape
    return ngettext(
        "Heatmap of what each pair of tokens adds to the score {score}: {rows} token ({first}) "
        "by {columns} ({second}), {low} to {high}; most: {tokens}.",
        "Heatmap of what each pair of tokens adds to the score {score}: {rows} tokens ({first}) "
        "by {columns} ({second}), {low} to {high}; most: {tokens}.",
        rows,
    ).format(
        score=number(pair.score),
        rows=rows,
        columns=columns,
        first=names[0],
        second=names[1],
        low=number(pair.cells.min()),
        high=number(pair.cells.max()),
        tokens=heaviest_pairs(pair),
    )
