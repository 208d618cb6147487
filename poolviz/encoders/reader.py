"""A text becomes token vectors: cut, in windows where it is long, through the encoder's graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from threading import Lock

import numpy as np

from poolviz.encoders.encoder import Encoder, cannot_be_loaded
from poolviz.encoders.folder import GRAPH, TOKENIZER
from poolviz.encoders.pieces import Pieces, Tokenizer
from poolviz.encoders.windows import Window, windows
from poolviz.sessions import Session, opened
from poolviz.text.encoding import check_text
from poolviz.text.tokens import Token, clean_text
from poolviz.values.shapes import IdBatch, Ids, Output, TokenVectors

IDS, MASK, TYPES = "input_ids", "attention_mask", "token_type_ids"
OUTPUTS = ("last_hidden_state", "token_embeddings")
_loading = Lock()  # lest two threads load the same graph
_NUMBERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


@dataclass(frozen=True, eq=False)
class Windowed:
    """The numbers of a text as its encoder reads them.

    Parameters
    ----------
    windows : what is read at once: one window, or several that overlap.
    batches : (tokens,) of each window the numbers that the graph reads, special tokens included.
    before, after : how many special tokens stand around each window.
    """

    windows: Sequence[Window]
    batches: Sequence[Ids]
    before: int
    after: int

    @classmethod
    def of(cls, ids: Ids, before: int, after: int, limit: int) -> Windowed:
        """Special tokens stand around each window.

        Parameters
        ----------
        ids : (V,) of a text, special tokens included.
        before, after : how many of them are special.
        limit : tokens that are read at once.
        """
        stop = len(ids) - after
        own = ids[before:stop]
        found = windows(len(own), limit - before - after)
        batches = [
            np.concatenate([ids[:before], own[window.read.start : window.read.stop], ids[stop:]])
            for window in found
        ]
        return cls(found, batches, before, after)

    @property
    def overlap(self) -> int:
        """Tokens that two neighbouring windows share at least; 0 where there is one."""
        shared = (a.read.stop - b.read.start for a, b in pairwise(self.windows))
        return min(shared, default=0)

    def joined(self, vectors: Sequence[TokenVectors]) -> TokenVectors:
        """(V, C): the vectors of a text from those of each window."""
        if len(vectors) == 1:
            return vectors[0]
        parts: list[np.ndarray] = [vectors[0][: self.before]]
        for window, found in zip(self.windows, vectors, strict=True):
            first = self.before + window.kept.start - window.read.start
            parts.append(found[first : first + len(window.kept)])
        if self.after:
            parts.append(vectors[-1][-self.after :])
        return np.concatenate(parts)


@dataclass(frozen=True, eq=False)
class Plan:
    """A text ready for its encoder: cut, and in windows."""

    text: str
    pieces: Pieces
    windowed: Windowed

    @property
    def batches(self) -> Sequence[Ids]:
        """(tokens,) of each window the numbers that the graph reads."""
        return self.windowed.batches


@dataclass(frozen=True, eq=False)
class Reading:
    """What an encoder made of a text.

    Parameters
    ----------
    text : the cleaned text.
    tokens : D tokens with their spans; special ones, as [CLS], have an empty span.
    starts : (D,) the first vector of each token.
    vectors : (V, C) float32; more than one for a character that is written with several.
    windows : how many windows the text was read in.
    overlap : tokens that two neighbouring windows share at least.
    """

    text: str
    tokens: tuple[Token, ...]
    starts: Ids
    vectors: TokenVectors
    windows: int = 1
    overlap: int = 0


class Graph:
    """The graph of an encoder: numbers of tokens in, a vector for each out.

    Attributes
    ----------
    shapes : of its inputs, by their names; a size that is free is no number.
    outputs : how many axes each output has, by its name.
    output : name of the vectors; None where none of the outputs is called so.

    Raises
    ------
    Exception : of ONNX Runtime's, where the file is no graph.
    """

    def __init__(self, path: Path, output: str | None = None):
        self._session: Session = opened(path)
        inputs = self._session.get_inputs()
        self._kinds = {value.name: value.type for value in inputs}
        self.shapes = {value.name: tuple(value.shape) for value in inputs}
        self.outputs = {value.name: len(value.shape) for value in self._session.get_outputs()}
        self.output = output or next((name for name in OUTPUTS if name in self.outputs), None)

    @property
    def inputs(self) -> Mapping[str, str]:
        """Types of its inputs by their names."""
        return self._kinds

    def run(self, ids: IdBatch, mask: IdBatch | None = None) -> Output:
        """(B, T, C) float32: the vectors of a batch of texts.

        Parameters
        ----------
        ids : (B, T).
        mask : (B, T), 0 where there is padding; None where there is none.
        """
        assert self.output is not None, "an encoder that was added has one"
        given = {
            IDS: ids,
            MASK: np.ones_like(ids) if mask is None else mask,
            TYPES: np.zeros_like(ids),  # all of the first sentence
        }
        fed = {name: given[name].astype(_NUMBERS[kind]) for name, kind in self._kinds.items()}
        [found] = self._session.run([self.output], fed)
        return found.astype(np.float32, copy=False)


class Reader:
    """An encoder ready to read.

    Raises
    ------
    CheckpointError : its files are not those that were added.
    """

    def __init__(self, encoder: Encoder):
        encoder.check()
        self.encoder = encoder
        try:
            self.graph = Graph(encoder.path(GRAPH), encoder.output)
            self._tokenizer = Tokenizer(encoder.path(TOKENIZER))
        except Exception as error:  # both libraries raise types of their own
            raise cannot_be_loaded(encoder, error) from error

    def plan(self, text: str) -> Plan:
        """Cut a text, and say what is to be read at once.

        Raises
        ------
        TextError : nothing visible in the text, or too many characters.
        """
        check_text(text)
        text = clean_text(text)
        return plan_of(text, self._tokenizer.cut(text), self.encoder.limit)

    def read(self, text: str) -> Reading:
        """Read one text.

        Raises
        ------
        TextError : nothing visible in the text, or too many characters.
        """
        plan = self.plan(text)
        return assembled(plan, [self.graph.run(ids[None, :])[0] for ids in plan.batches])


def reader_of(encoder: Encoder) -> Reader:
    """An encoder ready to read; the one that was asked for last stays in memory.

    Raises
    ------
    CheckpointError : its files are not those that were added.
    """
    with _loading:
        return _reader(encoder)


@lru_cache(1)
def _reader(encoder: Encoder) -> Reader:
    return Reader(encoder)


def plan_of(text: str, pieces: Pieces, limit: int) -> Plan:
    """What an encoder is to read of a text that was cut.

    Parameters
    ----------
    limit : tokens that are read at once.
    """
    return Plan(text, pieces, Windowed.of(pieces.ids, pieces.before, pieces.after, limit))


def assembled(plan: Plan, vectors: Sequence[TokenVectors]) -> Reading:
    """A reading from the vectors of each of its windows."""
    pieces, windowed = plan.pieces, plan.windowed
    return Reading(
        plan.text,
        pieces.tokens,
        pieces.starts,
        windowed.joined(vectors),
        len(windowed.windows),
        windowed.overlap,
    )
