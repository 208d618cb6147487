"""Changing the text on the Compare page in a real browser: tokens clicked, and what flips."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import answered
from tests.browser.driving import enter_text, expect_address, keyed, press
from tests.browser.test_looks import PHONE, overflowing
from tests.pages_helpers import explain

TEXT = "房间很好，但是早餐难吃。<b>"
HEADS = ("max", "attention")


@pytest.fixture
def page(visit) -> Page:
    page = visit(address={"heads": ",".join(HEADS), "edit": "1"}, viewport=PHONE)
    enter_text(page, TEXT)
    return page


def compared(page: Page) -> list[str]:
    """The texts of the comparison, before and after for each head."""
    return page.locator(".pv-beside .pv-text").all_text_contents()


def test_tokens_are_clicked_and_what_flips_is_found(page):
    expect(page.locator(".pv-beside")).to_have_count(0)
    tokens = page.locator("[class*=st-key-clicked_] button")
    for place in (2, 3, 13):  # a click alone changes nothing
        tokens.nth(place).click()
    with answered(page):
        keyed(page, "edit_delete").locator("button").click()
    expect(page.locator(".pv-beside")).to_have_count(len(HEADS))
    left = TEXT[:2] + TEXT[4:13] + TEXT[14:]
    assert compared(page) == [TEXT, left] * len(HEADS)
    assert page.locator(".pv-beside").first.locator(".pv-alone").all_text_contents() == [
        *TEXT[2:4],
        TEXT[13],
    ]
    expect(tokens).to_have_count(len(left))
    assert not overflowing(page)
    expect_address(page, edit="1")

    press(page, "_edit_by", 2)
    keyed(page, "find_flips").locator("button").click()
    found = page.locator("[class*=st-key-take_out_] button")
    found.first.wait_for()
    with answered(page):
        found.first.click()
    before, after = compared(page)[:2]
    assert before == TEXT and after != left
    flipped = [
        head.predicted != changed.predicted
        for head, changed in zip(
            *(explain(text, heads=HEADS) for text in (before, after)), strict=True
        )
    ]
    assert any(flipped)
    assert page.locator(".stMarkdown", has_text="→").get_by_text("now").count() == sum(flipped)
    assert not overflowing(page)
