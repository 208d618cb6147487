"""A running dashboard and a real Chromium, for the tests of this folder."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    expect,
)

from tests.pages_helpers import HOTEL

PROJECT = Path(__file__).resolve().parents[2]
VISITOR = {"viewport": {"width": 1300, "height": 900}, "locale": "en-US"}
START_SECONDS = 60
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE)
# Notes when the page last spoke with the server, and when a run of its script last began, for
# `settle`. That something was received is not enough: it may be the end of an earlier run.
TRAFFIC = """
window.traffic = {sent: 0, received: 0, begun: 0}
window.WebSocket = class extends WebSocket {
    constructor(...given) {
        super(...given)
        this.addEventListener('message', () => { traffic.received = performance.now() })
    }
    send(data) {
        traffic.sent = performance.now()
        super.send(data)
    }
}
new MutationObserver(() => {
    if (document.querySelector('[data-testid=stApp][data-test-script-state=running]'))
        traffic.begun = performance.now()
}).observe(document, {subtree: true, attributeFilter: ['data-test-script-state']})"""
# The server has answered the last choice, its script has ended, and nothing waits to be redrawn.
SETTLED = """() => {
    const now = performance.now()
    const answered = traffic.begun > traffic.sent || now - traffic.sent > 3000
    return answered && now - traffic.received > 150
        && document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
        && document.querySelector('h2')
        && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
}"""
# Harmless, and not ours: opened at the address of a page below the root, Streamlit asks below that
# address first, to find out where its root is.
STREAMLIT_LOOKS_FOR_ITS_ROOT = re.compile(r"/\w+/_stcore/(health|host-config)$")


class Server:
    """The dashboard in a process of its own, its log in a file."""

    def __init__(self, folder: Path):
        self.home = folder / "home"
        (folder / "data").mkdir()
        self._log = folder / "server.log"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/"
        command = [sys.executable, "-m", "streamlit", "run", "dashboard.py"]
        options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command + options,
                cwd=PROJECT,
                env={
                    **os.environ,
                    "POOLVIZ_DATA": str(folder / "data"),
                    "POOLVIZ_HOME": str(self.home),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Return when it answers."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                urlopen(f"{self.url}_stcore/health", timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"The dashboard does not answer:\n{self.log()}")

    def stop(self) -> None:
        """End this one process."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def log(self) -> str:
        """All that it wrote so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")


class Problems(list):
    """What a visitor's browser complains about: errors, dialogs, requests to other machines."""

    def watch(self, page: Page, url: str) -> None:
        """Collect from this tab; only `url` is its own server."""
        self._own = (url, "data:", "blob:")
        page.on("console", self._message)
        page.on("pageerror", lambda error: self.append(f"page error: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def _message(self, message: ConsoleMessage) -> None:
        source = message.location["url"]
        if message.type == "error" and not STREAMLIT_LOOKS_FOR_ITS_ROOT.search(source):
            self.append(f"console: {message.text} {source}")

    def _dialog(self, dialog: Dialog) -> None:
        self.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self._own):
            self.append(f"request: {request.url}")


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    """A dashboard without data sets; its log must hold no traceback when the tests have ended."""
    server = Server(tmp_path_factory.mktemp("dashboard"))
    try:
        server.wait()
        yield server
        assert "Traceback" not in server.log(), server.log()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def context_of(browser) -> Iterator[Callable[..., BrowserContext]]:
    """`context_of(**options)`: one context for each kind of visitor, so that files are cached."""
    contexts: dict[str, BrowserContext] = {}

    def get(**options) -> BrowserContext:
        key = repr(sorted(options.items()))
        if key not in contexts:
            contexts[key] = browser.new_context(**options)
            contexts[key].set_default_timeout(PATIENCE)
            contexts[key].add_init_script(TRAFFIC)
        return contexts[key]

    yield get
    for context in contexts.values():
        context.close()


@pytest.fixture
def visit(server, context_of) -> Iterator[Callable[..., Page]]:
    """`visit(page, address, **options)`: a new tab, and so a new session, drawn to its end.

    `address` is a whole one, or parameters beside the data set. No visitor may meet an error in
    the console, a dialog, or a request to another machine.
    """
    problems, tabs = Problems(), []

    def go(page: str = "", address: dict | str | None = None, **options) -> Page:
        tab = context_of(**VISITOR | options).new_page()
        tabs.append(tab)
        problems.watch(tab, server.url)
        if not isinstance(address, str):
            parameters = {"dataset": HOTEL} | (address or {})
            address = f"{server.url}{page}?{urlencode(parameters)}"
        tab.goto(address)
        settle(tab)
        return tab

    yield go
    for tab in tabs:
        tab.close()
    assert not problems


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """What is done inside sends something to the server: returns when its answer is drawn."""
    before = page.evaluate("traffic.sent")
    yield
    page.wait_for_function("before => traffic.sent > before", arg=before)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page's script has run and what it sent is drawn."""
    page.wait_for_function(SETTLED)
    assert not page.locator('[data-testid="stException"]').count()
