"""One queue for the long work of all visitors: a few pieces at a time, in the order they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock, Thread

Piece = Callable[[], None]


class Queue:
    """Pieces of work, done by threads that end where nothing waits.

    The threads are daemons: a server that ends does not wait for them.

    Parameters
    ----------
    places : how many pieces are worked on at once.
    """

    def __init__(self, places: int):
        self._places = places
        self._busy = 0
        self._waiting: deque[Piece] = deque()
        self._lock = Lock()

    def join(self, piece: Piece) -> None:
        """Put a piece at the end. It keeps its errors to itself."""
        with self._lock:
            self._waiting.append(piece)
            if self._busy < self._places:
                self._busy += 1
                Thread(target=self._work, name="poolviz-queue", daemon=True).start()

    def leave(self, piece: Piece) -> bool:
        """Take away a piece that waits; False where it is worked on already, or done."""
        with self._lock:
            if piece not in self._waiting:
                return False
            self._waiting.remove(piece)
            return True

    def before(self, piece: Piece) -> int | None:
        """How many pieces come first, those that are worked on among them; None if it is one."""
        with self._lock:
            return self._busy + self._waiting.index(piece) if piece in self._waiting else None

    def _work(self) -> None:
        while piece := self._next():
            piece()

    def _next(self) -> Piece | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._busy -= 1
            return None
