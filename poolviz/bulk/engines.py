"""Who does the work: processes of this machine, or the workers of a Dask cluster.

Both are executors of the standard library, so that what follows does not know which it is.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Generator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TYPE_CHECKING, Any

from poolviz.errors import ChoiceError, PoolvizError

if TYPE_CHECKING:
    from distributed import Client

_PATIENCE = 30.0  # seconds until a scheduler must have answered
# Dask has workers give memory back to the system at once: then every array is asked for anew, and
# models take three times as long.
_GIVEN_BACK = "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_"


@dataclass(frozen=True)
class Engine:
    """What tasks are given to.

    Parameters
    ----------
    executor : takes functions and arguments that can travel to other processes.
    places : how many tasks it works on at once.
    """

    executor: Executor
    places: int


@contextmanager
def local(processes: int | None = None) -> Generator[Engine]:
    """Processes of this machine, since cutting texts is work for Python: one for each core.

    Raises
    ------
    PoolvizError : a process has ended before its task.
    """
    places = processes or os.cpu_count() or 1
    # Spawned, since onnxruntime's threads do not live in a fork.
    pool = ProcessPoolExecutor(places, _Context(), initializer=leave_interrupts)
    try:
        with _second_interrupt():
            try:
                with _second_interrupt():
                    yield Engine(pool, places)
            finally:
                pool.shutdown(cancel_futures=True)  # waits for the parts that were begun
    except BrokenProcessPool as error:
        raise PoolvizError(
            "A process has ended before its part was done, for want of memory perhaps; run the "
            "command again to go on, with fewer --workers."
        ) from error


@contextmanager
def dask(scheduler: str | None = None, processes: int | None = None) -> Generator[Engine]:
    """The workers of a Dask cluster; what a lost one had begun, another one does again.

    Raises
    ------
    ChoiceError, PoolvizError : see `dask_client`.
    """
    with dask_client(scheduler, processes) as client:
        executor = client.get_executor(pure=False)
        try:
            yield Engine(executor, places_of(client))
        finally:
            executor.shutdown(wait=False)


@contextmanager
def dask_client(scheduler: str | None = None, processes: int | None = None) -> Generator[Client]:
    """A client of the cluster at an address, or of one on this machine that ends with the block.

    Parameters
    ----------
    scheduler : as in "tcp://10.0.0.1:8786"; None starts a cluster here.
    processes : of that one: one for each core.

    Raises
    ------
    ChoiceError : Dask is not installed, nobody answers at the address, or nobody works there.
    PoolvizError : a task was lost with every worker that tried it.
    """
    try:
        from dask import config
        from distributed import Client, KilledWorker, LocalCluster
    except ImportError as error:
        raise ChoiceError(
            "The engine dask needs Dask, which is not installed here; install it: pip install -r "
            "requirements-dask.txt"
        ) from error
    cluster = None
    if scheduler is None:
        with _unheard(), config.set({_GIVEN_BACK: None}):
            cluster = LocalCluster(
                n_workers=processes or os.cpu_count() or 1,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            )
    try:
        with _connected(Client, cluster or scheduler) as client:
            if not places_of(client):
                raise ChoiceError(
                    "No worker has come to the scheduler at {address}; start some with: dask "
                    "worker {address} --nthreads 1",
                    address=scheduler,
                )
            if cluster is not None:
                client.run(leave_interrupts)
            yield client
    except KilledWorker as error:
        raise PoolvizError(
            "A part was lost with every worker that tried it, for want of memory perhaps; run the "
            "command again to go on, on workers with more of it."
        ) from error
    finally:
        if cluster is not None:
            cluster.close()


def places_of(client: Client) -> int:
    """How many tasks the workers of a cluster work on at once."""
    threads: Any = client.nthreads()  # by worker; of a client that is not asynchronous
    return sum(threads.values())


def _connected(client: type[Client], place: object) -> Client:
    try:
        return client(place, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ChoiceError(
            "Nobody answers at the scheduler {address} ({reason}); give --scheduler the address "
            "that dask scheduler shows.",
            address=place,
            reason=" ".join(str(error).split()) or type(error).__name__,
        ) from error


def leave_interrupts() -> None:
    """Ctrl+C reaches all processes of a terminal; the caller's decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _second_interrupt() -> Generator[None]:
    """A first Ctrl+C lets parts that were begun be finished; a second one ends their processes."""
    try:
        yield
    except KeyboardInterrupt:
        for process in active_children():
            if isinstance(process, _Process):
                process.terminate()
        raise


@contextmanager
def _unheard() -> Generator[None]:
    """Processes that are begun meanwhile hear no Ctrl+C, from their first moment on.

    What this one is told meanwhile waits. Windows has nothing of the kind: there a process can be
    reached until it has come to `leave_interrupts`.
    """
    if os.name == "posix":
        resource_tracker.ensure_running()  # multiprocessing's, which lets them in once it starts
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    else:
        yield


class _Process(SpawnProcess):
    def start(self) -> None:
        """Start it where no Ctrl+C reaches it."""
        with _unheard():
            super().start()


class _Context(SpawnContext):
    Process = _Process
