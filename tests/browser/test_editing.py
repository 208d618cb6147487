"""Changing the text on the Compare page in a real browser: in its rows, and what flips."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import answered
from tests.browser.driving import button, enter_text, expect_address, keyed, press
from tests.browser.test_looks import PHONE, overflowing
from tests.browser.test_rows import focused, line, marked
from tests.pages_helpers import HOSTILE_TEXTS, explain

TEXT = "房间很好，但是早餐难吃。<b>"
HEADS = ("max", "attention")
TEXTS = """[...document.querySelectorAll('.pva-text:not(.pva-rows)')].map(
    line => [...line.querySelectorAll('.pva-t')].map(
        e => getComputedStyle(e).visibility === 'hidden' ? '' : e.textContent).join(''))"""


@pytest.fixture(params=["desk", "phone"])
def page(visit, request) -> Page:
    screen = {"viewport": PHONE} if request.param == "phone" else {}
    page = visit(address={"heads": ",".join(HEADS)}, **screen)
    enter_text(page, TEXT)
    return page


def compared(page: Page) -> list[str]:
    """The texts of the rows, before and after for each head; what the other has keeps its room."""
    return page.evaluate(TEXTS)


def expect_compared(page: Page, wanted: list[str]) -> None:
    """Wait until the rows show exactly these texts."""
    page.wait_for_function(
        f"wanted => JSON.stringify({TEXTS}) === JSON.stringify(wanted)", arg=wanted
    )


def actions(page: Page) -> list:
    """What can be done with tokens: the button to delete, the field, the button to replace."""
    here = page.locator(".actions")
    return [here.locator("button").first, here.locator("input"), here.locator("button").last]


@pytest.mark.parametrize("key", ["Delete", "Backspace"])
def test_a_key_deletes_the_token_and_starting_over_brings_it_back(page, key):
    line(page, "max").nth(7).focus()
    with answered(page):
        page.keyboard.press(key)
    left = TEXT[:7] + TEXT[8:]
    expect_compared(page, [TEXT, left] * len(HEADS))
    for head in HEADS:  # in the same table, each character below itself
        before, after = (
            page.locator(f".pva-row[data-head={head}] .pva-text").nth(number) for number in (0, 1)
        )
        places = [
            each.locator(".pva-t").evaluate_all(
                "all => all.map(e => Math.round(e.getBoundingClientRect().left))"
            )
            for each in (before, after)
        ]
        assert places[0] == places[1]
        assert before.locator(".pva-gone").all_text_contents() == [TEXT[7]]
    assert focused(page) == ["max", 7]  # the next token: one can go on
    expect(page.locator(".numbers")).to_contain_text(f"“{TEXT[8]}” · position 8 of {len(left)}")
    assert not overflowing(page)
    if page.viewport_size == PHONE:  # no column is left empty
        width = page.locator(".pva-earlier").first.bounding_box()["width"]
        assert width > 0.9 * PHONE["width"]
    with answered(page):
        page.keyboard.press(key)
    expect_compared(page, [TEXT, TEXT[:7] + TEXT[9:]] * len(HEADS))
    with answered(page):
        button(page, "edit_reset").click()
    expect_compared(page, [TEXT] * len(HEADS))
    expect(keyed(page, "edit_reset")).to_have_count(0)


def test_chosen_tokens_are_replaced(page):
    delete, field, replace = actions(page)
    line(page, "max").nth(9).click()
    line(page, "attention").nth(10).click(modifiers=["Shift"])
    assert marked(page, "pva-chosen") == [[9, 10]] * len(HEADS)
    expect(delete).to_have_text(f"Delete “{TEXT[9:11]}”")
    field.fill("<i>好")
    with answered(page):
        replace.click()
    new = TEXT[:9] + "<i>好" + TEXT[11:]
    expect_compared(page, [TEXT, new] * len(HEADS))
    assert not page.locator(".pva-text :is(b, i)").count()
    assert not page.locator(".pva-chosen").count()
    assert not overflowing(page)
    with answered(page):
        button(page, "edit_accept").click()
    expect(keyed(page, "_text").locator("textarea")).to_have_value(new)
    expect_compared(page, [new] * len(HEADS))


def test_tokens_are_chosen_and_deleted_by_keys(page):
    line(page, "max").nth(2).focus()
    for key in ("Space", "ArrowRight", "Space", "ArrowRight"):
        page.keyboard.press(key)
    assert marked(page, "pva-chosen") == [[2, 3]] * len(HEADS)
    page.keyboard.press("Escape")
    assert marked(page, "pva-chosen") == [[]] * len(HEADS)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # into the field
    page.keyboard.type("！")
    with answered(page):
        page.keyboard.press("Enter")
    expect_compared(page, [TEXT, TEXT[:4] + "！" + TEXT[5:]] * len(HEADS))


def test_a_click_alone_changes_nothing_and_the_last_token_stays(page):
    delete = actions(page)[0]
    for place in range(len(TEXT)):
        line(page, "max").nth(place).click(modifiers=["Shift"])
    expect_compared(page, [TEXT] * len(HEADS))
    with answered(page):
        delete.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Every token would be gone")
    expect_compared(page, [TEXT] * len(HEADS))


def test_what_flips_is_found_and_taken_out(page):
    line(page, "max").first.focus()
    with answered(page):
        page.keyboard.press("Delete")
    left = TEXT[1:]
    press(page, "_section", 3)
    expect_address(page, open="flips")
    button(page, "find_flips").click()
    found = page.locator("[class*=st-key-take_out_]").get_by_role("button")
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
    named = "".join(
        page.locator(".pva-row[data-head]").evaluate_all("all => all.map(e => e.dataset.label)")
    )
    foot = page.locator(".pva-foot").inner_text()
    assert foot.startswith("Another decision under: ")
    for head, flips in zip(("Max", "Attention"), flipped, strict=True):
        assert head in named and (head in foot.split(".")[0]) == flips
    assert not overflowing(page)


def test_a_pinned_text_is_compared_with_the_next(page):
    with answered(page):
        button(page, "edit_pin").click()
    enter_text(page, TEXT.replace("难吃", "好吃"))
    expect_compared(page, [TEXT, TEXT.replace("难吃", "好吃")] * len(HEADS))
    with answered(page):
        button(page, "edit_pin").click()
    expect_compared(page, [TEXT.replace("难吃", "好吃")] * len(HEADS))


@pytest.mark.parametrize("name", ["image", "attribute", "right to left", "emoji"])
def test_hostile_texts_are_edited_as_texts(visit, name):
    page = visit(address={"heads": "max", "text": HOSTILE_TEXTS[name]})
    tokens = explain(HOSTILE_TEXTS[name], heads=["max"])[0].tokens
    line(page, "max").nth(1).focus()
    with answered(page):
        page.keyboard.press("Delete")
    shown = page.locator(".pva-text:not(.pva-earlier) [data-position]").all_text_contents()
    assert shown == [token.text for number, token in enumerate(tokens) if number != 1]
    assert not page.locator("img[src='x'], .pva-text :not(span)").count()
