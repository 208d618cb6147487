"""Compare's rows that follow each key: `python -m tests.benchmarks.following` (Linux: reads /proc).

From a key to what it changed on the screen, on Compare and, in turns, in an empty page of the same
browser. And what the server has to do meanwhile: nothing is sent to it before a pause, so that many
who type cost it what as many open pages do.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator

from tests.benchmarks.live import EMPTY, GOALS, chromium, keys, opened, text_of
from tests.benchmarks.pages import processor_seconds
from tests.benchmarks.report import Figure, print_table
from tests.benchmarks.startup import IDLE, server
from tests.benchmarks.visitor import Visitor

BOX = ".st-key-_text textarea"
MOST, MOST_KEYS = 5_000, 50  # characters that are followed, and what is typed behind a text of them
KEYS, PAUSE = 40, 100  # of somebody who types without a pause, which in milliseconds is longer
VISITORS = 20
WATCHED = 10  # seconds
_LONG_PAUSE = 1.5  # seconds in which what was handed over is answered


def main() -> None:
    """Print the figures."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        process, address = stack.enter_context(server(str(folder)))
        browser = stack.enter_context(chromium())
        empty = folder / "empty.html"
        empty.write_text(EMPTY, encoding="utf-8")
        figures = []
        for length, goal in GOALS.items():
            boxes = [_compare(browser, address, length), opened(browser, empty, length)]
            found, beside = keys(boxes)
            for box in boxes:
                box.page.close()
            figures += [
                Figure(
                    f"Compare: a key in {length:,} characters, to painted",
                    f"{median(found):.0f} ms (the first {found[0]:.0f} ms)",
                    goal,
                ),
                Figure("… the same in an empty page", f"{median(beside):.0f} ms"),
            ]
        figures += _at_the_server(browser, process.pid, address)
    print_table(figures)


def _compare(browser: Browser, address: str, length: int) -> Locator:
    """The text box of Compare, its models in the browser and the cursor behind the text."""
    tab = browser.new_page()
    tab.goto(f"{address}?{urlencode({'text': '房间'})}")
    tab.wait_for_selector(IDLE)
    box = tab.locator(BOX)
    with tab.expect_response(lambda answer: "/media/" in answer.url):
        box.click()
    box.fill(text_of(min(length, MOST - MOST_KEYS)))
    box.press("Control+Enter")
    tab.wait_for_timeout(1_000 * _LONG_PAUSE)
    tab.wait_for_selector(IDLE)
    return box


def _at_the_server(browser: Browser, pid: int, address: str) -> list[Figure]:
    tab = browser.new_page()
    sent: list[str | bytes] = []
    tab.on("websocket", lambda each: each.on("framesent", lambda frame: sent.append(frame)))
    tab.goto(address)
    tab.wait_for_selector(IDLE)
    box = tab.locator(BOX)
    with tab.expect_response(lambda answer: "/media/" in answer.url):
        box.click()
    tab.wait_for_timeout(1_000 * _LONG_PAUSE)
    box.press("End")
    frames, before = len(sent), processor_seconds(pid)
    for _ in range(KEYS):
        tab.keyboard.press("x")
        tab.wait_for_timeout(PAUSE)
    typing, frames = processor_seconds(pid) - before, len(sent) - frames
    before = processor_seconds(pid)
    tab.wait_for_timeout(1_000 * _LONG_PAUSE)
    answering = processor_seconds(pid) - before
    tab.close()
    return [
        Figure(f"the server's processor for {KEYS} keys", f"{typing:.2f} s", "≤ 0.1 s"),
        Figure("… frames sent to it", str(frames), "0"),
        Figure("… for the answer after the pause", f"{answering:.2f} s"),
        _many(pid, address),
    ]


def _many(pid: int, address: str) -> Figure:
    """As those who type send nothing, they are as many visitors with the page open."""
    port = int(address.rstrip("/").rpartition(":")[2])
    visitors = [Visitor(port) for _ in range(VISITORS)]
    time.sleep(_LONG_PAUSE)
    before = processor_seconds(pid)
    time.sleep(WATCHED)
    share = (processor_seconds(pid) - before) / WATCHED
    for visitor in visitors:
        visitor.close()
    return Figure(f"… for {VISITORS} visitors who type", f"{share:.1%} of a core", "≤ 5 %")


if __name__ == "__main__":
    main()
