"""The colours of rankings, the same in all figures: weights violet, as everywhere."""

from __future__ import annotations

from poolviz.figures import colours

RANKING_COLOURS = {
    "weight": "#a876e8",
    "absolute": "#b8860b",
    "contribution": "#498edf",
    "gradient": "#d55e00",
    "leave-one-out": "#009e73",
    "random": colours.FRAME,
    "uniform": colours.FRAME,
}
