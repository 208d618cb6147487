"""Several whole trainings: one after the other here, or at once on a Dask cluster's workers.

Keras is imported no sooner than a training begins, and in no worker's own process.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from poolviz import places
from poolviz.checkpoints.checkpoint import CARD, Checkpoint, read
from poolviz.checkpoints.runs import write_new
from poolviz.errors import PoolvizError, TrainingError
from poolviz.model.options import MatcherOptions, ModelOptions, TrainingOptions
from poolviz.scratch import scratch
from poolviz.watch import QUIET, Watch

if TYPE_CHECKING:
    from distributed import Client

    from poolviz.training.recipe import Prepared

_ROWS, _JOB, _MADE = "rows", "job", "made"  # files between a worker and the process it starts
_CHILD = """
import sys
from pathlib import Path
from poolviz.training.many import train_alone
train_alone(Path(sys.argv[1]))
"""
_LOOK = 0.5  # seconds between two looks at the watch


@dataclass(frozen=True)
class Job:
    """One training: a head with a seed, or with so many from that on (see `train_checkpoint`)."""

    model: ModelOptions | MatcherOptions
    options: TrainingOptions
    seeds: int = 1


@dataclass(frozen=True)
class Packed:
    """A checkpoint on its way: where it lay below its root, and its files by their names."""

    place: tuple[str, ...]
    files: dict[str, bytes]


def train_here(
    prepared: Prepared, jobs: Sequence[Job], root: Path, watch: Watch = QUIET
) -> Iterator[tuple[Job, Checkpoint]]:
    """Train all, one after the other; see `train_on`."""
    from poolviz.training.recipe import train_checkpoint

    for job in jobs:
        watch.check()
        told = Watch(partial(watch.progress, job), watch.cancelled)
        yield job, train_checkpoint(prepared, job.model, job.options, root, job.seeds, told)


def train_on(
    client: Client,
    prepared: Prepared,
    jobs: Sequence[Job],
    root: Path,
    set_up: Callable[[], object],
    watch: Watch = QUIET,
) -> Iterator[tuple[Job, Checkpoint]]:
    """Train all, as workers are free; yields each with its checkpoint once that is written.

    The rows travel once to each worker, and only the caller writes. What a worker had begun that
    is lost, another one begins again. The same seed gives the same model as `train_here`.

    Parameters
    ----------
    prepared : from `poolviz.training.kinds.recipes.prepare`.
    root : see `train_checkpoint`; the workers need not see it.
    set_up : called before a training in the worker's process: whatever a head of one's own needs.
    watch : told a job and its `Progress` whenever a worker tells; where it is stopped, what was
        yielded stays.

    Raises
    ------
    Cancelled : it was stopped.
    CheckpointError : a checkpoint came back damaged.
    TrainingError : see `poolviz.training.fit.fit`.
    """
    import cloudpickle

    from poolviz.training.epochs import Progress

    executor = client.get_executor(pure=False)
    topic = f"poolviz-{uuid.uuid4().hex}"  # others may train on the same cluster
    told: SimpleQueue[tuple[float, str]] = SimpleQueue()
    client.subscribe_topic(topic, told.put)  # in the client's thread
    running: dict[Future[Packed], Job] = {}
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph")
            # A task, and no scattered data: what is lost with a worker is made again.
            rows = client.submit(bytes, cloudpickle.dumps(prepared), pure=False)
        for number, job in enumerate(jobs):
            running[executor.submit(_train, rows, job, set_up, topic, number)] = job
        while running:
            watch.check()
            finished = wait(running, timeout=_LOOK, return_when=FIRST_COMPLETED).done
            while not told.empty():
                number, progress = json.loads(told.get()[1])
                watch.progress(jobs[number], Progress(**progress))
            for future in finished:
                yield running.pop(future), _written(future.result(), root)
    finally:
        for future in running:
            future.cancel()
        client.unsubscribe_topic(topic)


def _train(rows: bytes, job: Job, set_up: Callable[[], object], topic: str, number: int) -> Packed:
    """One training, in a process that a worker starts; every epoch is told under a topic.

    In the worker's own process its other threads draw from the random numbers that a seed starts.
    """
    import cloudpickle
    from distributed import get_worker

    worker = get_worker()
    with scratch() as folder:
        (folder / _ROWS).write_bytes(rows)
        (folder / _JOB).write_bytes(cloudpickle.dumps((job, set_up)))
        words = [sys.executable, "-c", _CHILD, str(folder)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(words, **pipes, env=places.for_children()) as child:
            for line in child.stdout or ():
                worker.log_event(topic, json.dumps([number, json.loads(line)]))
            child.wait()  # before its stdin is closed, which would end it
        if child.returncode:
            raise _failed(folder)
        return pickle.loads((folder / _MADE).read_bytes())


def train_alone(folder: Path) -> None:
    """The training that `_train` starts: its progress on stdout, what it made in the folder.

    It ends with the worker that started it, whose end of stdin is closed then.
    """
    Thread(target=_end_with_worker, daemon=True).start()
    from poolviz.training.epochs import Progress
    from poolviz.training.recipe import train_checkpoint

    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no progress

    def tell(progress: Progress) -> None:
        if progress.validation_accuracy is not None:
            print(json.dumps(asdict(progress), default=float), file=told, flush=True)

    job, set_up = pickle.loads((folder / _JOB).read_bytes())
    try:
        set_up()
        prepared = pickle.loads((folder / _ROWS).read_bytes())
        root = folder / "root"
        found = train_checkpoint(prepared, job.model, job.options, root, job.seeds, Watch(tell))
        files = {path.name: path.read_bytes() for path in found.folder.iterdir()}
        made = Packed(found.folder.relative_to(root).parts, files)
    except PoolvizError as error:
        (folder / _MADE).write_bytes(pickle.dumps(error))
        raise SystemExit(1) from error
    (folder / _MADE).write_bytes(pickle.dumps(made))


def _end_with_worker() -> None:
    os.read(0, 1)  # past sys.stdin, whose lock a thread must not hold when the process ends
    os._exit(1)


def _failed(folder: Path) -> PoolvizError:
    """What a training said before it ended."""
    said = folder / _MADE
    if said.exists():
        return pickle.loads(said.read_bytes())
    return TrainingError("A training has ended without a word; look at the worker's own output.")


def _written(packed: Packed, root: Path) -> Checkpoint:
    """A checkpoint that came back, verified and in its place."""
    with scratch() as there:
        folder = there.joinpath(*packed.place)
        folder.mkdir(parents=True)
        for name, content in packed.files.items():
            (folder / name).write_bytes(content)
        found = read(folder)
        if found.damage:
            raise found.damage

        def fill(target: Path) -> None:
            for name in packed.files.keys() - {CARD}:
                shutil.copyfile(folder / name, target / name)

        return write_new(root, found, fill)
