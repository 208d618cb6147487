"""What is read from a checkpoint's card.json, and what each value of it must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from poolviz.json_types import is_list
from poolviz.model.kinds import KINDS, ROWS, Kind
from poolviz.model.own_heads import described
from poolviz.text.names import can_be_name
from poolviz.text.preparation import AS_IS, PREPARATIONS
from poolviz.text.tokens import UNITS
from poolviz.values.explanation import MAX_REACH, WHOLE_TEXT
from poolviz.values.rules import (
    MOST,
    Rule,
    anything,
    empty_or,
    flag,
    list_of,
    mapping,
    none_or,
    number,
    one_of,
    record,
    text,
    whole,
)

ENCODER = "encoder"  # the entry of a card whose model reads a pretrained encoder's vectors
_LINE, _PAGE = text(1_000), text(100_000)
_MOST_CLASSES = 10_000
_SECONDS = number(0, MOST)
_SHARE = number(0, 1)
_INTERVAL = record({"value": _SHARE, "low": none_or(_SHARE), "high": none_or(_SHARE)})
_CLASS_FIGURES = {
    "class": _LINE,
    "rows": whole(),
    **dict.fromkeys(("precision", "recall", "f1"), none_or(_SHARE)),
}
_NEIGHBOURS = list_of(whole(0, MAX_REACH), 2, 2)
_WINDOW = Rule(
    list_of(whole(0, max(WHOLE_TEXT)), 2, 2).schema,
    lambda value: None if value == list(WHOLE_TEXT) else _NEIGHBOURS(value),
)
_SHA256 = re.compile("[0-9a-f]{64}")
_HASH = Rule(
    {"type": "string", "pattern": f"^{_SHA256.pattern}$"},
    lambda value: None if isinstance(value, str) and _SHA256.fullmatch(value) else "",
)
_NAME = Rule(
    {"type": "string"},
    lambda value: None if isinstance(value, str) and can_be_name(value) else "",
)
_FILES = list_of(record({"name": _LINE}))
FACTS_OF_FILE = record({"sha256": _LINE, "bytes": whole()})


def misfit(card: Mapping[str, Any], files: tuple[str, ...] = ()) -> str | None:
    """What of a card is missing, or not what it must be, such as "test.rows"; None where all fits.

    A card may say more than is read from it.

    Parameters
    ----------
    files : names of those whose facts it must have.
    """
    if files:
        return record({"files": record(dict.fromkeys(files, FACTS_OF_FILE))})(card)
    named, classes = card.get("kind"), card.get("classes")
    kind = KINDS.get(named) if isinstance(named, str) else None
    return card_rule(kind, len(classes) if is_list(classes) else 0)(card)


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


def card_rule(kind: Kind | None, classes: int) -> Rule:
    """What a card of this kind must say; None for what every card must say.

    Parameters
    ----------
    classes : how many the card names.
    """
    test = _test(kind, classes) if kind else record({"rows": whole()})
    numbers = dict.fromkeys(kind.family.numbers if kind else (), number(-10, 10))
    needed = {
        "kind": _LINE,
        "head": _LINE,
        "readout": _LINE,
        "seed": whole(),
        "classes": list_of(_LINE, 2, _MOST_CLASSES),
        "unit": one_of(UNITS),
        "window": _WINDOW,
        "parameters": whole(),
        "fit": record({"seconds": _SECONDS}),
        "test": test,
        "command": _PAGE,
        "files": mapping(anything),
    }
    # Of what counts characters, beside a matcher's.
    baseline = record({"test": test}, {"test_unseen": test})
    optional = {"test_unseen": test, "baselines": mapping(baseline)}
    return record(needed | numbers, _OPTIONAL | optional)


def _test(kind: Kind, classes: int) -> Rule:
    """Test figures of rows with so many classes."""
    rows = ROWS[kind.rows]
    counts = {
        "per_class": list_of(record(_CLASS_FIGURES), classes, classes),
        "confusion": list_of(list_of(whole(), classes, classes), classes, classes),
    }
    figures = dict.fromkeys(rows.figures, _INTERVAL)
    return record({"rows": whole(), **figures, **{name: counts[name] for name in rows.counts}})


# What a card need not say, but is read where it does.
_OPTIONAL: dict[str, Rule] = {
    ENCODER: record({"name": _NAME, "hash": _HASH}),
    "data": record({}, {"files": _FILES, "report": mapping(anything)}),
    "together": list_of(record({"dataset": _LINE}, {"files": _FILES})),
    "vocabulary": record({}, {"size": whole(), "min_frequency": whole()}),
    "model": mapping(anything),
    "training": mapping(anything),
    # Whether contributions were found to add up; empty where nothing was claimed.
    "sums": empty_or(record({"exact": flag}, {"rows": whole(), "difference": number(0, 1e300)})),
    "seeds": record(
        {},
        {
            "seeds": list_of(whole()),
            "accuracy": list_of(_SHARE),
            "seconds": list_of(_SECONDS),
            "mean_accuracy": _SHARE,
            "weight_distance": none_or(_SHARE),
        },
    ),
}
