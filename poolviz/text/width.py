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


def shortened_to(text: str, width: int) -> str:
    """At most `width` narrow characters, the last an ellipsis where something was cut off.

    >>> shortened_to("第一批评论", 7), shortened_to("第一批", 7)
    ('第一批…', '第一批')
    """
    if width_units(text) <= width:
        return text
    kept = ""
    for cluster in graphemes(text):
        if width_units(kept + cluster) >= width:
            break
        kept += cluster
    return f"{kept.rstrip()}…"


def graphemes(text: str) -> list[str]:
    """The text's grapheme clusters (Unicode Standard Annex #29)."""
    return cut(text, "character")
