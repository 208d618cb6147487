"""A first minute on the Compare page: what it shows, said with its own numbers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.text.pieces import html_text
from poolviz.values.explanation import Explanation
from poolviz.views.tour import tour

_STYLE = """<style>
.pvt{max-width:46rem;margin:0;line-height:1.5}
.pvt dt{font-weight:600}
.pvt dd{margin:0 0 .7rem}
</style>"""


def draw_tour(explanations: Sequence[Explanation]) -> None:
    """Draw questions and answers on the text that the page shows."""
    lines = (
        f"<dt>{html_text(question)}</dt><dd>{html_text(answer)}</dd>"
        for question, answer in tour(explanations)
    )
    st.html(f'{_STYLE}<dl class="pvt">{"".join(lines)}</dl>')
