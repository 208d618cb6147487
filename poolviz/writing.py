"""Writing in one step: all of a new file or folder is there, or what was there before."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """A path to write a file or a folder at; it becomes `place` when the block ends.

    Nothing is changed where the block raises. The path lies in a folder of its own beside `place`,
    so that two writers at once never meet: the last one's stays.

    Raises
    ------
    OSError : there is no such folder, no room in it, or no right to write there.
    """
    scratch = Path(tempfile.mkdtemp(prefix=".", dir=place.parent))
    try:
        unfinished = scratch / place.name
        yield unfinished
        put(unfinished, place)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


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
    aside = Path(tempfile.mkdtemp(prefix=".", dir=place.parent))
    try:
        os.replace(place, aside / "old")
        try:
            os.replace(folder, place)
        except OSError:
            os.replace(aside / "old", place)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
