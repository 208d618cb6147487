"""Width of text on paper and on a terminal, in narrow characters."""

from __future__ import annotations

import regex
from wcwidth import wcswidth

from poolviz.text.tokens import cut

_CONTROL = regex.compile(r"\p{Cc}")


def width_units(text: str) -> int:
    """Width in narrow characters: East Asian wide ones and emoji count as two, marks as none.

    A control character counts as one, which it takes where it is made visible.
    """
    return wcswidth(_CONTROL.sub(" ", text))


def graphemes(text: str) -> list[str]:
    """The text's grapheme clusters (Unicode Standard Annex #29)."""
    return cut(text, "character")
