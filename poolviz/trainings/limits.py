"""What visitors of a public server may have: how much, how many at once, and for how long.

A visitor is who has a key of their own (`Request.owner`); whoever has the machine has no limits.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from poolviz import places
from poolviz.errors import ChoiceError, TrainingError
from poolviz.trainings.spool import Training
from poolviz.trainings.state import QUEUED, RUNNING

_MB = 1_000_000
_DAY = 86_400  # seconds


@dataclass(frozen=True)
class Limits:
    """`$POOLVIZ_TRAIN_LIMITS` says others: "waiting=1 megabytes=200".

    Parameters
    ----------
    waiting : trainings that wait or run, of one visitor.
    waiting_in_all : of all visitors.
    megabytes : of one visitor's models and trainings on disk.
    megabytes_in_all : of all visitors'.
    days : after which a visitor's models and trainings are deleted if nothing was added to them.
    """

    waiting: int = 3
    waiting_in_all: int = 20
    megabytes: int = 500
    megabytes_in_all: int = 10_000
    days: int = 90


def limits() -> Limits:
    """The limits of this server.

    Raises
    ------
    ChoiceError : the setting has another name than the fields of `Limits`, or no whole number.
    """
    known = [field.name for field in fields(Limits)]
    said: dict[str, int] = {}
    for word in places.training_limits().split():
        name, _equals, number = word.partition("=")
        if name not in known or not number.isdecimal():
            raise ChoiceError(
                "{word} is no limit; POOLVIZ_TRAIN_LIMITS takes {known}, each with = and a number.",
                word=repr(word),
                known=", ".join(known),
            )
        said[name] = int(number)
    return replace(Limits(), **said)


def check_limits(owner: str, trainings: Sequence[Training]) -> None:
    """Check that a visitor may start one more training.

    Parameters
    ----------
    trainings : all there are.

    Raises
    ------
    ChoiceError : see `limits`.
    TrainingError : too many wait already, or see `check_room`.
    """
    if not owner:
        return
    now = limits()
    active = [t for t in trainings if t.status in (QUEUED, RUNNING) and owner_of(t)]
    if sum(owner_of(training) == owner for training in active) >= now.waiting:
        raise TrainingError(
            "{count} of your trainings wait or run; wait for one to end, or cancel it.",
            count=now.waiting,
        )
    if len(active) >= now.waiting_in_all:
        raise TrainingError("Too many trainings wait on this server; try again later.")
    check_room(owner, trainings)


def check_room(owner: str, trainings: Sequence[Training]) -> None:
    """Check that a visitor may have more models on disk.

    Parameters
    ----------
    trainings : all there are.

    Raises
    ------
    ChoiceError : see `limits`.
    TrainingError : there is too much of theirs, or of all visitors', on disk.
    """
    if not owner:
        return
    now = limits()
    own = _bytes_of(owner, trainings)
    if own >= now.megabytes * _MB:
        raise TrainingError(
            "Your models and trainings take {size:,} MB, of {limit:,} MB; delete some.",
            size=own // _MB,
            limit=now.megabytes,
        )
    visitors = {owner_of(training) for training in trainings if owner_of(training)}
    visitors |= {folder.name for folder in _visitors()}
    if sum(_bytes_of(each, trainings) for each in visitors) >= now.megabytes_in_all * _MB:
        raise TrainingError("There is no room for more models on this server; try again later.")


def forget_old(trainings: Sequence[Training], now: float | None = None) -> None:
    """Delete what visitors have not added to for as long as the limits say.

    Parameters
    ----------
    trainings : all there are; what waits or runs keeps all of its visitor.
    now : seconds since 1970. A clock that went back deletes nothing.
    """
    oldest = (time.time() if now is None else now) - limits().days * _DAY
    for folder in _visitors():
        theirs = [training for training in trainings if owner_of(training) == folder.name]
        if any(training.status in (QUEUED, RUNNING) for training in theirs):
            continue
        places_of = [folder, *(training.folder for training in theirs)]
        if max(map(_last_change, places_of)) < oldest:
            for place in places_of:
                shutil.rmtree(place, ignore_errors=True)


def owner_of(training: Training) -> str:
    """The hash of the key of whom it belongs to; "" for nobody."""
    return training.request.owner if training.request else ""


def _visitors() -> list[Path]:
    root = places.visitors()
    return [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []


def _bytes_of(owner: str, trainings: Sequence[Training]) -> int:
    folders = [t.folder for t in trainings if owner_of(t) == owner]
    folders.append(places.visitors() / owner)
    return sum(_size(path) for folder in folders for path in folder.rglob("*"))


def _size(path: Path) -> int:
    """Bytes of a file; none where it is gone, or is a folder."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def _last_change(folder: Path) -> float:
    """Seconds since 1970 of the last thing that was written there."""
    times = [0.0]
    for path in (folder, *folder.rglob("*")):
        try:
            times.append(path.stat().st_mtime)
        except OSError:  # gone in this moment
            continue
    return max(times)
