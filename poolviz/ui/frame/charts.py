"""Plotly figures on pages."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from poolviz.figures import colours
from poolviz.figures.figure import Figure

# How the keys of figures begin that have a token on every step of an axis.
_BY_TOKEN = ("heatmap", "lines", "matrix_", "pairs_")
_SCALE = re.compile(r"[xy]axis\d*|colorbar")  # keys of what has numbers or names along it
# Their labels need room: on a phone such a figure scrolls sideways.
PHONE_STYLE = "<style>@media (max-width: 640px) {{{figures} {{min-width: 640px}}}}</style>".format(
    figures=", ".join(f'.stElementContainer[class*="st-key-{key}"] > div' for key in _BY_TOKEN)
)


def draw_chart(figure: Figure, key: str, toolbar: bool = True) -> None:
    """A figure with its description for screen readers, and with its toolbar or without."""
    config = {"displaylogo": False} if toolbar else {"displayModeBar": False}
    colour = colours.CHART_TEXT[st.context.theme.type or "light"]
    content = _legible({"data": list(figure.data), "layout": figure.layout}, colour)
    st.plotly_chart(content, key=key, config=config, alt=figure.alt)


def _legible(node: Any, colour: str) -> Any:
    """A chart with its numbers, names and notes in a colour; Streamlit would draw them in grey."""
    if not isinstance(node, dict):
        return [_legible(one, colour) for one in node] if isinstance(node, list) else node
    legible = {key: _legible(value, colour) for key, value in node.items()}
    for key, value in legible.items():
        if not isinstance(value, dict):  # a trace names its axis
            continue
        if key in ("title", "subtitle"):
            value["font"] = {"color": colour} | value.get("font", {})
        elif _SCALE.fullmatch(key):
            value["tickfont"] = {"color": colour} | value.get("tickfont", {})
    return legible
