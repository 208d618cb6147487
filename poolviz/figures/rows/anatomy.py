"""Where along the text heads put their weight, over the test rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from poolviz.figures import colours
from poolviz.figures.figure import Figure, across
from poolviz.figures.layout import figure
from poolviz.figures.texts.lines import line_style
from poolviz.language import _, listed
from poolviz.text.pieces import plotly_text


def profile_lines(names: Sequence[str], profiles: np.ndarray) -> Figure:
    """Line chart of mean weight × tokens along the text; the legend switches lines on and off.

    Parameters
    ----------
    names : R names of weight rows.
    profiles : (R, bins), 1 where the weight is what average pooling gives.
    """
    bins = profiles.shape[1]
    parts = [f"{100 * b // bins}–{100 * (b + 1) // bins} %" for b in range(bins)]
    traces = [
        {
            "type": "scatter",
            "x": np.arange(bins),
            "y": values,
            "name": plotly_text(name),
            "mode": "lines+markers",
            "customdata": [
                f"{part}: {value:.2f}" for part, value in zip(parts, values, strict=True)
            ],
            "hovertemplate": "%{fullData.name}<br>%{customdata}<extra></extra>",
            **line_style(index),
        }
        for index, (name, values) in enumerate(zip(names, profiles, strict=True))
    ]
    return figure(
        traces,
        title=_("Position profile: where in the text the weight lies"),
        notes=(_("Mean over the test rows; 1, dotted, is what average pooling gives."),),
        alt=_("Line chart of mean weight along the text, one line for each of {names}.").format(
            names=listed(names)
        ),
        width=860,
        height=340,
        shapes=[across(1, {"color": colours.OTHER, "dash": "dot", "width": 2})],
        xaxis={
            "tickvals": list(range(bins)),
            "ticktext": parts,
            "title": {"text": _("position in the text")},
            "range": [-0.3, bins - 0.7],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
        },
        yaxis={
            "title": {"text": _("mean weight × tokens")},
            "zeroline": False,
            "gridcolor": colours.GRID,
            "automargin": True,
        },
    )
