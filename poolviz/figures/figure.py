"""A chart as Plotly reads it: plain traces and a plain layout, made without Plotly.

Plotly looks at every property that it is given, each time. Here a chart is written down in one go,
and Plotly sees it once, where it is drawn; tests hold every kind of chart to what Plotly knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Trace = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Figure:
    """A chart.

    Parameters
    ----------
    data : the traces, each with its `type`.
    layout : of the chart; it has a `height`, in pixels.
    title, notes : what stands above the plot, from which files set their headings anew.
    alt : one sentence for those who cannot see it.
    """

    data: Sequence[Trace]
    layout: dict[str, Any]
    title: str
    notes: Sequence[str]
    alt: str

    def plotly(self) -> Any:
        """The `plotly.graph_objects.Figure`.

        Raises
        ------
        ValueError : Plotly does not know a property, or not such a value of it.
        """
        import plotly.graph_objects as go  # loads slowly, and few pages draw a chart at once

        return go.Figure(list(self.data), self.layout)


def across(y: float, line: dict[str, Any]) -> dict[str, Any]:
    """A shape: a line over the whole width of the plot."""
    return {"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def upright(x: float, line: dict[str, Any]) -> dict[str, Any]:
    """A shape: a line over the whole height of the plot."""
    return {"type": "line", "yref": "y domain", "y0": 0, "y1": 1, "x0": x, "x1": x, "line": line}
