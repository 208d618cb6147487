"""Width of text on paper and on a terminal, in narrow characters."""

from __future__ import annotations

import unicodedata

import regex

_GRAPHEMES = regex.compile(r"\X")


def width_units(text: str) -> int:
    """Width in narrow characters: East Asian wide ones and emoji count as two."""
    return sum(_grapheme_width(grapheme) for grapheme in graphemes(text))


def graphemes(text: str) -> list[str]:
    """The text's grapheme clusters (Unicode Standard Annex #29)."""
    return _GRAPHEMES.findall(text)


def _grapheme_width(grapheme: str) -> int:
    if unicodedata.east_asian_width(grapheme[0]) in "WF" or "\N{VARIATION SELECTOR-16}" in grapheme:
        return 2
    is_flag = len(grapheme) > 1 and "\U0001f1e6" <= grapheme[0] <= "\U0001f1ff"
    return 2 if is_flag else 1
