"""How the weights of a few sentences settled while a model was trained: `film.parquet`.

Unlike all else beside a card it holds texts: the tokens of the sentences that were pinned.
"""

# pandas says nothing of its types, and nothing else here is unknown.
# pyright: reportUnknownParameterType=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # pyright: ignore[reportMissingTypeStubs]

from poolviz.checkpoints import beside, tables
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.json_types import is_list

NAME = "film.parquet"
_SENTENCES = "sentences"  # the mark that holds the tokens
_COLUMNS = ("epoch", "sentence", "row", "weights", "loss", "validation_loss")


@dataclass(frozen=True, eq=False)
class Film:
    """The weights of S sentences after each of E epochs.

    Parameters
    ----------
    sentences : the tokens of each sentence, T of them.
    weights : by epoch, then by sentence: (H, T) float32, H the rows of the head.
    loss, validation_loss : (E,) nats.
    """

    sentences: tuple[tuple[str, ...], ...]
    weights: tuple[tuple[np.ndarray, ...], ...]
    loss: tuple[float, ...]
    validation_loss: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.weights)

    def until(self, epochs: int) -> Film:
        """Its first epochs."""
        return Film(
            self.sentences,
            self.weights[:epochs],
            self.loss[:epochs],
            self.validation_loss[:epochs],
        )

    def then(self, weights: tuple[np.ndarray, ...], loss: float, validation_loss: float) -> Film:
        """With one more epoch at its end."""
        return Film(
            self.sentences,
            (*self.weights, weights),
            (*self.loss, loss),
            (*self.validation_loss, validation_loss),
        )


def write(checkpoint: Checkpoint, film: Film) -> Path:
    """Keep a film beside the card of the model that it shows."""
    marks = {_SENTENCES: _as_mark(film)}
    return beside.write_table(checkpoint, NAME, _table(film), **marks)


def read(checkpoint: Checkpoint) -> Film | None:
    """What `write` wrote; None where there is nothing, it is damaged, or of another model."""
    return _film(beside.read_table(checkpoint, NAME))


def write_unfinished(place: Path, film: Film) -> Path:
    """Keep a film of a model that is still trained."""
    return tables.write(place, _table(film), {_SENTENCES: _as_mark(film)})


def read_unfinished(place: Path) -> Film | None:
    """What `write_unfinished` wrote; None where there is nothing, or it is damaged."""
    return _film(tables.read(place, {}))


def _as_mark(film: Film) -> str:
    return json.dumps(film.sentences, ensure_ascii=False)


def _table(film: Film) -> pd.DataFrame:
    """A line for each epoch, sentence and row of the head."""
    lines = [
        (epoch + 1, sentence, row, line, film.loss[epoch], film.validation_loss[epoch])
        for epoch, weights in enumerate(film.weights)
        for sentence, rows in enumerate(weights)
        for row, line in enumerate(rows)
    ]
    table = pd.DataFrame.from_records(lines, columns=list(_COLUMNS))
    return table.astype({"epoch": "int32", "sentence": "int16", "row": "int16"})


def _film(table: pd.DataFrame | None) -> Film | None:
    """A table as a film; None where it is none."""
    if table is None or not set(_COLUMNS) <= set(table.columns):
        return None
    try:
        sentences = _sentences(json.loads(table.attrs[_SENTENCES]))
        epochs = sorted(set(table["epoch"]))
        if epochs != list(range(1, len(epochs) + 1)):
            return None
        parts = [table[table["epoch"] == epoch] for epoch in epochs]
        weights = tuple(_weights(part, sentences) for part in parts)
        loss, validation_loss = (
            tuple(float(part[name].iloc[0]) for part in parts) for name in _COLUMNS[-2:]
        )
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    return Film(sentences, weights, loss, validation_loss)


def _sentences(data: Any) -> tuple[tuple[str, ...], ...]:
    if not is_list(data) or not data:
        raise ValueError("sentences")
    for tokens in data:
        if not is_list(tokens) or not all(isinstance(token, str) for token in tokens):
            raise ValueError("tokens")
    return tuple(tuple(tokens) for tokens in data)


def _weights(part: pd.DataFrame, sentences: tuple[tuple[str, ...], ...]) -> tuple[np.ndarray, ...]:
    """(H, T) of each sentence in one epoch; as many rows in all of them.

    Raises
    ------
    ValueError : a sentence or a row is missing, or has not a weight for each token.
    """
    found: list[np.ndarray] = []
    for number, tokens in enumerate(sentences):
        rows = part[part["sentence"] == number].sort_values("row")
        weights = np.stack([np.asarray(line, np.float32) for line in rows["weights"]])
        if weights.shape[1:] != (len(tokens),) or not np.isfinite(weights).all():
            raise ValueError("weights")
        found.append(weights)
    if len({len(weights) for weights in found}) != 1:
        raise ValueError("rows")
    return tuple(found)
