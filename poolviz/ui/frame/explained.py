"""What models say of texts, remembered between reruns and shared by all visitors."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from sys import getsizeof
from typing import TypeVar

import numpy as np
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.encoders.encoder import Encoder
from poolviz.encoders.reader import Reading
from poolviz.engine.pairs import explain_each as explain_sentences
from poolviz.memory import Memory
from poolviz.text.encoding import Encoded, encode
from poolviz.text.tokens import TOKEN_BYTES, Token
from poolviz.text.vocabulary import Vocabulary
from poolviz.ui.frame import loaders
from poolviz.values.explanation import Explanation
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.views.pairs import Explained

ENTRIES = 512
BYTES = 256 * 1024 * 1024

Found = Explanation | PairExplanation | TripletExplanation
Value = TypeVar("Value", bound=Found)


def explanations(checkpoints: Sequence[Checkpoint], text: str) -> list[Explanation]:
    """What each checkpoint says of a text; their arrays cannot be written to.

    Raises
    ------
    CheckpointError : a checkpoint is damaged.
    TextError : the text has no visible character, or is too long.
    """
    return [
        _recalled(checkpoint, (text,), partial(_explained, checkpoint, text))
        for checkpoint in checkpoints
    ]


def pairs(checkpoints: Sequence[Checkpoint], texts: Sequence[str]) -> list[Explained]:
    """What each matcher says of two sentences, or of an anchor, a positive and a negative.

    Raises
    ------
    CheckpointError : a checkpoint is damaged, or no matcher.
    TextError : a text has no visible character, or is too long.
    """
    return [
        _recalled(checkpoint, tuple(texts), partial(_matched, checkpoint, texts))
        for checkpoint in checkpoints
    ]


def reading(encoder: Encoder, text: str) -> Reading:
    """What an encoder made of a text.

    Raises
    ------
    CheckpointError : the encoder is damaged.
    TextError : the text has no visible character, or is too long.
    """

    def read() -> Reading:
        found = loaders.reader(encoder).read(text)
        found.vectors.setflags(write=False)
        return found

    return _memory().recall((encoder.hash, encoder.limit, text), read, _size_of_reading)


def encoded(vocabulary: Vocabulary, text: str) -> Encoded:
    """A text as the models of a vocabulary read it.

    Raises
    ------
    TextError : the text has no visible character, or is too long.
    """
    key = (vocabulary.identity, text)
    return _memory().recall(key, lambda: encode(text, vocabulary), _size_of_encoded)


@st.cache_resource(show_spinner=False)
def _memory() -> Memory:
    return Memory(ENTRIES, BYTES)


def _recalled(checkpoint: Checkpoint, texts: Hashable, find: Callable[[], Value]) -> Value:
    key = (checkpoint.name, str(checkpoint.folder), checkpoint.onnx_hash, texts)
    return _memory().recall(key, find, _size)


def _explained(checkpoint: Checkpoint, text: str) -> Explanation:
    explainer = loaders.explainer(checkpoint)
    found = explainer.explain(encoded(explainer.vocabulary, text))
    _protect(found)
    return found


def _matched(checkpoint: Checkpoint, texts: Sequence[str]) -> Explained:
    explainer = loaders.pair_explainer(checkpoint)
    read = [encoded(explainer.vocabulary, text) for text in texts]
    [found] = explain_sentences([explainer], read)
    _protect(found)
    return found


def _values_in(found: Found) -> Iterable[Explanation | PairExplanation]:
    """An explanation; or pairs and their sides."""
    if isinstance(found, Explanation):
        return [found]
    return [value for pair in found.pairs for value in (pair, *pair.sides)]


def _arrays_in(found: Found) -> list[np.ndarray]:
    return [
        array
        for value in _values_in(found)
        for array in vars(value).values()
        if isinstance(array, np.ndarray)
    ]


def _protect(found: Found) -> None:
    for array in _arrays_in(found):
        array.setflags(write=False)


def _size(found: Found) -> int:
    """Bytes. What several values share is counted with each, so that there are never more."""
    arrays = sum(array.nbytes for array in _arrays_in(found))
    read = [value for value in _values_in(found) if isinstance(value, Explanation)]
    return arrays + sum(_size_of_text(value.text, value.tokens) for value in read)


def _size_of_encoded(found: Encoded) -> int:
    return found.ids.nbytes + _size_of_text(found.text, found.tokens)


def _size_of_reading(found: Reading) -> int:
    return found.vectors.nbytes + found.starts.nbytes + _size_of_text(found.text, found.tokens)


def _size_of_text(text: str, tokens: Sequence[Token]) -> int:
    """Bytes, with the text as part of the key."""
    return 2 * getsizeof(text) + TOKEN_BYTES * len(tokens)
