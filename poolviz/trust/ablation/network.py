"""The classifier once more in NumPy: for ablations by the thousand, and for gradients.

A position's vector depends on the few ids around it, and a head weighs or compares vectors one by
one. So of a thousand ablations of one text only the windows of ids that differ are computed: a
masked token touches its neighbours and nothing else. This gives what full passes through the graph
give, to the rounding of float32, at a small part of their cost.

The backward pass head → ReLU → convolution → embedding stands here too: as an output of the graph
it would be computed, and paid for, in every pass.

B = batch, T = time, U = distinct windows, C = channels, K = classes; the rest is in
`poolviz.trust.ablation.pooling`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import softmax

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.trust.ablation.pooling import Pooling, weights_of

_TOKENS_AT_ONCE = 262_144


class Network(Pooling):
    """A checkpoint's classifier in NumPy, from the weights in its `model.keras`.

    Raises
    ------
    CheckpointError : see `poolviz.trust.ablation.pooling.weights_of`.
    """

    def __init__(self, checkpoint: Checkpoint):
        weights = weights_of(checkpoint)
        super().__init__(checkpoint, weights)
        kernel, self._bias = weights["convolution"]
        embedding = weights["embedding"][0].copy()
        embedding[0] = 0  # padding and masked tokens are zero vectors before the convolution
        self._reach = (len(kernel) - 1) // 2
        # What each id adds to a position's channels from each offset of the window: (W, ids, C).
        self._table = np.einsum("ve,wec->wvc", embedding, kernel, optimize=True)

    def probabilities(self, ids: np.ndarray) -> np.ndarray:
        """(B, K) class probabilities of (B, T) ids; id 0 marks positions that do not count."""
        size = max(_TOKENS_AT_ONCE // max(ids.shape[1], 1), 1)
        chunks = [ids[start : start + size] for start in range(0, len(ids), size)]
        return softmax(np.concatenate([self._logits(chunk) for chunk in chunks]), axis=1)

    def vectors(self, ids: np.ndarray) -> np.ndarray:
        """(T, C): what the head pools of one text (T,)."""
        windows, which = self._windows(ids[None])
        return self._encode(windows)[which[0]]

    def gradient_times_input(self, ids: np.ndarray, direction: np.ndarray) -> np.ndarray:
        """(T,): each token's embedding times the gradient of direction · logits to it.

        Parameters
        ----------
        ids : (T,), none of them 0.
        direction : (K,), for instance the slope of one class's probability to the logits.
        """
        vectors = self.vectors(ids)
        slopes = self._vector_slopes(vectors, direction) * (vectors > 0)  # through the ReLU
        result = np.zeros(len(ids))
        for offset, table in enumerate(self._table):
            step = self._reach - offset  # the token at t stands at this offset of t + step's window
            reached = np.arange(len(ids)) + step
            inside = (reached >= 0) & (reached < len(ids))
            result[inside] += (slopes[reached[inside]] * table[ids[inside]]).sum(axis=1)
        return result

    def _logits(self, ids: np.ndarray) -> np.ndarray:
        windows, which = self._windows(ids)
        return self._pooled_logits(self._encode(windows), which, ids != 0)

    def _windows(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Distinct windows of ids (U, W), and which of them each position holds (B, T)."""
        width, size = len(self._table), self._table.shape[1]
        padded = np.pad(ids.astype(np.int64), ((0, 0), (self._reach, width - 1 - self._reach)))
        code = np.zeros(ids.shape, np.int64)
        for offset in range(width):
            code = code * size + padded[:, offset : offset + ids.shape[1]]
        code[ids == 0] = 0  # what does not count needs no window of its own
        which, codes = pd.factorize(code.ravel())
        windows = np.empty((len(codes), width), np.int64)
        for offset in reversed(range(width)):
            codes, windows[:, offset] = np.divmod(codes, size)
        return windows, which.reshape(ids.shape)

    def _encode(self, windows: np.ndarray) -> np.ndarray:
        """(U, C): embedding, convolution and ReLU of windows (U, W)."""
        total = self._bias + sum(
            table[windows[:, offset]] for offset, table in enumerate(self._table)
        )
        return np.maximum(total, 0)
