"""The weights of every training of a head on some test rows, kept beside its card: `seeds.parquet`.

Of trainings with several seeds only the first one's model is kept; how far the others' weights lie
from it, and from those of other heads, can be measured on these. A line for each row: `key` as in
`poolviz.evaluation.predictions`, and for each seed a column of that name, the weights of the row's
tokens as the mean over the head's weight rows. Numbers only, never a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import Corpus
from poolviz.datasets.split import row_keys

FILE = "seeds.parquet"
MOST_ROWS = 500
MOST_TOKENS = 20_000  # of all rows together, so that long texts make no large file
_SEED = 20_260
_KEY = "key"


@dataclass(frozen=True, eq=False)
class KeptWeights:
    """Weights of N rows under every training of one head.

    Parameters
    ----------
    keys : (N,) uint64, of the rows.
    by_seed : for each training the weights (tokens,) of each row.
    """

    keys: np.ndarray
    by_seed: Sequence[Sequence[np.ndarray]]


def write(checkpoint: Checkpoint, corpus: Corpus, by_seed: Sequence[Sequence[np.ndarray]]) -> Path:
    """Keep the weights of seeded test rows: the same rows for every head.

    Parameters
    ----------
    by_seed : for each seed of the card the weights of the first test rows, in their order.
    """
    rows = _sampled([len(weights) for weights in by_seed[0]])
    table: dict[str, Any] = {_KEY: row_keys(corpus.split("test"))[rows]}
    for seed, weights in zip(checkpoint.card["seeds"]["seeds"], by_seed, strict=True):
        table[str(seed)] = [np.asarray(weights[row], np.float32).round(6) for row in rows]
    return beside.write_table(checkpoint, FILE, pd.DataFrame(table))


def read(checkpoint: Checkpoint) -> KeptWeights | None:
    """What `write` wrote; None where there is nothing, or it is not of this model."""
    table = beside.read_table(checkpoint, FILE)
    if table is None:
        return None
    seeds = [name for name in table if name != _KEY]
    return KeptWeights(table[_KEY].to_numpy(), [list(table[seed]) for seed in seeds])


def _sampled(lengths: Sequence[int]) -> np.ndarray:
    """Numbers of rows in random order, as many as have room."""
    order = np.random.default_rng(_SEED).permutation(len(lengths))
    room = np.cumsum(np.asarray(lengths)[order]) <= MOST_TOKENS
    return order[: max(int(room.sum()), 1)][:MOST_ROWS]
