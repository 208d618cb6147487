"""Columns of tables whose headings explain themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from poolviz.language import _
from poolviz.trust.tables import measure_title
from poolviz.trust.text.measures import MEASURES


def explained(meaning: str, pinned: bool = False) -> Any:
    """A column that says what it holds where somebody points at its heading."""
    return st.column_config.Column(help=meaning, pinned=pinned)


def measure_headings(measures: Iterable[str]) -> dict[str, Any]:
    """Headings of a table of measures, a line for each head and ranking."""
    return {
        _("Head"): explained(
            _("Trained control: average pooling, which makes no choice among tokens."), pinned=True
        ),
        _("Ranking"): explained(
            _(
                "What tokens are ordered by. Controls: Random orders, and Uniform, where all are "
                "equal."
            ),
            pinned=True,
        ),
        **{measure_title(key): explained(_(MEASURES[key].meaning)) for key in measures},
    }
