"""What a visitor does and sees, by the keys of the widgets and not by their labels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, expect

from poolviz.text.tokens import tokenize
from poolviz.ui.live.follower import PAUSE
from poolviz.views.captions import number
from poolviz.views.panel import Row
from poolviz.views.passages import LONG, PART
from tests.browser.conftest import answered, settle

# Of all rows of tokens, without the weight rows that a head may have below its own.
_LINES = """[...document.querySelectorAll('.pva-text:not(.pva-rows)')].map(line =>
    [...line.querySelectorAll('.pva-t[data-position]')].map(token => WHAT))"""
_TOKENS = _LINES.replace("WHAT", "token.textContent")
_VALUES = _LINES.replace("WHAT", "`${token.textContent}, ${token.dataset.value}`")
# Timers of one length do not run out by themselves, but when a test says so.
_HELD = """length => {
    const begin = window.setTimeout, end = window.clearTimeout, held = new Map()
    window.setTimeout = (act, after, ...given) => {
        if (after !== length) return begin(act, after, ...given)
        const number = -1 - held.size
        held.set(number, act)
        return number
    }
    window.clearTimeout = number => held.has(number) ? held.set(number, null) : end(number)
    window.pause = () => {
        const acts = [...held.values()].filter(Boolean)
        for (const number of held.keys()) held.set(number, null)
        for (const act of acts) act()
        return acts.length
    }
}"""


def hold_pauses(page: Page) -> None:
    """From here on a pause in typing is made by `pause`, however long the machine takes."""
    page.evaluate(_HELD, PAUSE)


def pause(page: Page) -> bool:
    """Nobody types for a moment; whether the page was waiting for that."""
    return bool(page.evaluate("pause()"))


def hand_over(page: Page) -> None:
    """Pause as soon as the page waits for that; returns when it is answered."""
    with answered(page):
        page.wait_for_function("() => pause()")


def keyed(page: Page, key: str) -> Locator:
    """The widget with this key."""
    return page.locator(f".st-key-{key}")


def go_to_box(page: Page, key: str = "_text") -> None:
    """To the end of a box that rows follow; returns when the models are in the browser."""
    with page.expect_response(lambda answer: "/media/" in answer.url), answered(page):
        keyed(page, key).locator("textarea").click()
    page.keyboard.press("End")


def button(page: Page, key: str) -> Locator:
    """The button with this key.

    One with a help text stands in the page twice, for wide windows and for narrow ones: only the
    one that is shown has a role.
    """
    return keyed(page, key).get_by_role("button")


def enter_text(page: Page, text: str, key: str = "_text") -> None:
    """Type another text into a text box and press Ctrl+Enter."""
    box = keyed(page, key).locator("textarea")
    with answered(page):
        box.fill(text)
        box.press("Control+Enter")


def type_text(page: Page, text: str) -> None:
    """Enter a text on the Compare page; returns when every row is of this text."""
    enter_text(page, text)
    # HTML has no character U+0000.
    shown = [token.text for token in tokenize(text.replace("\0", ""), "character")]
    shown = shown[:PART] if len(shown) > LONG else shown
    wanted = "lines.length && lines.every(line => JSON.stringify(line) === wanted)"
    page.wait_for_function(
        f"wanted => {{ const lines = {_TOKENS}; return {wanted if shown else '!lines.length'} }}",
        arg=_json(shown),
    )


def press(page: Page, key: str, number: int = 0) -> None:
    """Press another of a segmented control's choices, or a toggle."""
    widget = keyed(page, key)
    toggle = widget.locator('[data-testid="stCheckbox"] label')
    with answered(page):
        (toggle if toggle.count() else widget.get_by_role("radio")).nth(number).click()


def choose(page: Page, key: str, number: int) -> None:
    """Choose an option of a select box by its place in the list."""
    wanted = page.get_by_role("option").nth(number)
    keyed(page, key).locator("input").click()
    try:
        wanted.wait_for(timeout=5_000)
    except TimeoutError:  # the page was drawn anew while the list opened, and closed it
        keyed(page, key).locator("input").click()
    another = wanted.get_attribute("aria-selected") != "true"
    with answered(page) if another else nullcontext():
        wanted.click()
    expect(page.get_by_role("option")).to_have_count(0)


def names(row: Row) -> list[str]:
    """A row's tokens as a page has to name them: "token, number"."""
    return [
        f"{token.text}, {number(value)}"
        for token, value in zip(row.explanation.tokens, row.values, strict=True)
    ]


def rows(page: Page) -> list[list[str]]:
    """The lines of all rows, each token as "token, number"; waits for the first."""
    page.locator(".pva-t").first.wait_for()
    return page.evaluate(_VALUES)


def expect_rows(page: Page, wanted: list[list[str]]) -> None:
    """Wait until the rows show exactly this."""
    _expect(page, _VALUES, wanted)


def _expect(page: Page, script: str, wanted: list[list[str]]) -> None:
    try:
        page.wait_for_function(f"wanted => JSON.stringify({script}) === wanted", arg=_json(wanted))
    except TimeoutError:
        assert page.evaluate(script) == wanted
    settle(page)


def choose_example(page: Page, number: int) -> None:
    """Choose an example of the menu by its place in it."""
    button(page, "_example").click()
    with answered(page):
        page.get_by_role("menuitem").nth(number).click()


@contextmanager
def share_menu(page: Page) -> Iterator[Locator]:
    """The menu with link, files and exports, which is open inside and closed afterwards."""
    opener, body = button(page, "share_menu"), page.get_by_test_id("stPopoverBody")
    with answered(page):
        opener.click()
    expect(body).to_be_visible()
    yield body
    with answered(page):
        opener.click()
    expect(body).to_have_count(0)


def expect_address(page: Page, **wanted: str) -> None:
    """Wait until the address has these parameters."""
    for name, value in wanted.items():
        expect(page).to_have_url(re.compile(rf"[?&]{name}={re.escape(value)}(&|$)"))
    settle(page)


def link_of_view(page: Page, text: str | None = None, with_text: bool = True) -> str:
    """What the menu offers to copy.

    Parameters
    ----------
    text : the parameter of the visitor's own text, if the view is of one.
    with_text : whether that is left in the link, where it is from the beginning.
    """
    with share_menu(page) as menu:
        code = menu.locator("code")
        if text:
            expect(code).to_contain_text(f"{text}=")
        if not with_text:
            press(page, "link_text")
            expect(code).not_to_contain_text(f"{text}=")
        return code.inner_text()


def download(page: Page, key: str) -> tuple[str, bytes]:
    """Press a download button; the file's name and content."""
    with page.expect_download() as started:
        button(page, key).click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def _json(value) -> str:
    """JSON as the browser's `JSON.stringify` writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
