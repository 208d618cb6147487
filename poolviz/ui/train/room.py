"""How much each visitor of a server may have: trainings that wait, and models on its disk."""

from __future__ import annotations

from poolviz import places
from poolviz.errors import TrainingError
from poolviz.trainings import control
from poolviz.trainings.state import QUEUED, RUNNING

MAX_WAITING = 3
MAX_BYTES = 200_000_000


def check_room(owner: str) -> None:
    """Check that a visitor may start a training, or take in models.

    Parameters
    ----------
    owner : hash of the visitor's key; "" where all is everybody's, which has no limits.

    Raises
    ------
    TrainingError : there is too much already.
    """
    if not owner:
        return
    active = [t for t in control.list_trainings(owner) if t.status in (QUEUED, RUNNING)]
    if len(active) >= MAX_WAITING:
        raise TrainingError(
            "{count} of your trainings wait or run; cancel one, or wait for its end.",
            count=len(active),
        )
    files = places.checkpoints_of(owner).rglob("*")
    size = sum(file.stat().st_size for file in files if file.is_file())
    if size > MAX_BYTES:
        raise TrainingError(
            "Your models take {size} MB, and each visitor has {limit} MB; delete some first.",
            size=size // 1_000_000,
            limit=MAX_BYTES // 1_000_000,
        )
