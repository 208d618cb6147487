"""Fonts of a few glyphs for documents and browsers."""

import base64
import io
import re

from fontTools.ttLib import TTFont

from poolviz.export.vectors.fonts import face_of
from poolviz.export.vectors.truetype import font_of, web_font


def test_glyphs_stand_in_their_order_in_quadratic_curves():
    faces = [(face_of(character, fixed=False), character) for character in "早a"]
    glyphs = [(face, *face.glyph(character)) for face, character in faces]
    read = TTFont(io.BytesIO(font_of(glyphs)))
    assert len(read.getGlyphOrder()) == 3
    widths = [read["hmtx"][name][0] for name in read.getGlyphOrder()[1:]]
    assert widths == [round(width * 2048) for _face, _glyph, width in glyphs]
    assert all(read["glyf"][name].numberOfContours for name in read.getGlyphOrder()[1:])


def test_browsers_get_what_other_kinds_of_fonts_would_draw():
    rule = web_font("早餐 breakfast 早")
    assert face_of("早", fixed=False).truetype is False
    assert "unicode-range:U+65E9,U+9910}" in rule
    packed = re.search(r"base64,([^)]+)", rule)[1]
    read = TTFont(io.BytesIO(base64.b64decode(packed)))
    assert {chr(code) for code in read.getBestCmap()} == set("早餐")


def test_nothing_is_made_where_nothing_is_missing():
    assert web_font("breakfast \U000f0000\n") == ""
