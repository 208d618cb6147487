"""A Dask cluster of two worker processes on this machine, and the end of one of them."""

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from distributed import Client, LocalCluster


@contextmanager
def two_workers() -> Iterator[str]:
    """The address of a scheduler with two worker processes of one thread each."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster.scheduler_address


def kill_one(address: str) -> int:
    """End a worker's process at once, whatever it is doing; its id."""
    with Client(address, set_as_default=False) as client:
        pid = next(iter(client.run(os.getpid).values()))
    os.kill(pid, signal.SIGKILL)
    return pid


def nothing() -> None:
    """What a worker needs to be set up for models that are no one's own."""
