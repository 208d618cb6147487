"""Start, look at, stop and resume work in processes of its own: what pages and commands call.

    request = Request(TRAIN, "my_reviews", ("max", "attention"), file=OwnFile("reviews.csv"))
    name = start(request, Path("reviews.csv"))   # its id; returns at once
    training = read(name)                        # .status, .progress, .state.made, .state.error
    list_trainings(owner=None)                   # all of them, in the order of the queue
    curve(name)                                  # loss and accuracy so far
    log(name)                                    # the end of what its process wrote
    cancel(name)                                 # the best epoch so far is kept
    resume(name)                                 # after "cancelled", "failed" or "broken"
    delete(name)                                 # once it has ended

`status` is "queued", "running", "done", "cancelled", "failed", or "broken": its process died. One
piece of work is done at a time in each `$POOLVIZ_HOME`, in the order in which they were started.
The processes are detached: they go on without the server or command that started them. Nothing
here loads TensorFlow or Streamlit.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from filelock import FileLock

from poolviz import places
from poolviz.checkpoints.names import check_task_name
from poolviz.datasets import CATALOGUE
from poolviz.datasets.own.entering import check_key
from poolviz.errors import ChoiceError, DiskFull, TrainingError, check_choice
from poolviz.language import N_
from poolviz.trainings import spool
from poolviz.trainings.limits import check_limits, forget_old, owner_of
from poolviz.trainings.processes import start_queue
from poolviz.trainings.request import Request
from poolviz.trainings.spool import Training, list_trainings, read
from poolviz.trainings.state import BROKEN, CANCELLED, FAILED, QUEUED, RUNNING, TITLES, State
from poolviz.writing import replacing

__all__ = ["Training", "cancel", "curve", "delete", "list_trainings", "log", "read", "resume"]
__all__ += ["start", "wake"]


def start(
    request: Request,
    file: Path | None = None,
    wake: Callable[[], None] = start_queue,
    tests: Path | None = None,
) -> str:
    """Queue what is asked for, and let the queue be worked off.

    Parameters
    ----------
    file : somebody's own file, which `request.file` says how to read; it is copied.
    wake : starts the process that works off the queue.
    tests : the second file that `request.file` names; it is copied, too.

    Returns
    -------
    Its id.

    Raises
    ------
    ChoiceError : no such data set, or the name of one for rows of one's own.
    TrainingError : the file, or the place for it on disk, is not there; or the visitor has reached
        a limit (see `poolviz.trainings.limits`).
    DiskFull : there is no room.
    """
    _check_source(request, file, tests)
    root = places.trainings()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / "names.lock"):
            present = list_trainings()
            forget_old(present)
            check_limits(request.owner, present)
            name = _next_id(root)
            with replacing(root / name) as folder:
                _fill(folder, request, file, tests)
    except DiskFull:
        raise
    except OSError as error:
        raise TrainingError(
            "The training cannot be put on disk at {folder} ({reason}); repair that first.",
            folder=root,
            reason=error.strerror or error,
        ) from error
    wake()
    return name


def curve(name: str) -> list[dict[str, Any]]:
    """What was told of a training so far, in the order of time.

    Each has `head`, `seed`, `epoch`, `batch`, `batches` and `loss`: the mean since the one before
    of the same epoch. At the end of an epoch `loss` is that of the whole epoch, and there are
    `validation_loss` (nats) and `validation_accuracy`.

    Raises
    ------
    TrainingError : there is no such training.
    """
    return spool.read_curve(spool.folder_of(name))


def log(name: str) -> str:
    """The end of what its process wrote.

    Raises
    ------
    TrainingError : there is no such training.
    """
    return spool.read_log(spool.folder_of(name))


def cancel(name: str) -> None:
    """Stop it at its next step: models that are finished stay, and of the one that is being
    trained the best epoch so far. What has ended already stays as it is.

    Raises
    ------
    TrainingError : there is no such training, or its files are damaged.
    """
    folder = spool.folder_of(name)
    with spool.changing(folder) as state:
        status = spool.status_of(folder, state)
        if status in (QUEUED, BROKEN):
            spool.write_state(folder, replace(state, status=CANCELLED, ended=time.time()))
        elif status == RUNNING:
            (folder / spool.STOP).touch()


def resume(name: str, wake: Callable[[], None] = start_queue) -> None:
    """Queue again what was cancelled, failed or broke off.

    Models that are finished stay; the one that was being trained goes on after its last finished
    epoch, and in the end takes the place of what was kept of it. On one machine with one set of
    libraries it ends with the same numbers as if it had never stopped.

    Raises
    ------
    TrainingError : there is no such training, its files are damaged, or it waits, runs or is done;
        or its visitor has reached a limit.
    """
    folder = spool.folder_of(name)
    with spool.changing(folder) as state:
        status = spool.status_of(folder, state)
        if status not in (CANCELLED, FAILED, BROKEN):
            raise TrainingError(
                "Training {name} is {status}; only what was stopped can go on.",
                name=name,
                status=TITLES[status],
            )
        check_limits(owner_of(read(name)), list_trainings())
        (folder / spool.STOP).unlink(missing_ok=True)
        spool.write_state(folder, replace(state, status=QUEUED, ended=None, error=None))
    wake()


def delete(name: str) -> None:
    """Forget a piece of work with its log and its copy of a file; its models stay.

    Raises
    ------
    TrainingError : there is none, or it is running.
    """
    folder = spool.folder_of(name)
    if spool.is_alive(folder):
        raise TrainingError("Training {name} is running; cancel it first.", name=name)
    # It disappears in one step, and what cannot be removed is out of sight.
    aside = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        folder.replace(aside / name)
    except OSError as error:
        raise TrainingError(
            "Training {name} cannot be deleted ({reason}).",
            name=name,
            reason=error.strerror or error,
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def wake() -> None:
    """Let the queue be worked off where something waits and nobody does it, as after a reboot."""
    if spool.next_queued():
        start_queue()


def _check_source(request: Request, file: Path | None, tests: Path | None) -> None:
    if (request.file is None) != (file is None):
        raise TrainingError("A file of one's own needs both its place and how it is read.")
    if file is None:
        if not request.plugins:  # whose data sets are known where they are loaded
            check_choice(N_("data set"), request.dataset, CATALOGUE)
        return
    check_key(request.dataset)
    check_task_name(request.dataset, places.checkpoints_of(request.owner))
    for path in filter(None, (file, tests)):
        if not path.is_file():
            raise ChoiceError("There is no file {path}; give the path of a file.", path=path)


def _next_id(root: Path) -> str:
    """A number, which orders the queue, and letters that nobody guesses."""
    numbers = [path.name.partition("-")[0] for path in root.iterdir() if path.is_dir()]
    last = max((int(number) for number in numbers if number.isdecimal()), default=0)
    return f"{last + 1:06d}-{token_hex(4)}"


def _fill(folder: Path, request: Request, file: Path | None, tests: Path | None) -> None:
    folder.mkdir()
    if request.file and file:
        (folder / spool.DATA).mkdir()
        shutil.copyfile(file, folder / spool.DATA / request.file.name)
        if request.file.tests and tests:
            (folder / spool.DATA / spool.TESTS).mkdir()
            shutil.copyfile(tests, folder / spool.DATA / spool.TESTS / request.file.tests)
    spool.write_request(folder, request)
    spool.write_state(folder, State(QUEUED, created=time.time()))
