"""What is read from a checkpoint's card.json, and of which type it must be."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any

from poolviz.json_types import is_list, is_object
from poolviz.model.kinds import KINDS, ROWS, Kind
from poolviz.model.own_heads import described
from poolviz.text.names import can_be_name
from poolviz.text.preparation import AS_IS, PREPARATIONS
from poolviz.values.explanation import MAX_REACH

_NUMBER = (int, float)
_END = (*_NUMBER, NoneType)  # of an interval; few rows have none
_INTERVAL = {"value": _NUMBER, "low": _END, "high": _END}
# What every card must say; it may say more. For what else its kind demands see `required`.
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
    "test": {"rows": int},
    "command": str,
    "files": dict,
}


def is_complete(card: Mapping[str, Any]) -> bool:
    """Whether the card has all that is read from it, each of the right type."""
    return (
        fits(card, required(card.get("kind")))
        and len(card["classes"]) >= 2
        and all(isinstance(name, str) for name in card["classes"])
        and len(card["window"]) == 2
        and all(isinstance(reach, int) and 0 <= reach <= MAX_REACH for reach in card["window"])
        and _counts_fit(card["test"], len(card["classes"]))
        and (not card.get("sums", {}) or fits(card["sums"], {"exact": bool}))
    )


def is_known(card: Mapping[str, Any]) -> bool:
    """Whether this poolviz has the card's kind, that kind its read-out, and its texts' preparation.

    The head is one of the kind's, or one of somebody's own that the card describes.
    """
    kind = KINDS.get(card["kind"])
    if card.get("preparation", AS_IS.name) not in list(PREPARATIONS):
        return False
    return kind is not None and _has_head(kind, card) and card["readout"] in kind.readouts


def _has_head(kind: Kind, card: Mapping[str, Any]) -> bool:
    if card["head"] in kind.heads:
        return True
    return kind.takes_own_heads and can_be_name(card["head"]) and described(card) is not None


def required(kind: Any) -> dict[str, Any]:
    """What a card of this kind must say, and of which type each must be; `kind` is as read."""
    known = KINDS.get(kind) if isinstance(kind, str) else None
    if known is None:
        return REQUIRED
    rows, numbers = ROWS[known.rows], dict.fromkeys(known.family.numbers, _NUMBER)
    test = dict.fromkeys(rows.figures, _INTERVAL) | dict.fromkeys(rows.counts, list)
    return REQUIRED | numbers | {"test": REQUIRED["test"] | test}


def fits(value: Any, wanted: Any) -> bool:
    """Whether a value is of a type; for a dict of types, has all its names with such values."""
    if not is_object(wanted):
        return isinstance(value, wanted)
    return is_object(value) and all(k in value and fits(value[k], wanted[k]) for k in wanted)


def _counts_fit(test: Mapping[str, Any], classes: int) -> bool:
    """Whether all that the test figures count for each class counts all classes."""
    counted = [test[name] for name in ("per_class", "confusion") if name in test]
    counted += test.get("confusion", [])
    return all(is_list(each) and len(each) == classes for each in counted)
