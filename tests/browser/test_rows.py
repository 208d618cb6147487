"""The Compare page's rows in a real browser: what is where, pointer, keys, hidden rows."""

import itertools

import pytest
from playwright.sync_api import Locator, Page, expect

from poolviz.views.captions import number
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.browser.driving import go_to_box
from tests.browser.test_looks import PHONE, overflowing
from tests.pages_helpers import ALL_HEADS, HOSTILE_TEXTS, HOTEL, explain

TEXT = "早餐难吃，但是前台态度非常好。"
SPLIT_DECISION = {"example": "4"}  # the example on which heads disagree most
SCREENS = [(1440, 900), (1280, 720)]
FIRST_LOOK = 700  # pixels from the top within which all heads are to be seen
FIRST_LOOK_ON_A_PHONE = 600
# For each line that is shown: the left and the top of each token, from those of the first.
PLACES = """[...document.querySelectorAll('.pva-text')].filter(e => e.offsetParent).map(line => {
    const boxes = [...line.querySelectorAll('.pva-t')].map(e => e.getBoundingClientRect())
    return boxes.map(box => [box.left, box.top - boxes[0].top].map(Math.round))
})"""
STOPS = """[...document.querySelectorAll('.pva-text')].filter(e => e.offsetParent).map(
    line => line.querySelectorAll('[tabindex="0"]').length)"""


def line(page: Page, head: str) -> Locator:
    """The tokens of a head's own line."""
    return page.locator(f".pva-row[data-head={head}] .pva-text:not(.pva-rows) .pva-t")


def focused(page: Page) -> list[str]:
    """The head and the position of the token that has the focus."""
    return page.evaluate(
        """(e => [e.closest('.pva-row').dataset.head, Number(e.dataset.position)])
        (document.activeElement)"""
    )


def marked(page: Page, mark: str) -> list[list[int]]:
    """For each head the positions in its own line that have a mark."""
    return page.locator(".pva-text:not(.pva-rows)").evaluate_all(
        """(all, mark) => all.map(line => [...line.querySelectorAll('.' + mark)].map(
            token => Number(token.dataset.position)))""",
        mark,
    )


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_all_heads_are_seen_at_first_look(visit, screen, locale):
    viewport = dict(zip(("width", "height"), screen, strict=True))
    page = visit(address=SPLIT_DECISION, viewport=viewport, locale=locale)
    boxes = [row.bounding_box() for row in page.locator(".pva-row[data-head]").all()]
    assert len(boxes) == len(ALL_HEADS)
    assert max(box["y"] + box["height"] for box in boxes) < FIRST_LOOK
    assert not overflowing(page)


def test_the_first_head_is_seen_at_first_look_on_a_phone(visit):
    page = visit(address=SPLIT_DECISION, viewport=PHONE)
    assert line(page, ALL_HEADS[0]).first.bounding_box()["y"] < FIRST_LOOK_ON_A_PHONE
    assert not overflowing(page)


@pytest.mark.parametrize("width", [1440, 800, 400])
@pytest.mark.parametrize("text", [TEXT * 6, "Good rooms, W" + "W" * 90 + " 早餐😀好。\n" * 9])
def test_a_token_stands_below_itself_in_every_row(visit, width, text):
    page = visit(address={"text": text}, viewport={"width": width, "height": 900})
    page.locator("summary").click()
    places = page.evaluate(PLACES)
    assert len(places) == len(ALL_HEADS) + 4
    *own, _a, _b, _c, _d = places
    assert all(each == own[0] for each in own)
    assert len({top for _left, top in own[0]}) > 1  # it wraps


@pytest.mark.parametrize("pointing", ["hover", "keyboard"])
def test_pointing_at_a_token_marks_it_in_all_rows_and_shows_its_numbers(visit, pointing):
    page = visit(address={"text": TEXT})
    expect(page.locator(".pva-on")).to_have_count(0)
    if pointing == "hover":
        line(page, "average").nth(4).hover()
    else:
        line(page, "average").nth(3).focus()
        page.keyboard.press("ArrowRight")
    shown = panel(explain(TEXT), View(scale="uniform"))
    said = page.locator(".numbers")
    expect(said).to_contain_text(f"“{TEXT[4]}” · position 5 of {len(TEXT)}")
    for row in shown.summaries:
        expect(said).to_contain_text(f"{row.label} {number(row.values[4])}")
    before, after = shown.summaries[0].explanation.window
    assert marked(page, "pva-on") == [[4]] * len(ALL_HEADS)
    near = [place for place in range(4 - before, 5 + after) if place != 4]
    assert marked(page, "pva-near") == [near] * len(ALL_HEADS)
    outline = line(page, "max").nth(4).evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"


