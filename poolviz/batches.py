"""Which texts of a list go through a graph together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

TOKENS_PER_BATCH = 8_192  # beyond this a batch leaves the CPU's caches and gets slower, not faster
TEXTS_PER_BATCH = 256


def same_length_batches(lengths: np.ndarray) -> Iterator[np.ndarray]:
    """Indices (B,) of texts, batch by batch: equal lengths together, shortest first.

    >>> [batch.tolist() for batch in same_length_batches(np.array([3, 1, 3]))]
    [[1], [0, 2]]

    Parameters
    ----------
    lengths : (texts,) tokens of each.
    """
    order = np.argsort(lengths, kind="stable")
    borders = np.flatnonzero(np.diff(lengths[order])) + 1
    for group in np.split(order, borders):
        if len(group):
            length = max(int(lengths[group[0]]), 1)
            size = max(min(TOKENS_PER_BATCH // length, TEXTS_PER_BATCH), 1)
            yield from (group[start : start + size] for start in range(0, len(group), size))
