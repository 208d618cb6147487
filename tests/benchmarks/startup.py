"""Starting: `python -m tests.benchmarks.startup` (Linux: memory is read from /proc)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as BrowserTimeout

from tests.benchmarks.report import Figure, print_table, times

PROJECT = Path(__file__).resolve().parents[2]
IMPORTS = 5
STARTS = 3
EXAMPLES = 4  # texts looked at before memory is read
PATIENCE = 60_000  # milliseconds to wait for a page
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
EXPLANATION = ".pva-t"  # a tinted token (poolviz.figures.texts.aligned)
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_IMPORT = """
import time
started = time.perf_counter()
import poolviz
print(time.perf_counter() - started)
"""


_EMPTY = """
import streamlit as st
text = st.text_area("Text", "…", key="_text")
for number in range(5):
    st.html(f"<div>{text}</div>")
"""


class Memory(NamedTuple):
    """Resident memory of a process in MB (10⁶ bytes): now, and the most there ever was."""

    now: float
    peak: float


class Start(NamedTuple):
    """One cold start: seconds to the first explanation, and what the server held afterwards.

    `empty_seconds` are those of an empty page, started in turns; `first` is what the server held
    when the first explanation was there.
    """

    empty_seconds: float
    seconds: float
    first: Memory
    words_off: Memory
    words_on: Memory
    tensorflow: bool


def main() -> None:
    """Measure the import, cold starts of the dashboard, and its server's memory."""
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    imports = [_import_seconds() for _ in range(IMPORTS)]
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        browser = playwright.chromium.launch(executable_path=path)
        starts = [_start(browser) for _ in range(STARTS + 1)][1:]  # the first reads the disk
        browser.close()
    print(f"medians of {IMPORTS} imports and {STARTS} starts; the largest memory of all starts")
    print_table(_figures(imports, starts))


def _import_seconds() -> float:
    output = subprocess.check_output([sys.executable, "-c", _IMPORT], cwd=PROJECT, text=True)
    return float(output)


def _start(browser: Browser) -> Start:
    empty_seconds = _seconds_of_the_empty_page(browser)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as home, server(home) as (process, address):
        page = browser.new_page()
        page.goto(address)
        wait_for(page, EXPLANATION)
        seconds = time.perf_counter() - started
        wait_for(page, IDLE)
        first = memory(process.pid)
        page.close()
        words_off = _memory_after_looking(browser, process.pid, f"{address}?words=0")
        words_on = _memory_after_looking(browser, process.pid, f"{address}?words=1")
        tensorflow = maps_tensorflow(process.pid)
        return Start(empty_seconds, seconds, first, words_off, words_on, tensorflow)


def _seconds_of_the_empty_page(browser: Browser) -> float:
    started = time.perf_counter()
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        _process, address = stack.enter_context(server(home, write_empty_page(Path(home))))
        page = browser.new_page()
        page.goto(address)
        wait_for(page, '[data-testid="stHtml"]')
        seconds = time.perf_counter() - started
        page.close()
    return seconds


def write_empty_page(folder: Path) -> str:
    """The page that others are compared with: a text box whose text is shown five times."""
    script = folder / "empty.py"
    script.write_text(_EMPTY, encoding="utf-8")
    return str(script)


@contextmanager
def server(home: str, script: str = "dashboard.py") -> Iterator[tuple[subprocess.Popen, str]]:
    """A dashboard in a fresh process; yields it when its port answers.

    Parameters
    ----------
    home : its `$POOLVIZ_HOME`.
    script : of another Streamlit page, to compare with.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", script]
    options = [
        "--server.headless=true",
        "--logger.level=error",
        "--server.address=127.0.0.1",
        f"--server.port={port}",
    ]
    process = subprocess.Popen(
        command + options,
        cwd=PROJECT,
        env={**os.environ, "POOLVIZ_HOME": home},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for_port(process, port)
        yield process, f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _wait_for_port(process: subprocess.Popen, port: int) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.02)
    raise SystemExit("The dashboard's server ended before it answered; see its message above.")


def _memory_after_looking(browser: Browser, pid: int, address: str) -> Memory:
    """Open the example texts one after the other, each as a visitor of its own."""
    for example in range(1, EXAMPLES + 1):
        page = browser.new_page()
        page.goto(f"{address}&example={example}")
        wait_for(page, EXPLANATION)
        wait_for(page, IDLE)
        page.close()
    return memory(pid)


def wait_for(page: Page, selector: str) -> None:
    """Wait until the page shows an element; ends with what it shows instead."""
    try:
        page.wait_for_selector(selector, timeout=PATIENCE)
    except BrowserTimeout as error:
        said = page.inner_text("body")
        raise SystemExit(f"The page did not come to {selector}. It shows:\n{said}") from error


def memory(pid: int) -> Memory:
    """What a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kibibytes = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith(" kB")}
    return Memory(*(int(kibibytes[name]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")))


def maps_tensorflow(pid: int) -> bool:
    """Whether a library of TensorFlow's is mapped into the process."""
    return "tensorflow" in Path(f"/proc/{pid}/maps").read_text()


def _figures(imports: list[float], starts: list[Start]) -> list[Figure]:
    off = _largest(start.words_off for start in starts)
    on = _largest(start.words_on for start in starts)
    loaded = any(start.tensorflow for start in starts)
    seconds = median(start.seconds for start in starts)
    ratio = median(start.seconds / start.empty_seconds for start in starts)
    first = _largest(start.first for start in starts)
    return [
        Figure("import poolviz", f"{median(imports):.3f} s", "< 0.3 s"),
        Figure("streamlit run to the first explanation", f"{seconds:.1f} s", "< 6 s"),
        Figure("the same against an empty page", times(ratio), "≤ 1.5 ×"),
        Figure("server memory, first explanation", f"{first.now:.0f} MB", "≤ 200 MB"),
        Figure("server memory, word view off", f"{off.now:.0f} MB", "< 400 MB"),
        Figure("server memory, word view off, peak", f"{off.peak:.0f} MB", "< 400 MB"),
        Figure("server memory, word view on", f"{on.now:.0f} MB"),
        Figure("server memory, word view on, peak", f"{on.peak:.0f} MB"),
        Figure("tensorflow in the server", "yes" if loaded else "no", "no"),
    ]


def _largest(memories: Iterable[Memory]) -> Memory:
    return Memory(*map(max, zip(*memories, strict=True)))


if __name__ == "__main__":
    main()
