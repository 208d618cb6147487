"""Compare follows each key in the browser, and Python's answer replaces what that showed."""

import gzip
import json

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from poolviz.datasets.examples import examples
from poolviz.ui.live.follower import PAUSE
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.browser.conftest import answered
from tests.browser.driving import choose_example, expect_address, expect_rows, keyed, names
from tests.pages_helpers import HOTEL, explain

LIVE = ".pva-live"
HEADS = ["max", "attention"]


@pytest.fixture
def page(visit) -> Page:
    """Compare, its models in the browser and the cursor at the end of the box."""
    page = visit(address={"heads": ",".join(HEADS), "scale": "shared", "text": "房间"})
    with page.expect_response(lambda answer: "/media/" in answer.url), answered(page):
        box(page).click()
    page.keyboard.press("End")
    return page


def box(page: Page) -> Locator:
    return keyed(page, "_text").locator("textarea")


def shown(text: str) -> list[list[str]]:
    """What the rows have to show of a text."""
    found = panel(explain(text, HOTEL, HEADS), View(scale="shared"))
    return [names(row) for row in found.summaries]


def test_rows_follow_the_keys_before_the_server_hears_of_them(page):
    sent = page.evaluate("traffic.sent")
    page.keyboard.type("很")
    expect(page.locator(f"{LIVE} [data-head=max].pva-t")).to_have_text(["房", "间", "很"])
    assert page.evaluate("traffic.sent") == sent
    with answered(page):
        page.keyboard.type("好")
    expect(page.locator(LIVE)).to_have_count(0)
    expect_rows(page, shown("房间很好"))
    expect(page.locator(".live-note")).to_be_hidden()


def test_what_is_typed_while_python_answers_is_not_lost(page):
    for letter in "很干净，早餐也不错":
        page.keyboard.type(letter)
        page.wait_for_timeout(PAUSE + 100 if letter in "净餐" else 60)
    expect(box(page)).to_have_value("房间很干净，早餐也不错")
    expect(page.locator(LIVE)).to_have_count(0)
    expect_rows(page, shown("房间很干净，早餐也不错"))


def test_an_example_chosen_while_typing_wins(page):
    page.keyboard.type("很好")
    choose_example(page, 1)
    wanted = examples(HOTEL, "character")[1]
    expect(box(page)).to_have_value(wanted)
    expect(page.locator(LIVE)).to_have_count(0)
    page.wait_for_timeout(PAUSE + 300)
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
    page.wait_for_timeout(PAUSE + 300)
    expect(box(page)).to_have_value(wanted)
    expect(page.locator(LIVE)).to_have_count(0)
    expect_rows(page, shown(wanted))


def test_keys_without_a_pause_send_nothing(page):
    sent = page.evaluate("traffic.sent")
    page.keyboard.type("好" * 40, delay=30)
    assert page.evaluate("traffic.sent") == sent
    with answered(page):
        pass
    expect_rows(page, shown("房间" + "好" * 40))


def test_without_its_models_the_page_waits_as_before(visit):
    page = visit(address={"heads": ",".join(HEADS), "scale": "shared", "text": "房间"})
    page.route("**/media/**", lambda route: route.fulfill(body="no models"))
    with page.expect_response(lambda answer: "/media/" in answer.url), answered(page):
        box(page).click()
    page.keyboard.press("End")
    sent = page.evaluate("traffic.sent")
    page.keyboard.type("很好")
    page.wait_for_timeout(PAUSE + 300)
    assert page.evaluate("traffic.sent") == sent
    expect(page.locator(LIVE)).to_have_count(0)
    with answered(page):
        page.keyboard.press("Control+Enter")
    expect_rows(page, shown("房间很好"))


def test_a_difference_is_said_until_an_answer_agrees(visit):
    """Models of another making: one token's vector is not Python's."""
    page = visit(address={"heads": ",".join(HEADS), "scale": "shared", "text": "房间"})
    page.route("**/media/**", lambda route: route.fulfill(body=altered(route.fetch().body(), "坏")))
    with page.expect_response(lambda answer: "/media/" in answer.url), answered(page):
        box(page).click()
    page.keyboard.press("End")
    for letter in "坏了":
        expect(box(page)).to_be_focused()
        page.keyboard.type(letter)
        expect(page.locator(".live-note")).to_contain_text("these are Python's numbers")
    expect_rows(page, shown("房间坏了"))
    page.keyboard.press("Backspace")
    with answered(page):
        page.keyboard.press("Backspace")
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
        with answered(page):
            page.keyboard.type(letter)
    box(page).blur()
    box(page).click()
    page.keyboard.type("呢")
    expect(page.locator(LIVE)).to_have_count(1)
    assert not fetched
