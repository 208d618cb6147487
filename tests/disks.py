"""Disks that are full or cannot be written: real ones where a test may mount them."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

KILOBYTES = 512  # that the small disk has room for


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A folder with room for `KILOBYTES`.

    Where none may be mounted, one in which a file that would leave less room is refused by an
    injected ENOSPC, at the moment in which it would be put on the disk.
    """
    place.mkdir(parents=True)
    if _mounted(place, f"size={KILOBYTES}k"):
        try:
            yield place
        finally:
            _unmount(place)
        return
    flush = os.fsync

    def refuse(descriptor: int) -> None:
        if os.fstat(descriptor).st_size > KILOBYTES * 1_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        yield place


@contextmanager
def read_only(place: Path) -> Iterator[Path]:
    """A folder with all that it holds, in which nothing can be written.

    Where no disk may be mounted, its rights are taken away; of an administrator, whom rights do not
    stop, folders in it are refused by an injected EROFS.
    """
    if _mounted(place, "bind", place) and _mounted(place, "remount,ro,bind"):
        try:
            yield place
        finally:
            _unmount(place)
        return
    folders = [place, *(path for path in place.rglob("*") if path.is_dir())]
    make = os.mkdir

    def refuse(path, *arguments, **more) -> None:
        if Path(os.fsdecode(path)).is_relative_to(place):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        make(path, *arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        for folder in folders:
            folder.chmod(0o555)
        patch.setattr(os, "mkdir", refuse)
        yield place
        for folder in folders:
            folder.chmod(0o755)


def _mounted(place: Path, options: str, source: Path | str = "tmpfs") -> bool:
    kind = [] if "bind" in options else ["-t", "tmpfs"]
    words = ["mount", *kind, "-o", options, str(source), str(place)]
    if "remount" in options:
        words.remove(str(source))
    try:
        return subprocess.run(words, capture_output=True).returncode == 0
    except OSError:
        return False


def _unmount(place: Path) -> None:
    subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)
