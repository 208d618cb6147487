"""Figures of how heads divide their weight: divergences, along the text, rows switched off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from poolviz.figures import colours
from poolviz.figures.figure import Figure, Trace, across
from poolviz.figures.layout import broken, figure, row_axis
from poolviz.figures.texts.lines import line_style
from poolviz.language import _, listed, ngettext
from poolviz.text.pieces import plotly_text, shortened
from poolviz.values.explanation import Explanation
from poolviz.views.captions import method, number

_CELL = 56
_CLASSES = 5
_CLASS_HEIGHT = 46
_LABEL_UNITS = 11  # narrow characters that fit under a cell, on a phone too
_FAINTEST = 0.2
_ROOM_FOR_NUMBERS = 1.3  # end of an axis of shares: "100.0%" stands beside its bar on a phone


def divergence_matrix(names: Sequence[str], matrix: np.ndarray, note: str) -> Figure:
    """Heatmap with a number in each cell: how far apart the weights of two rows lie.

    Parameters
    ----------
    names : H names of weight rows.
    matrix : (H, H) Jensen-Shannon divergences in nats.
    note : what was measured, for the line under the title.
    """
    count = len(names)
    high = float(matrix.max())
    labels = [broken(name, _LABEL_UNITS) for name in names]
    cells = {
        "type": "heatmap",
        "z": matrix,
        "zmin": 0,
        "zmax": high or 1.0,
        "colorscale": [(0, _tint(_FAINTEST)), (1, _tint(1.0))],
        "xgap": 2,
        "ygap": 2,
        "showscale": False,
        "texttemplate": "%{z:.3f}",
        "textfont": {"color": colours.PAPER_TEXT, "size": 13},
        "customdata": [[f"{plotly_text(a)}<br>{plotly_text(b)}" for b in names] for a in names],
        "hovertemplate": "%{customdata}<br>%{z:.4f}<extra></extra>",
    }
    axis = row_axis(names) | {"ticktext": labels, "fixedrange": True}
    return figure(
        [cells],
        title=_("Divergence of the weight rows (Jensen-Shannon, nats)"),
        notes=(
            _("0: the same weights; ln 2 = 0.693: no token in common. Colours: 0 – {high}.").format(
                high=number(high)
            ),
            note,
        ),
        alt=_("Matrix of Jensen-Shannon divergences between {names}.").format(names=listed(names)),
        width=430,
        height=_CELL * count + 50,
        xaxis=axis | {"range": [-0.5, count - 0.5], "tickangle": 0},
        yaxis=axis,
    )


def before_and_after(explanation: Explanation, after: np.ndarray) -> Figure:
    """Bars of the class probabilities with all weight rows, and without the ones switched off.

    Shows the classes that are among the five most probable of either.

    Parameters
    ----------
    after : (K,) probabilities without the rows.
    """
    before = explanation.probabilities
    chosen = _most_probable(before, after)
    bars = [
        _bars(_("all weight rows"), before[chosen], colours.OTHER),
        _bars(_("those switched on"), after[chosen], colours.PREDICTED),
    ]
    notes = [method(explanation)]
    if len(chosen) < len(before):
        left = len(before) - len(chosen)
        notes.append(
            ngettext(
                "{count} less probable class is left out.",
                "{count} less probable classes are left out.",
                left,
            ).format(count=left)
        )
    return figure(
        bars,
        title=_("Class probabilities"),
        notes=notes,
        alt=_(
            "Probabilities: {before} {share} with all weight rows, {after} {new_share} with those "
            "switched on."
        ).format(
            before=explanation.predicted,
            share=f"{before.max():.1%}",
            after=explanation.classes[int(after.argmax())],
            new_share=f"{after.max():.1%}",
        ),
        width=560,
        height=_CLASS_HEIGHT * len(chosen) + 40,
        xaxis={"range": [0, _ROOM_FOR_NUMBERS], "visible": False, "fixedrange": True},
        yaxis=row_axis([shortened(explanation.classes[k], limit=24) for k in chosen])
        | {"fixedrange": True},
        bargap=0.3,
        legend={"orientation": "h", "traceorder": "normal", "y": 0, "yanchor": "top"},
    )


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


def _tint(fraction: float) -> str:
    """An opaque tint of the weights' hue, on which dark text reads whatever the page's theme."""
    return colours.css(colours.over(fraction, diverging=False))


def _most_probable(before: np.ndarray, after: np.ndarray) -> list[int]:
    """Columns among the most probable of either, by falling probability before."""
    top = {k for values in (before, after) for k in np.argsort(-values, kind="stable")[:_CLASSES]}
    return sorted((int(k) for k in top), key=lambda k: -before[k])


def _bars(name: str, values: np.ndarray, colour: str) -> Trace:
    return {
        "type": "bar",
        "x": values,
        "y": list(range(len(values))),
        "name": name,
        "orientation": "h",
        "marker": {"color": colour},
        "text": [f"{value:.1%}" for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
