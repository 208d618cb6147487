"""`unpack`: checkpoints from a ZIP that somebody has packed."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from poolviz import places
from poolviz.cli import terminal
from poolviz.cli.inputs import writable_folder
from poolviz.engine.unpacking import MAX_BYTES, unpack
from poolviz.errors import DataError


def run(arguments: Namespace) -> bool:
    """Take in all of its checkpoints, or none."""
    content = _content(arguments.file)
    root = writable_folder(arguments.output or places.user_checkpoints())
    for checkpoint in unpack(arguments.file.name, content, root, arguments.dataset):
        terminal.write(f"{checkpoint.task}/{checkpoint.name}: written to {checkpoint.folder}")
    return True


def _content(path: Path) -> bytes:
    """The bytes of a file: no more than are needed to see that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataError(
            "The file {path} cannot be read ({reason}); give the path of a ZIP.",
            path=path,
            reason=error.strerror,
        ) from error
