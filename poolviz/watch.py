"""How long work tells how far it is, and how it is stopped: one value that is handed down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Cancelled(Exception):
    """Somebody stopped the work.

    No `PoolvizError`: nothing went wrong, so what makes the best of errors lets this one pass.
    """


@dataclass(frozen=True)
class Watch:
    """What work that can take long is given by whoever waits for it.

    The work calls `check` before each of its steps and `progress` after it. Whatever takes a watch
    returns whole results, and raises `Cancelled` where it was stopped.

    Parameters
    ----------
    progress : called with how much is done and how much there is, in what the work counts: texts,
        files, bytes. The second is None where nobody knows. Training tells more, in one value
        (`poolviz.training.epochs.Progress`).
    cancelled : True once the work shall stop.
    """

    progress: Callable[..., None] = lambda *step: None
    cancelled: Callable[[], bool] = lambda: False

    def check(self) -> None:
        """Let the work go on, or end it.

        Raises
        ------
        Cancelled : somebody stopped it.
        """
        if self.cancelled():
            raise Cancelled("The work was stopped.")

    def part(self, before: int, total: int) -> Watch:
        """A watch for a part of longer work: counts on from `before`, to `total` in all."""
        return Watch(lambda done, _total: self.progress(before + done, total), self.cancelled)


QUIET = Watch()
