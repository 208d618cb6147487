"""Many rows as one file: texts, labels, and what every head predicts and weighs.

Rows are read some at a time, so that besides the file itself there is never much in memory.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow
import pyarrow.parquet

from poolviz.engine import bulk
from poolviz.engine.texts import Explainer
from poolviz.explore.rows import NO_LABEL, RowSet
from poolviz.export.files import csv_file
from poolviz.text.encoding import encode, encode_many
from poolviz.views.doubts import share_unknown

LARGEST = 20_000  # rows in one file
_ROWS_AT_ONCE = 4_096
_CHARACTERS_AT_ONCE = 400_000


@dataclass(frozen=True)
class _Block:
    """Some rows: their tokens and how many of these are unknown, as a share.

    By head the probabilities (rows, K), and for each row the weights (tokens,).
    """

    numbers: np.ndarray
    tokens: list[list[str]]
    unknown: list[float]
    probabilities: list[np.ndarray]
    weights: list[list[np.ndarray]]


def rows_to_csv(rows: RowSet, numbers: np.ndarray, explainers: Sequence[Explainer]) -> bytes:
    """A line for each row, UTF-8 with a mark for Excel; no text becomes a formula.

    Columns: `row` (from 1, as in the file), `text`, `label` (empty where none is known),
    `characters`, `tokens` (a JSON array), `unknown` (the share of tokens that are not in the
    vocabulary); and for each head "<head>: predicted", its probability of
    every class "<head>: <class>", and "<head>: weights", one for each token with spaces between
    them, the mean where the head has several weight rows.

    Parameters
    ----------
    numbers : of the rows, in the order of the lines; of more than `LARGEST` the first.
    explainers : of checkpoints with the same classes that cut texts into the same tokens.
    """
    classes = explainers[0].checkpoint.classes
    header = ["row", "text", "label", "characters", "tokens", "unknown"]
    for head in _heads(explainers):
        header += [f"{head}: predicted", *(f"{head}: {name}" for name in classes)]
        header.append(f"{head}: weights")
    return csv_file(header, _lines(rows, numbers, explainers))


def rows_to_parquet(rows: RowSet, numbers: np.ndarray, explainers: Sequence[Explainer]) -> bytes:
    """The same as a Parquet file: `tokens` and weights are lists, an unknown label is null."""
    classes = explainers[0].checkpoint.classes
    fields = [
        ("row", pyarrow.int64()),
        ("text", pyarrow.string()),
        ("label", pyarrow.string()),
        ("characters", pyarrow.int64()),
        ("tokens", pyarrow.list_(pyarrow.string())),
        ("unknown", pyarrow.float32()),
    ]
    for head in _heads(explainers):
        fields.append((f"{head}: predicted", pyarrow.string()))
        fields += [(f"{head}: {name}", pyarrow.float32()) for name in classes]
        fields.append((f"{head}: weights", pyarrow.list_(pyarrow.float32())))
    schema = pyarrow.schema(fields)
    content = io.BytesIO()
    with pyarrow.parquet.ParquetWriter(content, schema, compression="zstd") as writer:
        for block in _blocks(rows, numbers, explainers):
            columns = [
                block.numbers + 1,
                rows.texts.iloc[block.numbers],
                [_label(rows, number, classes) for number in block.numbers],
                rows.lengths[block.numbers],
                block.tokens,
                block.unknown,
            ]
            for probabilities, weights in zip(block.probabilities, block.weights, strict=True):
                columns.append([classes[k] for k in probabilities.argmax(axis=1)])
                columns += list(probabilities.T)
                columns.append(weights)
            arrays = [
                pyarrow.array(column, field.type)
                for column, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
    return content.getvalue()


def _lines(
    rows: RowSet, numbers: np.ndarray, explainers: Sequence[Explainer]
) -> Iterator[list[object]]:
    classes = explainers[0].checkpoint.classes
    for block in _blocks(rows, numbers, explainers):
        for place, number in enumerate(block.numbers.tolist()):
            line: list[object] = [number + 1, rows.texts.iloc[number]]
            line += [_label(rows, number, classes) or "", int(rows.lengths[number])]
            line.append(json.dumps(block.tokens[place], ensure_ascii=False))
            line.append(f"{block.unknown[place]:.4g}")
            for probabilities, weights in zip(block.probabilities, block.weights, strict=True):
                line.append(classes[int(probabilities[place].argmax())])
                line += [f"{value:.6g}" for value in probabilities[place].tolist()]
                line.append(" ".join(f"{value:.4g}" for value in weights[place].tolist()))
            yield line


def _blocks(rows: RowSet, numbers: np.ndarray, explainers: Sequence[Explainer]) -> Iterator[_Block]:
    first = explainers[0].vocabulary
    for block in _parts(rows.lengths, numbers[:LARGEST]):
        texts = rows.texts.iloc[block]
        read = [encode(text, first).tokens for text in texts]
        found = _Block(
            block,
            [[token.text for token in tokens] for tokens in read],
            [share_unknown(tokens) for tokens in read],
            [],
            [],
        )
        encoded: dict[str, list[np.ndarray]] = {}
        for explainer in explainers:
            vocabulary = explainer.vocabulary
            if vocabulary.identity not in encoded:
                encoded[vocabulary.identity] = encode_many(texts, vocabulary)
            ids = encoded[vocabulary.identity]
            probabilities = np.empty((len(block), len(explainer.checkpoint.classes)), np.float32)
            weights: list[np.ndarray] = [np.empty(0, np.float32)] * len(block)
            wanted = ("probabilities", "weights")
            for batch, outputs in bulk.run_many(explainer.engine, ids, wanted):
                probabilities[batch] = outputs["probabilities"]
                for place, line in zip(batch, outputs["weights"].mean(axis=1), strict=True):
                    weights[place] = line
            found.probabilities.append(probabilities)
            found.weights.append(weights)
        yield found


def _parts(lengths: np.ndarray, numbers: np.ndarray) -> Iterator[np.ndarray]:
    """The numbers of rows, as many at once as may be in memory together; one at least."""
    start = 0
    while start < len(numbers):
        part = numbers[start : start + _ROWS_AT_ONCE]
        fitting = int((lengths[part].cumsum() <= _CHARACTERS_AT_ONCE).sum())
        part = part[: max(fitting, 1)]
        yield part
        start += len(part)


def _heads(explainers: Sequence[Explainer]) -> list[str]:
    return [explainer.checkpoint.head for explainer in explainers]


def _label(rows: RowSet, number: int, classes: Sequence[str]) -> str | None:
    label = int(rows.labels[number])
    return None if label == NO_LABEL else classes[label]
