"""Encoded texts in files: what a training reads of them is mapped, not held."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, overload

import numpy as np

from poolviz.datasets.samples import Samples

_IDS, _LENGTHS, _LABELS = "ids", "lengths", "labels"  # files of int32, one number after the other


class StoredIds(Sequence[np.ndarray]):
    """The ids of each text, int32 (tokens,), as `Writer` wrote them."""

    def __init__(self, ids: np.ndarray, lengths: np.ndarray):
        self._ids = ids
        self._borders = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])

    def __len__(self) -> int:
        return len(self._borders) - 1

    @overload
    def __getitem__(self, number: int) -> np.ndarray: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[np.ndarray]: ...

    def __getitem__(self, number: int | slice) -> np.ndarray | Sequence[np.ndarray]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._ids[self._borders[number] : self._borders[number + 1]]


class Writer:
    """Writes encoded texts with their labels into a folder, some at a time.

    Raises
    ------
    OSError : nothing can be written there.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}

    def __enter__(self) -> Writer:
        for name in (_IDS, _LENGTHS, _LABELS):
            self._files[name] = open(self._folder / name, "wb")  # noqa: SIM115, closed on exit
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.close()

    def add(self, ids: Sequence[np.ndarray], labels: Sequence[int]) -> None:
        """Write some more texts, at least one."""
        columns = {
            _IDS: np.concatenate(ids),
            _LENGTHS: [len(each) for each in ids],
            _LABELS: labels,
        }
        for name, values in columns.items():
            self._files[name].write(np.asarray(values, np.int32).tobytes())


def samples_in(folder: Path) -> Samples:
    """What a `Writer` wrote, for as long as the files are there."""
    ids, lengths, labels = (_mapped(folder / name) for name in (_IDS, _LENGTHS, _LABELS))
    return Samples(StoredIds(ids, lengths), labels)


def _mapped(path: Path) -> np.ndarray:
    if not path.stat().st_size:  # nothing cannot be mapped
        return np.empty(0, np.int32)
    return np.asarray(np.memmap(path, np.int32, "r"))
