"""Somebody's own data set in which every word is hostile, on every page.

`visit` sees to it that no dialog opens, nothing fails, and no other machine is asked.
"""

import json
import shutil

import pytest
from playwright.sync_api import Page, expect

from poolviz.checkpoints import own_rows
from poolviz.checkpoints.selection import choose
from poolviz.model.kinds import USUAL
from tests.browser.conftest import answered
from tests.browser.driving import keyed, press, share_menu
from tests.copies import copied
from tests.live.test_engine import SHIPPED
from tests.pages_helpers import HOTEL

TASK = "hostile"
HOSTILE = (
    '"><img src=http://127.0.0.1:9/x.png onerror=alert(1)></style></textarea><script>alert(2)'
    "</script>[x](javascript:alert(3))![y](http://127.0.0.1:9/y.png) :red[z] $x^2$ {{7*7}}"
)
CLASSES = [f"1{HOSTILE}", f"2{HOSTILE}"]
# What no page has: elements that come from a text, or that a text has told what to do.
FOREIGN = """[...document.querySelectorAll('#root *, [data-testid=stPopoverBody] *')].filter(e =>
    e.matches('script, [src*=":9/"], [href*=":9/"], [href^="javascript:"]')
    || [...e.attributes].some(({name}) => /^on/i.test(name))
).map(e => e.outerHTML.slice(0, 200))"""
# Of each page the key of the buttons that open its parts.
PARTS = {
    "": "_section",
    "explore": None,
    "heads": "_heads_section",
    "match": "_match_section",
    "trust": "_trust_section",
    "results": "_results_section",
}


@pytest.fixture(scope="module")
def hostile(server):
    """Two of the hotel reviews' models under other names of classes, beside them a row."""
    root = server.home / "checkpoints"
    rows = {"schema_version": own_rows.VERSION, "files": [], "rows": [[CLASSES[1], HOSTILE]]}
    for source in choose(SHIPPED, HOTEL, [USUAL], ("max", "multi-head"), "linear"):
        folder = copied(source, root, TASK, classes=CLASSES).folder
        (folder / own_rows.NAME).write_text(json.dumps(rows), encoding="utf-8")
    yield
    shutil.rmtree(root / TASK)


@pytest.mark.parametrize("name", PARTS)
def test_nothing_of_it_is_more_than_text(visit, hostile, name):
    texts = dict.fromkeys(("text", "sentence_a", "sentence_b", "third"), HOSTILE)
    page = visit(name, {"dataset": TASK, "show": "contribution", "class": CLASSES[0], **texts})
    seen = look(page)
    if name == "explore":
        give(page, "explore_file", "rows.csv")
        expect(page.locator(".pvr")).to_contain_text("<script>alert(2)")
        seen += look(page)
    if parts := PARTS[name]:
        for number in range(keyed(page, parts).get_by_role("radio").count()):
            press(page, parts, number)
            seen += look(page)
    if keyed(page, "share_menu").count():
        with share_menu(page):
            seen += look(page)
    assert "<script>alert(2)" in seen


def look(page: Page) -> str:
    """What the page says, with nothing on it that was told what to do by a text."""
    assert page.evaluate(FOREIGN) == []
    return page.get_by_test_id("stMain").inner_text()


def test_a_file_of_a_hostile_name_is_only_text(visit):
    page = visit("train")
    give(page, "train_file", "<img src=x onerror=alert(1)>.csv")
    expect(page.locator(".pvh")).to_contain_text("<script>alert(2)")
    look(page)


def give(page: Page, key: str, name: str) -> None:
    """Forty rows of hostile texts and labels in a file."""
    texts = ['"' + words.replace('"', '""') + '"' for words in CLASSES]
    rows = "\n".join(["text,label", *(f"{texts[n % 2]},{texts[n % 2]}" for n in range(40))])
    file = {"name": name, "mimeType": "text/csv", "buffer": rows.encode()}
    with answered(page):
        keyed(page, key).locator("input[type=file]").set_input_files([file])
