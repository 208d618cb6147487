"""Makes the pictures of the README: `python -m tests.browser.tour`.

A walk through the pages, each picture shown for some seconds, and the first page alone.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.conftest import PROJECT, TRAFFIC, Server, answered, settle
from tests.browser.driving import press

PICTURES = PROJECT / ".readme"
SIZE = {"width": 1440, "height": 900}
SHOWN = (1120, 700)  # pixels of the walk
QUALITY = 80
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
TURNING = "才"  # the character without which heads of the first example decide otherwise


def main() -> None:
    """Start a dashboard, walk through it, and write the pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        try:
            server.wait()
            page = browser.new_page(viewport=SIZE, locale="en-US", color_scheme="light")
            page.add_init_script(TRAFFIC)
            frames = [(_shot(page), seconds) for seconds in _walk(page, server.url)]
            _open(page, server.url)
            front = _shot(page)
        finally:
            browser.close()
            server.stop()
    front.quantize(256).save(PICTURES / "compare.png", optimize=True)
    _save_walk(frames)


def _walk(page: Page, url: str) -> Iterator[float]:
    """Stops of the walk, each with the seconds that it is shown for."""
    _open(page, url)
    yield 4
    _token(page).hover()
    yield 3
    press(page, "_quantity", 1)
    _token(page).hover()
    yield 3.5
    press(page, "_quantity", 0)
    with answered(page):
        _token(page).press("Delete")
    yield 4.5
    _open(page, f"{url}?open=heatmap")
    _scroll(page, 500)
    yield 3
    _open(page, f"{url}heads")
    yield 4
    _open(page, f"{url}match")
    yield 4
    _scroll(page, 500)
    yield 3
    _open(page, f"{url}trust")
    yield 4
    _scroll(page, 450)
    yield 3
    _open(page, f"{url}results")
    yield 4


def _open(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)
    page.mouse.move(0, 0)


def _scroll(page: Page, pixels: int) -> None:
    page.mouse.move(900, 500)
    page.mouse.wheel(0, pixels)
    page.mouse.move(0, 0)
    page.wait_for_timeout(1500)


def _token(page: Page) -> Locator:
    return page.locator(f".pva-row[data-head='max'] .pva-t:text-is('{TURNING}')").first


def _shot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def _save_walk(frames: list[tuple[Image.Image, float]]) -> None:
    pictures = [picture.resize(SHOWN, Image.Resampling.LANCZOS) for picture, _seconds in frames]
    pictures[0].save(
        PICTURES / "tour.webp",
        save_all=True,
        append_images=pictures[1:],
        duration=[round(1000 * seconds) for _picture, seconds in frames],
        loop=0,
        quality=QUALITY,
        method=6,
    )


if __name__ == "__main__":
    main()
