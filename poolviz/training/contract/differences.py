"""Whether a head says the same of a text in two ways, and the sentence where it does not."""

from __future__ import annotations

import numpy as np

from poolviz.training.contract.texts import Outputs, Subject, Texts

NEAR = 1e-5  # relative to the texts' scale


def first_change(subject: Subject, texts: Texts, changed: Texts, how: str) -> str | None:
    """A sentence where the real positions of `changed` get other numbers than those of `texts`."""
    return change(changed, subject.run(texts), subject.run(changed), how)


def change(texts: Texts, wanted: Outputs, found: Outputs, how: str) -> str | None:
    """A sentence on the first of `texts` that gets other numbers than it should.

    Compared are the real positions that both outputs have; where both say NaN, nothing changes.
    The sentence begins with `how`: in which case this is so.
    """
    time = min(wanted.weights.shape[1], found.weights.shape[1])
    real = texts.mask[:, :time, None]
    weights = np.where(real, _off(wanted.weights[:, :time], found.weights[:, :time]), 0)
    pooled = _off(wanted.pooled, found.pooled) / texts.scale
    for row in range(len(texts.mask)):
        for name, off in (("a weight", weights[row]), ("the pooled vector", pooled[row])):
            most = np.abs(off).max()
            if not most <= NEAR:
                by = f"is off by {most:.3g}" if np.isfinite(most) else "becomes NaN or infinite"
                return f"{how}, {name} {by}{of(texts, row)}."
    return None


def weight_sums(found: Outputs, texts: Texts) -> np.ndarray:
    """(B, rows): weights summed over the real positions."""
    return np.where(texts.mask[..., None], found.weights, 0).sum(axis=1)


def farthest(values: np.ndarray, wanted: float) -> float:
    """The value that is farthest from the wanted one; NaN where there is any."""
    return float(values.flat[np.argmax(np.abs(values - wanted))])


def worst(values: np.ndarray) -> str:
    """A value that is no number, where there is one, else the largest."""
    bad = values[~np.isfinite(values)]
    return f"{bad[0] if bad.size else farthest(values, 0):.4g}"


def of(texts: Texts, row: int = 0) -> str:
    """On which text something was seen, for the end of a sentence."""
    return f" on {texts.told(row)}"


def _off(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(wanted) & np.isnan(found), 0, found - wanted)
