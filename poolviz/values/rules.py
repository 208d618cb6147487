"""What a value that was read as JSON must be: its type, its range, and what is inside of it.

A rule is a function of a value that returns None where it fits, and else where it does not: "" for
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
from typing import Any

from poolviz.json_types import is_list, is_object

Rule = Callable[[Any], str | None]

MOST = 10**12  # of whatever is counted


def number(low: float, high: float) -> Rule:
    """A finite number from `low` to `high`."""
    return _when(
        lambda value: (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and low <= value <= high  # which no NaN is
            and math.isfinite(value)
        )
    )


def whole(low: int = 0, high: int = MOST) -> Rule:
    """A whole number from `low` to `high`."""
    return _when(lambda value: type(value) is int and low <= value <= high)


def text(longest: int) -> Rule:
    """A string of up to so many characters."""
    return _when(lambda value: isinstance(value, str) and len(value) <= longest)


def one_of(known: Collection[Any]) -> Rule:
    """One of the strings."""
    return _when(lambda value: isinstance(value, str) and value in known)


def flag(value: Any) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else ""


def anything(_value: Any) -> str | None:
    """Whatever stands there: it is not read, or is read with care."""
    return None


def none_or(rule: Rule) -> Rule:
    """What fits the rule, or null."""
    return lambda value: None if value is None else rule(value)


def list_of(rule: Rule, least: int = 0, most: int = MOST) -> Rule:
    """A list with so many values that fit the rule."""

    def check(value: Any) -> str | None:
        if not is_list(value) or not least <= len(value) <= most:
            return ""
        return _first((str(place), rule(each)) for place, each in enumerate(value))

    return check


def mapping(rule: Rule) -> Rule:
    """An object of whatever names, whose values fit the rule."""

    def check(value: Any) -> str | None:
        if not is_object(value):
            return ""
        return _first((name, rule(each)) for name, each in value.items())

    return check


def record(needed: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object that has these names with values that fit; it may have more."""

    def check(value: Any) -> str | None:
        if not is_object(value):
            return ""
        wanted = {**{n: r for n, r in (optional or {}).items() if n in value}, **needed}
        return _first(
            (name, rule(value[name]) if name in value else "") for name, rule in wanted.items()
        )

    return check


def _when(fits: Callable[[Any], bool]) -> Rule:
    return lambda value: None if fits(value) else ""


def _first(found: Iterable[tuple[str, str | None]]) -> str | None:
    """Where the first of these inner values does not fit."""
    for name, at in found:
        if at is not None:
            return f"{name}.{at}" if at else name
    return None
