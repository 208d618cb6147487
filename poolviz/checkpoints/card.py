"""What is read from a checkpoint's card.json, and of which kind it must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poolviz.model.heads import HEADS, READOUTS
from poolviz.model.kinds import KINDS, heads_of, readouts_of
from poolviz.values.explanation import MAX_REACH

_NUMBER = (int, float)
_INTERVAL = {"value": _NUMBER, "low": _NUMBER, "high": _NUMBER}
# What every card must say; it may say more.
REQUIRED = {
    "kind": str,
    "head": str,
    "readout": str,
    "seed": int,
    "classes": list,
    "unit": str,
    "window": list,
    "parameters": int,
    "fit": {"seconds": _NUMBER},
    "test": {
        "rows": int,
        "accuracy": _INTERVAL,
        "macro_f1": _INTERVAL,
        "per_class": list,
        "confusion": list,
    },
    "command": str,
    "files": dict,
}
# The same for matchers; "label" is tested as a classifier, the others on pairs.
_PAIR_TEST = {
    "rows": int,
    **dict.fromkeys(("accuracy", "f1", "roc_auc"), _INTERVAL),
    "confusion": list,
}
REQUIRED_OF_MATCHERS = REQUIRED | {"threshold": _NUMBER, "margin": _NUMBER}


def is_complete(card: Mapping[str, Any]) -> bool:
    """Whether the card has all that is read from it, each of the right kind."""
    return (
        fits(card, _required(card.get("kind")))
        and len(card["classes"]) >= 2
        and all(isinstance(name, str) for name in card["classes"])
        and len(card["window"]) == 2
        and all(isinstance(reach, int) and 0 <= reach <= MAX_REACH for reach in card["window"])
        and _counts_fit(card["test"], len(card["classes"]))
    )


def is_known(card: Mapping[str, Any]) -> bool:
    """Whether this poolviz has the card's head and read-out."""
    if card["kind"] in KINDS:
        return card["head"] in heads_of(card["kind"]) and card["readout"] in readouts_of(
            card["kind"]
        )
    return card["head"] in HEADS and card["readout"] in READOUTS


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind; for a dict of kinds, has all its names with such values."""
    if not isinstance(kind, dict):
        return isinstance(value, kind)
    return isinstance(value, dict) and all(fits(value.get(k), kind[k]) for k in kind)


def _counts_fit(test: Mapping[str, Any], classes: int) -> bool:
    """Whether all that the test figures count for each class counts all classes."""
    counted = [test[name] for name in ("per_class", "confusion") if name in test]
    counted += test.get("confusion", [])
    return all(isinstance(each, list) and len(each) == classes for each in counted)


def _required(kind: Any) -> dict[str, Any]:
    if not isinstance(kind, str) or kind not in KINDS:
        return REQUIRED
    return REQUIRED_OF_MATCHERS | ({} if kind == "label" else {"test": _PAIR_TEST})
