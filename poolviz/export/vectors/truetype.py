"""TrueType fonts of a few glyphs, whichever fonts these come from: what documents embed.

Browsers put glyphs of other kinds of fonts, as Chinese ones often are, into a PDF as Type 3 fonts,
which many journals refuse.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

from poolviz.export.vectors.fonts import Face, face_of

FAMILY = "poolviz"  # of fonts for browsers
_EM = 2048  # units of the fonts
_ASCENT, _DESCENT = 1900, -500
_DATE = 2_082_844_800  # seconds from 1904 to 1970: the same glyphs give the same file


def font_of(glyphs: Sequence[tuple[Face, int, float]], characters: Sequence[str] = ()) -> bytes:
    """A font of glyphs in their order, from number 1 on.

    Parameters
    ----------
    glyphs : of each its font, its number there, and its width in shares of the size.
    characters : what each stands for, where a browser is to find it by that; for a PDF none.
    """
    from fontTools.fontBuilder import FontBuilder

    names = [".notdef", *(f"g{number}" for number in range(1, len(glyphs) + 1))]
    outlines = [_outline(None, 0), *(_outline(face, glyph) for face, glyph, _w in glyphs)]
    widths = [0, *(round(width * _EM) for _face, _glyph, width in glyphs)]
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupGlyf(dict(zip(names, outlines, strict=True)))
    left = {name: getattr(builder.font["glyf"][name], "xMin", 0) for name in names}
    builder.setupHorizontalMetrics(
        {name: (width, left[name]) for name, width in zip(names, widths, strict=True)}
    )
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    if characters:
        builder.setupCharacterMap(dict(zip(map(ord, characters), names[1:], strict=True)))
        builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
        builder.setupOS2(sTypoAscender=_ASCENT, usWinAscent=_ASCENT, usWinDescent=-_DESCENT)
        builder.setupPost()
    builder.updateHead(created=_DATE, modified=_DATE)
    builder.font.recalcTimestamp = False
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()


def web_font(text: str) -> str:
    """A style rule for `FAMILY`, which has what of a text fonts of another kind would draw.

    It stands for every weight: bold letters that a browser makes itself become a Type 3 font.
    """
    faces = {character: face_of(character, fixed=False) for character in sorted(set(text))}
    wanted = {c: face for c, face in faces.items() if face and face.has(c) and not face.truetype}
    if not wanted:
        return ""
    glyphs = [(face, *face.glyph(character)) for character, face in wanted.items()]
    packed = base64.b64encode(font_of(glyphs, list(wanted))).decode("ascii")
    codes = ",".join(f"U+{ord(character):X}" for character in wanted)
    return (
        f"@font-face{{font-family:{FAMILY};src:url(data:font/ttf;base64,{packed});"
        f"font-weight:1 1000;unicode-range:{codes}}}"
    )


def _outline(face: Face | None, number: int):
    """A glyph's outline in quadratic curves, whatever its own font has; nothing without a font."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    if face:
        scale = _EM / face.em
        face.draw(number, TransformPen(Cu2QuPen(pen, max_err=1.0), (scale, 0, 0, scale, 0, 0)))
    return pen.glyph()
