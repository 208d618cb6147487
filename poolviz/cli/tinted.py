"""Tokens in colours on a terminal: a strip of white paper with tinted tokens in black.

Whatever the terminal's own colours are, the strip looks the same, and stronger is darker. It is
drawn on a terminal only, and not where `NO_COLOR` (no-color.org) is set.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator

import regex

from poolviz.cli import terminal
from poolviz.figures.colours import BLACK, LEFT_OUT, WHITE, Colour, over
from poolviz.text.tokens import has_visible
from poolviz.text.width import graphemes, width_units
from poolviz.views.panel import Row
from poolviz.views.tints import strengths

MOST_TOKENS = 1_000  # of a longer text the beginning is drawn
_INDENT = "  "
_TRUE = ("truecolor", "24bit")
_CUBE = (0, 95, 135, 175, 215, 255)  # of xterm's colours 16 to 231, six levels for each channel
_SPACES = regex.compile(r"\s+")

Piece = tuple[str, Colour, Colour]  # a text, its background, its own colour


def colours_of_terminal() -> int:
    """How many colours stdout shows: 0, 256, or all 16,777,216.

    0 where it is no terminal, where `NO_COLOR` is set to anything, and on terminals of few colours.
    """
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return 0
    if os.environ.get("COLORTERM", "").lower() in _TRUE:
        return 2**24
    return 256 if "256color" in os.environ.get("TERM", "") else 0


def write_tinted(row: Row, power: float) -> None:
    """The text of a row with its tokens tinted, wrapped; nothing where there are no colours.

    Parameters
    ----------
    power : of the tints, see `poolviz.views.tints.tint_power`.
    """
    count = colours_of_terminal()
    if not count:
        return
    width = shutil.get_terminal_size().columns - len(_INDENT)
    for line in wrapped(pieces(row, power), width):
        print(_INDENT + "".join(_painted(piece, count) for piece in line) + "\x1b[0m")


def pieces(row: Row, power: float) -> Iterator[Piece]:
    """The text in tinted tokens and what stands between them, without control characters."""
    explanation, end = row.explanation, 0
    strength = strengths(row, power).tolist()
    diverging = row.low < 0
    for token, fraction in zip(explanation.tokens[:MOST_TOKENS], strength, strict=False):
        yield from _between(explanation.text[end : token.start])
        yield _printed(token.text), over(fraction, diverging), BLACK
        end = token.end
    if len(explanation.tokens) > MOST_TOKENS:
        yield "…", WHITE, BLACK
    else:
        yield from _between(explanation.text[end:])


def wrapped(found: Iterable[Piece], width: int) -> Iterator[list[Piece]]:
    """Lines of pieces, none wider than `width` narrow characters; wide characters are not cut."""
    line: list[Piece] = []
    used = 0
    for text, background, colour in found:
        for letter in graphemes(text) or [text]:
            needed = width_units(letter)
            if line and used + needed > width:
                yield line
                line, used = [], 0
            line.append((letter, background, colour))
            used += needed
    if line:
        yield line


def nearest_of_256(colour: Colour) -> int:
    """The number of xterm's colour that is nearest: of its cube, or of its 24 greys.

    >>> nearest_of_256((255, 255, 255)), nearest_of_256((0, 0, 0)), nearest_of_256((129, 129, 129))
    (231, 16, 244)
    """
    places = [min(range(6), key=lambda i: abs(_CUBE[i] - channel)) for channel in colour]
    grey = min(range(24), key=lambda i: abs(8 + 10 * i - sum(colour) / 3))
    in_cube = tuple(_CUBE[place] for place in places)
    if _distance(colour, (8 + 10 * grey,) * 3) < _distance(colour, in_cube):
        return 232 + grey
    red, green, blue = places
    return 16 + 36 * red + 6 * green + blue


def _between(gap: str) -> Iterator[Piece]:
    """White space as one space; in grey what the models do not read."""
    if gap:
        yield _printed(gap), WHITE, LEFT_OUT if has_visible(gap) else BLACK


def _printed(text: str) -> str:
    return terminal.harmless(_SPACES.sub(" ", text))


def _painted(piece: Piece, count: int) -> str:
    text, *colours = piece
    codes = [
        f"{layer};2;{';'.join(map(str, colour))}"
        if count > 256
        else f"{layer};5;{nearest_of_256(colour)}"
        for layer, colour in zip((48, 38), colours, strict=True)
    ]
    return f"\x1b[{';'.join(codes)}m{text}"


def _distance(one: Colour, other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
