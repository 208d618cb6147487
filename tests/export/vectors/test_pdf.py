"""PDF without a browser: one embedded font, text that can be searched."""

import io
import re
import zlib
from dataclasses import replace

import pytest
from fontTools.ttLib import TTFont

from poolviz.export.vectors.pdf import to_pdf
from poolviz.figures.sheet import LETTERS
from tests.export.drawings import STRANGE, TEXT, drawing_of


def streams(document: bytes) -> list[bytes]:
    found = re.findall(rb"/Length (\d+) [^>]*>>\nstream\n", document)
    starts = [match.end() for match in re.finditer(rb">>\nstream\n", document)]
    return [
        zlib.decompress(document[start : start + int(length)])
        for start, length in zip(starts, found, strict=True)
    ]


def text_of(document: bytes) -> str:
    """The page's text, by the codes of its glyphs and what they are said to stand for."""
    content, _font, told = streams(document)
    meanings = {
        code: bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", told)
    }
    return "".join(meanings.get(code, "") for code in re.findall(rb"<([0-9A-F]{4})> Tj", content))


def test_every_character_can_be_searched_and_has_a_glyph():
    document = to_pdf(drawing_of())
    assert document.startswith(b"%PDF-1.7")
    assert TEXT.replace(" ", "") in text_of(document)
    content, font, _told = streams(document)
    glyphs = TTFont(io.BytesIO(font))["glyf"]
    names = glyphs.glyphOrder
    used = {int(code, 16) for code in re.findall(rb"<([0-9A-F]{4})> Tj", content)}
    assert max(used) == len(names) - 1
    drawn = [number for number in used if glyphs[names[number]].numberOfContours]
    assert len(drawn) >= len(set(TEXT)) - 1  # a space has no outline


def test_the_only_font_is_embedded_truetype():
    document = to_pdf(drawing_of())
    assert b"/Type3" not in document and b"/CIDFontType2" in document
    assert document.count(b"/FontFile2") == document.count(b"/FontDescriptor ") / 2 == 1
    assert {"glyf", "head", "hhea", "hmtx", "loca", "maxp"} <= set(
        TTFont(io.BytesIO(streams(document)[1])).keys()
    )


def test_places_of_objects_are_as_the_file_says():
    document = to_pdf(drawing_of())
    table = document[int(re.search(rb"startxref\n(\d+)", document)[1]) :]
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", table)]
    assert len(places) == 10
    for number, place in enumerate(places, 1):
        assert document[place:].startswith(b"%d 0 obj" % number)


def test_the_same_drawing_gives_the_same_file():
    assert to_pdf(drawing_of()) == to_pdf(drawing_of())


def test_characters_side_by_side_have_no_gap_that_reads_as_a_space():
    """Each is as wide as its cell, so that the next one begins where it ends."""
    content, font, _told = streams(to_pdf(drawing_of("早餐很好", unit="character")))
    read = TTFont(io.BytesIO(font))
    widths = [read["hmtx"][name][0] for name in read.getGlyphOrder()]
    placed = re.findall(rb"1\.0000 0 0 1 ([\d.]+) [\d.]+ Tm <([0-9A-F]{4})> Tj", content)
    cells = [(float(x), widths[int(code, 16)] / 2048 * LETTERS) for x, code in placed]
    wide = [cell for cell in cells if 12.8 < cell[1] < 12.95]
    assert len(wide) == 4
    for (x, width), (following, _width) in zip(wide, wide[1:], strict=False):
        assert x + width == pytest.approx(following, abs=0.05)


def test_very_high_drawings_stay_within_what_readers_show():
    drawing = replace(drawing_of(), height=100_000)
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", to_pdf(drawing))
    assert float(box[2]) == 14_400
    assert float(box[1]) == pytest.approx(14_400 * drawing.width / 100_000, abs=0.01)


def test_strange_characters_and_titles_give_a_sound_file():
    drawing = drawing_of()
    texts = [replace(drawing.texts[0], text=f"a{STRANGE}(b)\\")]
    assert text_of(to_pdf(replace(drawing, texts=texts, alt=STRANGE))).startswith("a\ufffd")
