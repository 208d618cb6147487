"""Every colour that figures and highlights set themselves.

A colour is a hue laid over the page's background with an opacity that is linear in the value, so
the same figure reads on light and on dark pages: nothing stays background, more is more hue. The
hues are mid-light and equally so: where they are strong, black text reads on them over any
background; where they are weak, the page's own text colour does. Blue and orange stay apart for all
common kinds of colour blindness; weights are violet, so that a weight is never mistaken for a
contribution.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Colour = tuple[int, int, int]

WEIGHT: Colour = (166, 116, 229)
POSITIVE: Colour = (73, 142, 223)
NEGATIVE: Colour = (216, 115, 20)
WHITE: Colour = (255, 255, 255)
# Tints behind text come in this many steps of opacity. Below `MIDDLE_FROM` text has the page's own
# colour, then it is black on light and white on dark pages, from `STRONG_FROM` on black on both:
# contrast is 4.5 or more at every step, on pages and panels of both themes.
STEPS = 16
MIDDLE_FROM = 11
STRONG_FROM = 13
# Colours that figures set themselves: lines, the predicted class, other bars, quiet rules.
LINES = ("#498edf", "#d55e00", "#009e73", "#a876e8", "#b8860b", "#7f7f7f", "#56b4e9", "#cc79a7")
PREDICTED = "#498edf"
OTHER = "#9aa5b1"
RULE = "rgba(128,128,128,0.6)"
GRID = "rgba(128,128,128,0.25)"
NOTHING = "rgba(0,0,0,0)"
FRAME = "#7f7f7f"
# Boxes behind tokens that two sentences share, and around those in which they differ.
SHARED = "rgba(128,128,128,0.3)"
DIFFERENT = "#b8860b"
# Charts of means: a point on its interval, and what it is compared with. Contexts: the token.
POINT = "#8457c9"
INTERVAL = "#9a7fd1"
COMPARED = "#c77b30"
MARKED = "rgba(132,87,201,0.3)"
# Numbers, names and notes of charts on pages of each theme.
CHART_TEXT = {"light": "#3c3f46", "dark": "#d5d3cf"}
# What appears under the pointer, and text on the tints.
TIP_BACKGROUND, TIP_TEXT = "#262730", "#fff"
MIDDLE_TEXT, STRONG_TEXT = "light-dark(#000,#fff)", "#000"
# Files are printed on white with dark text.
BLACK: Colour = (0, 0, 0)
PAPER: Colour = (31, 36, 48)
LEFT_OUT: Colour = (110, 110, 110)  # parts of a text that its models do not read
PAPER_TEXT = "#{:02x}{:02x}{:02x}".format(*PAPER)


def hue(fraction: float, diverging: bool) -> Colour:
    """The hue of a value; its strength is its opacity."""
    if not diverging:
        return WEIGHT
    return POSITIVE if fraction >= 0 else NEGATIVE


def step(fraction: float) -> int:
    """The step of opacity, 0 to `STEPS`, behind a text whose value is in [-1, 1]."""
    return min(round(abs(float(fraction)) * STEPS), STEPS)


def over(fraction: float, diverging: bool, background: Colour = WHITE) -> Colour:
    """The opaque colour of a value in [-1, 1] on a background.

    >>> css(over(0, True)), css(over(1, True)), css(over(-1, True))
    ('rgb(255,255,255)', 'rgb(73,142,223)', 'rgb(216,115,20)')
    """
    return _blended(hue(fraction, diverging), min(abs(float(fraction)), 1.0), background)


def css(colour: Colour) -> str:
    """`rgb(r,g,b)`, as HTML and Plotly read it."""
    return "rgb({},{},{})".format(*colour)


def colorscale(diverging: bool) -> list[tuple[float, str]]:
    """Plotly's scale over [0, 1] or, diverging, over [-1, 1]."""
    if diverging:
        # Both hues fade to nothing at 0, without passing through a third colour.
        return [
            (0.0, _rgba(NEGATIVE, 1)),
            (0.5, _rgba(NEGATIVE, 0)),
            (0.5, _rgba(POSITIVE, 0)),
            (1.0, _rgba(POSITIVE, 1)),
        ]
    return [(0.0, _rgba(WEIGHT, 0)), (1.0, _rgba(WEIGHT, 1))]


def on_white(scale: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """A scale of `colorscale` with opaque colours, as it looks on white paper."""
    return [(end, css(_blended(*_parsed(colour), WHITE))) for end, colour in scale]


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, https://www.w3.org/TR/WCAG22/)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _blended(colour: Colour, share: float, background: Colour) -> Colour:
    mixed = share * np.array(colour) + (1 - share) * np.array(background)
    red, green, blue = (int(round(channel)) for channel in mixed)
    return red, green, blue


def _rgba(colour: Colour, share: float) -> str:
    return "rgba({},{},{},{})".format(*colour, share)


def _parsed(rgba: str) -> tuple[Colour, float]:
    """What `_rgba` wrote."""
    red, green, blue, share = rgba.removeprefix("rgba(").removesuffix(")").split(",")
    return (int(red), int(green), int(blue)), float(share)


def _luminance(colour: Colour) -> float:
    channels = np.array(colour) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


# Behind the aligned rows of heads a tint runs to a dark end on light pages, to a light end on dark
# ones, in this many steps; the text on it is black or white, whichever reads better.
TINT_STEPS = 20
PAGES: dict[str, Colour] = {"light": WHITE, "dark": (14, 17, 23)}
TINT_ENDS: dict[str, dict[str, Colour]] = {
    "weight": {"light": (84, 39, 136), "dark": (201, 171, 255)},
    "positive": {"light": (5, 92, 170), "dark": (110, 180, 255)},
    "negative": {"light": (170, 74, 0), "dark": (255, 160, 80)},
}


def tint(kind: str, step: int, page: str) -> tuple[Colour, Colour]:
    """Background and text of one of `TINT_STEPS` steps on a page.

    Parameters
    ----------
    kind : key of `TINT_ENDS`.
    page : key of `PAGES`.
    """
    background = _blended(TINT_ENDS[kind][page], step / TINT_STEPS, PAGES[page])
    black, white = (0, 0, 0), WHITE
    text = black if contrast(background, black) >= contrast(background, white) else white
    return background, text


def tint_style(kind: str, fraction: float) -> str:
    """CSS of a cell whose tint has this strength, from 0, which is the page itself, to 1.

    >>> tint_style("weight", 0)
    ''
    >>> tint_style("weight", 1).split(";")[1]
    'color:light-dark(rgb(255,255,255),rgb(0,0,0))'
    """
    step = round(min(max(fraction, 0.0), 1.0) * TINT_STEPS)
    if not step:
        return ""
    backs = [_rgba(TINT_ENDS[kind][page], step / TINT_STEPS) for page in PAGES]
    texts = [css(tint(kind, step, page)[1]) for page in PAGES]
    return f"background:light-dark({','.join(backs)});color:light-dark({','.join(texts)})"
