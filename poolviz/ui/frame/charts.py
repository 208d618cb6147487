"""Plotly figures on pages."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

# How the keys of figures begin that have a token on every step of an axis.
_BY_TOKEN = ("heatmap", "lines", "matrix_", "pairs_")
# Their labels need room: on a phone such a figure scrolls sideways.
PHONE_STYLE = "<style>@media (max-width: 640px) {{{figures} {{min-width: 640px}}}}</style>".format(
    figures=", ".join(f'.stElementContainer[class*="st-key-{key}"] > div' for key in _BY_TOKEN)
)


def draw_chart(figure: go.Figure, key: str) -> None:
    """A figure with its toolbar and its description for screen readers."""
    st.plotly_chart(figure, key=key, config={"displaylogo": False}, alt=figure.layout.meta["alt"])
