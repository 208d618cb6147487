"""What a visitor does and sees, by the keys of the widgets and not by their labels."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, expect

from poolviz.text.tokens import has_visible
from poolviz.views.passages import PART
from tests.browser.conftest import answered, settle

_SHOWS = """text => {
    const boxes = [...document.querySelectorAll('.pv-text')]
    const shows = box => text.startsWith(box.textContent)
        && box.textContent.length >= Math.min(text.length, PART)
    return text ? boxes.some(shows) : !boxes.length
}""".replace("PART", str(PART))  # a long text is shown in parts
_NAMES = """[...document.querySelectorAll('.pv-text')].map(box =>
    [...box.querySelectorAll('.pv-t')].map(token => token.getAttribute('aria-label')))"""


def keyed(page: Page, key: str) -> Locator:
    """The widget with this key."""
    return page.locator(f".st-key-{key}")


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
    """Enter a text on the Compare page; returns when the view is of this text."""
    enter_text(page, text)
    # A text box knows one kind of line break, and HTML has no character U+0000.
    shown = re.sub("\r\n?", "\n", text).replace("\0", "") if has_visible(text) else ""
    page.wait_for_function(_SHOWS, arg=shown)


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


def highlights(page: Page) -> list[list[str]]:
    """For each card the tokens' accessible names, "token, number"; waits for the first one."""
    page.locator(".pv-t").first.wait_for()
    return page.evaluate(_NAMES)


def expect_highlights(page: Page, wanted: list[list[str]]) -> None:
    """Wait until the cards show exactly this."""
    try:
        page.wait_for_function(f"wanted => JSON.stringify({_NAMES}) === wanted", arg=_json(wanted))
    except TimeoutError:
        assert page.evaluate(_NAMES) == wanted
    settle(page)


def expect_address(page: Page, **wanted: str) -> None:
    """Wait until the address has these parameters."""
    for name, value in wanted.items():
        expect(page).to_have_url(re.compile(rf"[?&]{name}={re.escape(value)}(&|$)"))
    settle(page)


def link_of_view(page: Page, with_text: str = "") -> str:
    """What the popover with the link offers to copy; `with_text`: the parameter of a text in it."""
    page.locator('[data-testid="stPopoverButton"]', has=_icon(page, "link")).click()
    body = page.locator('[data-testid="stPopoverBody"]')
    if with_text:
        body.locator('[data-testid="stCheckbox"] label').click()
        expect(body.locator("code")).to_contain_text(f"{with_text}=")
    link = body.locator("code").inner_text()
    page.keyboard.press("Escape")
    return link


def download(page: Page, key: str) -> tuple[str, bytes]:
    """Press a download button; the file's name and content."""
    with page.expect_download() as started:
        button(page, key).click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def _icon(page: Page, name: str) -> Locator:
    return page.locator('[data-testid="stIconMaterial"]').get_by_text(name, exact=True)


def _json(value) -> str:
    """JSON as the browser's `JSON.stringify` writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
