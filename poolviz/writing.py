"""Writing in one step: all of a new file or folder is there, or what was there before."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from poolviz.errors import DiskFull
from poolviz.scratch import scratch
from poolviz.watch import QUIET, Watch

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_PAUSE = 0.2  # seconds between two looks at a watch
_SAYS_FULL = "No space left on device"  # libraries that raise errors of their own quote it


@contextmanager
def replacing(place: Path, guard: AbstractContextManager[Any] | None = None) -> Iterator[Path]:
    """A path to write a file or a folder at; it becomes `place` when the block ends.

    Nothing is changed where the block raises. The path lies in a folder of its own beside `place`,
    so that two writers at once never meet: the last one's stays.

    Parameters
    ----------
    guard : entered for the moment in which the new one takes its place, such as `alone`.

    Raises
    ------
    DiskFull : there is no room.
    OSError : there is no such folder, or no right to write there.
    """
    with room_for(place), scratch(place.parent) as folder:
        unfinished = folder / place.name
        with room_for(place, unfinished):
            yield unfinished
            with guard or nullcontext():
                put(unfinished, place)


@contextmanager
def alone(place: Path, watch: Watch = QUIET) -> Iterator[None]:
    """Be the only one to work on `place`, among all threads and processes that see its folder.

    The lock is a hidden file beside it, which stays; the system frees it when a process dies.

    Parameters
    ----------
    watch : looked at while others work on it.

    Raises
    ------
    Cancelled : the waiting was stopped.
    OSError : nothing can be written there.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place.with_name(f".{place.name}.lock"), timeout=_PAUSE)
    while not lock.is_locked:
        watch.check()
        with suppress(Timeout):
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def room_for(place: Path, unfinished: Path | None = None) -> Iterator[None]:
    """Say which file had no room, and how large it was, where the block finds the disk full.

    Parameters
    ----------
    place : what is to be there.
    unfinished : where it is written until then.

    Raises
    ------
    DiskFull : the disk is full.
    """
    try:
        yield
    except DiskFull:
        raise
    except Exception as error:
        if getattr(error, "errno", None) not in _FULL and _SAYS_FULL not in str(error):
            raise
        free = _free(place.parent)
        raise DiskFull(
            "The disk is full: {path} cannot be written ({written:.1f} MB of it were, {free:.1f} "
            "MB are free); make room, or name another folder.",
            path=place,
            written=_bytes(unfinished) / 1e6,
            free=free / 1e6,
        ) from error


def _free(folder: Path) -> int:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _bytes(place: Path | None) -> int:
    """What was written of a file or a folder."""
    if place is None or not place.exists():
        return 0
    paths = place.rglob("*") if place.is_dir() else [place]
    return sum(path.stat().st_size for path in paths if path.is_file())


def put(finished: Path, place: Path) -> None:
    """Move a file or a folder that lies on the same disk to `place`, in one step."""
    for path in sorted(finished.rglob("*")) if finished.is_dir() else [finished]:
        if path.is_file():
            _flush(path)
    if finished.is_dir() and place.exists():
        _put_instead(finished, place)
    else:
        os.replace(finished, place)


def _flush(path: Path) -> None:
    """Wait until the content is on the disk, lest a crash leaves a name without one."""
    with open(path, "r+b") as file:
        os.fsync(file.fileno())


def _put_instead(folder: Path, place: Path) -> None:
    """Put a folder where another one is: that steps aside, and comes back if this fails."""
    with scratch(place.parent) as aside:
        os.replace(place, aside / "old")
        try:
            os.replace(folder, place)
        except OSError:
            os.replace(aside / "old", place)
            raise
