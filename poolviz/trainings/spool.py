"""The folder of each piece of work: what was asked for, where it stands, its curve, its log.

`$POOLVIZ_HOME/trainings/<id>/` holds

- `request.json`, written once (see `poolviz.trainings.request`),
- `state.json`, replaced whole whenever something changes (see `poolviz.trainings.state`),
- `curve.jsonl`, a line for every stretch of batches and for every epoch,
- `log.txt`, what the process wrote,
- `data/`, a copy of somebody's own file,
- `fits/`, what a training needs to go on after its last finished epoch,
- `stop`, while it is asked to stop,
- `alive.lock`, locked by the process that works on it, and so free as soon as that is dead,
- `change.lock`, locked while its state is changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from poolviz import places
from poolviz.errors import PoolvizError, TrainingError
from poolviz.trainings.request import Request
from poolviz.trainings.state import BROKEN, QUEUED, RUNNING, Progress, State
from poolviz.writing import replacing

REQUEST, STATE, CURVE, LOG, STOP = "request.json", "state.json", "curve.jsonl", "log.txt", "stop"
DATA, FITS = "data", "fits"
TESTS = "tests"  # in `DATA`: the second file may be called as the first
ALIVE, CHANGE = "alive.lock", "change.lock"
VERSION = 1
MAX_LOG = 64_000  # bytes of its end that are shown
_PATIENCE = 10  # seconds for a lock that others hold for moments


@dataclass(frozen=True)
class Training:
    """A piece of work as it stands on disk.

    Parameters
    ----------
    id : name of its folder; work is done in the order of the ids.
    request, state : None where it is damaged.
    status : one of `poolviz.trainings.state.KEPT`, or "broken" where its process is dead.
    stopping : it was asked to stop, and has not yet.
    damage : what is wrong with its files.
    """

    id: str
    folder: Path
    request: Request | None = None
    state: State | None = None
    status: str = BROKEN
    stopping: bool = False
    damage: PoolvizError | None = None

    @property
    def progress(self) -> Progress | None:
        """How far it is; None where it has not begun."""
        return self.state.progress if self.state else None

    @property
    def file(self) -> Path | None:
        """The copy of somebody's own file that it reads; None where it reads the catalogue's."""
        own = self.request.file if self.request else None
        return self.folder / DATA / own.name if own else None

    @property
    def tests(self) -> Path | None:
        """The copy of the file that it tests on; None where there is no second one."""
        own = self.request.file if self.request else None
        return self.folder / DATA / TESTS / own.tests if own and own.tests else None

    def model_folder(self, head: str) -> Path:
        """The folder of a checkpoint that it made."""
        if self.request is None or self.state is None:
            raise self.damage or _damaged(self.id)
        return places.checkpoints_of(self.request.owner) / self.state.made[head].folder


def folder_of(name: str) -> Path:
    """The folder of one piece of work.

    Raises
    ------
    TrainingError : there is none.
    """
    folder = places.trainings() / name
    if folder.parent != places.trainings() or name.startswith(".") or not folder.is_dir():
        raise TrainingError("There is no training {name}; it may have been deleted.", name=name)
    return folder


def read(name: str) -> Training:
    """One piece of work; what is wrong with its files is kept in `damage`.

    Raises
    ------
    TrainingError : there is none.
    """
    folder = folder_of(name)
    try:
        request = Request.read(_read_json(folder / REQUEST))
        state = read_state(folder)
    except (OSError, ValueError, RecursionError):
        return Training(name, folder, damage=_damaged(name))
    status = status_of(folder, state)
    if status == BROKEN:  # or it has ended since it was read
        state = read_state(folder)
        status = BROKEN if state.status == RUNNING else state.status
    stopping = status == RUNNING and (folder / STOP).exists()
    return Training(name, folder, request, state, status, stopping)


def request_of(training: Training) -> Request:
    """What was asked for.

    Raises
    ------
    TrainingError : its files are damaged.
    """
    if training.request is None:
        raise training.damage or _damaged(training.id)
    return training.request


def list_trainings(owner: str | None = None) -> list[Training]:
    """All work in the order it came; damaged ones have their `damage`.

    Parameters
    ----------
    owner : hash of a key: only what belongs to it; None for all.
    """
    root = places.trainings()
    if not root.is_dir():
        return []
    names = sorted(p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))
    found = [training for name in names if (training := _if_there(name))]
    if owner is None:
        return found
    return [each for each in found if each.request and each.request.owner == owner]


def _if_there(name: str) -> Training | None:
    try:
        return read(name)
    except TrainingError:  # deleted by somebody in this moment
        return None


def read_state(folder: Path) -> State:
    """What `state.json` says.

    Raises
    ------
    OSError, ValueError : it cannot be read, or is no state.
    """
    return State.read(_read_json(folder / STATE))


def write_request(folder: Path, request: Request) -> None:
    """Keep what was asked for."""
    _write_json(folder / REQUEST, request.as_json())


def write_state(folder: Path, state: State) -> None:
    """Keep where it stands."""
    _write_json(folder / STATE, state.as_json())


@contextmanager
def changing(folder: Path) -> Iterator[State]:
    """The state, which no other process changes within the block.

    Raises
    ------
    TrainingError : the state cannot be read, or others do not give it free.
    """
    try:
        with FileLock(folder / CHANGE, timeout=_PATIENCE):
            yield read_state(folder)
    except (Timeout, ValueError) as error:
        raise _damaged(folder.name) from error


def status_of(folder: Path, state: State) -> str:
    """The state's status, or "broken" where it should run and does not."""
    return BROKEN if state.status == RUNNING and not is_alive(folder) else state.status


