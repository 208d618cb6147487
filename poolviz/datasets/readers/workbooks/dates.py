"""Days of Excel's workbooks: numbers, which only the format of their cell tells from others.

Office Open XML, ECMA-376 part 1: 18.8.30 (formats of numbers), 18.17.4 (dates).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import regex

# Formats of days, some with a time, that no workbook spells out; from 27 on they are East Asian.
_BUILT_IN = {*range(14, 23), *range(27, 37), *range(50, 59)}
# What in a format is a text, a colour, a language or a condition, and no part of a day.
_ASIDE = regex.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')
_ELAPSED = regex.compile(r"\[[hmsHMS]+\]")
_PART_OF_A_DAY = regex.compile(r"[ydhsYDHS年月日]|mmm")


def is_day(number: int, formats: Mapping[int, str]) -> bool:
    """Whether cells of a format show a day.

    Parameters
    ----------
    number : of the format.
    formats : those that the workbook spells out, by their numbers.
    """
    if number not in formats:
        return number in _BUILT_IN
    code = formats[number].partition(";")[0]
    if _ELAPSED.search(code) or "general" in code.lower():
        return False
    return _PART_OF_A_DAY.search(_ASIDE.sub("", code)) is not None


def days(numbers: Sequence[int], formats: Mapping[int, str]) -> frozenset[int]:
    """Which styles of cells show days, given the number of each style's format."""
    return frozenset(style for style, number in enumerate(numbers) if is_day(number, formats))


def day(value: float, since_1904: bool) -> str:
    """A day, with its time where that is not midnight; its number where there is no such day.

    A time before the first day is one of any day.

    Parameters
    ----------
    value : days since the end of 1899, or of 1903.
    """
    from xlrd.xldate import XLDateError, xldate_as_datetime

    try:
        moment = xldate_as_datetime(value, 1 if since_1904 else 0)
    except (XLDateError, OverflowError, ValueError):
        return plain(value)
    if value < 0:
        return plain(value)
    if value < 1 and not since_1904:
        return moment.time().isoformat()
    return moment.isoformat(" ").removesuffix(" 00:00:00")


def plain(value: float) -> str:
    """A number as one writes it: 3, not 3.0."""
    return repr(int(value)) if value.is_integer() else repr(value)
