"""Folders for a while: gone when they are not needed, at the latest when poolviz writes again.

A process that is killed cannot tidy up. So the name of such a folder tells whose it is, and whoever
makes another one beside it removes those of processes that have ended.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".poolviz-"
_DAY = 86_400.0  # seconds


@contextmanager
def scratch(parent: Path | None = None) -> Iterator[Path]:
    """A new folder that is there until the block ends.

    Parameters
    ----------
    parent : where it lies; None for the system's folder for such.

    Raises
    ------
    OSError : there is no such folder, no room in it, or no right to write there.
    """
    folder = new_folder(parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_folder(parent: Path | None = None) -> Path:
    """One that stays until this process has ended and another one makes such a folder."""
    parent = Path(tempfile.gettempdir()) if parent is None else parent
    _remove_abandoned(parent)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}@{_machine()}-", dir=parent))


def _remove_abandoned(parent: Path) -> None:
    """Remove what killed processes have left; what cannot be removed is let be."""
    for folder in parent.glob(f"{_PREFIX}*@*"):
        pid, _at, rest = folder.name.removeprefix(_PREFIX).partition("@")
        if pid.isdecimal() and _has_ended(int(pid), rest.rpartition("-")[0], folder):
            shutil.rmtree(folder, ignore_errors=True)


def _has_ended(pid: int, machine: str, folder: Path) -> bool:
    """Whether a process has ended; where that cannot be asked, nothing was written for a day."""
    if machine != _machine() or os.name == "nt":  # there a look at a process would end it
        return _age(folder) > _DAY
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:  # somebody else's
        return False
    return False


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0


def _machine() -> str:
    return "".join(letter for letter in platform.node() if letter.isalnum()) or "here"
