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

from playwright.sync_api import Browser, Page, sync_playwright

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.live.page import live_page
from poolviz.model.kinds import USUAL
from poolviz.views.view import View
from tests.benchmarks.report import Figure, print_table
from tests.benchmarks.startup import CHROMIUM_NAMES

LENGTHS = {30: "≤ 35 ms", 200: "≤ 60 ms", 5_000: "≤ 100 ms"}
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
TIMED = """() => {
    window.painted = [];
    document.getElementById("text").addEventListener("keydown", () => {
        const pressed = performance.now();
        document.getElementById("text").addEventListener("input", () => {
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
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        page, empty = Path(folder) / "page.html", Path(folder) / "empty.html"
        page.write_bytes(content)
        empty.write_text(EMPTY, encoding="utf-8")
        figures = [Figure("live page of hotel reviews", f"{len(content):,} B", "≤ 3,100,000 B")]
        opened = median(_opening(browser, page) for _ in range(OPENINGS))
        figures.append(Figure("opening it, to the first table", f"{opened:.0f} ms", "≤ 600 ms"))
        for length, goal in LENGTHS.items():
            own, beside = _keys(browser, [page, empty], length)
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


def _keys(browser: Browser, pages: Sequence[Path], length: int) -> list[float]:
    """The median of each page, keys in turns."""
    tabs = [_with_text(browser, page, length) for page in pages]
    for _ in range(KEYS):
        for tab in tabs:
            tab.bring_to_front()
            tab.keyboard.press("x")
            tab.wait_for_timeout(PAUSE)
    found = [median(tab.evaluate("painted")) for tab in tabs]
    for tab in tabs:
        tab.close()
    return found


def _with_text(browser: Browser, page: Path, length: int) -> Page:
    tab = browser.new_page()
    tab.goto(page.as_uri())
    tab.fill("#text", (TEXT * (length // len(TEXT) + 1))[:length])
    tab.focus("#text")
    tab.evaluate(TIMED)
    return tab


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


if __name__ == "__main__":
    main()