def is_alive(folder: Path) -> bool:
    """Whether a process works on it: that holds its lock, which the system frees at its death."""
    try:
        with FileLock(folder / ALIVE, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # a folder that nothing can be written to
        return False


def alive(folder: Path) -> FileLock:
    """The lock of the process that works on it; others look at it for moments only."""
    return FileLock(folder / ALIVE, timeout=_PATIENCE)


def read_curve(folder: Path) -> list[dict[str, Any]]:
    """Loss and accuracy as they were told, see `poolviz.trainings.control.curve`."""
    try:
        lines = (folder / CURVE).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    return [point for line in lines if (point := _point(line))]


def append_to_curve(folder: Path, point: dict[str, Any]) -> None:
    """Add a line: a reader leaves out one that is not finished."""
    with open(folder / CURVE, "a", encoding="utf-8") as file:
        file.write(json.dumps(point, allow_nan=False) + "\n")


def cut_curve(folder: Path, head: str, seed: int, epoch: int) -> None:
    """Drop what was told of a fit after an epoch: it goes on from there."""
    points = read_curve(folder)
    kept = [p for p in points if (p["head"], p["seed"]) != (head, seed) or p["epoch"] <= epoch]
    if kept != points:
        with replacing(folder / CURVE) as unfinished:
            unfinished.write_text("".join(json.dumps(p) + "\n" for p in kept), encoding="utf-8")


def read_log(folder: Path) -> str:
    """The end of what the process wrote."""
    try:
        with open(folder / LOG, "rb") as file:
            size = file.seek(0, 2)
            file.seek(max(size - MAX_LOG, 0))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def next_queued() -> Training | None:
    """The oldest piece of work that waits; None where nothing does."""
    return next((each for each in list_trainings() if each.status == QUEUED), None)


def queue_lock() -> FileLock:
    """The lock of the one process that works off the queue of this home."""
    return FileLock(places.trainings() / "queue.lock", timeout=0)


_NUMBERS = {"loss": True, "validation_loss": False, "validation_accuracy": False}
_COUNTS = ("seed", "epoch", "batch", "batches")


def _point(line: str) -> dict[str, Any] | None:
    """A line of the curve; None where it is damaged."""
    try:
        point = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(point, dict) or not isinstance(point.get("head"), str):
        return None
    whole = all(type(point.get(name)) is int for name in _COUNTS)
    numbers = all(
        isinstance(point.get(name), int | float) or (name not in point and not needed)
        for name, needed in _NUMBERS.items()
    )
    return point if whole and numbers else None


def _read_json(place: Path) -> object:
    data = json.loads(place.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or data.get("schema_version") != VERSION:
        raise ValueError("schema_version")
    return data


def _write_json(place: Path, content: dict[str, Any]) -> None:
    whole = {"schema_version": VERSION, **content}
    text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    with replacing(place) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def _damaged(name: str) -> TrainingError:
    return TrainingError(
        "The files of training {name} are damaged; delete it and start it again.", name=name
    )
