"""Where a piece of work stands, as `state.json` says it."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

from poolviz.errors import PoolvizError
from poolviz.json_types import is_object
from poolviz.language import N_

QUEUED, RUNNING, DONE, CANCELLED, FAILED = KEPT = (
    "queued",
    "running",
    "done",
    "cancelled",
    "failed",
)
BROKEN = "broken"  # what runs on disk, but no process works on it
TITLES = {
    QUEUED: N_("queued"),
    RUNNING: N_("running"),
    DONE: N_("done"),
    CANCELLED: N_("cancelled"),
    FAILED: N_("failed"),
    BROKEN: N_("broken off"),
}


@dataclass(frozen=True)
class Progress:
    """How far it is.

    Parameters
    ----------
    head : what is worked on.
    share : of all the work, 0 to 1.
    seconds_left : at most; None where nobody knows yet.
    seed, epoch, epochs, batch, batches : of a training; epochs and batches count from 1.
    """

    head: str
    share: float
    seconds_left: float | None = None
    seed: int = 0
    epoch: int = 0
    epochs: int = 0
    batch: int = 0
    batches: int = 0


@dataclass(frozen=True)
class Made:
    """A checkpoint that was written, or measured.

    Parameters
    ----------
    folder : where one that was trained lies below its owner's checkpoints, with slashes.
    stopped : its best epoch so far was taken.
    """

    task: str
    name: str
    folder: str = ""
    stopped: bool = False


@dataclass(frozen=True)
class State:
    """Where a piece of work stands.

    Parameters
    ----------
    status : one of `KEPT`.
    created, started, ended : seconds since 1970, None where it is not so far.
    pid : of the process that works on it, or did.
    progress : None before it began.
    made : by head the checkpoint that is finished.
    error : why it failed.
    """

    status: str
    created: float
    started: float | None = None
    ended: float | None = None
    pid: int | None = None
    progress: Progress | None = None
    made: Mapping[str, Made] = field(default_factory=dict)
    error: PoolvizError | None = None

    def as_json(self) -> dict[str, Any]:
        """All of it, for `read`."""
        error = self.error and {"template": self.error.template, "values": _plain(self.error)}
        return {
            "status": self.status,
            "created": self.created,
            "started": self.started,
            "ended": self.ended,
            "pid": self.pid,
            "progress": self.progress and asdict(self.progress),
            "made": {head: asdict(made) for head, made in self.made.items()},
            "error": error,
        }

    @classmethod
    def read(cls, data: object) -> State:
        """What `as_json` gave.

        Raises
        ------
        ValueError : it is nothing of the kind.
        """
        if not is_object(data) or data.get("status") not in KEPT:
            raise ValueError("status")
        made, created = data.get("made"), _number(data.get("created"))
        if created is None or not is_object(made):
            raise ValueError("made")
        return cls(
            status=data["status"],
            created=created,
            started=_number(data.get("started")),
            ended=_number(data.get("ended")),
            pid=None if data.get("pid") is None else _whole(data["pid"]),
            progress=_progress(data.get("progress")),
            made={head: _made(each) for head, each in made.items()},
            error=_error(data.get("error")),
        )


def _plain(error: PoolvizError) -> dict[str, int | float | str]:
    return {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in error.values.items()
    }


def _error(data: object) -> PoolvizError | None:
    if data is None:
        return None
    if not is_object(data) or not is_object(data.get("values")):
        raise ValueError("error")
    template, values = data.get("template"), data["values"]
    if not isinstance(template, str) or not _is_harmless(template):
        raise ValueError("error")
    if not all(isinstance(value, int | float | str) for value in values.values()):
        raise ValueError("error")
    try:
        return PoolvizError.again(template, values)
    except (KeyError, TypeError) as error:
        raise ValueError("error") from error


def _is_harmless(template: str) -> bool:
    """Whether it only has named fields: others could ask for much memory, or for attributes."""
    return all(
        name is None or (name.isidentifier() and form in ("", ",") and not conversion)
        for _text, name, form, conversion in string.Formatter().parse(template)
    )


def _progress(data: object) -> Progress | None:
    if data is None:
        return None
    if not is_object(data) or not isinstance(data.get("head"), str):
        raise ValueError("progress")
    share = _number(data.get("share"))
    if share is None or not 0 <= share <= 1:
        raise ValueError("share")
    counted = ("seed", "epoch", "epochs", "batch", "batches")
    counts = {name: _whole(data.get(name)) for name in counted}
    return Progress(data["head"], share, _number(data.get("seconds_left")), **counts)


def _made(data: object) -> Made:
    if not is_object(data):
        raise ValueError("made")
    task, name, folder = data.get("task"), data.get("name"), data.get("folder")
    if not (isinstance(task, str) and isinstance(name, str) and isinstance(folder, str)):
        raise ValueError("made")
    if type(data.get("stopped")) is not bool:
        raise ValueError("stopped")
    parts = PurePosixPath(folder).parts
    if any(part in ("..", "/") or "\\" in part or ":" in part for part in parts):
        raise ValueError("folder")
    return Made(task, name, folder, data["stopped"])


def _number(value: object) -> float | None:
    """A finite number, or None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("number")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("whole number")
    return value
