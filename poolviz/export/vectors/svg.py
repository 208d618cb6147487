"""A drawing as SVG, in two forms: with text, which can be searched and edited, and with outlines,
which look the same on every computer.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from poolviz.export.vectors.fonts import Face, Line, laid_out
from poolviz.figures.colours import BLACK, WHITE, Colour
from poolviz.figures.drawing import Drawing, Text, writable
from poolviz.figures.layout import FONTS

# A fixed-width font for narrow characters keeps the text inside the grid's cells.
_FIXED_FONTS = f"'DejaVu Sans Mono', 'Liberation Mono', 'Noto Sans Mono', Menlo, Consolas, {FONTS}"


def to_svg(drawing: Drawing) -> bytes:
    """The drawing with its texts as text."""
    return _document(drawing, "".join(map(_text, drawing.texts)))


def to_outlined_svg(drawing: Drawing) -> bytes:
    """The drawing with the outlines of its letters: no font is asked for where it is shown.

    Raises
    ------
    ExportError : no font of this computer has a character of it.
    """
    numbers: dict[tuple[Face, int], int] = {}  # of each outline, which the file holds once
    lines = [laid_out(text) for text in drawing.texts]
    uses = "".join(use for line in lines for use in _uses(line, numbers))
    paths = "".join(f'<path id="g{n}" d="{_path(*key)}"/>' for key, n in numbers.items())
    return _document(drawing, f"<defs>{paths}</defs>{uses}")


def _document(drawing: Drawing, texts: str) -> bytes:
    width, height = _short(drawing.width), _short(drawing.height)
    rectangles = "".join(
        f'<rect x="{_short(r.x)}" y="{_short(r.y)}" width="{_short(r.width)}" '
        f'height="{_short(r.height)}" fill="{_hex(r.colour)}"/>'
        for r in drawing.rectangles
    )
    dots = "".join(
        f'<path d="M{_short(d.x)} {_short(d.y)}h{_short(d.width)}"/>' for d in drawing.dots
    )
    alt = _escaped(drawing.alt)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{alt}"><title>{alt}</title>'
        f'<rect width="{width}" height="{height}" fill="{_hex(WHITE)}"/>{rectangles}'
        f'<g stroke="{_hex(BLACK)}" stroke-width="1.5" stroke-dasharray="1.5 3">{dots}</g>'
        f"{texts}</svg>"
    ).encode()


def _text(text: Text) -> str:
    anchor = ' text-anchor="middle"' if text.centred else ""
    family = _FIXED_FONTS if text.fixed else FONTS
    return (
        f'<text x="{_short(text.x)}" y="{_short(text.y)}" font-size="{_short(text.size)}" '
        f'font-family="{family}" fill="{_hex(text.colour)}"{anchor} xml:space="preserve">'
        f"{_escaped(text.text)}</text>"
    )


def _uses(line: Line, numbers: dict[tuple[Face, int], int]) -> Iterator[str]:
    for glyph in line.glyphs:
        number = numbers.setdefault((glyph.face, glyph.number), len(numbers))
        x, y = line.place(glyph)
        size = line.text.size / glyph.face.em
        yield (
            f'<use xlink:href="#g{number}" transform="matrix({_exact(size * line.narrow)} 0 0 '
            f'{_exact(-size)} {_short(x)} {_short(y)})" fill="{_hex(line.text.colour)}"/>'
        )


def _path(face: Face, number: int) -> str:
    from fontTools.pens.svgPathPen import SVGPathPen

    pen = SVGPathPen(None, ntos=_short)
    face.draw(number, pen)
    return pen.getCommands()


def _escaped(text: str) -> str:
    return html.escape(writable(text))


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _exact(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
