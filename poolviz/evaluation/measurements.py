"""What only the test rows can tell of checkpoints, beyond their cards: `measured.json` beside each.

How long a text takes to explain, how good the long rows are, how far the weights of two heads lie
apart on the same texts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets.samples import Samples
from poolviz.engine import bulk
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer
from poolviz.evaluation.anatomy import divergence
from poolviz.evaluation.intervals import of_share
from poolviz.evaluation.texts import Pass
from poolviz.text.encoding import encode_many

MEASURED = "measured.json"
VERSION = 1
LONG = 512  # tokens; where models with a limit usually cut
TIMED_TEXTS = 200
_SEED = 20_260


@dataclass(frozen=True)
class Spread:
    """Mean Jensen-Shannon divergence of weights on the same texts, in nats, from 0 to ln 2.

    Parameters
    ----------
    between_heads : by the two heads' keys.
    between_seeds : by the head's key, between trainings of that head with other seeds.
    """

    between_heads: dict[tuple[str, str], float]
    between_seeds: dict[str, float]

    @property
    def heads(self) -> float:
        """Mean over the pairs of heads."""
        return float(np.mean(list(self.between_heads.values())))

    @property
    def seeds(self) -> float:
        """Mean over the heads."""
        return float(np.mean(list(self.between_seeds.values())))

    def to_other_heads(self, head: str) -> float:
        """Mean over the pairs that a head is part of."""
        return float(np.mean([d for pair, d in self.between_heads.items() if head in pair]))


def measure(
    passes: Sequence[Pass], clock: Callable[[], float] = time.perf_counter
) -> list[dict[str, Any]]:
    """What the test rows tell of checkpoints of one data set, free of texts, ready for JSON.

    Parameters
    ----------
    passes : of each checkpoint, over the same rows.
    clock : gives seconds.

    Returns
    -------
    For each checkpoint `onnx_sha256`, `files` (name and SHA-256 of what was read), `rows`,
    `explain` (see `explain_times`), `long_rows` (see `long_rows`), `weight_distance` (mean
    divergence from each other checkpoint, by that one's ONNX hash; see `weight_distance`).
    """
    texts = list(passes[0].corpus.split("test")["text"])
    times = explain_times([found.explainer for found in passes], _sample(texts), clock)
    hashes = [found.checkpoint.onnx_hash for found in passes]
    distances: list[dict[str, float]] = [{} for _ in passes]
    for i, j in combinations(range(len(passes)), 2):
        apart = weight_distance(passes[i].weights, passes[j].weights)
        distances[i][hashes[j]] = distances[j][hashes[i]] = apart
    return [
        {
            **beside.provenance(found.checkpoint, found.corpus),
            "rows": len(texts),
            "explain": times[i],
            "long_rows": long_rows(found),
            "weight_distance": distances[i],
        }
        for i, found in enumerate(passes)
    ]


def explain_times(
    explainers: Sequence[Explainer], texts: Sequence[str], clock: Callable[[], float]
) -> list[dict[str, float]]:
    """How long each explainer takes for a text, by turns, so that all meet the same machine.

    Returns
    -------
    For each explainer `milliseconds`, the median over the texts; `texts`, their number; `tokens`,
    their median length. From a text to its `Explanation`, one text at a time, one thread.
    """
    seconds = np.empty((len(texts), len(explainers)))
    for explainer in explainers:
        explainer.explain(texts[0])  # the first run of a graph also plans it
    for row, text in enumerate(texts):
        # The first after other work pays for cold caches: each is first in its turn.
        for column in map(int, np.roll(np.arange(len(explainers)), row)):
            started = clock()
            explainers[column].explain(text)
            seconds[row, column] = clock() - started
    medians = 1_000 * np.median(seconds, axis=0)
    return [
        {
            "milliseconds": round(float(median), 3),
            "texts": len(texts),
            "tokens": float(np.median(bulk.lengths_of(encode_many(texts, explainer.vocabulary)))),
        }
        for explainer, median in zip(explainers, medians, strict=True)
    ]


def long_rows(found: Pass) -> dict[str, Any] | None:
    """Accuracy on the texts of more than `LONG` tokens, which nothing cuts; None without any.

    Returns
    -------
    `over` (tokens), `rows`, `accuracy` with its interval (see `intervals.of_share`).
    """
    long = found.lengths > LONG
    if not long.any():
        return None
    right = int((found.probabilities.argmax(axis=1) == found.labels)[long].sum())
    rows = int(long.sum())
    return {"over": LONG, "rows": rows, "accuracy": of_share(right, rows).to_json()}


def mean_weights(engine: Engine, samples: Samples) -> list[np.ndarray]:
    """Each text's weights (tokens,), averaged over the head's rows.

    Weight rows of several heads have no order that two trainings share, and other heads have other
    numbers of rows, so their mean is what is compared.
    """
    result: list[np.ndarray] = [np.empty(0)] * len(samples)
    for batch, outputs in bulk.run_many(engine, samples.ids, ["weights"]):
        for i, weights in zip(batch, outputs["weights"].mean(axis=1), strict=True):
            result[i] = weights
    return result


def weight_distance(first: Sequence[np.ndarray], second: Sequence[np.ndarray]) -> float:
    """Mean over texts of the Jensen-Shannon divergence of two models' `mean_weights`, in nats."""
    return float(np.mean([divergence(p, q) for p, q in zip(first, second, strict=True)]))


def write(checkpoint: Checkpoint, found: dict[str, Any]) -> Path:
    """Write what `measure` found beside the checkpoint's card, in one step."""
    return beside.write_json(checkpoint, MEASURED, VERSION, found)


def read(checkpoint: Checkpoint) -> dict[str, Any] | None:
    """What `write` wrote; None where there is nothing, or it is not of this model."""
    return beside.read_json(checkpoint, MEASURED, VERSION)


def spread(checkpoints: Sequence[Checkpoint]) -> Spread | None:
    """How far weights lie apart between heads of one data set, and between seeds of these heads.

    Heads whose weights no training can change (average pooling) count on neither side. None where
    a figure is missing, or fewer than two heads are left.
    """
    seeds = {c.head: c.card.get("seeds", {}).get("weight_distance") for c in checkpoints}
    moved = [c for c in checkpoints if seeds[c.head] != 0]
    heads = {}
    for first, second in combinations(moved, 2):
        distance = _distance(first, second)
        if distance is None:
            return None
        heads[first.head, second.head] = distance
    between_seeds = {c.head: seeds[c.head] for c in moved}
    if not heads or None in between_seeds.values():
        return None
    return Spread(heads, between_seeds)


def _distance(first: Checkpoint, second: Checkpoint) -> float | None:
    """As either of the two has it: each was perhaps measured in another run."""
    for one, other in ((first, second), (second, first)):
        found = read(one)
        if found and other.onnx_hash in found["weight_distance"]:
            return found["weight_distance"][other.onnx_hash]
    return None


def _sample(texts: Sequence[str]) -> list[str]:
    """`TIMED_TEXTS` of the texts, all where there are fewer; the same every time."""
    count = min(TIMED_TEXTS, len(texts))
    chosen = np.random.default_rng(_SEED).choice(len(texts), count, replace=False)
    return [texts[int(i)] for i in chosen]
