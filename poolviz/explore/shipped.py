"""Token figures beside a checkpoint's card, so that they can be seen where the rows are not.

`tokens.parquet` holds numbers of tokens, no texts; the vocabulary beside it knows how
they are written. Single characters are kept, and words that are no names (see `private_words`);
either must have been seen often enough (`poolviz.explore.tokens`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine import bulk
from poolviz.engine.texts import Explainer
from poolviz.evaluation.texts import OUTPUTS
from poolviz.explore.choices import BY
from poolviz.explore.tokens import TokenSums, collect, top
from poolviz.text.encoding import encode_many
from poolviz.text.tokens import tokenize
from poolviz.text.vocabulary import Vocabulary
from poolviz.watch import QUIET, Watch

TOKENS = "tokens.parquet"
KEPT = 100  # tokens for each class, by weight and by contribution
_AT_SIGNS = ("@", "＠")
_LEAST_CAPITALISED = 0.01  # of the words of texts that follow the rules of capitals


class Leading:
    """What may be shipped of one head's figures of tokens, summed over batches of texts."""

    def __init__(self, explainer: Explainer):
        self._explainer = explainer
        self._classes = len(explainer.checkpoint.classes)
        self._sums = TokenSums(len(explainer.vocabulary), self._classes)

    def add(self, ids: np.ndarray, outputs: Mapping[str, np.ndarray]) -> None:
        """Add a batch: ids (B, T), and what the graph says of them under the names of `OUTPUTS`."""
        part = collect(
            ids,
            outputs["weights"].mean(axis=1),
            outputs["contributions"].sum(axis=1),
            outputs["probabilities"].argmax(axis=1),
        )
        self._sums.add(part)

    def read(self, texts: Iterable[str], watch: Watch = QUIET) -> None:
        """Run texts and add them; `watch` counts texts."""
        ids = encode_many(texts, self._explainer.vocabulary)
        for batch, outputs in bulk.run_many(self._explainer.engine, ids, OUTPUTS, watch):
            self.add(np.stack([ids[i] for i in batch]), outputs)

    def table(self, texts: Iterable[str]) -> pd.DataFrame:
        """Lines of `TokenSums.table`: for each class the tokens with the largest figures.

        Parameters
        ----------
        texts : all that were added, which tell what words may be names.
        """
        table = self._sums.table()
        private = private_words(texts, self._explainer.vocabulary)
        return _largest(table[~table["token"].isin(private)], self._classes)


def private_words(texts: Iterable[str], vocabulary: Vocabulary) -> set[int]:
    """Numbers of words that may be names: mostly capitalised, or ever written as "@name".

    Where hardly a word is capitalised nothing tells names from other words: all are private.
    """
    if vocabulary.unit == "character":
        return set()
    seen, capitalised, private = Counter(), Counter(), set()
    for text in texts:
        for token in tokenize(text, vocabulary.unit):
            number = vocabulary.id_of(token.text)
            seen[number] += 1
            capitalised[number] += token.text[0].isupper()
            if text[: token.start].endswith(_AT_SIGNS):
                private.add(number)
    if capitalised.total() < _LEAST_CAPITALISED * seen.total():
        return set(seen)
    return private | {number for number in seen if 2 * capitalised[number] > seen[number]}


def write(checkpoint: Checkpoint, table: pd.DataFrame, rows: int) -> Path:
    """Write what `Leading` found in so many rows beside the card, in one step."""
    return beside.write_table(checkpoint, TOKENS, table, rows=str(rows))


def read(checkpoint: Checkpoint) -> pd.DataFrame | None:
    """What `write` wrote, its number of rows in `attrs["rows"]`; None where there is no token."""
    table = beside.read_table(checkpoint, TOKENS)
    return None if table is None or table.empty else table


def _largest(table: pd.DataFrame, classes: int) -> pd.DataFrame:
    """The lines of the tokens that lead in their class."""
    kept = [
        table[(table["class"] == number) & table["token"].isin(leading["token"])]
        for number in range(classes)
        for leading in [pd.concat([top(table, number, by, KEPT) for by in BY])]
    ]
    return pd.concat(kept, ignore_index=True)
