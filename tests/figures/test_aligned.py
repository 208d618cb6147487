"""The aligned rows: what a browser would see of them."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.figures.texts.aligned import aligned_changes_html, aligned_html
from poolviz.figures.texts.highlight import highlight_html
from poolviz.figures.texts.highlight_figure import highlight_drawing
from poolviz.text.tokens import tokenize
from poolviz.views.captions import number
from poolviz.views.changes import compare_texts
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

HOSTILE = "<script>alert(1)</script></div><img src=x onerror=alert(2)> \"a\" 'b' --> ]> &amp;"
HEADS = ("max", "average", "min-variance", "attention", "multi-head")
TAGS = {"div", "span", "style", "br", "b", "i", "bdi", "details", "summary"}


class Page(HTMLParser):
    """Elements with the classes they lie in, and the text of every line of tokens."""

    def __init__(self, source: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.lines: list[str] = []
        self.tokens: list[list[str]] = []  # of every line
        self._open: list[str] = []
        self.feed(source)
        assert not self._open

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        self.elements.append((tag, given))
        if "pva-text" in given.get("class", "").split():
            self.lines.append("")
            self.tokens.append([])
        if "pva-t" in given.get("class", "").split():
            self.tokens[-1].append("")
        self._open.append(given.get("class", "") or tag)

    def handle_endtag(self, tag):
        self._open.pop()

    def handle_data(self, data):
        if any("pva-text" in each.split() for each in self._open):
            self.lines[-1] += data
            if any("pva-t" in each.split() for each in self._open):
                self.tokens[-1][-1] += data

    def having(self, name: str) -> list[dict[str, str]]:
        return [a for _tag, a in self.elements if name in a.get("class", "").split()]


def heads(text: str = "这家酒店的早餐很好。", **options):
    return [fake_explanation(text, head, **options) for head in HEADS]


def page(text: str = "这家酒店的早餐很好。", view: View | None = None, **options) -> Page:
    shown = panel(heads(text, **options), view or View(scale="uniform"))
    return Page(aligned_html(shown, "positive"))


def test_every_head_has_a_row_and_multi_head_opens_its_four():
    seen = page()
    assert [row["data-head"] for row in seen.having("pva-row")[1:]] == list(HEADS)
    assert len(seen.having("pva-rows")) == 4
    assert len(seen.lines) == len(HEADS) + 4


@given(st.text(min_size=1, max_size=40).filter(lambda text: tokenize(text, "character")))
def test_any_text_stands_in_every_row_as_text(text):
    text = text.encode("utf-8", "replace").decode("utf-8")
    seen = page(text)
    tokens = [token.text for token in tokenize(text, "character")]
    assert seen.tokens == [tokens] * 9
    assert {tag for tag, _attributes in seen.elements} <= TAGS


@pytest.mark.parametrize("unit", ["character", "word"])
def test_markup_in_a_text_stays_text(unit):
    seen = page(HOSTILE, unit=unit)
    assert {tag for tag, _attributes in seen.elements} <= TAGS
    assert all("onerror" not in attributes for _tag, attributes in seen.elements)


def test_a_token_has_its_number_and_one_of_a_row_is_reached_by_tab():
    shown = panel(heads(), View(scale="uniform"))
    seen = Page(aligned_html(shown, "positive"))
    tokens = seen.having("pva-t")
    assert len(tokens) == 9 * len(shown.tokens)
    first = tokens[: len(shown.tokens)]
    values = [float(token["data-value"]) for token in first]
    assert values == pytest.approx(shown.summaries[0].values, rel=1e-2)
    assert [token["tabindex"] for token in first] == ["0"] + ["-1"] * (len(first) - 1)
    assert [token["data-position"] for token in first] == [str(i) for i in range(len(first))]


def test_the_bar_stands_on_the_axis_of_one_class():
    shown = panel(heads(), View())
    for row, bar in zip(
        shown.summaries,
        [a for t, a in Page(aligned_html(shown, "positive")).elements if t == "i"][::2],
        strict=True,
    ):
        share = row.explanation.probabilities[1]
        left, width = (float(n) for n in re.findall(r"([\d.]+)%", bar["style"]))
        assert left == pytest.approx(100 * min(share, 0.5), abs=0.06)
        assert width == pytest.approx(100 * abs(share - 0.5), abs=0.06)
        assert ("pva-low" in bar["class"]) == (share < 0.5)


def test_a_known_label_marks_right_and_wrong():
    shown = panel(heads(), View())
    seen = Page(aligned_html(shown, "positive", known="positive"))
    right = sum(row.explanation.predicted == "positive" for row in shown.summaries)
    assert len(seen.having("pva-right")) == right
    assert len(seen.having("pva-wrong")) == len(HEADS) - right


def test_before_and_after_keep_each_others_room():
    before, after = "这家酒店的早餐很好。", "这家酒店早餐很好。"
    changes = compare_texts(heads(before), heads(after), View())
    seen = Page(aligned_changes_html(changes, "positive"))
    assert len(seen.lines) == 2 * len(HEADS)
    assert set(seen.lines) == {before}  # what is gone keeps its room, unseen
    assert len(seen.having("pva-void")) == len(HEADS)
    assert len(seen.having("pva-gone")) == len(HEADS)
    assert len(seen.having("pva-ghost")) == len(HEADS)


def test_a_part_of_a_long_text():
    shown = panel(heads("字" * 50), View())
    seen = Page(aligned_html(shown, "positive", range(10, 30)))
    assert [line for line in seen.lines] == ["字" * 20] * 9
    assert seen.having("pva-t")[0]["data-position"] == "10"


def test_right_to_left_text_flows():
    assert page("مرحبا بالعالم", unit="word").having("pva-w")
    assert page("酒店很好").having("pva-c")


def test_the_legend_has_numbers_only_where_they_hold_for_every_row():
    shared, own = (
        aligned_html(panel(heads(), View(scale=scale)), "positive") for scale in ("shared", "head")
    )
    high = panel(heads(), View(scale="shared")).summaries[0].high
    assert f"{number(high)}</span>" in shared and "own scale" not in shared
    assert "each row's own scale" in own and f"{number(high)}</span>" not in own


def test_only_the_text_as_it_is_can_be_stepped_through():
    changes = compare_texts(heads("早餐很好。"), heads("早餐好。"), View())
    for token in Page(aligned_changes_html(changes, "positive")).having("pva-gone"):
        assert "tabindex" not in token
    lines = aligned_changes_html(changes, "positive").split('class="pva-text')[1:]
    stops = [line.count('tabindex="0"') for line in lines]
    assert stops == [0, 1] * len(HEADS)


def with_left_out():
    """Three tokens of a text whose marks and digits give none."""
    plain = fake_explanation("甲乙丙")
    text = "“甲<1>乙 丙2”"
    tokens = tuple(
        token._replace(start=text.index(token.text), end=text.index(token.text) + 1)
        for token in plain.tokens
    )
    return replace(plain, text=text, tokens=tokens)


def test_what_models_do_not_read_stays_in_the_text_in_grey():
    shown = panel([with_left_out()], View())
    for drawn in (aligned_html(shown, "positive"), highlight_html(shown, 0)):
        grey = re.findall(r'-left"[^>]*>([^<]*)</span>', drawn)
        assert grey == ["“", "&lt;1&gt;", "2”"]
        assert "Grey: left out" in drawn
    drawing = highlight_drawing(shown, shown.summaries)
    letters = "".join(text.text for text in drawing.texts if text.fixed)
    assert letters == "“甲<1>乙丙2”"
    assert len({text.colour for text in drawing.texts if text.fixed and text.text in "“<1>2”"}) == 1


def test_texts_that_are_read_whole_say_nothing_of_grey():
    shown = panel([fake_explanation("甲 乙")], View())
    assert "Grey" not in aligned_html(shown, "positive") + highlight_html(shown, 0)
