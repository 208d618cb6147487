"""A long text as a thin strip: where each head's weight lies, and which part is shown below."""

from __future__ import annotations

import numpy as np

from poolviz.figures import colours
from poolviz.figures.binning import binned
from poolviz.figures.figure import Figure
from poolviz.figures.layout import column_names, figure, row_axis
from poolviz.language import _, listed
from poolviz.views.panel import Panel

MAX_COLUMNS = 300
_ROW_HEIGHT = 16
_PALE = 3.0


def minimap(panel: Panel, part: range) -> Figure:
    """A strip with a row per head, each on a scale of its own, and a frame around `part`.

    Parameters
    ----------
    panel : what the view shows of the whole text.
    part : the tokens that are shown in full.
    """
    whole = binned(panel, MAX_COLUMNS)
    rows = whole.summaries
    tops = [_top(np.abs(row.values)) for row in rows]
    names = column_names(whole)
    strip = {
        "type": "heatmap",
        "z": np.round([row.values / top for row, top in zip(rows, tops, strict=True)], 4),
        "customdata": [names] * len(rows),
        "hovertemplate": "%{customdata}<extra></extra>",
        "zmin": -1 if panel.diverging else 0,
        "zmax": 1,
        "colorscale": colours.colorscale(panel.diverging),
        "showscale": False,
    }
    frame = {
        "type": "rect",
        "x0": part.start / whole.per_column - 0.5,
        "x1": part.stop / whole.per_column - 0.5,
        "y0": -0.5,
        "y1": len(rows) - 0.5,
        "line": {"color": colours.FRAME, "width": 2},
    }
    return figure(
        [strip],
        title=_("The whole text: {unit}").format(unit=panel.unit),
        notes=_notes(part),
        alt=_("Strip of {unit} along {count} tokens for {heads}.").format(
            unit=panel.unit,
            count=len(panel.tokens),
            heads=listed(row.label for row in rows),
        ),
        width=860,
        height=_ROW_HEIGHT * max(len(rows), 2) + 8,
        shapes=[frame],
        xaxis={"visible": False, "fixedrange": True},
        yaxis=row_axis([row.label for row in rows]) | {"fixedrange": True},
    )


def _top(values: np.ndarray) -> float:
    """The end of a row's scale: its largest value, but so far off that an even row stays pale."""
    return max(values.max(), _PALE * values.mean()) or 1.0


def _notes(part: range) -> tuple[str, str]:
    framed = _("Framed, and shown below: positions {first} to {last}.")
    return (
        _("Each head on a scale of its own."),
        framed.format(first=part.start + 1, last=part.stop),
    )
