"""The highlight as a Plotly figure on a grid, so that files of all formats take one path."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from poolviz.figures import colours
from poolviz.figures.grid import Grid, lay_out
from poolviz.figures.layout import FONTS, finish
from poolviz.figures.texts.highlight import alt_text
from poolviz.language import _
from poolviz.text.pieces import plotly_text, shown
from poolviz.views.captions import method, number, reading_notes
from poolviz.views.panel import Panel, Row

# A fixed-width font for narrow characters keeps the text inside the grid's cells.
_GRID_FONTS = "'DejaVu Sans Mono', 'Liberation Mono', 'Noto Sans Mono', Menlo, Consolas, " + FONTS
_FONT_SIZE = 15
_UNIT = 9.05  # pixels a narrow character of these fonts takes at this size
_LINE_HEIGHT = 30
_SIDE = 8
_LEGEND_LINES = 2
_SCALE_START, _SCALE_UNITS, _SCALE_SLICES = 3, 30, 60


def highlight_figure(panel: Panel, index: int) -> go.Figure:
    """The text of one head with each token tinted by its value, in lines, on white.

    In vector formats text stays text and tints are rectangles. Unknown tokens have a dotted line
    below.

    Parameters
    ----------
    panel : what to show.
    index : which of the panel's summaries (heads).
    """
    row = panel.summaries[index]
    grid = lay_out(row.explanation.text, row.explanation.tokens)
    figure = go.Figure(
        [
            _tints(panel, row, grid),
            _texts(grid),
            _unknown_marks(row, grid),
            *_scale_bar(panel, row, grid),
        ]
    )
    figure.update_xaxes(range=[0, grid.units], visible=False, fixedrange=True)
    figure.update_yaxes(range=[grid.lines + _LEGEND_LINES, 0], visible=False, fixedrange=True)
    width = round(grid.units * _UNIT) + 2 * _SIDE
    height = (grid.lines + _LEGEND_LINES) * _LINE_HEIGHT
    title = _("{head}: {unit}").format(head=row.label, unit=row.unit)
    finish(figure, title, _notes(panel, row), alt_text(row), width, height)
    return figure.update_layout(
        showlegend=False,
        barmode="overlay",
        width=width,
        margin={"l": _SIDE, "r": _SIDE},
        paper_bgcolor="white",
        plot_bgcolor="white",
        font={"color": colours.PAPER_TEXT},
    )


def _notes(panel: Panel, row: Row) -> list[str]:
    return [*reading_notes(panel, row), method(row.explanation)]


def _tints(panel: Panel, row: Row, grid: Grid) -> go.Bar:
    cells = [cell for cell in grid.cells if cell.index is not None]
    fractions = row.fractions
    return go.Bar(
        x=[cell.start + cell.units / 2 for cell in cells],
        y=[0.8] * len(cells),
        base=[cell.line + 0.1 for cell in cells],
        width=[cell.units for cell in cells],
        marker={
            "color": [
                colours.css(colours.over(fractions[cell.index], panel.diverging)) for cell in cells
            ],
            "line": {"width": 0},
        },
        hovertext=[
            f"{plotly_text(shown(cell.text))}: {number(row.values[cell.index])}" for cell in cells
        ],
        hoverinfo="text",
    )


def _texts(grid: Grid) -> go.Scatter:
    cells = [cell for cell in grid.cells if cell.index is not None]
    return go.Scatter(
        x=[cell.start + cell.units / 2 for cell in cells],
        y=[cell.line + 0.5 for cell in cells],
        text=[plotly_text(cell.text) for cell in cells],
        mode="text",
        textposition="middle center",
        textfont={"family": _GRID_FONTS, "size": _FONT_SIZE, "color": "black"},
        hoverinfo="skip",
    )


def _unknown_marks(row: Row, grid: Grid) -> go.Scatter:
    tokens = row.explanation.tokens
    unknown = [c for c in grid.cells if c.index is not None and not tokens[c.index].known]
    return go.Scatter(
        x=[x for c in unknown for x in (c.start + 0.2, c.start + c.units - 0.2, None)],
        y=[y for c in unknown for y in (c.line + 0.88, c.line + 0.88, None)],
        mode="lines",
        line={"dash": "dot", "width": 1.5, "color": "black"},
        hoverinfo="skip",
    )


def _scale_bar(panel: Panel, row: Row, grid: Grid) -> list[go.Bar | go.Scatter]:
    """The colour scale under the text: slices of colour, and numbers at its ends and middle."""
    low = -1.0 if panel.diverging else 0.0
    fractions = np.linspace(low, 1.0, _SCALE_SLICES)
    slices = go.Bar(
        x=_SCALE_START + (np.arange(_SCALE_SLICES) + 0.5) * _SCALE_UNITS / _SCALE_SLICES,
        y=np.full(_SCALE_SLICES, 0.4),
        base=np.full(_SCALE_SLICES, grid.lines + 0.6),
        width=1.5 * _SCALE_UNITS / _SCALE_SLICES,  # overlapping, so that no seams show
        marker={
            "color": [colours.css(colours.over(f, panel.diverging)) for f in fractions],
            "line": {"width": 0},
        },
        hoverinfo="skip",
    )
    numbers = go.Scatter(
        x=_SCALE_START + _SCALE_UNITS * (np.array([0, 0.5, 1]) if row.high else np.array([0.5])),
        y=np.full(len(row.ends), grid.lines + 1.35),
        text=[number(value) for value in row.ends],
        mode="text",
        textfont={"size": 12, "color": colours.PAPER_TEXT},
        hoverinfo="skip",
    )
    return [slices, numbers]
