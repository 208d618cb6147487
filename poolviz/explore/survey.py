"""What several heads predict for many rows, and how far their weights lie apart: kept on disk.

`$POOLVIZ_HOME/cache/rows/<rows>/` holds, named after models and rows by their hashes, a file of
probabilities and one of token figures for each head, and one of divergences for each pair of heads.
They hold row hashes and numbers, never a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from poolviz import places
from poolviz.checkpoints import tables
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine import bulk
from poolviz.engine.texts import Explainer
from poolviz.evaluation.anatomy import entropy
from poolviz.explore.agreement import for_length
from poolviz.explore.rows import RowSet
from poolviz.explore.tokens import Part, TokenSums, collect
from poolviz.text.encoding import encode_many, shares_unknown
from poolviz.watch import QUIET, Watch

_OUTPUTS = ("probabilities", "weights", "contributions")
_NAME_DIGITS = 16
_FORMAT = "3"  # files of another one count as missing


@dataclass(frozen=True, eq=False)
class Survey:
    """N rows under M heads, in the order of the checkpoints; P = M (M − 1) / 2 pairs of heads.

    Parameters
    ----------
    probabilities : (N, M, K) float32, of every class.
    lengths : (N,), tokens of each text.
    unknown : (N,) float32, the share of tokens that are not in the vocabulary.
    pairs : P pairs of columns of heads.
    divergences : (N, P), Jensen-Shannon divergence of the two heads' weights in nats, from 0 to
        ln 2. A head with several weight rows counts with their mean.
    tokens : for each head the table of `poolviz.explore.tokens.TokenSums`.
    """

    probabilities: np.ndarray
    lengths: np.ndarray
    unknown: np.ndarray
    pairs: tuple[tuple[int, int], ...]
    divergences: np.ndarray
    tokens: tuple[pd.DataFrame, ...]

    @cached_property
    def predicted(self) -> np.ndarray:
        """(N, M) int16: columns of classes."""
        return self.probabilities.argmax(axis=2).astype(np.int16)

    @cached_property
    def weights_apart(self) -> np.ndarray:
        """(N,): the largest divergence between two of the heads, `for_length`; 0 for one alone."""
        return for_length(self.divergences, self.lengths).max(axis=1, initial=0)

    @cached_property
    def classes_differ(self) -> np.ndarray:
        """(N,): whether the heads do not all predict the same class."""
        return (self.predicted != self.predicted[:, :1]).any(axis=1)


def measure(rows: RowSet, explainers: Sequence[Explainer], watch: Watch = QUIET) -> None:
    """Run all rows under all heads and keep what `read` reads.

    Parameters
    ----------
    explainers : of checkpoints that cut texts into the same tokens.
    watch : counts rows; where it is stopped, nothing is kept.

    Raises
    ------
    OSError : nothing can be kept; where that is known beforehand, before the work.
    """
    _folder(rows).mkdir(parents=True, exist_ok=True)
    work = _Work(rows, explainers)
    found = _Found(work.lengths, work.unknown, explainers)
    for batch, part in bulk.in_batches(work, work.lengths, watch):
        found.add(batch, part)
    _write(rows, [explainer.checkpoint for explainer in explainers], found)


def read(rows: RowSet, checkpoints: Sequence[Checkpoint]) -> Survey | None:
    """What `measure` kept for these rows and heads; None where a part of it is missing."""
    pairs = tuple(combinations(range(len(checkpoints)), 2))
    found: list[pd.DataFrame] = []
    for table in _tables(rows, checkpoints, pairs):
        if table is None:
            return None
        found.append(table)
    count = len(checkpoints)
    heads, tokens, apart = found[:count], found[count : 2 * count], found[2 * count :]
    classes = range(len(checkpoints[0].classes))
    divergences = np.empty((len(rows), len(pairs)), np.float32)
    for number, table in enumerate(apart):
        divergences[:, number] = table["divergence"]
    return Survey(
        probabilities=np.stack(
            [np.stack([table[f"p{k}"] for k in classes], axis=1) for table in heads], axis=1
        ),
        lengths=heads[0]["tokens"].to_numpy(),
        unknown=heads[0]["unknown"].to_numpy(),
        pairs=pairs,
        divergences=divergences,
        tokens=tuple(tokens),
    )


def _tables(
    rows: RowSet, checkpoints: Sequence[Checkpoint], pairs: Sequence[tuple[int, int]]
) -> Iterator[pd.DataFrame | None]:
    """One table of each head, then one of its tokens each, then one of each pair."""
    for name in ((), ("tokens",)):
        for c in checkpoints:
            yield tables.read(_place(rows, c.onnx_hash, *name), _marks(rows, c))
    for i, j in pairs:
        yield _read_pair(rows, checkpoints[i], checkpoints[j])


@dataclass(frozen=True)
class _Part:
    """One batch of B texts: by head (B, K) probabilities and tokens; by pair (B,)."""

    probabilities: list[np.ndarray]
    divergences: list[np.ndarray]
    tokens: list[Part]


class _Work:
    """Runs one batch under all heads; called from several threads."""

    def __init__(self, rows: RowSet, explainers: Sequence[Explainer]):
        encoded: dict[str, list[np.ndarray]] = {}
        for vocabulary in (explainer.vocabulary for explainer in explainers):
            if vocabulary.identity not in encoded:
                encoded[vocabulary.identity] = encode_many(rows.texts, vocabulary)
        self._engines = [explainer.engine for explainer in explainers]
        self._ids = [encoded[explainer.vocabulary.identity] for explainer in explainers]
        self.lengths = bulk.lengths_of(self._ids[0])
        self.unknown = shares_unknown(self._ids[0])

    def __call__(self, batch: np.ndarray) -> _Part:
        part, weights = _Part([], [], []), []
        for engine, every in zip(self._engines, self._ids, strict=True):
            ids = np.stack([every[i] for i in batch])
            outputs = engine.run(ids, _OUTPUTS)
            weights.append(outputs["weights"].mean(axis=1))
            predicted = outputs["probabilities"].argmax(axis=1)
            part.probabilities.append(outputs["probabilities"])
            contributions = outputs["contributions"].sum(axis=1)
            part.tokens.append(collect(ids, weights[-1], contributions, predicted))
        part.divergences.extend(_divergences(np.stack(weights)))
        return part


class _Found:
    """What the batches gave, put in the order of the rows."""

    def __init__(self, lengths: np.ndarray, unknown: np.ndarray, explainers: Sequence[Explainer]):
        heads, rows = len(explainers), len(lengths)
        classes = len(explainers[0].checkpoint.classes)
        self.lengths, self.unknown = lengths, unknown
        self.probabilities = np.zeros((heads, rows, classes), np.float32)
        self.divergences = np.zeros((heads * (heads - 1) // 2, rows), np.float32)
        self.tokens = [TokenSums(len(each.vocabulary), classes) for each in explainers]

    def add(self, batch: np.ndarray, part: _Part) -> None:
        for kept, values in (
            (self.probabilities, part.probabilities),
            (self.divergences, part.divergences),
        ):
            for line, of_batch in zip(kept, values, strict=True):
                line[batch] = of_batch
        for sums, tokens in zip(self.tokens, part.tokens, strict=True):
            sums.add(tokens)


def _divergences(weights: np.ndarray) -> list[np.ndarray]:
    """(B,) for each pair of M heads of (M, B, T): `anatomy.divergence` with each entropy once."""
    alone = entropy(weights)
    return [
        np.maximum(entropy((weights[i] + weights[j]) / 2) - (alone[i] + alone[j]) / 2, 0)
        for i, j in combinations(range(len(weights)), 2)
    ]


def _write(rows: RowSet, checkpoints: Sequence[Checkpoint], found: _Found) -> None:
    for number, checkpoint in enumerate(checkpoints):
        classes = {f"p{k}": column for k, column in enumerate(found.probabilities[number].T)}
        counted = {"tokens": found.lengths.astype(np.int32), "unknown": found.unknown}
        table = {"key": rows.keys, **counted, **classes}
        marks, name = _marks(rows, checkpoint), checkpoint.onnx_hash
        tables.write(_place(rows, name), pd.DataFrame(table), marks)
        tables.write(_place(rows, name, "tokens"), found.tokens[number].table(), marks)
    for values, pair in zip(found.divergences, combinations(checkpoints, 2), strict=True):
        table = pd.DataFrame({"key": rows.keys, "divergence": values})
        tables.write(_pair_place(rows, *pair), table, _marks(rows, *pair))


def _read_pair(rows: RowSet, first: Checkpoint, second: Checkpoint) -> pd.DataFrame | None:
    return tables.read(_pair_place(rows, first, second), _marks(rows, first, second))


def _folder(rows: RowSet) -> Path:
    return places.cache() / "rows" / rows.identity[:_NAME_DIGITS]


def _place(rows: RowSet, *parts: str) -> Path:
    return _folder(rows) / f"{'-'.join(part[:_NAME_DIGITS] for part in parts)}.parquet"


def _pair_place(rows: RowSet, first: Checkpoint, second: Checkpoint) -> Path:
    return _place(rows, *sorted((first.onnx_hash, second.onnx_hash)))


def _marks(rows: RowSet, *checkpoints: Checkpoint) -> dict[str, str]:
    """What a file must be marked with to be of these rows and models."""
    models = " ".join(sorted(checkpoint.onnx_hash for checkpoint in checkpoints))
    return {tables.MODEL: models, "rows_sha256": rows.identity, "format": _FORMAT}
