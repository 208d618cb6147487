"""What can be measured of the looks: contrast in both colour schemes, axe-core, what overflows."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from poolviz.ui.frame.menu import MENU
from poolviz.views.passages import LONG, PART
from tests.browser.conftest import answered, settle
from tests.browser.driving import enter_text, keyed, press, type_text
from tests.pages_helpers import HOTEL, PAGES, explain

LONG_TEXT = "房间很干净，床也舒服，就是早餐一般。\n" * 105
TEN_CLASSES = "thucnews_title"
PHONE = {"width": 400, "height": 800}
BACKGROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
READABLE = 4.5  # contrast that WCAG 2.2 asks of text, level AA
# For each element with text of its own: contrast of its colour with what lies behind it.
CONTRASTS = """selector => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
    const remembered = (known, key, make) => known.get(key) ?? known.set(key, make()).get(key)
    const colours = new Map(), grounds = new Map()
    const parts = colour => remembered(colours, colour, () => {
        canvas.clearRect(0, 0, 1, 1)
        canvas.fillStyle = colour
        canvas.fillRect(0, 0, 1, 1)
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
        return [r, g, b, a / 255]
    })
    const over = (top, below, share) => below.map((c, i) => share * top[i] + (1 - share) * c)
    const luminance = colour => {
        const [r, g, b] = colour.map(c => c / 255).map(
            c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ground = element => remembered(grounds, element, () => {
        if (!element) return {behind: [255, 255, 255], opacity: 1}
        const above = ground(element.parentElement), style = getComputedStyle(element)
        const opacity = above.opacity * parseFloat(style.opacity)
        const colour = parts(style.backgroundColor)
        return {behind: over(colour, above.behind, colour[3] * opacity), opacity}
    })
    const seen = [...document.querySelectorAll(selector)].filter(e => ground(e).opacity > 0)
    return seen.map(element => {
        const {behind, opacity} = ground(element)
        const text = over(parts(getComputedStyle(element).color), behind, opacity)
        const [high, low] = [luminance(text), luminance(behind)].sort((a, b) => b - a)
        return (high + 0.05) / (low + 0.05)
    })
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_on_tints_is_readable(visit, scheme):
    page = visit(address={"scale": "head"}, color_scheme=scheme)
    dark = page.evaluate(BACKGROUND)
    assert (dark == "rgb(255, 255, 255)") == (scheme == "light")
    type_text(page, LONG_TEXT[:60])
    for quantity in (1, 0):
        press(page, "_quantity", quantity)
        page.wait_for_function(
            "wanted => !!document.querySelector('.pva-signed') === wanted", arg=bool(quantity)
        )
        settle(page)
        assert_readable(
            page, ".pva-t", ".pva-head > div", ".pva-name", ".pva-decision", ".pva-foot"
        )
    token = page.locator(".pva-t").nth(3)
    token.focus()
    with answered(page):
        token.press("Delete")
    assert_readable(page, ".pva-earlier .pva-t:not(.pva-void)", ".pva-new, .pva-gone", ".pva-was")


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("name", MENU)
def test_labels_are_readable_and_axe_finds_nothing_serious(visit, name, locale):
    words = _WORDS if MENU[name].family else ()  # chips and labels are those of models
    page = visit("" if name == "compare" else name, locale=locale, color_scheme="light")
    assert_readable(page, *words)
    assert serious(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => {BACKGROUND} !== 'rgb(255, 255, 255)'")
    settle(page)
    assert_readable(page, *words)
    assert serious(page, {"runOnly": ["color-contrast"]}) == []


def test_axe_finds_what_is_serious(browser):
    page = browser.new_page()
    page.set_content(
        '<html lang="en"><title>x</title><main><button></button>'
        '<p style="color:#aaa;background:#fff">pale</p></main></html>'
    )
    assert [name for name, _html in serious(page)] == ["button-name", "color-contrast"]
    assert [name for name, _html in serious(page, {"runOnly": ["color-contrast"]})] == [
        "color-contrast"
    ]
    page.close()


def serious(page: Page, options: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    """The rule and the element of each finding of axe-core that is serious, or worse."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **(options or {})})
    return sorted(
        (violation["id"], node["html"][:200])
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    )


# What Streamlit draws with text of its own: chips of the sidebar, labels, captions, switches.
_WORDS = (
    '[data-testid="stMultiSelect"] :not(:empty):not(:has(*)):not(svg):not(path)',
    '[data-testid="stWidgetLabel"] p',
    # The number of a slider stands above the knob that it is an element of, not on its colour.
    '.stApp p:not([data-testid="stSliderThumbValue"] p)',
)


def assert_readable(page: Page, *selectors: str) -> None:
    for selector in selectors:
        contrasts = page.evaluate(CONTRASTS, selector)
        assert contrasts and min(contrasts) >= READABLE, selector


def test_the_measure_of_contrast_measures(visit):
    page = visit("results")
    page.evaluate(
        """document.body.insertAdjacentHTML('beforeend',
        '<div style="background:#fff"><p id="a" style="color:#767676">x</p>'
        + '<p id="b" style="color:#000;background:rgb(0 0 0/0.5)">x</p>'
        + '<p id="c" style="color:#000;opacity:0.5">x</p></div>')"""
    )
    [grey], [half], [pale] = (page.evaluate(CONTRASTS, name) for name in ("#a", "#b", "#c"))
    assert grey == pytest.approx(4.54, abs=0.02)
    assert half == pytest.approx(5.3, abs=0.1)
    assert pale == pytest.approx(3.95, abs=0.1)


def test_of_a_long_text_a_part_stands_in_every_row(visit):
    page = visit(address={"heads": "max,attention"})
    type_text(page, LONG_TEXT)
    assert len(LONG_TEXT) > 1990
    lines = page.locator(".pva-text")
    assert lines.count() == 2
    for line in lines.all():
        assert line.locator(".pva-t").count() == PART
        assert line.evaluate("e => e.scrollWidth <= e.clientWidth")
    box = keyed(page, "_text").locator("textarea")
    assert box.evaluate("e => e.scrollHeight > 1.2 * e.clientHeight && e.clientHeight < 300")
    assert not overflowing(page)
    last = lines.first.locator(".pva-t").last
    last.hover()  # scrolls to it
    count = len(explain(LONG_TEXT, HOTEL, ["max"])[0].tokens)
    assert count > LONG
    expect(page.locator(".numbers")).to_contain_text(f"{PART} of {count}")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_overflows_a_phone(visit, name):
    place = "" if name == "dashboard.py" else name.removeprefix("pages/").removesuffix(".py")
    address = {"dataset": TEN_CLASSES, "show": "contribution", "heads": "max,multi-head"}
    page = visit(place, address, viewport=PHONE)
    assert not overflowing(page)
    if keyed(page, "_text").count():
        enter_text(page, LONG_TEXT + "W" * 300)
        assert not overflowing(page)


def test_a_figure_of_tokens_scrolls_on_a_phone_and_lets_the_page_move(visit):
    page = visit("", {"dataset": TEN_CLASSES, "open": "heatmap"}, viewport=PHONE, has_touch=True)
    figure, main = keyed(page, "heatmap"), page.get_by_test_id("stMain")
    figure.locator(".main-svg").first.wait_for()
    figure.scroll_into_view_if_needed()
    swipe(page, figure, -200, 0)
    moved(page, figure, "scrollLeft", 0, 100)
    before = main.evaluate("e => e.scrollTop")
    swipe(page, figure, 0, 200)  # the figure is the last thing on the page: only up is free
    moved(page, main, "scrollTop", before, -100)


def swipe(page: Page, over: Locator, right: int, down: int) -> None:
    """A finger drawn from the middle of an element, in pixels."""
    box, touch = over.bounding_box(), page.context.new_cdp_session(page)
    for part in range(11):
        x = box["x"] + box["width"] / 2 + right * part / 10
        y = box["y"] + box["height"] / 2 + down * part / 10
        kind = "touchMove" if part else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def moved(page: Page, element: Locator, by: str, before: float, least: int) -> None:
    """Waits until an element is scrolled at least so far from where it was, forward or back."""
    page.wait_for_function(
        "([element, by, before, least]) => (element[by] - before) / least > 1",
        arg=[element.element_handle(), by, before, least],
    )


def overflowing(page: Page) -> bool:
    """Whether the page could be scrolled sideways."""
    return page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".some(e => e.scrollWidth > e.clientWidth)"
    )
