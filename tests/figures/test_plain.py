"""The highlight where styles are taken away: Markdown, and HTML that is pasted."""

import html
import re
from html.parser import HTMLParser

import pytest

from poolviz.export.formats import FORMATS
from poolviz.export.pictures import Highlight, to_file
from poolviz.figures.colours import css, over
from poolviz.figures.texts.plain import HEAVY, inline_html, markdown
from poolviz.views.panel import panel
from poolviz.views.tints import strengths, tint_power
from poolviz.views.view import View
from tests.fakes import fake_explanation

HOSTILE = '<script>x</script> *a* [b](c) `d` | # "e" &amp; 好的\n酒店'
TEXT = "这家酒店的早餐很好，房间也干净。"


def shown(text: str = TEXT, quantity: str = "contribution", heads=("max", "attention")):
    return panel([fake_explanation(text, head) for head in heads], View(quantity))


class Read(HTMLParser):
    """Text and elements of a piece of HTML."""

    def __init__(self, source: str):
        super().__init__(convert_charrefs=True)
        self.text, self.elements = "", []
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def test_every_token_has_its_colour_in_itself():
    found = shown()
    read = Read(inline_html(found, found.summaries))
    backs = [each["style"] for tag, each in read.elements if tag == "span"]
    wanted = [
        f"background:{css(over(strength, True))};color:rgb(0,0,0)"
        for row in found.summaries
        for strength in strengths(row, tint_power(found))
    ]
    assert backs == wanted


@pytest.mark.parametrize("quantity", ["weight", "contribution"])
def test_html_that_is_pasted_holds_the_text_and_no_script(quantity):
    found = shown(HOSTILE, quantity)
    source = inline_html(found, found.summaries[:1])
    read = Read(source)
    assert HOSTILE in read.text
    assert {tag for tag, _each in read.elements} <= {"p", "b", "br", "span", "small"}
    assert all(set(each) <= {"style", "title"} for _tag, each in read.elements)


def test_the_strongest_tokens_are_marked_in_markdown():
    found = shown()
    row = found.summaries[0]
    [line] = [each for each in markdown(found, [row]).split("\n\n") if each.startswith("**")]
    marked = re.findall(r"<([bs])>(.*?)</\1>", line)
    wanted = [
        ("b" if strength > 0 else "s", token.text)
        for token, strength in zip(
            row.explanation.tokens, strengths(row, tint_power(found)), strict=True
        )
        if abs(strength) >= HEAVY
    ]
    assert marked == wanted and marked


def test_what_a_text_holds_means_nothing_in_markdown():
    found = shown(HOSTILE, "weight")
    source = markdown(found, found.summaries[:1])
    [line] = [each for each in source.split("\n\n") if each.startswith("**Max")]
    without = re.sub(r"</?[bs]>", "", line.removeprefix("**Max**: "))
    assert re.sub(r"\\(.)", r"\1", without) == HOSTILE.replace("\n", "⏎")
    assert not re.search(r"(?<!\\)[`*_\[\]|#<>]", without)
    assert "Struck through" not in source and "Bold" in source
    assert html.unescape(source).count("\n\n") == 2


@pytest.mark.parametrize(("name", "index"), [("md", 0), ("md", None), ("html-inline", None)])
def test_both_are_formats_of_the_highlight(name, index):
    found = shown()
    content = to_file(Highlight(found, index), name).decode("utf-8")
    assert ("Attention" in content) == (index is None) and "Max" in content
    assert set(FORMATS[name].kinds) == {"highlight"}
