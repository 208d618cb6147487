"""Rows of texts under several heads: the columns that docs/bulk.md describes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pyarrow as pa

from poolviz.batches import same_length_batches
from poolviz.bulk.models import OfModels
from poolviz.bulk.outputs import (
    CONTRIBUTIONS,
    OUTPUTS,
    POOLED,
    PREDICTIONS,
    TOKENS,
    TOP,
    WEIGHTS,
)
from poolviz.bulk.reading.blocks import FILE, ID, KEPT, LINE, TEXT, Bad
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine import bulk
from poolviz.engine.texts import Explainer
from poolviz.errors import TextError
from poolviz.text.encoding import encode, encode_many
from poolviz.text.vocabulary import UNKNOWN_ID, Vocabulary

# Of the graph, beside the probabilities.
_NEEDED = {WEIGHTS: "weights", CONTRIBUTIONS: "contributions", TOP: "weights", POOLED: "pooled"}


@dataclass(frozen=True)
class Explaining(OfModels):
    """What is made of rows of texts.

    Parameters
    ----------
    outputs : some of `OUTPUTS`.
    top : how many tokens `TOP` has.
    """

    outputs: tuple[str, ...] = (PREDICTIONS,)
    top: int = 0

    @classmethod
    def of(
        cls,
        checkpoints: Sequence[Checkpoint],
        outputs: Sequence[str] = (PREDICTIONS,),
        top: int = 0,
    ) -> Self:
        """What these classifiers say, in the order of `OUTPUTS`."""
        ordered = tuple(name for name in OUTPUTS if name in outputs)
        models = super().of(checkpoints)
        return replace(models, outputs=ordered, top=top if TOP in ordered else 0)

    def __call__(self, rows: pa.RecordBatch) -> tuple[pa.Table, list[Bad]]:
        """The columns of the rows that can be explained, and the other rows.

        Raises
        ------
        CheckpointError : a model cannot be loaded, or gives what is no number.
        """
        explainers = self.opened(Explainer)
        read = _Texts(rows, [each.vocabulary for each in explainers], self._needs_tokens)
        kept = rows.take(pa.array(read.kept, pa.int64()))
        columns: dict[str, Any] = {name: kept[name] for name in KEPT if name in rows.schema.names}
        first = read.of(explainers[0].vocabulary)
        columns["length"] = pa.array(first.lengths.astype(np.int32))
        columns["unknown"] = pa.array(first.shares_unknown())
        if TOKENS in self.outputs:
            columns["tokens"] = _lists(first.offsets, first.tokens)
        for explainer in explainers:
            found = self._found(explainer, read.of(explainer.vocabulary))
            columns |= {f"{explainer.checkpoint.head}: {k}": v for k, v in found.items()}
        return pa.table(columns), read.bad

    @property
    def _needs_tokens(self) -> bool:
        return TOKENS in self.outputs or TOP in self.outputs

    def _found(self, explainer: Explainer, texts: _Encoded) -> dict[str, pa.Array]:
        """What one model says of the texts."""
        wanted = {"probabilities", *(_NEEDED[each] for each in self.outputs if each in _NEEDED)}
        filled = _Filled(texts)
        for batch, ids in texts.batches:
            outputs = explainer.engine.run(ids, sorted(wanted))
            predicted = outputs["probabilities"].argmax(axis=1)
            filled.put(PREDICTIONS, batch, outputs["probabilities"])
            if "weights" in wanted:
                filled.put_tokens(WEIGHTS, batch, outputs["weights"].mean(axis=1))
            if CONTRIBUTIONS in self.outputs:
                of_tokens = outputs["contributions"].sum(axis=1)  # (B, T, K)
                of_class = np.take_along_axis(of_tokens, predicted[:, None, None], axis=2)
                filled.put_tokens(CONTRIBUTIONS, batch, of_class[..., 0])
            if POOLED in self.outputs:
                filled.put(POOLED, batch, outputs["pooled"])
        return self._columns(explainer.checkpoint.classes, texts, filled)

    def _columns(
        self, classes: Sequence[str], texts: _Encoded, filled: _Filled
    ) -> dict[str, pa.Array]:
        probabilities = filled.rows(PREDICTIONS, len(classes))
        numbers = pa.array(probabilities.argmax(axis=1).astype(np.int16))
        columns: dict[str, pa.Array] = {
            "predicted": pa.DictionaryArray.from_arrays(numbers, pa.array(classes, pa.string())),
            "probabilities": _vectors(probabilities),
        }
        for name in (WEIGHTS, CONTRIBUTIONS):
            if name in self.outputs:
                columns[name] = _lists(texts.offsets, pa.array(filled.tokens(name)))
        if TOP in self.outputs:
            columns[TOP] = _top(texts, filled.tokens(WEIGHTS), self.top)
        if POOLED in self.outputs:
            columns[POOLED] = _vectors(filled.rows(POOLED, 0))
        return columns


class _Encoded:
    """N texts as one vocabulary reads them: T tokens in all, those of a text from its offset on."""

    def __init__(self, ids: list[np.ndarray], tokens: list[str]):
        self.lengths = bulk.lengths_of(ids)
        self.offsets = np.concatenate([[0], np.cumsum(self.lengths)])
        self.tokens = pa.array(tokens, pa.string())
        self.batches = [
            (batch, bulk.stacked(ids, batch)) for batch in same_length_batches(self.lengths)
        ]

    def shares_unknown(self) -> np.ndarray:
        """(N,) float32: the share of the tokens that are not in the vocabulary."""
        shares = np.zeros(len(self.lengths), np.float32)
        for batch, ids in self.batches:
            shares[batch] = (ids == UNKNOWN_ID).mean(axis=1)
        return shares


class _Texts:
    """The texts of some rows, each cut and looked up once for each vocabulary."""

    def __init__(self, rows: pa.RecordBatch, vocabularies: Sequence[Vocabulary], tokens: bool):
        different = {each.identity: each for each in vocabularies}
        ids: dict[str, list[np.ndarray]] = {identity: [] for identity in different}
        shown: dict[str, list[str]] = {identity: [] for identity in different}
        self.kept: list[int] = []
        self.bad: list[Bad] = []
        for number, text in enumerate(rows[TEXT].to_pylist()):
            try:
                found = {name: encode_many([text], each)[0] for name, each in different.items()}
                cut = {name: encode(text, each) for name, each in different.items() if tokens}
            except TextError as error:
                self.bad.append(bad_row(rows, number, str(error)))
                continue
            self.kept.append(number)
            for identity in different:
                ids[identity].append(found[identity])
                if tokens:
                    shown[identity] += [token.text for token in cut[identity].tokens]
        self._encoded = {name: _Encoded(ids[name], shown[name]) for name in different}

    def of(self, vocabulary: Vocabulary) -> _Encoded:
        """As a vocabulary reads them."""
        return self._encoded[vocabulary.identity]


class _Filled:
    """Numbers that come batch by batch, put in the order of the rows."""

    def __init__(self, texts: _Encoded):
        self._texts = texts
        self._found: dict[str, np.ndarray] = {}

    def put(self, name: str, batch: np.ndarray, values: np.ndarray) -> None:
        """(B, anything) of the rows of a batch."""
        shape = (len(self._texts.lengths), *values.shape[1:])
        self._found.setdefault(name, np.empty(shape, np.float32))[batch] = values

    def put_tokens(self, name: str, batch: np.ndarray, values: np.ndarray) -> None:
        """(B, T) of the tokens of a batch."""
        places = self._texts.offsets[batch][:, None] + np.arange(values.shape[1])
        shape = int(self._texts.offsets[-1])
        self._found.setdefault(name, np.empty(shape, np.float32))[places] = values

    def rows(self, name: str, width: int) -> np.ndarray:
        """(N, anything); so many columns where there are no rows."""
        return self._found.get(name, np.empty((0, width), np.float32))

    def tokens(self, name: str) -> np.ndarray:
        """(tokens of all rows,)."""
        return self._found.get(name, np.empty(0, np.float32))


def sorted_out(
    rows: pa.RecordBatch, reasons: Sequence[str | None]
) -> tuple[list[int], dict[str, Any], list[Bad]]:
    """Numbers of the rows that nothing speaks against, their columns `KEPT`, and the bad rows."""
    good = [number for number, reason in enumerate(reasons) if not reason]
    bad = [bad_row(rows, number, reason) for number, reason in enumerate(reasons) if reason]
    return good, kept_columns(rows.take(pa.array(good, pa.int64()))), bad


def kept_columns(rows: pa.RecordBatch) -> dict[str, Any]:
    """Those that stand beside the results."""
    return {name: rows[name] for name in KEPT if name in rows.schema.names}


def bad_row(rows: pa.RecordBatch, number: int, reason: str) -> Bad:
    """A row that cannot be worked on."""
    row = {
        name: rows[name][number].as_py() for name in (FILE, LINE, ID) if name in rows.schema.names
    }
    return Bad(row[FILE], row[LINE], row.get(ID, ""), reason)


def different(vocabularies: Iterable[Vocabulary]) -> list[Vocabulary]:
    """Vocabularies in their order, equal ones once."""
    return list({each.identity: each for each in vocabularies}.values())


def reason_against(texts: Sequence[str], vocabularies: Sequence[Vocabulary]) -> str | None:
    """Why texts cannot be read; None where they can."""
    try:
        for vocabulary in vocabularies:
            encode_many(texts, vocabulary)
    except TextError as error:
        return str(error)
    return None


def _top(texts: _Encoded, weights: np.ndarray, count: int) -> pa.Array:
    """For each text its tokens of the highest weights, highest first, the first of equals first."""
    chosen: list[np.ndarray] = [np.empty(0, np.int64)] * len(texts.lengths)
    for batch, _ids in texts.batches:
        starts = texts.offsets[batch]
        of_batch = weights[starts[:, None] + np.arange(int(texts.lengths[batch[0]]))]
        places = np.argsort(-of_batch, axis=1, kind="stable")[:, :count]
        for row, line in zip(batch, places, strict=True):
            chosen[row] = line
    counts = np.array([len(line) for line in chosen], np.int64)
    positions = np.concatenate([*chosen, np.empty(0, np.int64)]).astype(np.int64)
    places = positions + np.repeat(texts.offsets[:-1], counts)
    values = pa.StructArray.from_arrays(
        [
            texts.tokens.take(pa.array(places)),
            pa.array(positions.astype(np.int32)),
            pa.array(weights[places]),
        ],
        ["token", "position", "weight"],
    )
    return _lists(np.concatenate([[0], np.cumsum(counts)]), values)


def _lists(offsets: np.ndarray, values: pa.Array) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), values)


def _vectors(values: np.ndarray) -> pa.Array:
    """(N, width) as one list of numbers a row."""
    return _lists(np.arange(len(values) + 1) * values.shape[1], pa.array(values.reshape(-1)))
