"""A classifier on a pretrained encoder whose vectors are held: only the pooling can change."""

from __future__ import annotations

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.encoders.encoder import Encoder
from poolviz.engine.vectors import vectors_of
from poolviz.trust.ablation.pooling import Pooling, weights_of


class VectorPooling(Pooling):
    """The head and the read-out over what the encoder makes of a text.

    Raises
    ------
    CheckpointError : see `poolviz.trust.ablation.pooling.weights_of`.
    """

    def __init__(self, checkpoint: Checkpoint, encoder: Encoder):
        super().__init__(checkpoint, weights_of(checkpoint))
        self._encoder = encoder

    def vectors(self, ids: np.ndarray) -> np.ndarray:
        """(T, C): what the head pools of one text (T,)."""
        [found] = vectors_of(self._encoder).of([ids.astype(np.int32)])
        return found.astype(np.float64)
