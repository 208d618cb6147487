"""A memory for what costs time to find: bounded, and shared by threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

Found = TypeVar("Found")


class Memory:
    """What was found for the keys that were asked for last; what was not asked for longest goes.

    Two threads that ask for the same new key at once both find it; one of the two is kept. What
    could not be found, because of an error, is not kept.

    Parameters
    ----------
    entries : how many are kept at most.
    size : bytes of all that is kept, at most.
    """

    def __init__(self, entries: int, size: int):
        self._most, self._largest = entries, size
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def recall(
        self, key: Hashable, find: Callable[[], Found], size_of: Callable[[Found], int]
    ) -> Found:
        """What is kept under a key, else what `find` gives.

        Parameters
        ----------
        size_of : bytes of what was found; see `put`.
        """
        with self._lock:
            if key in self._kept:
                return self._again(key)
        found = find()
        self.put(key, found, size_of(found))
        return found

    def get(self, key: Hashable) -> Any:
        """What is kept under a key; None where nothing is."""
        with self._lock:
            return self._again(key) if key in self._kept else None

    def _again(self, key: Hashable) -> Any:
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def put(self, key: Hashable, found: Any, size: int) -> None:
        """Keep something of so many bytes, unless it is larger than the whole memory."""
        if size > self._largest:
            return
        with self._lock:
            self.size += size - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = (found, size)
            while self.size > self._largest or len(self._kept) > self._most:
                _oldest, (_value, freed) = self._kept.popitem(last=False)
                self.size -= freed
