"""Which pairs of tokens make a score: a heatmap with the sentences' weights at its edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from poolviz.figures import colours
from poolviz.figures.binning import binned
from poolviz.figures.layout import column_names, finish, token_axis
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


def pair_matrix(
    pair: PairExplanation,
    names: Sequence[str],
    shared: Sequence[tuple[int, int]] | None = None,
) -> go.Figure:
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
    figure = make_subplots(
        rows=2,
        cols=2,
        row_heights=[_TOP, height],
        column_widths=[0.86, 0.14],
        horizontal_spacing=0.015,
        vertical_spacing=8 / (_TOP + height),
    )
    figure.add_trace(_heatmap(cells, top, first, second, height), row=2, col=1)
    figure.add_trace(_bars(second, "v"), row=1, col=1)
    figure.add_trace(_bars(first, "h"), row=2, col=2)
    if shared and first.per_column == second.per_column == 1:
        figure.add_trace(_marks(shared), row=2, col=1)
    _set_axes(figure, first, second, names)
    return finish(
        figure,
        title=_("{matcher}: pairs of tokens").format(matcher=title(pair)),
        notes=[" – ".join(names), *_notes(pair, first, second, top)],
        alt=_alt_text(pair, names),
        width=max(560, 160 + _CELL * len(second.tokens)),
        height=_TOP + height + _AXIS + _SCALE,
    ).update_layout(showlegend=False, bargap=0.15, margin_b=_AXIS + _SCALE)


def method_sentence(pair: PairExplanation) -> str:
    """Whether the cells are exact, and what they add up to."""
    if pair.exact:
        return _("Exact: the cells add up to the score, the cosine {score}.").format(
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


def _heatmap(cells, top: float, first: Panel, second: Panel, height: int) -> go.Heatmap:
    names_a, names_b = column_names(first), column_names(second)
    ends = [-1, -0.5, 0, 0.5, 1] if top else [0]
    return go.Heatmap(
        z=np.round(cells / (top or 1.0), 5),
        customdata=[
            [f"{a}<br>{b}<br>{number(value)}" for b, value in zip(names_b, row, strict=True)]
            for a, row in zip(names_a, cells, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
        zmin=-1,
        zmax=1,
        colorscale=colours.colorscale(diverging=True),
        xgap=1,
        ygap=1,
        colorbar={
            "tickvals": ends,
            "ticktext": [number(end * top) for end in ends],
            "orientation": "h",
            "thickness": 12,
            "outlinewidth": 1,
            "outlinecolor": colours.RULE,
            "x": 0,
            "xanchor": "left",
            "len": 0.86,
            "y": -_AXIS / (_TOP + height),
            "yanchor": "top",
        },
    )


def _bars(panel: Panel, orientation: str) -> go.Bar:
    values = panel.summaries[0].values
    positions = np.arange(len(values))
    across = orientation == "v"
    return go.Bar(
        x=positions if across else values,
        y=values if across else positions,
        orientation=orientation,
        marker={"color": colours.css(colours.WEIGHT), "line": {"width": 0}},
        customdata=[
            f"{name}<br>{number(value)}"
            for name, value in zip(column_names(panel), values, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _marks(shared: Sequence[tuple[int, int]]) -> go.Scatter:
    return go.Scatter(
        x=[column for _row, column in shared],
        y=[row for row, _column in shared],
        mode="markers",
        marker={"symbol": "square-open", "size": 15, "line": {"width": 2}, "color": colours.FRAME},
        hoverinfo="skip",
    )


def _set_axes(figure: go.Figure, first: Panel, second: Panel, names: Sequence[str]) -> None:
    across, down = token_axis(second), token_axis(first)
    rows = len(first.tokens)
    bare = {"showticklabels": False, "showgrid": False, "zeroline": False}
    weights = {
        "showgrid": False,
        "zeroline": False,
        "rangemode": "tozero",
        "nticks": 2,
        "tickangle": 0,
    }
    figure.update_xaxes(across, row=2, col=1)
    figure.update_yaxes(
        {**down, "range": [rows - 0.5, -0.5], "tickangle": 0, "title": None}, row=2, col=1
    )
    figure.update_xaxes({"range": across["range"], **bare}, row=1, col=1)
    figure.update_yaxes(weights, row=1, col=1)
    figure.update_yaxes({"range": [rows - 0.5, -0.5], **bare}, row=2, col=2)
    figure.update_xaxes({**weights, "side": "top"}, row=2, col=2)
    figure.update_yaxes(title={"text": plotly_text(names[0])}, row=2, col=1)
    below = across.get("title", {}).get("text")
    text = plotly_text(names[1]) if below is None else f"{plotly_text(names[1])}: {below}"
    figure.update_xaxes(title={"text": text}, row=2, col=1)


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
        "by {columns} ({second}), {low} to {high}.",
        "Heatmap of what each pair of tokens adds to the score {score}: {rows} tokens ({first}) "
        "by {columns} ({second}), {low} to {high}.",
        rows,
    ).format(
        score=number(pair.score),
        rows=rows,
        columns=columns,
        first=names[0],
        second=names[1],
        low=number(pair.cells.min()),
        high=number(pair.cells.max()),
    )
