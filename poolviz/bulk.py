"""Many texts through one engine, in batches of one length, so that nobody pays for padding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from poolviz.engine import Engine

TOKENS_PER_BATCH = 8_192  # beyond this a batch leaves the CPU's caches and gets slower, not faster
TEXTS_PER_BATCH = 256


def same_length_batches(lengths: np.ndarray) -> Iterator[np.ndarray]:
    """Indices of texts, batch by batch: equal lengths together, shortest first."""
    order = np.argsort(lengths, kind="stable")
    borders = np.flatnonzero(np.diff(lengths[order])) + 1
    for group in np.split(order, borders):
        if len(group):
            length = max(int(lengths[group[0]]), 1)
            size = max(min(TOKENS_PER_BATCH // length, TEXTS_PER_BATCH), 1)
            yield from (group[start : start + size] for start in range(0, len(group), size))


def run_many(
    engine: Engine,
    ids: Sequence[np.ndarray],
    outputs: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[np.ndarray, dict[str, np.ndarray]]]:
    """Run all texts; yields (indices, their outputs) batch by batch, in no promised order.

    Parameters
    ----------
    ids : one int32 array (tokens,) per text.
    outputs : names of the outputs wanted.
    progress : called with (texts done, texts in all) after each batch.
    cancelled : asked before each batch; True ends the iteration early.
    """
    lengths = np.array([len(text) for text in ids], dtype=np.int64)
    done = 0
    for batch in same_length_batches(lengths):
        if cancelled():
            return
        yield batch, engine.run(np.stack([ids[i] for i in batch]), outputs)
        done += len(batch)
        if progress:
            progress(done, len(ids))


def probabilities(engine: Engine, ids: Sequence[np.ndarray], **watch) -> np.ndarray:
    """Class probabilities (texts, classes) of all texts, in their order; see `run_many`."""
    result: np.ndarray | None = None
    for batch, outputs in run_many(engine, ids, ["probabilities"], **watch):
        if result is None:
            result = np.full((len(ids), outputs["probabilities"].shape[1]), np.nan, np.float32)
        result[batch] = outputs["probabilities"]
    return np.empty((0, 0), np.float32) if result is None else result
