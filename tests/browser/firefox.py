"""A Firefox of its own, spoken to through WebDriver BiDi (https://w3c.github.io/webdriver-bidi)."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

NAMES = ("firefox-esr", "firefox")
PATIENCE = 60  # seconds for one answer


class Firefox:
    """One tab of a Firefox without a window.

    Parameters
    ----------
    profile : an empty folder.

    Raises
    ------
    FileNotFoundError : there is no Firefox on this machine.
    """

    def __init__(self, profile: Path):
        path = next(filter(None, map(shutil.which, NAMES)), None)
        if path is None:
            raise FileNotFoundError("Install Firefox (Debian's package firefox-esr).")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        options = ["--headless", "--no-remote", "--profile", str(profile)]
        self._process = subprocess.Popen(
            [path, *options, f"--remote-debugging-port={port}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._number = 0
        try:
            self._socket = self._connected(f"ws://127.0.0.1:{port}/session")
            self._ask("session.new", capabilities={})
            [tab, *_others] = self._ask("browsingContext.getTree")["contexts"]
        except BaseException:
            self._process.kill()
            raise
        self._tab = tab["context"]

    def open(self, address: str) -> None:
        """Go to an address; returns when it is loaded."""
        self._ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """What an expression of JavaScript gives, which JSON must be able to hold."""
        found = self._ask(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if found["type"] != "success":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return json.loads(found["result"].get("value", "null"))

    def wait_for(self, expression: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.evaluate(expression):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.05)

    def type(self, text: str) -> None:
        """Press a key for each character."""
        keys = [{"type": kind, "value": each} for each in text for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": keys}]
        self._ask("input.performActions", context=self._tab, actions=actions)

    def close(self) -> None:
        """End it."""
        self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _connected(self, address: str) -> ClientConnection:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return connect(address, max_size=None)
            except (OSError, WebSocketException):
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.1)

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE))
            if answer.get("id") != self._number:
                continue  # an event
            if answer["type"] == "error":
                raise RuntimeError(f"{method}: {answer['message']}")
            return answer["result"]
