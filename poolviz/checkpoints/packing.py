"""Checkpoints in a ZIP, to hand on; `poolviz.engine.unpacking` takes them in.

In the archive a checkpoint lies as on disk: `task/name/` with its card, the files that the card
lists, and what was measured with it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from poolviz import program
from poolviz.checkpoints import film
from poolviz.checkpoints.beside import MEASURED
from poolviz.checkpoints.checkpoint import CARD, Checkpoint, files_of
from poolviz.watch import QUIET, Watch

README = "README.txt"
# All members get one date, so that the same checkpoints give the same archive.
_DATE = (1980, 1, 1, 0, 0, 0)


def pack(checkpoints: Sequence[Checkpoint], watch: Watch = QUIET, *, films: bool = False) -> bytes:
    """The content of a ZIP with these checkpoints and what was measured with them.

    Parameters
    ----------
    checkpoints : sound ones.
    films : with the films of their trainings, which hold the sentences that were pinned.
    watch : counts files.

    Raises
    ------
    Cancelled : it was stopped.
    OSError : a file cannot be read.
    """
    files = {
        f"{checkpoint.task}/{checkpoint.name}/{path.name}": path
        for checkpoint in checkpoints
        for path in _packed(checkpoint, films)
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        _add(target, README, _readme(checkpoints).encode("utf-8"))
        for done, (name, path) in enumerate(files.items(), 1):
            watch.check()
            _add(target, name, path.read_bytes())
            watch.progress(done, len(files))
    return archive.getvalue()


def _packed(checkpoint: Checkpoint, films: bool) -> list[Path]:
    beside = (*MEASURED, film.NAME) if films else MEASURED
    measured = [name for name in beside if checkpoint.path(name).is_file()]
    return [checkpoint.path(name) for name in (CARD, *files_of(checkpoint.kind), *measured)]


def _add(target: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    target.writestr(member, content)


def _readme(checkpoints: Iterable[Checkpoint]) -> str:
    """What is in the archive, and how it is taken in."""
    lines = [f"{c.task}/{c.name}: {c.card['command']}" for c in checkpoints]
    return "\n".join(
        [
            "Models of poolviz. Take them in on the Train page, or:",
            f"{program.IN_CLONE} unpack FILE.zip",
            "",
            *lines,
            "",
        ]
    )