def test_a_row_is_one_stop_for_tab_and_arrows_lead_along_and_across(visit):
    page = visit(address={"text": TEXT})
    assert page.evaluate(STOPS) == [1] * len(ALL_HEADS)
    line(page, "max").first.focus()
    for key, wanted in (
        ("ArrowRight", ["max", 1]),
        ("ArrowRight", ["max", 2]),
        ("ArrowDown", ["average", 2]),
        ("ArrowLeft", ["average", 1]),
        ("ArrowDown", ["min-variance", 1]),
        ("ArrowUp", ["average", 1]),
        ("End", ["average", len(TEXT) - 1]),
        ("ArrowRight", ["average", len(TEXT) - 1]),
        ("Home", ["average", 0]),
        ("Tab", ["min-variance", 1]),  # where somebody was
        ("Tab", ["attention", 0]),
        ("Shift+Tab", ["min-variance", 1]),
    ):
        page.keyboard.press(key)
        assert focused(page) == wanted, key
        assert page.evaluate(STOPS) == [1] * len(ALL_HEADS)


def test_the_weight_rows_of_a_head_open_by_its_name(visit):
    page = visit(address={"text": TEXT})
    parts = page.locator(".pva-rows")
    expect(parts).to_have_count(4)
    expect(parts.first).to_be_hidden()
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(parts.first).to_be_visible()
    line(page, "multi-head").nth(2).focus()
    page.keyboard.press("ArrowDown")
    assert focused(page) == ["multi-head", 2]
    assert page.evaluate("!!document.activeElement.closest('.pva-rows')")
    page.locator("summary").click()
    expect(parts.first).to_be_hidden()


def test_a_text_from_right_to_left_flows_and_is_stepped_in_its_direction(visit):
    text = HOSTILE_TEXTS["right to left"]
    page = visit(address={"text": text})
    row = page.locator(".pva-text").first.bounding_box()
    *hebrew_and_arabic, _han, _other_han = line(page, "max").all()
    boxes = [token.bounding_box() for token in hebrew_and_arabic]
    assert all(one["x"] > other["x"] for one, other in itertools.pairwise(boxes))
    assert boxes[0]["x"] + boxes[0]["width"] > row["x"] + row["width"] - 10
    line(page, "max").first.focus()
    for key, wanted in (("ArrowLeft", 1), ("ArrowLeft", 2), ("ArrowRight", 1)):
        page.keyboard.press(key)
        assert focused(page) == ["max", wanted]


@pytest.mark.parametrize(
    ("dataset", "text"),
    [
        (HOTEL, "\u202e房间 \u2067很好\u202e，干净"),
        ("bbc_news", "the \u202estriker sco\u202ered \u2067twice, and that was it"),
    ],
)
def test_what_turns_the_direction_turns_no_other_token(visit, dataset, text):
    page = visit(address={"dataset": dataset, "heads": "max", "text": text})
    assert runs_to_the_right(page)
    go_to_box(page)
    page.keyboard.type("a")
    expect(page.locator(".pva-live")).to_have_count(1)
    assert runs_to_the_right(page)


def runs_to_the_right(page: Page) -> bool:
    boxes = [token.bounding_box() for token in page.locator(".pva-t:visible").all()]
    return all(one["x"] < other["x"] for one, other in itertools.pairwise(boxes))


def test_what_is_not_known_is_underlined(visit):
    page = visit(address={"text": HOSTILE_TEXTS["unknown characters"]})
    known = [token.known for token in explain(HOSTILE_TEXTS["unknown characters"])[0].tokens]
    lines = line(page, "max").evaluate_all(
        "all => all.map(e => getComputedStyle(e).textDecorationLine)"
    )
    assert not all(known)
    assert lines == ["none" if each else "underline" for each in known]
    expect(page.locator(".pva-foot")).to_contain_text("not in the vocabulary")
