"""Every occurrence of a token: the text around it, and what each head weighs it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.engine.texts import Explainer, explain_each
from poolviz.explore.rows import RowSet
from poolviz.text.encoding import encode_many
from poolviz.text.vocabulary import UNKNOWN_ID, Vocabulary

AROUND = {"character": 15, "word": 30}  # characters shown on each side


@dataclass(frozen=True)
class Context:
    """One occurrence.

    Parameters
    ----------
    row, position : index of the row, and of the token in it, from 0.
    before, token, after : the text, cut on either side after `AROUND` characters.
    weights : for each head its weight × tokens of the text (1 is uniform), mean over weight rows.
    """

    row: int
    position: int
    before: str
    token: str
    after: str
    weights: tuple[float, ...]


class Occurrences:
    """Where the tokens of a vocabulary stand in some rows.

    >>> from poolviz.explore.rows import of_own, read_own
    >>> rows = of_own(read_own("rows.csv", b"text\\na b a\\nb"), {})
    >>> Occurrences(rows, Vocabulary.build(rows.texts, "word")).find("a").tolist()
    [[0, 0], [0, 2]]
    """

    def __init__(self, rows: RowSet, vocabulary: Vocabulary):
        ids = encode_many(rows.texts, vocabulary)
        self._vocabulary = vocabulary
        self._tokens = np.concatenate(ids) if ids else np.empty(0, np.int32)
        self._starts = np.concatenate([[0], np.cumsum([len(text) for text in ids])])

    def find(self, token: str) -> np.ndarray:
        """(occurrences, 2): row and position of each, in the order of the file.

        None are found of a token that the vocabulary does not know.
        """
        number = self._vocabulary.id_of(token)
        if number == UNKNOWN_ID:
            return np.empty((0, 2), np.int64)
        found = np.flatnonzero(self._tokens == number)
        rows = np.searchsorted(self._starts, found, side="right") - 1
        return np.stack([rows, found - self._starts[rows]], axis=1)


def contexts(
    rows: RowSet, occurrences: np.ndarray, explainers: Sequence[Explainer]
) -> list[Context]:
    """The contexts of some of the occurrences that `Occurrences.find` gave."""
    result: list[Context] = []
    around = AROUND[explainers[0].vocabulary.unit]
    explained = {
        row: explain_each(explainers, rows.texts[row])
        for row in dict.fromkeys(occurrences[:, 0].tolist())
    }
    for row, position in occurrences.tolist():
        first = explained[row][0]
        token, text = first.tokens[position], first.text
        result.append(
            Context(
                row=row,
                position=position,
                before=text[max(token.start - around, 0) : token.start],
                token=token.text,
                after=text[token.end : token.end + around],
                weights=tuple(
                    float(e.weights[:, position].mean() * len(e.tokens)) for e in explained[row]
                ),
            )
        )
    return result
