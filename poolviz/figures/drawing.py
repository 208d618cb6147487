"""A picture as rectangles, lines and short texts in places: what a vector file is written of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from poolviz.figures.colours import Colour

# Characters that no XML document may hold, https://www.w3.org/TR/xml/#charsets
_NOT_XML = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


@dataclass(frozen=True)
class Rectangle:
    """A filled one; x and y are its left upper corner. All lengths are pixels, y goes down."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour


@dataclass(frozen=True)
class Dots:
    """A dotted level line, black."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Text:
    """One line of text.

    Parameters
    ----------
    x, y : where it begins, or its middle, on the line that its letters stand on.
    size : height of its font.
    colour : of its letters.
    centred : whether x is its middle.
    room : width that it must not pass, else it is made narrower; None for no limit.
    fixed : whether its narrow characters are to have one width.
    """

    x: float
    y: float
    text: str
    size: float
    colour: Colour
    centred: bool = False
    room: float | None = None
    fixed: bool = False


@dataclass(frozen=True)
class Drawing:
    """A picture on white.

    Parameters
    ----------
    alt : one sentence for those who cannot see it.
    """

    width: float
    height: float
    alt: str
    rectangles: Sequence[Rectangle]
    dots: Sequence[Dots]
    texts: Sequence[Text]


def writable(text: str) -> str:
    """The text with a sign in place of every character that files cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
