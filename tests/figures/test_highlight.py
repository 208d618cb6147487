import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.export.pictures import Highlight
from poolviz.figures.texts.highlight import highlight_html
from poolviz.text.pieces import as_label, pieces, plotly_text, shortened
from poolviz.text.tokens import tokenize
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

HOSTILE = "<script>alert(1)</script></span><img src=x onerror=alert(2)> \"a\" 'b' --> ]> &amp;"
PLAIN = View()
ALLOWED = {"class", "style", "dir", "role", "aria-label", "tabindex", "data-tip"}


class Page(HTMLParser):
    """Collects what a browser would see: elements, and the text inside the text box."""

    def __init__(self, source: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(source)
        assert not self._open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag != "br":
            self._open.append(dict(attributes).get("class", "") or tag)

    def handle_endtag(self, tag):
        self._open.pop()

    def handle_data(self, data):
        if "pv-text" in self._open:
            self.text += data

    @property
    def tokens(self) -> list[dict[str, str]]:
        return [a for _tag, a in self.elements if a.get("class", "").split()[:1] == ["pv-t"]]


def page(text="这家酒店的早餐很好。", view=PLAIN, **options) -> Page:
    return Page(highlight_html(panel([fake_explanation(text, **options)], view), 0))


def test_the_text_is_all_there_as_typed():
    text = "  第一行，很好。\n\n\t第二行  有空格\u3000和 tab \n"
    assert page(text).text == text


@given(st.text(min_size=1, max_size=60).filter(lambda text: tokenize(text, "character")))
def test_any_text_comes_out_as_text(text):
    text = text.encode("utf-8", "replace").decode("utf-8")
    seen = page(text)
    assert seen.text == text
    assert {tag for tag, _attributes in seen.elements} <= {"div", "span", "style", "br"}
    assert all(set(attributes) <= ALLOWED for _tag, attributes in seen.elements)


@pytest.mark.parametrize("unit", ["character", "word"])
def test_markup_in_the_text_stays_text(unit):
    seen = page(HOSTILE, unit=unit)
    assert seen.text == HOSTILE
    assert {tag for tag, _attributes in seen.elements} == {"div", "span", "style", "br"}


def test_class_names_and_data_set_names_are_escaped():
    seen = page(view=View("contribution"), classes=("<b>x</b>", "<i>y</i>"))
    assert not {"b", "i"} & {tag for tag, _attributes in seen.elements}


def test_no_attribute_can_close_a_comment_or_a_style():
    """Sanitisers drop such attributes, and the number would be lost."""
    source = highlight_html(panel([fake_explanation("--> ]> </style>", unit="word")], View()), 0)
    for attributes in Page(source).tokens:
        for value in attributes.values():
            assert not re.search(r"((--!?|])>)|</(style|title|textarea)", value)


def test_a_token_tells_its_number_position_and_window():
    e = fake_explanation("这家酒店", window=(2, 1))
    tokens = page("这家酒店", window=(2, 1)).tokens
    assert len(tokens) == 4
    value = f"{e.weights[0, 2]:.3g}"
    assert tokens[2]["aria-label"] == f"酒, {value}"
    assert all(part in tokens[2]["data-tip"] for part in ("“酒”", value, "3 of 4", "1–4"))
    assert all(token["tabindex"] == "0" for token in tokens)


def test_unknown_tokens_are_marked_and_explained():
    e = fake_explanation()
    seen = page(e.text)
    for token, attributes in zip(e.tokens, seen.tokens, strict=True):
        assert ("pv-u" in attributes["class"].split()) != token.known
        assert ("vocabulary" in attributes["data-tip"]) != token.known
    assert not all(token.known for token in e.tokens)


def test_tints_follow_the_values():
    e = fake_explanation()
    view = View("contribution", target="positive")
    row = panel([e], view).summaries[0]
    for value, attributes in zip(row.values, page(e.text, view).tokens, strict=True):
        classes = attributes["class"].split()
        assert ("pv-n" in classes) == (value < 0)
        step = round(abs(value) / row.high * 16)
        assert (f"pv-{step}" in classes) == (step > 0)


def test_the_legend_prints_range_unit_method_and_reach():
    e = fake_explanation(window=(2, 4))
    source = highlight_html(panel([e], View()), 0)
    high = e.weights.max()
    for expected in ("<span>0</span>", f"<span>{high / 2:.3g}</span>", f"<span>{high:.3g}</span>"):
        assert expected in source
    for expected in ("weight", "linear read-out, adds up exactly", "2 before, 4 after"):
        assert expected in source
    assert "approximate" in highlight_html(panel([fake_explanation(readout="mlp")], View()), 0)


@pytest.mark.parametrize(
    "view, expected",
    [
        (View(), "One colour scale for all heads."),
        (View("contribution"), "One colour scale for all heads."),
        (View(scale="head"), "Colour scale of this head alone."),
        (View("alternative"), "One colour scale for heads with the same kind of weight."),
    ],
)
def test_the_legend_says_whose_values_the_scale_covers(view, expected):
    heads = [fake_explanation(head=head) for head in ("max", "attention")]
    assert expected in highlight_html(panel(heads, view), 0)


def test_ten_thousand_tokens_keep_all_numbers_in_two_megabytes():
    source = highlight_html(panel([fake_explanation("这家酒店的早餐很好。" * 1000)], View()), 0)
    assert source.count("data-tip=") == 10_000
    assert len(source.encode()) < 2_000_000


def test_pieces_by_hand():
    tokens = fake_explanation("a 早\n餐 ").tokens
    assert list(pieces("a 早\n餐 ", tokens)) == [
        ("a", 0),
        (" ", None),
        ("早", 1),
        ("\n", None),
        ("餐", 2),
        (" ", None),
    ]


@given(st.text(min_size=1, max_size=40), st.data())
def test_parts_one_after_the_other_are_the_text(text, data):
    tokens = tokenize(text, "word")
    cut = data.draw(st.integers(0, len(tokens)))
    parts = [part for part in (range(cut), range(cut, len(tokens))) if part] or [None]
    found = [piece for part in parts for piece in pieces(text, tokens, part)]
    assert "".join(piece for piece, _index in found) == text
    assert [index for _piece, index in found if index is not None] == list(range(len(tokens)))


def test_a_part_of_a_text_keeps_its_positions():
    explanation = fake_explanation("甲乙丙丁 戊己")
    shown = Page(highlight_html(panel([explanation], PLAIN), 0, range(2, 5)))
    assert shown.text == "丙丁 戊"
    whole = page("甲乙丙丁 戊己").tokens
    assert shown.tokens == whole[2:5]


def test_labels_show_what_would_be_invisible_and_cut_what_is_long():
    assert as_label("\n") == "⏎"
    assert as_label("\u200b") == "·"
    assert as_label("incomprehensibility", limit=8) == "incompr…"
    assert shortened("two words", 9) == "two words"
    assert plotly_text("<b>&") == "&lt;b&gt;&amp;"


@pytest.fixture
def open_page(browser):
    """Opens one head's highlight page; `problems` collects whatever a page should never do."""
    problems: list[str] = []

    def opened(explanation, view=PLAIN):
        tab = browser.new_page()
        tab.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
        tab.on("console", lambda message: problems.append(message.text))
        tab.on("request", lambda request: problems.append(request.url))
        tab.set_content(Highlight(panel([explanation], view), 0).page().decode())
        return tab

    yield opened
    assert problems == []


def outlines(tab) -> list[str]:
    styles = "all => all.map(token => getComputedStyle(token).outlineStyle)"
    return tab.eval_on_selector_all(".pv-t", styles)


def test_hover_and_focus_draw_the_window_that_a_position_has_read(open_page):
    tab = open_page(fake_explanation("甲乙丙丁\n戊己庚", window=(2, 1)))
    expected = ["none", "dashed", "dashed", "solid", "dashed", "none", "none"]
    tab.locator(".pv-t").nth(3).hover()
    assert outlines(tab) == expected
    tab.mouse.move(0, 0)
    assert outlines(tab) == ["none"] * 7
    tab.locator(".pv-t").nth(3).focus()
    assert outlines(tab) == expected


def test_hover_and_focus_show_the_number(open_page):
    tab = open_page(fake_explanation("甲乙丙丁"))
    tip = "t => getComputedStyle(t, '::after').content"
    first, last = tab.locator(".pv-t").nth(0), tab.locator(".pv-t").nth(3)
    assert first.evaluate(tip) == "none"
    first.focus()
    assert "1 of 4" in first.evaluate(tip)
    last.hover()  # what the pointer shows takes the place of what the focus shows
    assert "4 of 4" in last.evaluate(tip)
    assert first.evaluate(tip) == "none"


def test_hostile_text_runs_nothing(open_page):
    tab = open_page(fake_explanation(HOSTILE, unit="word"))
    assert tab.locator(".pv-text").inner_text() == HOSTILE
    assert tab.locator("img, script").count() == 0


def test_highlights_of_two_kinds_keep_their_colours_on_one_page(browser):
    e = fake_explanation()
    both = [highlight_html(panel([e], view), 0) for view in (View(), View("contribution"))]
    hues = []
    for sources in (both, both[::-1]):
        tab = browser.new_page()
        tab.set_content("".join(sources))
        tints = "all => all.map(bar => getComputedStyle(bar).backgroundImage)"
        hues.append(tab.eval_on_selector_all(".pv-bar", tints))
    assert hues[0] == hues[1][::-1]
    assert "166, 116, 229" in hues[0][0] and "166, 116, 229" not in hues[0][1]


def test_long_texts_wrap_and_scroll(open_page):
    tab = open_page(fake_explanation("这家酒店的早餐很好。" * 200 + "w" * 300))
    box = tab.locator(".pv-text")
    assert box.evaluate("b => b.scrollHeight > b.clientHeight && b.clientHeight < 400")
    assert box.evaluate("b => b.scrollWidth <= b.clientWidth")


def test_right_to_left_text_starts_at_the_right(open_page):
    tab = open_page(fake_explanation("الفندق نظيف", unit="word"))
    first, second = (tab.locator(".pv-t").nth(n).bounding_box()["x"] for n in (0, 1))
    assert first > second
