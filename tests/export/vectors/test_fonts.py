"""Fonts of this computer: fallback, scripts that join, what none of them has."""

import pytest

from poolviz.errors import ExportError
from poolviz.export.vectors import fonts
from poolviz.export.vectors.fonts import glyphs_of, laid_out
from poolviz.figures.drawing import Text


def test_each_part_takes_a_font_that_has_it():
    glyphs, width = glyphs_of("ab早😀", True)
    assert "".join(glyph.text for glyph in glyphs) == "ab早😀"
    families = [glyph.face.family for glyph in glyphs]
    assert families[0] == families[1] != families[2]
    assert width == pytest.approx(sum(glyph.advance for glyph in glyphs))
    assert [glyph.x for glyph in glyphs] == sorted(glyph.x for glyph in glyphs)


def test_narrow_characters_of_the_grid_have_one_width():
    assert len({glyph.advance for glyph in glyphs_of("iWm.", True)[0]}) == 1
    assert len({glyph.advance for glyph in glyphs_of("iWm.", False)[0]}) > 1


def test_arabic_letters_join_and_run_from_the_right():
    apart = {glyphs_of(letter, True)[0][0].number for letter in "نظيف"}
    joined, _width = glyphs_of("نظيف", True)
    assert not apart & {glyph.number for glyph in joined[1:3]}
    assert "".join(glyph.text for glyph in reversed(joined)) == "نظيف"


def test_digits_in_right_to_left_words_keep_their_order():
    glyphs, _width = glyphs_of("كان123", True)
    assert "".join(glyph.text for glyph in glyphs) == "123ناك"


def test_marks_stay_with_their_letters():
    glyphs, _width = glyphs_of("e\u0301", True)
    assert "".join(glyph.text for glyph in glyphs) == "e\u0301"
    assert glyphs_of("", True) == ((), 0.0)


def test_a_character_that_no_font_has_is_named():
    with pytest.raises(ExportError, match="outline for \U000f0000"):
        glyphs_of("a\U000f0000", True)


def test_a_font_of_pictures_has_no_outlines(monkeypatch):
    face = glyphs_of("a", True)[0][0].face
    assert face.has("a") and not face.has("\U000f0000")
    monkeypatch.setattr(fonts.Face, "outlined", False)
    assert not face.has("a")


def test_files_that_are_no_fonts_are_passed_over(tmp_path):
    for name in ("empty.ttf", "text.otf", "cut.ttc"):
        (tmp_path / name).write_bytes(b"" if name == "empty.ttf" else b"ttcf no font at all")
        assert list(fonts._faces_in(tmp_path / name)) == []


def test_a_line_is_centred_and_kept_in_its_room():
    wide = laid_out(Text(100, 20, "早餐早餐", 15, (0, 0, 0), centred=True, room=30.0))
    assert wide.narrow == pytest.approx(30 / (4 * 15), rel=0.05)
    assert wide.left == pytest.approx(85)
    free = laid_out(Text(100, 20, "早餐", 15, (0, 0, 0)))
    assert (free.narrow, free.left) == (1.0, 100)
    x, y = free.place(free.glyphs[1])
    assert (x, y) == (pytest.approx(115), 20)
