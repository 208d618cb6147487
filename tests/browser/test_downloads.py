"""Files hold what stands in the box when somebody presses, whether the box was left or not."""

import json

import pytest
from playwright.sync_api import Page, expect

from poolviz.text.tokens import text_hash
from tests.browser.driving import button, download, keyed

TYPED = "新写的一句话，房间很安静。"


def texts_of(content: bytes) -> set[str]:
    """All texts in the explanations of a file."""
    found: set[str] = set()

    def look(node) -> None:
        if isinstance(node, dict):
            found.update(value for key, value in node.items() if key == "text" and "tokens" in node)
            node = list(node.values())
        if isinstance(node, list):
            for value in node:
                look(value)

    look(json.loads(content))
    return found


@pytest.mark.parametrize(
    ("place", "box", "file"),
    [
        ("", "_text", "download_explanations"),
        ("heads", "_text", "download_explanations"),
        ("match", "_sentence_a", "download_explanations"),
    ],
)
def test_a_download_right_after_typing_holds_what_was_typed(visit, place, box, file):
    page: Page = visit(place)
    field = keyed(page, box).locator("textarea")
    before = field.input_value()
    field.click()
    field.press("Control+a")
    field.press_sequentially(TYPED)
    button(page, "share_menu").click()  # the box was not left before
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    _name, content = download(page, file)
    assert TYPED in texts_of(content)
    assert before not in texts_of(content)


def test_a_download_of_trust_right_after_typing_is_of_what_was_typed(visit):
    page: Page = visit("trust")
    field = keyed(page, "_text").locator("textarea")
    field.click()
    field.press("Control+a")
    field.press_sequentially(TYPED)
    button(page, "share_menu").click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    name, content = download(page, "download_trust-curves")
    assert text_hash(TYPED) in name
    assert len(content.splitlines()) > len(TYPED)
