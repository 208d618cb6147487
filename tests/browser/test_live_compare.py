"""Compare follows each key in the browser, and Python's answer replaces what that showed."""

import gzip
import json

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from poolviz.datasets.examples import examples
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.browser.conftest import answered
from tests.browser.driving import (
    choose_example,
    expect_address,
    expect_rows,
    go_to_box,
    hand_over,
    hold_pauses,
    keyed,
    names,
    pause,
)
from tests.pages_helpers import HOTEL, explain

LIVE = ".pva-live"
HEADS = ["max", "attention"]


@pytest.fixture
def page(visit) -> Page:
    """Compare, its models in the browser and the cursor at the end of the box."""
    page = compare(visit, "房间")
    go_to_box(page)
    return page


def compare(visit, text: str) -> Page:
    page = visit(address={"heads": ",".join(HEADS), "scale": "shared", "text": text})
    hold_pauses(page)
    return page


def box(page: Page) -> Locator:
    return keyed(page, "_text").locator("textarea")


def expect_live(page: Page) -> None:
    expect(page.locator(LIVE)).to_have_count(1)


def shown(text: str) -> list[list[str]]:
    """What the rows have to show of a text."""
    found = panel(explain(text, HOTEL, HEADS), View(scale="shared"))
    return [names(row) for row in found.summaries]


def test_rows_follow_the_keys_before_the_server_hears_of_them(page):
    sent = page.evaluate("traffic.sent")
    page.keyboard.type("很")
    expect(page.locator(f"{LIVE} [data-head=max].pva-t")).to_have_text(["房", "间", "很"])
    assert page.evaluate("traffic.sent") == sent
    page.keyboard.type("好")
    hand_over(page)
    expect(page.locator(LIVE)).to_have_count(0)
    expect_rows(page, shown("房间很好"))
    expect(page.locator(".live-note")).to_be_hidden()


def test_what_is_typed_while_python_answers_is_not_lost(page):
    page.keyboard.type("很")
    expect_live(page)
    for letters in ("干净", "，早餐", "也不错"):
        page.keyboard.type(letters)
        assert pause(page)
    expect(box(page)).to_have_value("房间很干净，早餐也不错")
    expect(page.locator(LIVE)).to_have_count(0)
    expect_rows(page, shown("房间很干净，早餐也不错"))


def test_an_example_chosen_while_typing_wins(page):
    page.keyboard.type("很好")
    expect_live(page)
    choose_example(page, 1)
    wanted = examples(HOTEL, "character")[1]
    expect(box(page)).to_have_value(wanted)
    expect(page.locator(LIVE)).to_have_count(0)
    assert not pause(page)
    expect(box(page)).to_have_value(wanted)
    expect_rows(page, shown(wanted))


def test_who_goes_back_while_typing_goes_back(page):
    choose_example(page, 1)
    wanted = examples(HOTEL, "character")[1]
    choose_example(page, 2)
    expect_address(page, example="3")
    box(page).click()
    page.keyboard.type("很好")
    page.go_back()
    expect(box(page)).to_have_value(wanted)
    assert not pause(page)
    expect(box(page)).to_have_value(wanted)
    expect(page.locator(LIVE)).to_have_count(0)
    expect_rows(page, shown(wanted))


def test_a_page_chosen_while_typing_has_what_was_typed(page):
    page.keyboard.type("很吵")
    expect_live(page)
    page.get_by_role("link", name="Heads").click()
    page.wait_for_url("**/heads?**")
    expect(box(page)).to_have_value("房间很吵")


def test_keys_without_a_pause_send_nothing(page):
    sent = page.evaluate("traffic.sent")
    page.keyboard.type("好" * 40)
    expect_live(page)
    assert page.evaluate("traffic.sent") == sent
    hand_over(page)
    expect_rows(page, shown("房间" + "好" * 40))


def test_without_its_models_the_page_waits_as_before(visit):
    page = compare(visit, "房间")
    page.route("**/media/**", lambda route: route.fulfill(body="no models"))
    go_to_box(page)
    sent = page.evaluate("traffic.sent")
    page.keyboard.type("很好")
    assert not pause(page)
    assert page.evaluate("traffic.sent") == sent
    expect(page.locator(LIVE)).to_have_count(0)
    with answered(page):
        page.keyboard.press("Control+Enter")
    expect_rows(page, shown("房间很好"))


def test_a_difference_is_said_until_an_answer_agrees(visit):
    """Models of another making: one token's vector is not Python's."""
    page = compare(visit, "房间")
    page.route("**/media/**", lambda route: route.fulfill(body=altered(route.fetch().body(), "坏")))
    go_to_box(page)
    for letter in "坏了":
        expect(box(page)).to_be_focused()
        page.keyboard.type(letter)
        hand_over(page)
        expect(page.locator(".live-note")).to_contain_text("these are Python's numbers")
    expect_rows(page, shown("房间坏了"))
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    hand_over(page)
    expect(page.locator(".live-note")).to_be_hidden()
    page.keyboard.type("好")
    expect(page.locator(f"{LIVE} [data-head=max].pva-t")).to_have_text(["房", "间", "好"])


def altered(packed: bytes, token: str) -> bytes:
    """The models with another embedding of one token in every head."""
    content = gzip.decompress(packed)
    length = int.from_bytes(content[:4], "little")
    header = json.loads(content[4 : 4 + length])
    floats = np.frombuffer(content[4 + length :], "<f4").copy()
    vocabulary = header["vocabulary"]
    number = vocabulary["entries"].index(token) + vocabulary["reserved"]
    for head in header["heads"]:
        at, shape = head["tensors"]["embedding"]
        floats[at : at + shape[0] * shape[1]].reshape(shape)[number] += 1
    return gzip.compress(content[: 4 + length] + floats.tobytes())


def test_models_are_fetched_once(page):
    fetched = []
    page.on("request", lambda request: "/media/" in request.url and fetched.append(request.url))
    for letter in "好的":
        page.keyboard.type(letter)
        hand_over(page)
    box(page).blur()
    box(page).click()
    page.keyboard.type("呢")
    expect_live(page)
    assert not fetched


def test_what_the_models_cannot_read_is_said_at_each_key(visit):
    page = compare(visit, "鑫鑫")
    said, of_python = page.locator(".pva-doubts"), page.locator(".st-key-doubts")
    expect(of_python).to_contain_text("of 2 unknown tokens")
    go_to_box(page)
    sent = page.evaluate("traffic.sent")
    page.keyboard.type("鑫")
    expect(said).to_contain_text("of 3 unknown tokens")
    expect(of_python).to_be_hidden()
    page.keyboard.type("房间很好")
    expect(said).to_be_hidden()
    expect(of_python).to_be_hidden()
    box(page).fill("The room was clean")
    expect(said).to_contain_text("written in Latin letters")
    assert page.evaluate("traffic.sent") == sent
    hand_over(page)
    expect(said).to_have_count(0)
    expect(of_python).to_contain_text("written in Latin letters")


def test_models_that_come_late_answer_what_was_typed_before(visit):
    page = compare(visit, "房间")
    waiting = []
    page.route("**/media/**", lambda route: waiting.append(route))
    with page.expect_request(lambda request: "/media/" in request.url), answered(page):
        box(page).click()
    page.keyboard.press("End")
    page.keyboard.type("很好")
    assert not pause(page)
    [route] = waiting
    route.continue_()
    expect_live(page)
    hand_over(page)
    expect_rows(page, shown("房间很好"))
