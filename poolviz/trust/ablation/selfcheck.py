"""Does padding leak? The same text at several padded lengths, through the checkpoint's graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.engine.pairs import SIDES, PairExplainer
from poolviz.engine.runtime import Engine
from poolviz.text.vocabulary import PADDING_ID

PADS = (1, 2, 16, 64, 256)
TOLERANCE = 1e-5

_Weights = Sequence[np.ndarray]  # of each text (H, T)


@dataclass(frozen=True)
class PaddedRun:
    """One text at one padded length, against the text without padding.

    Parameters
    ----------
    length : tokens and padding; of two sentences the longer one's.
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

    def run(pad: int) -> tuple[_Weights, np.ndarray]:
        found = engine.run(_padded(ids, pad), ["weights", "probabilities"])
        return [found["weights"][0]], found["probabilities"]

    alone = run(0)
    return [_compared(alone, run(pad)) for pad in pads]


def pair_padding_check(
    explainer: PairExplainer, ids_a: np.ndarray, ids_b: np.ndarray, pads: Sequence[int] = PADS
) -> list[PaddedRun]:
    """The same for two sentences under a matcher, with padding behind both."""

    def run(pad: int) -> tuple[_Weights, np.ndarray]:
        a, b = (explainer.encoder.run(_padded(ids, pad)) for ids in (ids_a, ids_b))
        found = explainer.compare(a, b)
        weights = [
            (found[f"weights_{side}"] if f"weights_{side}" in found else state["weights"])[0]
            for side, state in zip(SIDES, (a, b), strict=True)
        ]
        return weights, found["probability"]

    alone = run(0)
    return [_compared(alone, run(pad)) for pad in pads]


def _padded(ids: np.ndarray, pad: int) -> np.ndarray:
    """(1, T + pad)."""
    return np.append(ids, np.full(pad, PADDING_ID, ids.dtype))[None]


def _compared(alone: tuple[_Weights, np.ndarray], padded: tuple[_Weights, np.ndarray]) -> PaddedRun:
    """What padding changed of the weights and probabilities."""
    pairs = list(zip(alone[0], padded[0], strict=True))
    changes = [np.abs(found[..., : own.shape[-1]] - own).max() for own, found in pairs]
    behind = [np.abs(found[..., own.shape[-1] :]).max() for own, found in pairs]
    return PaddedRun(
        length=max(found.shape[-1] for _own, found in pairs),
        weight_change=float(max(changes)),
        probability_change=float(np.abs(padded[1] - alone[1]).max()),
        padding_weight=float(max(behind)),
    )
