"""What cards say, as cells of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UNKNOWN = "?"
# Figures of a card's test section that are shares with an interval, those of pairs among them.
FIGURES = {"accuracy": "accuracy", "macro_f1": "macro-F1", "f1": "F1", "roc_auc": "ROC-AUC"}


def on_card(card: Any, *path: str) -> Any:
    """What a card holds there; None where it does not, since a card may be of any making."""
    value = card
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def accuracy_on_card(card: Any) -> str:
    """The accuracy on the test rows that a card tells."""
    accuracy = on_card(card, "test", "accuracy", "value")
    return f"{accuracy:.1%}" if isinstance(accuracy, float) else UNKNOWN
