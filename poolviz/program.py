"""How the command line is called on this machine, for commands that pages and errors suggest.

They work as copied, from any folder: with the installed command where there is one, else from the
folder of the clone.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from poolviz import places

NAME = "poolviz"
IN_CLONE = "python -m poolviz"  # what cards say, wherever they are read
_in_command: ContextVar[bool] = ContextVar("in_command", default=False)


def command(*words: str) -> str:
    """A command of poolviz for a shell; words with spaces or signs stand in quotes."""
    return f"{_program()} {shlex.join(words)}"


def as_called_here(said: str) -> str:
    """A card's command as it is called on this machine."""
    return _program() + said.removeprefix(IN_CLONE)


def called() -> str:
    """How this process was called, for the help of its commands."""
    return NAME if Path(sys.argv[0]).stem == NAME else IN_CLONE


@contextmanager
def as_command() -> Iterator[None]:
    """The block is the work of a command, whose memory is its user's alone."""
    token = _in_command.set(True)
    try:
        yield
    finally:
        _in_command.reset(token)


def is_command() -> bool:
    """Whether this is the work of a command, not of a page."""
    return _in_command.get()


def _program() -> str:
    if places.rows_hidden():  # its visitors run nothing on a public server
        return IN_CLONE
    script = shutil.which(NAME, path=str(Path(sys.executable).parent))
    if script is None:
        folder = Path(__file__).resolve().parent.parent
        return f"cd {shlex.quote(str(folder))} && {shlex.quote(sys.executable)} -m {NAME}"
    return NAME if shutil.which(NAME) == script else shlex.quote(script)
