"""What the tables of agreement with a person call their columns and rows."""

from __future__ import annotations

from typing import Any

from poolviz.language import _
from poolviz.trust.marks.plausibility import CHANCE, MEASURES
from poolviz.trust.text.rankings import RANKINGS
from poolviz.ui.trust.headings import explained


def ranking_title(ranking: str) -> str:
    """What a ranking of tokens is called, chance among them."""
    return _("Chance") if ranking == CHANCE else _(RANKINGS[ranking])


def headings() -> dict[str, Any]:
    """For Streamlit's tables: what each column says, where that needs saying."""
    top = _("Of the top tokens, as many as are marked, against the marked ones; from 0 to 1.")
    meanings = {
        "iou": top,
        "f1": top,
        "auprc": _(
            "Area under precision and recall as steps over the whole ranking, ties averaged; from "
            "0 to 1. Not the trapezoids of ERASER's AUPRC, which can be .32 apart."
        ),
    }
    chance = _(
        "Contributions are to the predicted class. Chance: what a random order is expected to "
        "reach with as many marks. Ties: the mean over all their orders."
    )
    return {
        _("Ranking"): explained(chance),
        **{measure_title(name): explained(meaning) for name, meaning in meanings.items()},
    }


def measure_title(name: str) -> str:
    """What a measure of agreement is called; more is better of each."""
    return f"{_(MEASURES[name])} ↑"
