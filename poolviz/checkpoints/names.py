"""What the folders of data sets, runs and models are called."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

from poolviz.checkpoints.identity import DIGITS
from poolviz.datasets import CATALOGUE
from poolviz.errors import ChoiceError
from poolviz.model.kinds import KINDS, USUAL
from poolviz.text.names import check_distinct, check_name, normal
from poolviz.writing import alone

_FOLDERS = "folders"  # what the lock is called after
RUN_FOLDER = re.compile(rf"run-([0-9a-f]{{{DIGITS}}})")


def checkpoint_name(head: str, readout: str | None = None, seed: int = 0, kind: str = USUAL) -> str:
    """`[kind-]head[-readout][-sN]`: the parts that are not the usual ones.

    >>> checkpoint_name("max"), checkpoint_name("max", "dense", seed=1, kind="siamese")
    ('max', 'siamese-max-dense-s1')
    """
    parts = [head] if kind == USUAL else [kind, head]
    if readout not in (None, KINDS[kind].usual_readout):
        parts.append(readout)
    if seed:
        parts.append(f"s{seed}")
    return "-".join(parts)


def alone_below(root: Path) -> AbstractContextManager[None]:
    """A lock for the blink in which a folder is put in the place of another below `root`."""
    return alone(root / _FOLDERS)


@contextmanager
def undisturbed(root: Path) -> Generator[None]:
    """Inside, nobody puts a folder in the place of another below `root`.

    Where nobody ever has, or no lock can be had, there is nothing to wait for.
    """
    with ExitStack() as stack:
        if (root / f".{_FOLDERS}.lock").is_file():
            with suppress(OSError):
                stack.enter_context(alone_below(root))
        yield


def check_task_name(task: str, root: Path) -> None:
    """Check that a data set whose models are to lie below `root` can have a name.

    Raises
    ------
    ChoiceError : it is no name, or another data set's but for capitals and the like.
    """
    check_name(task)
    if RUN_FOLDER.fullmatch(task):
        raise ChoiceError(
            "{name} is what folders of runs are called; choose another name.", name=task
        )
    present = [folder.name for folder in root.iterdir()] if root.is_dir() else []
    check_distinct(task, [*CATALOGUE, *map(normal, present)])
