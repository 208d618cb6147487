"""Charts of the Results page (Altair): accuracies with intervals, confusion of classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from poolviz.figures import colours
from poolviz.language import _
from poolviz.values.interval import Interval

_ROW, _AXIS = 30, 80  # pixels of a head in the chart of accuracies, and of the axis below
_CELL = 34  # pixels of a class in a confusion matrix, its axes aside
_AXES = 150
_SLANTED = 20  # class names that find room when slanted


def accuracy_chart(
    names: Sequence[str],
    accuracies: Sequence[Interval],
    seeds: Sequence[Sequence[float]],
) -> alt.LayerChart | alt.FacetChart:
    """Each head's accuracy as a point on its interval, and a tick for each of its trainings.

    Parameters
    ----------
    names : of the heads, from top to bottom.
    accuracies : for each head a share, from 0 to 1.
    seeds : for each head the accuracies of its trainings; may be empty.
    """
    table = pd.DataFrame(
        [{"head": name, **asdict(figure)} for name, figure in zip(names, accuracies, strict=True)]
    )
    base = alt.Chart(table).encode(
        y=alt.Y("head:N", title=None, sort=None, axis=alt.Axis(labelLimit=300, labelFlush=False))
    )
    interval = base.mark_rule(strokeWidth=3, color=colours.INTERVAL).encode(
        x=alt.X(
            "low:Q",
            title=_("Test accuracy"),
            scale=alt.Scale(zero=False),
            axis=alt.Axis(format=".1%"),
        ),
        x2="high:Q",
    )
    point = base.mark_point(filled=True, size=90, color=colours.POINT, opacity=1).encode(
        x="value:Q",
        tooltip=[
            alt.Tooltip("head:N", title=_("Head")),
            alt.Tooltip("value:Q", title=_("Test accuracy"), format=".2%"),
            alt.Tooltip("low:Q", title="2.5 %", format=".2%"),
            alt.Tooltip("high:Q", title="97.5 %", format=".2%"),
        ],
    )
    trainings = pd.DataFrame(
        [(name, value) for name, values in zip(names, seeds, strict=True) for value in values],
        columns=["head", "value"],
    )
    tick = (
        alt.Chart(trainings)
        .mark_tick(color=colours.COMPARED, thickness=2, size=22)
        .encode(
            x="value:Q",
            y=alt.Y("head:N", sort=None),
            tooltip=[
                alt.Tooltip("head:N", title=_("Head")),
                alt.Tooltip("value:Q", title=_("Accuracy of one training"), format=".2%"),
            ],
        )
    )
    return (interval + tick + point).properties(height=_ROW * len(names) + _AXIS)


def confusion_chart(
    counts: np.ndarray, classes: Sequence[str], rows: str, columns: str
) -> alt.LayerChart | alt.FacetChart:
    """Counts of classes against classes, tinted by their share of the row.

    Parameters
    ----------
    counts : (K, K).
    classes : K names.
    rows, columns : what the two axes are.
    """
    table = pd.DataFrame(list(_cells(counts, classes)))
    order = list(classes)
    # Names of many classes stand too close together to be slanted.
    angle = -40 if len(classes) <= _SLANTED else -90
    axis = alt.Axis(labelLimit=120, labelAngle=angle, labelOverlap=False, labelFlush=False)
    base = alt.Chart(table).encode(
        x=alt.X("column:N", title=columns, sort=order, axis=axis),
        y=alt.Y("row:N", title=rows, sort=order, axis=alt.Axis(labelFlush=False)),
        tooltip=[
            alt.Tooltip("row:N", title=rows),
            alt.Tooltip("column:N", title=columns),
            alt.Tooltip("count:Q", title=_("Rows")),
            alt.Tooltip("share:Q", title=_("Share of the row"), format=".1%"),
        ],
    )
    tint = alt.Color("share:Q", scale=alt.Scale(scheme="purples", domain=[0, 1]), legend=None)
    text = alt.condition("datum.share > 0.5", alt.value("white"), alt.value("black"))
    cells = base.mark_rect().encode(color=tint)
    numbers = base.mark_text(fontSize=11).encode(text="count:Q", color=text)
    size = max(_CELL * len(classes), 90)
    # The page gives a chart the size of its outside, axes included.
    return (cells + numbers).properties(
        width=size + _AXES, height=size + _AXES, autosize={"type": "fit", "contains": "padding"}
    )


def _cells(counts: np.ndarray, classes: Sequence[str]) -> list[dict[str, Any]]:
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return [
        {
            "row": row,
            "column": column,
            "count": int(counts[i, j]),
            "share": float(shares[i, j]),
        }
        for i, row in enumerate(classes)
        for j, column in enumerate(classes)
    ]
