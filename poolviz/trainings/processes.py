"""The processes: one that works off the queue, and one after the other that does the work.

The first loads nothing heavy and stays until nothing waits. The work has a process of its own, so
that its memory is given back, and so that the queue goes on where it is killed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from filelock import Timeout

from poolviz import places
from poolviz.errors import TrainingError
from poolviz.trainings import spool
from poolviz.trainings.spool import Training
from poolviz.trainings.state import FAILED, QUEUED, RUNNING

COMMAND = ("-m", "poolviz", "trainings", "run")
_GLANCE = 0.5  # seconds between two looks at work of a process that is not one's own


def start_queue() -> None:
    """Start the process that works off the queue; where there is one, the new one ends at once."""
    root = places.trainings()
    root.mkdir(parents=True, exist_ok=True)
    with open(root / "queue.txt", "ab") as log:
        subprocess.Popen(
            [sys.executable, *COMMAND],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=places.for_children(),
            # A session of its own, so that nothing ends it with the terminal or the server.
            start_new_session=True,
            creationflags=getattr(subprocess, "DETACHED_PROCESS", 0)
            | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )


def run_in_process(training: Training) -> None:
    """Do one piece of work in a process of its own, and wait for its end."""
    with open(training.folder / spool.LOG, "ab") as log:
        subprocess.run(
            [sys.executable, *COMMAND, training.id],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=places.for_children(),
            check=False,
        )


def work_off(run: Callable[[Training], None] = run_in_process) -> None:
    """Do all work that waits, one piece after the other; nothing where a process does so already.

    After the lock is given free the queue is looked at again: whoever queued something while it
    was held relied on this process.
    """
    while spool.next_queued():
        try:
            with spool.queue_lock():
                _wait_for_others()
                if training := spool.next_queued():
                    run(training)
                    _set_aside_if_waiting(training)
        except Timeout:
            return


def _wait_for_others() -> None:
    """Wait for work whose queue was killed: only one piece is done at a time."""
    while any(training.status == RUNNING for training in spool.list_trainings()):
        time.sleep(_GLANCE)


def _set_aside_if_waiting(training: Training) -> None:
    """Nobody waits for work whose process ended before it could begin."""
    with spool.changing(training.folder) as state:
        if state.status == QUEUED:
            error = TrainingError("The process did not begin; its log says why.")
            failed = replace(state, status=FAILED, ended=time.time(), error=error)
            spool.write_state(training.folder, failed)
