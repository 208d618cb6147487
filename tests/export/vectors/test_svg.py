"""SVG without a browser, in its two forms."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.export.vectors.svg import to_outlined_svg, to_svg
from tests.export.drawings import HOSTILE, STRANGE, TEXT, drawing_of

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"


def tags(content: bytes) -> set[str]:
    return {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(content).iter()}


def test_text_stays_text_and_tints_are_rectangles():
    drawing = drawing_of()
    root = ElementTree.fromstring(to_svg(drawing))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts == [text.text for text in drawing.texts]
    assert len(list(root.iter(f"{SVG}rect"))) == 1 + len(drawing.rectangles)
    assert len(root.findall(f"{SVG}g/{SVG}path")) == len(drawing.dots) > 0
    assert root.get("aria-label") == root.find(f"{SVG}title").text == drawing.alt


def test_outlines_ask_for_no_font():
    root = ElementTree.fromstring(to_outlined_svg(drawing_of()))
    assert not list(root.iter(f"{SVG}text"))
    paths = {path.get("id"): path.get("d") for path in root.iter(f"{SVG}path") if path.get("id")}
    used = [use.get(LINK).removeprefix("#") for use in root.iter(f"{SVG}use")]
    assert set(used) == set(paths)
    assert len(used) > len(paths)  # a letter that comes twice is kept once


def test_outlines_stay_in_the_rooms_of_their_tokens():
    """A word in a font that is too wide is made narrower."""
    text = replace(drawing_of().texts[-5], text="wide" * 10, room=50.0)
    content = to_outlined_svg(replace(drawing_of(), texts=[text]))
    uses = ElementTree.fromstring(content).iter(f"{SVG}use")
    places = [float(use.get("transform").split()[4]) for use in uses]
    assert len(places) == 40
    assert text.x - 25.01 <= min(places) and max(places) < text.x + 25


@pytest.mark.parametrize("write", [to_svg, to_outlined_svg])
def test_hostile_texts_and_class_names_stay_text(write):
    drawing = drawing_of(HOSTILE + TEXT, classes=(HOSTILE, "<image/>"))
    assert tags(write(drawing)) <= {"svg", "title", "rect", "g", "path", "text", "defs", "use"}


@pytest.mark.parametrize("write", [to_svg, to_outlined_svg])
def test_characters_that_no_file_may_hold_become_a_sign(write):
    drawing = drawing_of()
    texts = [replace(drawing.texts[0], text=f"a{STRANGE}b")]
    content = write(replace(drawing, texts=texts, alt=STRANGE))
    ElementTree.fromstring(content)
    if write is to_svg:
        assert f"a{chr(0xFFFD) * len(STRANGE)}b" in content.decode("utf-8")


@given(st.text(max_size=40))
def test_any_text_gives_a_valid_document(text):
    drawing = drawing_of()
    content = to_svg(replace(drawing, texts=[replace(drawing.texts[0], text=text)], alt=text))
    ElementTree.fromstring(content)
