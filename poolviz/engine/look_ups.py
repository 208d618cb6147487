"""A classifier's encoder as tables: a position's vector is three look-ups and a sum.

With E (V, D) the embedding, its row 0 set to zeros as the mask does, K_j (D, C) the kernel of the
convolution at offset j of its window, b its bias:

    h_t = relu(b + Σ_j E[id_(t+j−1)] K_j) = relu(Σ_j L_j[id_(t+j−1)])        j = 0, 1, 2

where the tables L_j = E K_j (V, C) are made once, b added to the middle one. What lies beyond the
ends counts as id 0: zeros, as the convolution pads. V = ids, C = channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.values.shapes import IdBatch

WINDOW = 3  # ids that a position reads: its own and one on each side
_IDS_AT_ONCE = 32  # so small a product that NumPy wakes no threads: on a busy machine they wait
_POSITIONS_AT_ONCE = 512  # what is looked up for them stays in the processor's caches


@dataclass(frozen=True)
class LookUps:
    """The tables that stand in a graph, for texts so long that its own steps leave the caches.

    A graph looks up all positions in one table before it goes on to the next: arrays of 50 MB for
    100,000 tokens, in memory that is new every time. Here a block of positions is finished before
    the next one is begun; the sums are the same to the last bit.
    """

    vectors: str  # name of the graph's value that is h (B, T, C)
    tables: Sequence[np.ndarray]  # L_j (V, C) for each offset

    def __call__(self, ids: IdBatch) -> np.ndarray:
        """Ids (B, T) → vectors (B, T, C)."""
        rows, length = ids.shape
        found = np.empty((rows, length, self.tables[0].shape[1]), np.float32)
        padded = np.pad(ids, ((0, 0), (WINDOW // 2, WINDOW // 2)))
        for start in range(0, length, _POSITIONS_AT_ONCE):
            block = found[:, start : start + _POSITIONS_AT_ONCE]
            near = padded[:, start : start + block.shape[1] + WINDOW - 1]
            total = self.tables[0][near[:, : block.shape[1]]]
            for offset in range(1, WINDOW):
                total += self.tables[offset][near[:, offset : offset + block.shape[1]]]
            np.maximum(total, 0, out=block)
        return found


def tables_of(
    embedding: np.ndarray | None,
    size: np.ndarray | None,
    kernel: np.ndarray | None,
    bias: np.ndarray | None,
) -> list[np.ndarray] | None:
    """L_j (V, C) for each offset; None where these are not a convolution's constants.

    Parameters
    ----------
    embedding : E (V, D).
    size : V, as the graph says it.
    kernel : (C, D, 1, 3).
    bias : b (1, C, 1).
    """
    if embedding is None or size is None or kernel is None or bias is None:
        return None
    if any(array.dtype != np.float32 for array in (embedding, kernel, bias)):
        return None
    if kernel.ndim != 4 or bias.shape != (1, len(kernel), 1):
        return None
    if embedding.shape != (size, kernel.shape[1]) or kernel.shape[2:] != (1, WINDOW):
        return None
    embedding = embedding.copy()
    embedding[0] = 0
    blocks = np.array_split(embedding, len(embedding) // _IDS_AT_ONCE + 1)
    matrices = np.ascontiguousarray(kernel[:, :, 0].transpose(2, 1, 0))  # (offsets, D, C)
    tables = [np.concatenate([block @ matrix for block in blocks]) for matrix in matrices]
    tables[WINDOW // 2] += bias[0, :, 0]
    return tables
