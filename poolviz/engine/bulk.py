"""Many texts at once, in batches of one length, so that nobody pays for padding."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from poolviz.batches import same_length_batches
from poolviz.engine.runtime import Engine
from poolviz.values.shapes import IdBatch, IdsOfText, Lengths, Numbers, Output, PerTextClass
from poolviz.watch import QUIET, Watch

WORKERS = min(os.cpu_count() or 1, 4)  # an engine uses one thread for itself

Result = TypeVar("Result")


def in_batches(
    work: Callable[[Numbers], Result],
    lengths: Lengths,
    watch: Watch = QUIET,
) -> Iterator[tuple[Numbers, Result]]:
    """Do some work on all texts, several batches at a time; yields (indices, result).

    Parameters
    ----------
    work : takes the indices of a batch; runs in other threads than the caller's.
    lengths : tokens of each text.
    watch : looked at before each batch; counts texts.
    """
    done = 0
    for batch, result in _ahead(work, same_length_batches(lengths), watch):
        yield batch, result
        done += len(batch)
        watch.progress(done, len(lengths))


def run_many(
    engine: Engine,
    ids: Sequence[IdsOfText],
    outputs: Sequence[str],
    watch: Watch = QUIET,
) -> Iterator[tuple[Numbers, dict[str, Output]]]:
    """Run all texts; yields (indices, their outputs) batch by batch, see `in_batches`.

    Parameters
    ----------
    ids : one int32 array (tokens,) per text.
    outputs : names of the outputs wanted.
    watch : as there.
    """
    return in_batches(
        lambda batch: engine.run(stacked(ids, batch), outputs),
        lengths_of(ids),
        watch,
    )


def probabilities(engine: Engine, ids: Sequence[IdsOfText], watch: Watch = QUIET) -> PerTextClass:
    """Class probabilities (texts, classes) of all texts, in their order; see `run_many`."""
    result: np.ndarray | None = None
    for batch, outputs in run_many(engine, ids, ["probabilities"], watch):
        if result is None:
            result = np.full((len(ids), outputs["probabilities"].shape[1]), np.nan, np.float32)
        result[batch] = outputs["probabilities"]
    return np.empty((0, 0), np.float32) if result is None else result


def lengths_of(ids: Sequence[IdsOfText]) -> Lengths:
    """(texts,): how many tokens each text has."""
    return np.array([len(text) for text in ids], dtype=np.int64)


def stacked(ids: Sequence[IdsOfText], rows: Numbers | Iterable[int]) -> IdBatch:
    """Texts with these numbers, all of one length: (rows, length)."""
    return np.stack([ids[i] for i in rows])


def padded(ids: Sequence[IdsOfText], rows: Numbers | Iterable[int]) -> IdBatch:
    """Texts with these numbers: (rows, longest) int32, 0 after the end of the shorter ones."""
    chosen = [ids[i] for i in rows]
    padded = np.zeros((len(chosen), max(map(len, chosen))), np.int32)
    for target, row in zip(padded, chosen, strict=True):
        target[: len(row)] = row
    return padded


def _ahead(
    work: Callable[[Numbers], Result],
    batches: Iterable[Numbers],
    watch: Watch,
) -> Iterator[tuple[Numbers, Result]]:
    """Results in the order of the batches, while a few batches more are already being worked on.

    A few only: results that nobody has taken yet stay in memory.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[tuple[np.ndarray, Future[Result]]] = deque()
        remaining = iter(batches)
        try:
            while True:
                watch.check()
                while len(waiting) < 2 * WORKERS and (batch := next(remaining, None)) is not None:
                    waiting.append((batch, pool.submit(work, batch)))
                if not waiting:
                    return
                batch, result = waiting.popleft()
                yield batch, result.result()
        finally:
            for _batch, result in waiting:
                result.cancel()
