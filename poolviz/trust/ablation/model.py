"""A checkpoint as the measures need it: passes by the thousand, gradients, edited weights."""

from __future__ import annotations

import numpy as np

from poolviz.batches import TEXTS_PER_BATCH, TOKENS_PER_BATCH
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer
from poolviz.errors import CheckpointError
from poolviz.trust.ablation.erasure import Ablation
from poolviz.trust.ablation.network import Network
from poolviz.trust.ablation.on_encoder import VectorPooling
from poolviz.trust.ablation.pooling import KNOWN_HEADS, Pooling
from poolviz.trust.ablation.stress import Stress
from poolviz.values.shapes import (
    IdBatch,
    Ids,
    PerClass,
    PerRowToken,
    PerTextClass,
    PerToken,
    Units,
)
from poolviz.watch import QUIET, Watch

_AGREEMENT = 1e-4


class Model:
    """What is measured: one checkpoint. It has no state that a call changes.

    A head that `poolviz.trust.ablation.pooling` does not know, or one on a pretrained encoder, is
    measured through its graph, text by text in batches. Gradient × input is then not available, and
    of the former the stress tests neither.

    Raises
    ------
    CheckpointError : the checkpoint's files cannot be read.
    """

    def __init__(self, explainer: Explainer):
        self.explainer = explainer
        self.checkpoint = explainer.checkpoint
        self.network: Network | None = None
        self._pooling: Pooling | None = None
        if self.checkpoint.head in KNOWN_HEADS:
            encoder = self.checkpoint.find_encoder()
            if encoder is None:
                self.network = self._pooling = Network(self.checkpoint)
            else:
                self._pooling = VectorPooling(self.checkpoint, encoder)

    def probabilities(self, ids: IdBatch) -> PerTextClass:
        """(B, K) class probabilities of (B, T) ids."""
        if self.network is not None:
            return self.network.probabilities(ids)
        return engine_probabilities(self.explainer.engine, ids)

    def ablation(
        self, ids: Ids, units: Units | None = None, how: str = "mask", watch: Watch = QUIET
    ) -> Ablation:
        """A text (T,) whose tokens can be erased, before an encoder reads them; see `Ablation`."""
        masked_id = self.explainer.vocabulary.masked_id
        return Ablation(self.probabilities, ids, units, how, watch, masked_id)

    def gradient_times_input(self, ids: Ids, probabilities: PerClass) -> PerToken | None:
        """(T,): each token's embedding times the gradient of the predicted class's probability.

        The estimate to first order of what erasing the token by a zero vector would cost. In units
        of probability; None where the head's backward pass is not written out.

        Parameters
        ----------
        ids : (T,).
        probabilities : (K,) of this text.
        """
        if self.network is None:
            return None
        target = int(probabilities.argmax())
        others = np.eye(len(probabilities))[target] - probabilities
        return self.network.gradient_times_input(ids, probabilities[target] * others)

    def stress(self, ids: Ids, weights: PerRowToken) -> Stress | None:
        """The stress tests of one text (T,) with the head's weights (H, T); None where unknown."""
        if self._pooling is None:
            return None
        return Stress(self._pooling, ids, weights, self.checkpoint.weighted_mean)

    def check_probabilities(self, ids: Ids, probabilities: PerClass) -> None:
        """Check that the NumPy form says of a text (T,) what the graph said (K,).

        Raises
        ------
        CheckpointError : it does not: `model.keras` and `model.onnx` hold different models.
        """
        if np.abs(self.probabilities(ids[None])[0] - probabilities).max() > _AGREEMENT:
            raise CheckpointError(
                "The two model files of checkpoint {task}/{name} disagree; train it again.",
                task=self.checkpoint.task,
                name=self.checkpoint.name,
            )


def engine_probabilities(engine: Engine, ids: IdBatch) -> PerTextClass:
    """(B, K) probabilities of (B, T) ids by full passes through the graph, batch by batch."""
    size = max(min(TOKENS_PER_BATCH // ids.shape[1], TEXTS_PER_BATCH), 1)
    parts = [ids[start : start + size] for start in range(0, len(ids), size)]
    names = ["probabilities"]
    return np.concatenate([engine.run(part, names)["probabilities"] for part in parts])
