"""The Explore page on 20,000 rows: `python -m tests.benchmarks.explore` (Linux: /proc)."""

from __future__ import annotations

import shutil
import tempfile
import time
from statistics import median

from playwright.sync_api import Page, expect, sync_playwright

from tests.benchmarks.report import Figure, print_table
from tests.benchmarks.startup import CHROMIUM_NAMES, EXPLANATION, PATIENCE, memory, server, wait_for

TASK = "thucnews_title"  # 19,999 test rows
PAGE = f"explore?dataset={TASK}"
TABLE = ".pvr tbody tr"
OPENINGS = 5
BUTTON = '[data-testid="stBaseButton-primary"]'


def main() -> None:
    """Predict all test rows under five heads, then open the page on them again and again."""
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        browser = playwright.chromium.launch(executable_path=path)
        with tempfile.TemporaryDirectory() as home:
            with server(home) as (process, address):
                seconds = _predict(browser.new_page(), address)
                peak = memory(process.pid).peak
                turns = [_turning(browser.new_page(), address) for _ in range(OPENINGS)]
                openings = [_opening(browser.new_page(), address) for _ in range(OPENINGS)]
            with server(home) as (_process, address):
                first = _opening(browser.new_page(), address)
        browser.close()
    print(f"{TASK}, test rows, five heads; median of {OPENINGS} openings by a new visitor")
    print_table(
        [
            Figure("predictions and weights of all rows", f"{seconds:.1f} s"),
            Figure("the server's largest memory meanwhile", f"{peak:.0f} MB", "< 1,000 MB"),
            Figure("opening the page from the menu", f"{median(turns):.2f} s", "< 2 s"),
            Figure("opening its address, an empty browser", f"{median(openings):.2f} s"),
            Figure("the same, first visitor after a restart", f"{first:.2f} s"),
        ]
    )


def _predict(page: Page, address: str) -> float:
    """Press the button; seconds until the page has the predictions."""
    page.goto(address + PAGE)
    wait_for(page, TABLE)
    started = time.perf_counter()
    page.click(BUTTON, timeout=PATIENCE)
    bar = page.locator('[data-testid="stProgress"]')
    expect(bar).to_be_visible(timeout=PATIENCE)
    expect(bar).to_have_count(0, timeout=10 * PATIENCE)
    wait_for(page, TABLE)
    seconds = time.perf_counter() - started
    page.close()
    return seconds


def _turning(page: Page, address: str) -> float:
    """Seconds from a click in the menu of the Compare page to the table."""
    page.goto(f"{address}?dataset={TASK}")
    wait_for(page, EXPLANATION)
    started = time.perf_counter()
    page.get_by_role("link", name="Explore").click()
    wait_for(page, TABLE)
    seconds = time.perf_counter() - started
    page.close()
    return seconds


def _opening(page: Page, address: str) -> float:
    """Seconds from the address to the table of a visitor who has not been here before."""
    started = time.perf_counter()
    page.goto(address + PAGE)
    wait_for(page, TABLE)
    seconds = time.perf_counter() - started
    if page.locator(BUTTON).count():
        raise SystemExit("The rows were not predicted.")
    page.close()
    return seconds


if __name__ == "__main__":
    main()
