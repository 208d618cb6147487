"""Models that work on rows in any process: where they lie, and which ones are meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, TypeVar

from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.errors import CheckpointError

Opened = TypeVar("Opened")


@dataclass(frozen=True)
class OfModels:
    """What models make of rows.

    Parameters
    ----------
    folders : of the checkpoints, which every process that works on rows must see.
    hashes : SHA-256 of their ONNX files.
    """

    folders: tuple[Path, ...]
    hashes: tuple[str, ...]

    @classmethod
    def of(cls, checkpoints: Sequence[Checkpoint]) -> Self:
        """What these checkpoints make."""
        folders = tuple(checkpoint.folder.resolve() for checkpoint in checkpoints)
        return cls(folders, tuple(checkpoint.onnx_hash for checkpoint in checkpoints))

    def opened(self, opening: Callable[[Checkpoint], Opened]) -> list[Opened]:
        """The models, loaded once in a process.

        Raises
        ------
        CheckpointError : one is damaged, or is not the one that was meant.
        """
        return _opened(opening, self.folders, self.hashes)


@lru_cache(maxsize=1)
def _opened(
    opening: Callable[[Checkpoint], Any], folders: tuple[Path, ...], hashes: tuple[str, ...]
) -> list[Any]:
    checkpoints = [read(folder) for folder in folders]
    for checkpoint, expected in zip(checkpoints, hashes, strict=True):
        if checkpoint.onnx_hash != expected:
            raise CheckpointError(
                "{folder} holds another model on a worker than here; let all machines see the same "
                "checkpoints.",
                folder=checkpoint.folder,
            )
    return [opening(checkpoint) for checkpoint in checkpoints]
