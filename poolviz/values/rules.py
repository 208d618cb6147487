"""What a value that was read as JSON must be: its type, its range, and what is inside of it.

A rule is called with a value and returns None where it fits, and else where it does not: "" for
the value itself, "test.accuracy" for what is inside of it.

>>> rule = record({"rows": whole(1), "shares": list_of(number(0, 1))})
>>> rule({"rows": 3, "shares": [0.5], "more": None}) is None
True
>>> rule({"rows": 3, "shares": [0.5, 2]}), rule({"shares": []}), rule([])
('shares.1', 'rows', '')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from poolviz.json_types import is_list, is_object

MOST = 10**12  # of whatever is counted


@dataclass(frozen=True)
class Rule:
    """What a value must be.

    Parameters
    ----------
    schema : the same for other programs, as JSON Schema (draft 2020-12).
    misfit : where a value does not fit, None where it does.
    """

    schema: Mapping[str, Any]
    misfit: Callable[[Any], str | None]

    def __call__(self, value: Any) -> str | None:
        """Where the value does not fit; None where it does."""
        return self.misfit(value)


def number(low: float, high: float) -> Rule:
    """A finite number from `low` to `high`."""
    return _when(
        {"type": "number", "minimum": low, "maximum": high},
        lambda value: (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and low <= value <= high  # which no NaN is
            and math.isfinite(value)
        ),
    )


def whole(low: int = 0, high: int = MOST) -> Rule:
    """A whole number from `low` to `high`."""
    return _when(
        {"type": "integer", "minimum": low, "maximum": high},
        lambda value: type(value) is int and low <= value <= high,
    )


def text(longest: int) -> Rule:
    """A string of up to so many characters."""
    return _when(
        {"type": "string", "maxLength": longest},
        lambda value: isinstance(value, str) and len(value) <= longest,
    )


def one_of(known: Collection[str]) -> Rule:
    """One of the strings."""
    return _when({"enum": list(known)}, lambda value: isinstance(value, str) and value in known)


def none_or(rule: Rule) -> Rule:
    """What fits the rule, or null."""
    return Rule(
        {"anyOf": [rule.schema, {"type": "null"}]},
        lambda value: None if value is None else rule(value),
    )


def empty_or(rule: Rule) -> Rule:
    """What fits the rule, or an object without anything in it."""
    return Rule(
        {"anyOf": [rule.schema, {"type": "object", "maxProperties": 0}]},
        lambda value: None if value == {} else rule(value),
    )


def list_of(rule: Rule, least: int = 0, most: int = MOST) -> Rule:
    """A list with so many values that fit the rule."""

    def check(value: Any) -> str | None:
        if not is_list(value) or not least <= len(value) <= most:
            return ""
        return _first((str(place), rule(each)) for place, each in enumerate(value))

    return Rule({"type": "array", "items": rule.schema, "minItems": least, "maxItems": most}, check)


def mapping(rule: Rule) -> Rule:
    """An object of whatever names, whose values fit the rule."""

    def check(value: Any) -> str | None:
        if not is_object(value):
            return ""
        return _first((name, rule(each)) for name, each in value.items())

    return Rule({"type": "object", "additionalProperties": rule.schema}, check)


def record(needed: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object that has these names with values that fit; it may have more."""
    optional = optional or {}

    def check(value: Any) -> str | None:
        if not is_object(value):
            return ""
        wanted = {**{name: optional[name] for name in optional if name in value}, **needed}
        return _first(
            (name, rule(value[name]) if name in value else "") for name, rule in wanted.items()
        )

    names = {name: rule.schema for name, rule in {**needed, **optional}.items()}
    return Rule({"type": "object", "properties": names, "required": list(needed)}, check)


def _when(schema: Mapping[str, Any], fits: Callable[[Any], bool]) -> Rule:
    return Rule(schema, lambda value: None if fits(value) else "")


def _first(found: Iterable[tuple[str, str | None]]) -> str | None:
    """Where the first of these inner values does not fit."""
    for name, at in found:
        if at is not None:
            return f"{name}.{at}" if at else name
    return None


flag = _when({"type": "boolean"}, lambda value: isinstance(value, bool))
anything = _when({}, lambda _value: True)  # it is not read, or is read with care
