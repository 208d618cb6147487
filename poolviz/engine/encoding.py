"""Many texts through an encoder, in batches of one length, each distinct text once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from poolviz.encoders.reader import Reader, Reading, assembled
from poolviz.engine.poolings import pooled
from poolviz.engine.vectors import TEXTS_AT_ONCE, read_windows
from poolviz.values.shapes import PerPair
from poolviz.watch import QUIET, Watch


def read_many(
    reader: Reader, texts: Sequence[str], watch: Watch = QUIET
) -> Iterator[tuple[int, Reading]]:
    """Read texts; yields (number of the text, what was read), the shorter texts first.

    Parameters
    ----------
    watch : looked at before each batch; counts texts.

    Raises
    ------
    TextError : a text has nothing visible in it, or too many characters.
    Cancelled : it was stopped.
    """
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        part = texts[start : start + TEXTS_AT_ONCE]
        for number, reading in _read_some(reader, part, watch.part(start, len(texts))):
            yield start + number, reading


def _read_some(reader: Reader, texts: Sequence[str], watch: Watch) -> Iterator[tuple[int, Reading]]:
    plans = [reader.plan(text) for text in texts]
    for number, vectors in read_windows(reader.graph, [plan.windowed for plan in plans], watch):
        yield number, assembled(plans[number], vectors)


def rank(
    reader: Reader,
    query: str,
    sentences: Sequence[str],
    poolings: Sequence[str],
    watch: Watch = QUIET,
) -> dict[str, PerPair]:
    """(sentences,) cosines with the query under each pooling; every sentence is read once.

    Parameters
    ----------
    sentences : distinct ones.
    watch : counts sentences.

    Raises
    ------
    TextError : the query or a sentence has nothing visible in it, or too many characters.
    Cancelled : it was stopped.
    """
    asked = reader.read(query)
    directions = {key: _direction(pooled(key, asked.vectors)) for key in poolings}
    found = {key: np.empty(len(sentences)) for key in poolings}
    for number, reading in read_many(reader, sentences, watch):
        for key, direction in directions.items():
            found[key][number] = direction @ _direction(pooled(key, reading.vectors))
    return found


def cosines(
    reader: Reader,
    pairs: Sequence[tuple[str, str]],
    poolings: Sequence[str],
    watch: Watch = QUIET,
) -> dict[str, PerPair]:
    """(pairs,) cosines under each pooling; every distinct sentence is read once.

    Parameters
    ----------
    watch : counts distinct sentences.

    Raises
    ------
    TextError : a sentence has nothing visible in it, or too many characters.
    Cancelled : it was stopped.
    """
    numbers = {text: n for n, text in enumerate(dict.fromkeys(t for pair in pairs for t in pair))}
    directions: dict[str, list[np.ndarray]] = {
        key: [np.empty(0)] * len(numbers) for key in poolings
    }
    for number, reading in read_many(reader, list(numbers), watch):
        for key, found in directions.items():
            found[number] = _direction(pooled(key, reading.vectors))
    places = [(numbers[a], numbers[b]) for a, b in pairs]
    return {
        key: np.array([found[a] @ found[b] for a, b in places], np.float64)
        for key, found in directions.items()
    }


def _direction(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
