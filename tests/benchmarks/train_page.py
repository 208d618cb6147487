"""The Train page: `python -m tests.benchmarks.train_page` (Linux: memory is read from /proc)."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import Page, sync_playwright

from poolviz.trainings import control
from poolviz.trainings.control import Training
from tests.benchmarks.report import Figure, print_table
from tests.benchmarks.startup import (
    CHROMIUM_NAMES,
    IDLE,
    PATIENCE,
    maps_tensorflow,
    memory,
    server,
    wait_for,
)

ROWS = 10_000
OPENED = 5  # times that the file is
EPOCHS = 6  # that are followed, of the first head
PAUSE = 0.02  # seconds between two looks
_SHOWS = """wanted => {
  const said = document.querySelector('[class*="st-key-training_"]')?.innerText ?? "";
  return Number(/epoch (\\d+) of/.exec(said)?.[1]) >= wanted;
}"""


def main() -> None:
    """Open a file, train on it, and follow the training's epochs on the page."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        os.environ["POOLVIZ_HOME"] = home  # where `control` looks, too
        file = _write_rows(Path(home))
        path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        browser = playwright.chromium.launch(executable_path=path)
        with server(home) as (process, address):
            page = browser.new_page()
            opened = [_seconds_to_show(page, f"{address}train", file) for _ in range(OPENED)]
            page.locator(".st-key-train_start button").click()
            lags = _lags(page)
            held, loaded = memory(process.pid), maps_tensorflow(process.pid)
            _end(control.list_trainings()[0])
        browser.close()
    print_table(
        [
            Figure("a file of 10,000 rows, until what it holds is shown", _of(opened), "< 2 s"),
            Figure("the same, the slowest", f"{max(opened):.2f} s", "< 2 s"),
            Figure("an epoch on the page after it is told", _of(lags), "< 2 s"),
            Figure("the same, the slowest", f"{max(lags):.2f} s", "< 2 s"),
            Figure("server memory while it trains, peak", f"{held.peak:.0f} MB", "< 400 MB"),
            Figure("tensorflow in the server", "yes" if loaded else "no", "no"),
        ]
    )


def _of(seconds: list[float]) -> str:
    return f"{median(seconds):.2f} s"


def _write_rows(folder: Path) -> Path:
    """Texts of 10 to 60 Chinese characters in two classes."""
    random = np.random.default_rng(0)
    letters = [chr(number) for number in range(0x4E00, 0x4E00 + 1_500)]
    lines = ["text,label"]
    for number in range(ROWS):
        text = "".join(random.choice(letters, size=random.integers(10, 61)))
        lines.append(f"{text}{'好坏'[number % 2]},{'好坏'[number % 2]}")
    file = folder / "rows.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _seconds_to_show(page: Page, address: str, file: Path) -> float:
    page.goto(address)
    wait_for(page, IDLE)
    field = page.locator(".st-key-train_file input[type=file]")
    started = time.perf_counter()
    field.set_input_files(file)
    wait_for(page, ".pvh")
    return time.perf_counter() - started


def _lags(page: Page) -> list[float]:
    """Seconds between the moment an epoch stands on disk and that at which the page shows it."""
    found: list[float] = []
    _until(lambda: _epoch() > 0)
    while len(found) < EPOCHS:
        before = _epoch()
        _until(lambda before=before: _epoch() != before)
        told, epoch = time.perf_counter(), _epoch()
        page.wait_for_function(_SHOWS, arg=epoch, timeout=PATIENCE)
        found.append(time.perf_counter() - told)
    return found


def _epoch() -> int:
    """Of the training; 0 where it has not begun."""
    progress = [training.progress for training in control.list_trainings()]
    return progress[0].epoch if progress and progress[0] else 0


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE / 1_000
    while not true():
        if time.monotonic() > end:
            raise SystemExit(control.log(control.list_trainings()[0].id))
        time.sleep(PAUSE)


def _end(training: Training) -> None:
    control.cancel(training.id)
    _until(lambda: control.read(training.id).status not in ("queued", "running"))


if __name__ == "__main__":
    main()
