"""Does padding leak? The same text at several padded lengths, through the checkpoint's graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.engine import Engine
from poolviz.text import PADDING_ID

PADS = (1, 2, 16, 64, 256)
TOLERANCE = 1e-5


@dataclass(frozen=True)
class PaddedRun:
    """One text at one padded length, against the text without padding.

    Parameters
    ----------
    length : tokens and padding.
    weight_change, probability_change : the largest absolute differences.
    padding_weight : the largest weight on any padded position.
    """

    length: int
    weight_change: float
    probability_change: float
    padding_weight: float

    @property
    def passed(self) -> bool:
        """Padding has no weight at all, and changes nothing beyond rounding errors."""
        changes = max(self.weight_change, self.probability_change)
        return self.padding_weight == 0 and changes <= TOLERANCE


def padding_check(engine: Engine, ids: np.ndarray, pads: Sequence[int] = PADS) -> list[PaddedRun]:
    """Run a text (T,) alone and with each number of padded positions behind it."""
    names = ["weights", "probabilities"]
    alone = engine.run(ids[None], names)
    runs = []
    for pad in pads:
        padded = np.append(ids, np.full(pad, PADDING_ID, ids.dtype))
        found = engine.run(padded[None], names)
        weights = found["weights"]
        change = np.abs(weights[..., : len(ids)] - alone["weights"]).max()
        moved = np.abs(found["probabilities"] - alone["probabilities"]).max()
        on_padding = np.abs(weights[..., len(ids) :]).max()
        runs.append(PaddedRun(len(padded), float(change), float(moved), float(on_padding)))
    return runs
