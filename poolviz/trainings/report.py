"""What a process says of its work while it does it, for whoever looks at the folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from poolviz.errors import PoolvizError, TrainingError
from poolviz.trainings import spool
from poolviz.trainings.state import QUEUED, RUNNING, Made, Progress, State

SECONDS_BETWEEN = 0.5  # two reports of progress


class Report:
    """The state of a piece of work that this process does; nobody else changes it meanwhile.

    Parameters
    ----------
    folder : of the work; its `alive.lock` is held by this process.

    Raises
    ------
    TrainingError : it does not wait to be begun.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.monotonic):
        self.folder = folder
        self._now = now
        self._next = now()
        self._began: tuple[float, float] | None = None
        with spool.changing(folder) as state:
            if state.status != QUEUED:
                raise TrainingError("Training {name} does not wait.", name=folder.name)
            self._state = replace(
                state, status=RUNNING, started=time.time(), pid=os.getpid(), progress=None
            )
            spool.write_state(folder, self._state)

    @property
    def state(self) -> State:
        """As it was last written, or will be."""
        return self._state

    def stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return (self.folder / spool.STOP).exists()

    def tell(self, progress: Progress) -> bool:
        """How far it is; what comes too often is left out. The time that is left is found here.

        Returns
        -------
        Whether it was written.
        """
        left = self._seconds_left(progress.share)
        self._state = replace(self._state, progress=replace(progress, seconds_left=left))
        if self._now() < self._next:
            return False
        self._next = self._now() + SECONDS_BETWEEN
        self._write()
        return True

    def point(self, **point: Any) -> None:
        """A line of the curve."""
        spool.append_to_curve(self.folder, point)

    def made(self, head: str, made: Made) -> None:
        """A checkpoint is there."""
        self._write(made={**self._state.made, head: made})

    def is_finished(self, head: str) -> bool:
        """Whether its checkpoint is there, trained to the end."""
        return head in self._state.made and not self._state.made[head].stopped

    def end(self, status: str, error: PoolvizError | None = None) -> None:
        """Nothing comes after this."""
        self._write(status=status, ended=time.time(), error=error)
        (self.folder / spool.STOP).unlink(missing_ok=True)

    def _write(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)
        spool.write_state(self.folder, self._state)

    def _seconds_left(self, share: float) -> float | None:
        """What the rest takes at the speed since this process began to count."""
        if self._began is None:
            self._began = (self._now(), share)
            return None
        began, before = self._began
        if share <= before:
            return None
        return round((self._now() - began) / (share - before) * (1 - share), 1)


def why(error: Exception) -> PoolvizError:
    """The sentence for what ended the work."""
    if isinstance(error, PoolvizError):
        return error
    if isinstance(error, MemoryError):
        return TrainingError("There is not memory enough; choose a smaller model or fewer rows.")
    if isinstance(error, OSError):  # a full disk, a folder that cannot be written
        reason = error.strerror or error
        return TrainingError("The system refuses ({reason}); repair that and go on.", reason=reason)
    return TrainingError("The work did not finish; its log says why.")
