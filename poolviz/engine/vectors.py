"""Ids of texts → the token vectors of a frozen encoder: each distinct text is read once.

What was read stays in memory for a while, so that several heads on one encoder need one pass;
training keeps it on disk, see `poolviz.encoders.store`. Vectors are float16 wherever they come
from, so that a text has the same ones.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

import numpy as np

from poolviz.batches import same_length_batches
from poolviz.encoders.encoder import Encoder
from poolviz.encoders.reader import Graph, Windowed, reader_of
from poolviz.encoders.store import DTYPE, Store, check_room, size_of
from poolviz.encoders.vocabulary import around, encoder_of, numbers_of
from poolviz.memory import Memory
from poolviz.text.encoding import Encoded
from poolviz.text.vocabulary import PADDING_ID
from poolviz.values.shapes import IdBatch, Ids, IdsOfText, Output, TokenVectors
from poolviz.watch import QUIET, Watch

TEXTS_AT_ONCE = 2_048  # whose vectors are in memory until all of their windows were read
VECTORS = "vectors"  # the input of a graph that reads token vectors
_TRIED = (8, 16)  # texts and tokens of a batch that is read to see how fast that is
_MOST_TEXTS, _MOST_BYTES = 4_096, 64_000_000  # in memory, of each encoder


class Vectors:
    """The token vectors of one encoder; may be asked from several threads.

    The encoder's graph is loaded when the first text has to be read.
    """

    def __init__(self, encoder: Encoder):
        self.encoder = encoder
        self._memory = Memory(_MOST_TEXTS, _MOST_BYTES)
        self._read_tokens = 0
        self._read_seconds = 0.0

    @cached_property
    def store(self) -> Store:
        """Those on disk."""
        return Store(self.encoder)

    def __call__(self, ids: IdBatch) -> Output:
        """(B, T, C) float32 of ids (B, T); zeros behind the end of a text.

        Raises
        ------
        CheckpointError : the encoder's files are damaged.
        """
        found = np.zeros((*ids.shape, self.encoder.width), np.float32)
        for row, vectors in enumerate(self.of(list(map(_text, ids)))):
            found[row, : len(vectors)] = vectors
        return found

    def of(self, texts: Sequence[IdsOfText]) -> list[TokenVectors]:
        """(tokens, channels) float16 of each text.

        Raises
        ------
        CheckpointError : the encoder's files are damaged.
        """
        keys = [ids.tobytes() for ids in texts]
        wanted = dict(zip(keys, texts, strict=True))
        found = {key: self._kept(key, ids) for key, ids in wanted.items()}
        missing = [key for key, vectors in found.items() if vectors is None]
        for number, vectors in self._read([wanted[key] for key in missing]):
            self._memory.put(missing[number], vectors, vectors.nbytes)
            found[missing[number]] = vectors
        known = {key: vectors for key, vectors in found.items() if vectors is not None}
        return [known[key] for key in keys]

    def seconds_for(self, tokens: int) -> float:
        """How long so many tokens take to read, as fast as it was so far.

        Raises
        ------
        CheckpointError : the encoder's files are damaged.
        """
        if not self._read_tokens:
            self._try_out()
        return tokens * self._read_seconds / max(self._read_tokens, 1)

    def missing(self, texts: Sequence[IdsOfText]) -> list[IdsOfText]:
        """The distinct texts that are not kept on disk."""
        distinct = {ids.tobytes(): ids for ids in texts}.values()
        return [ids for ids in distinct if self.store.find(ids) is None]

    def keep(self, texts: Sequence[IdsOfText], watch: Watch = QUIET) -> None:
        """Read what is not kept on disk yet, and keep it there.

        Parameters
        ----------
        watch : counts texts.

        Raises
        ------
        Cancelled : it was stopped; nothing was kept.
        CheckpointError : the encoder's files are damaged.
        DataError, ChoiceError : see `poolviz.encoders.store.check_room`.
        DiskFull, OSError : there is no room, or no right to write.
        """
        missing = self.missing(texts)
        if missing:
            check_room(size_of(missing, self.encoder))
            self.store.keep(missing, self._read(missing, watch))

    def windowed(self, ids: IdsOfText) -> Windowed:
        """How a text is read: at once, or in windows that overlap."""
        numbers = numbers_of(self.encoder, ids)
        first, last = around(self.encoder)
        before = len(first) * bool(np.array_equal(numbers[: len(first)], first))
        end = len(numbers) - len(last)
        after = len(last) * bool(end >= before and np.array_equal(numbers[end:], last))
        return Windowed.of(numbers, before, after, self.encoder.limit)

    def _try_out(self) -> None:
        """Read a small batch, to see how fast that is."""
        graph = reader_of(self.encoder).graph
        numbers = np.resize(np.concatenate(around(self.encoder)), _TRIED)
        began = time.perf_counter()
        graph.run(numbers)
        self._read_seconds += time.perf_counter() - began
        self._read_tokens += numbers.size

    def _kept(self, key: bytes, ids: IdsOfText) -> TokenVectors | None:
        found = self._memory.get(key)
        return self.store.find(ids) if found is None else found

    def _read(
        self, texts: Sequence[IdsOfText], watch: Watch = QUIET
    ) -> Iterator[tuple[int, TokenVectors]]:
        """Read texts; yields (number of the text, its vectors)."""
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            part = texts[start : start + TEXTS_AT_ONCE]
            parts = [self.windowed(ids) for ids in part]
            graph = reader_of(self.encoder).graph
            began = time.perf_counter()
            found = read_windows(graph, parts, watch.part(start, len(texts)))
            for number, vectors in found:
                yield start + number, parts[number].joined(vectors).astype(DTYPE)
            self._read_seconds += time.perf_counter() - began
            self._read_tokens += sum(map(len, part))


@lru_cache(2)
def vectors_of(encoder: Encoder) -> Vectors:
    """The vectors of an encoder, which all models on it have together."""
    return Vectors(encoder)


def inputs_of(ids: IdBatch, encoder: Encoder | None) -> IdBatch | dict[str, Output]:
    """What a model reads of texts: their ids, and vectors where it is one on an encoder."""
    return ids if encoder is None else {"ids": ids, VECTORS: vectors_of(encoder)(ids)}


def windows_of(read: Encoded) -> tuple[int, int]:
    """In how many windows an encoder reads a text, and how many tokens two of them share at least.

    (1, 0) where the models that the text was encoded for have no encoder.
    """
    encoder = encoder_of(read.vocabulary)
    if encoder is None:
        return 1, 0
    found = vectors_of(encoder).windowed(read.ids)
    return len(found.windows), found.overlap


def read_windows(
    graph: Graph, texts: Sequence[Windowed], watch: Watch = QUIET
) -> Iterator[tuple[int, list[TokenVectors]]]:
    """Read texts; yields (number of the text, vectors of each of its windows), the shorter first.

    Parameters
    ----------
    watch : looked at before each batch; counts texts.

    Raises
    ------
    Cancelled : it was stopped.
    """
    whose = [(number, place) for number, text in enumerate(texts) for place in _places(text)]
    ids = [texts[number].batches[place] for number, place in whose]
    found: list[dict[int, TokenVectors]] = [{} for _text in texts]
    done = 0
    for batch in same_length_batches(np.array([len(each) for each in ids], np.int64)):
        watch.check()
        numbers: list[int] = batch.tolist()
        vectors = graph.run(np.stack([ids[i] for i in numbers]))
        for i, of_window in zip(numbers, vectors, strict=True):
            number, place = whose[i]
            found[number][place] = of_window
            if len(found[number]) == len(texts[number].batches):
                yield number, [found[number][place] for place in _places(texts[number])]
                found[number] = {}
                done += 1
        watch.progress(done, len(texts))


def _places(text: Windowed) -> range:
    return range(len(text.batches))


def _text(ids: Ids) -> IdsOfText:
    """A row of a batch, without the padding at its end."""
    real = np.flatnonzero(ids != PADDING_ID)
    return ids[: real[-1] + 1 if len(real) else 0].astype(np.int32, copy=False)
