"""The live page in Chromium: `python -m tests.benchmarks.live`.

From a key to what it changed on the screen, in the page and, in turns, in an empty page that only
sets a number; both wait for a frame of the same browser. And the file: its size, and from opening
it to its first table.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Locator, sync_playwright

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.live.page import live_page
from poolviz.model.kinds import USUAL
from poolviz.views.view import View
from tests.benchmarks.report import Figure, print_table
from tests.benchmarks.startup import CHROMIUM_NAMES

GOALS = {30: "≤ 35 ms", 200: "≤ 60 ms", 5_000: "≤ 100 ms"}
KEYS = 40
PAUSE = 60  # milliseconds between two keys
OPENINGS = 5
TEXT = "都说服务好，我们等了四十分钟才办好入住，行李也没有人帮忙拿。房间很干净，早餐一般。"
EMPTY = """<!DOCTYPE html><meta charset="utf-8"><textarea id="text"></textarea><p></p><script>
const box = document.getElementById("text");
box.addEventListener("input", () => requestAnimationFrame(() => {
  document.querySelector("p").textContent = box.value.length;
}));
</script>"""
# The time of each key until the frame after the one in which it was drawn.
TIMED = """box => {
    window.painted = [];
    box.addEventListener("keydown", () => {
        const pressed = performance.now();
        box.addEventListener("input", () => {
            requestAnimationFrame(() => {
                const channel = new MessageChannel();
                channel.port1.onmessage = () => window.painted.push(performance.now() - pressed);
                channel.port2.postMessage(null);
            });
        }, {once: true});
    });
}"""


def main() -> None:
    """Print the figures."""
    shipped = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    heads = choose(shipped, "chnsenticorp_htl_all", [USUAL], readout="linear")
    content = live_page(heads, TEXT, View(scale="uniform"), date.today())
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page, empty = Path(folder) / "page.html", Path(folder) / "empty.html"
        page.write_bytes(content)
        empty.write_text(EMPTY, encoding="utf-8")
        figures = [Figure("live page of hotel reviews", f"{len(content):,} B", "≤ 3,100,000 B")]
        first = median(_opening(browser, page) for _ in range(OPENINGS))
        figures.append(Figure("opening it, to the first table", f"{first:.0f} ms", "≤ 600 ms"))
        for length, goal in GOALS.items():
            boxes = [opened(browser, each, length) for each in (page, empty)]
            own, beside = map(median, keys(boxes))
            for box in boxes:
                box.page.close()
            figures.append(
                Figure(f"a key in {length:,} characters, to painted", f"{own:.0f} ms", goal)
            )
            figures.append(Figure("… the same in an empty page", f"{beside:.0f} ms"))
    print_table(figures)


def _opening(browser: Browser, page: Path) -> float:
    """Milliseconds from the address to the first table."""
    tab = browser.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_selector(".pva-t")
    found = tab.evaluate("performance.getEntriesByType('paint').at(-1).startTime")
    tab.close()
    return found


def keys(boxes: Sequence[Locator]) -> list[list[float]]:
    """Of each box the milliseconds from each key to what it changed on the screen, in turns."""
    for box in boxes:
        box.evaluate(TIMED)
    for _ in range(KEYS):
        for box in boxes:
            box.page.bring_to_front()
            box.page.keyboard.press("x")
            box.page.wait_for_timeout(PAUSE)
    return [box.page.evaluate("painted") for box in boxes]


def text_of(length: int) -> str:
    """A text of so many characters."""
    return (TEXT * (length // len(TEXT) + 1))[:length]


def opened(browser: Browser, page: Path, length: int) -> Locator:
    """The text box of a page in a tab of its own, with the cursor behind so many characters."""
    tab = browser.new_page()
    tab.goto(page.as_uri())
    box = tab.locator("#text")
    box.fill(text_of(length))
    box.focus()
    return box


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


if __name__ == "__main__":
    main()
