"""Writing to a terminal: lines without control characters, aligned tables, JSON, progress."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import regex

from poolviz.text.width import width_units
from poolviz.watch import Cancelled

_BAR_WIDTH = 20
_SECONDS_BETWEEN_UPDATES = 0.1
# Control characters can command a terminal; direction marks can reorder the line around them.
_COMMANDING = regex.compile(r"[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]")


def prepare() -> None:
    """Let a terminal that lacks a character show "?" for it instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def write(line: str = "") -> None:
    """One line of output; what could command the terminal becomes U+FFFD."""
    print(harmless(line))


def note(line: str) -> None:
    """One line on stderr, for what is not output."""
    print(harmless(line), file=sys.stderr, flush=True)


def write_json(value: Any) -> None:
    """`value` as one line of JSON, in ASCII where the terminal speaks no UTF-8."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not utf8, allow_nan=False))


def write_table(headers: Sequence[str], rows: Sequence[Sequence[object]], sides: str) -> None:
    """A table in aligned columns, East Asian wide characters counted as two.

    Parameters
    ----------
    sides : a letter for each column: "l" where it is aligned at the left, "r" at the right.
    """
    lines = [[harmless(str(cell)) for cell in row] for row in (headers, *rows)]
    widths = [max(map(width_units, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            _padded(cell, width, side)
            for cell, width, side in zip(line, widths, sides, strict=True)
        )
        print("  ".join(cells).rstrip())


class StatusLine:
    """How far a long command is, on stderr.

    On a terminal it is one line that is rewritten in place and gone at the end of the `with`
    block; elsewhere only milestones are written, each as a line.
    """

    def __enter__(self) -> StatusLine:
        self._terminal = sys.stderr.isatty()
        self._next_update = 0.0
        self._width = 0
        return self

    def __exit__(self, *error: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line away, for what is written to stdout meanwhile."""
        if self._terminal and self._width:
            self._rewrite("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def show(self, text: str, milestone: bool = False) -> None:
        """Say where the command stands; what comes too often for a reader is left out."""
        if not self._terminal:
            if milestone:
                note(text)
        elif milestone or time.monotonic() >= self._next_update:
            self._next_update = time.monotonic() + _SECONDS_BETWEEN_UPDATES
            self._rewrite(_cut(harmless(text), shutil.get_terminal_size().columns - 1))

    def _rewrite(self, text: str) -> None:
        width = width_units(text)
        sys.stderr.write("\r" + text + " " * (self._width - width))
        sys.stderr.flush()
        self._width = width


def count_progress(status: StatusLine, what: str) -> Callable[[int, int], None]:
    """A callback for (done, total) that shows both; the end is a milestone."""

    def report(done: int, total: int) -> None:
        status.show(f"{what}: {bar(done, total)} {done:,} of {total:,}", milestone=done == total)

    return report


def download_progress(status: StatusLine) -> Callable[[int, int | None], None]:
    """A callback for the bytes of a file; every quarter of it, or 10 MB, is a milestone."""
    passed = 0

    def report(done: int, total: int | None) -> None:
        nonlocal passed
        size = f"{done / 1e6:.1f} MB"
        if total:
            size = f"{bar(done, total)} {done / 1e6:.1f} of {total / 1e6:.1f} MB"
        step = 4 * done // total if total else done // 10_000_000
        status.show(f"Downloading: {size}", milestone=step != passed)
        passed = step

    return report


def bar(done: int, total: int) -> str:
    """A bar of `_BAR_WIDTH` signs; `total` is at least 1."""
    full = min(_BAR_WIDTH * done // total, _BAR_WIDTH)
    return f"[{'#' * full}{'.' * (_BAR_WIDTH - full)}]"


@contextmanager
def stop_on_interrupt(told: str) -> Iterator[Callable[[], bool]]:
    """Work that Ctrl+C stops at its next safe point: yields `cancelled()`, for its watch.

    A second Ctrl+C stops at once. Signals reach the main thread only; elsewhere `cancelled()`
    stays False.

    Parameters
    ----------
    told : the sentence for who stopped it.

    Raises
    ------
    KeyboardInterrupt : the work was stopped.
    """
    pressed = threading.Event()

    def press(number: int, frame: object) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        # Not through sys.stderr: the signal may have come while that was being written to.
        os.write(2, b"\nStopping; press Ctrl+C again to stop at once.\n")

    if threading.current_thread() is not threading.main_thread():
        yield pressed.is_set
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    except Cancelled as error:
        raise KeyboardInterrupt(told) from error
    finally:
        signal.signal(signal.SIGINT, before)


def harmless(text: str) -> str:
    """The text without what could command the terminal: U+FFFD stands in its place."""
    return _COMMANDING.sub("\N{REPLACEMENT CHARACTER}", text)


def _padded(text: str, width: int, side: str) -> str:
    gap = " " * (width - width_units(text))
    return gap + text if side == "r" else text + gap


def _cut(text: str, width: int) -> str:
    while width_units(text) > width:
        text = text[:-1]
    return text
