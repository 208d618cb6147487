"""Plotly figures on pages."""

from __future__ import annotations

import streamlit as st

from poolviz.figures.figure import Figure

# How the keys of figures begin that have a token on every step of an axis.
_BY_TOKEN = ("heatmap", "lines", "matrix_", "pairs_")
# Their labels need room: on a phone such a figure scrolls sideways.
PHONE_STYLE = "<style>@media (max-width: 640px) {{{figures} {{min-width: 640px}}}}</style>".format(
    figures=", ".join(f'.stElementContainer[class*="st-key-{key}"] > div' for key in _BY_TOKEN)
)


def draw_chart(figure: Figure, key: str, toolbar: bool = True) -> None:
    """A figure with its description for screen readers, and with its toolbar or without."""
    config = {"displaylogo": False} if toolbar else {"displayModeBar": False}
    content = {"data": list(figure.data), "layout": figure.layout}
    st.plotly_chart(content, key=key, config=config, alt=figure.alt)
