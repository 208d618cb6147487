"""The colours of rankings, the same in all figures: weights violet, as everywhere."""

from __future__ import annotations

from poolviz.figures import colours

RANKING_COLOURS = {
    "weight": colours.LINES[3],
    "absolute": colours.LINES[4],
    "contribution": colours.LINES[0],
    "gradient": colours.LINES[1],
    "leave-one-out": colours.LINES[2],
    "random": colours.FRAME,
    "uniform": colours.FRAME,
}
