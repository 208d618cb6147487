"""A text becomes token vectors: cut, in windows where it is long, through the encoder's graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from poolviz.encoders.encoder import Encoder
from poolviz.encoders.folder import GRAPH, TOKENIZER
from poolviz.encoders.pieces import Pieces, Tokenizer
from poolviz.encoders.windows import Window, windows
from poolviz.errors import CheckpointError
from poolviz.sessions import Session, opened
from poolviz.text.encoding import check_text
from poolviz.text.tokens import Token, clean_text
from poolviz.values.shapes import IdBatch, Ids, Output, TokenVectors

IDS, MASK, TYPES = "input_ids", "attention_mask", "token_type_ids"
OUTPUTS = ("last_hidden_state", "token_embeddings")
_NUMBERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


@dataclass(frozen=True, eq=False)
class Plan:
    """A text ready for its encoder.

    Parameters
    ----------
    windows : what is read at once: one window, or several that overlap.
    batches : (tokens,) of each window the numbers that the graph reads, special tokens included.
    """

    text: str
    pieces: Pieces
    windows: Sequence[Window]
    batches: Sequence[Ids]


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

    @property
    def special(self) -> tuple[str, ...]:
        """Names of its special tokens."""
        return tuple(token.text for token in self.tokens if token.special)


class Graph:
    """The graph of an encoder: numbers of tokens in, a vector for each out.

    Raises
    ------
    Exception : of ONNX Runtime's, where the file is no graph.
    """

    def __init__(self, path: Path, output: str | None = None):
        self._session: Session = opened(path)
        self._kinds = {value.name: value.type for value in self._session.get_inputs()}
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
            raise CheckpointError(
                "The encoder {name} cannot be loaded ({reason}); add it again.",
                name=encoder.name,
                reason=" ".join(str(error).split())[:200],
            ) from error

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


def plan_of(text: str, pieces: Pieces, limit: int) -> Plan:
    """What an encoder is to read of a text that was cut; special tokens stand around each window.

    Parameters
    ----------
    limit : tokens that are read at once.
    """
    ids = pieces.ids
    stop = len(ids) - pieces.after
    own = ids[pieces.before : stop]
    found = windows(len(own), limit - pieces.before - pieces.after)
    batches = [
        np.concatenate(
            [ids[: pieces.before], own[window.read.start : window.read.stop], ids[stop:]]
        )
        for window in found
    ]
    return Plan(text, pieces, found, batches)


def assembled(plan: Plan, vectors: Sequence[TokenVectors]) -> Reading:
    """A reading from the vectors of each of its windows."""
    before, after = plan.pieces.before, plan.pieces.after
    parts: list[np.ndarray] = [vectors[0][:before]]
    for window, found in zip(plan.windows, vectors, strict=True):
        first = before + window.kept.start - window.read.start
        parts.append(found[first : first + len(window.kept)])
    if after:
        parts.append(vectors[-1][-after:])
    pieces = plan.pieces
    shared = [a.read.stop - b.read.start for a, b in pairwise(plan.windows)]
    return Reading(
        plan.text,
        pieces.tokens,
        pieces.starts,
        vectors[0] if len(vectors) == 1 else np.concatenate(parts),
        len(plan.windows),
        min(shared, default=0),
    )
