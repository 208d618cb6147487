"""The texts on which a head's contract is checked, and how they are run and told.

A text is inputs (time, channels) with a mask (time,), True at positions that count. B = batch,
T = time, C = channels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import keras
import numpy as np
from keras import ops

from poolviz.model.heads import head_key
from poolviz.model.own_heads import MAX_MEANING, MAX_TITLE

CHANNELS = 8
LENGTH = 7
_TOLD_VECTORS, _TOLD_VALUES, _TOLD_MASK, _TOLD_MESSAGE = 2, 3, 12, 160
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Keras puts its own words around what a layer's call raised.
_AROUND = re.compile(
    r"^Exception encountered when calling .*?\n\n|\n\nArguments received by .*", re.S
)


@dataclass(frozen=True, eq=False)
class Texts:
    """A batch of texts.

    Parameters
    ----------
    inputs : (B, T, C).
    mask : (B, T) of booleans.
    """

    inputs: np.ndarray
    mask: np.ndarray

    def told(self, row: int = 0) -> str:
        """One of the texts in short form, for a sentence."""
        vectors = [
            " ".join(f"{value:.3g}" for value in vector[:_TOLD_VALUES])
            + " …" * (len(vector) > _TOLD_VALUES)
            for vector in self.inputs[row, :_TOLD_VECTORS]
        ]
        values = ", ".join(f"[{vector}]" for vector in vectors)
        more = ", …" * (self.inputs.shape[1] > _TOLD_VECTORS)
        mask = "".join("1" if real else "0" for real in self.mask[row])
        if len(mask) > _TOLD_MASK:
            mask = f"of {mask.count('1')} from {len(mask)}"
        return f"inputs {self.inputs.shape[1:]} [{values}{more}], mask {mask}"

    @property
    def scale(self) -> float:
        """The largest value of a real position, at least 1: what a tolerance is relative to."""
        return max(1.0, float(np.abs(self.inputs[self.mask]).max(initial=0)))

    def alone(self, row: int) -> Texts:
        """One of the texts as a batch of its own."""
        return Texts(self.inputs[row : row + 1], self.mask[row : row + 1])

    def moved(self, order: np.ndarray) -> Texts:
        """The same vectors in another order (T,)."""
        return Texts(self.inputs[:, order], self.mask[:, order])

    def longer(self, extra: int, value: float) -> Texts:
        """With masked positions that hold `value` after the end."""
        after = ((0, 0), (0, extra))
        inputs = np.pad(self.inputs, (*after, (0, 0)), constant_values=value)
        return Texts(inputs, np.pad(self.mask, after))

    def poisoned(self, value: float) -> Texts:
        """With `value` at every masked position."""
        return Texts(np.where(self.mask[..., None], self.inputs, np.float32(value)), self.mask)


@dataclass(frozen=True, eq=False)
class Outputs:
    """What a head made of texts, in float64: pooled (B, width), weights (B, T, rows)."""

    pooled: np.ndarray
    weights: np.ndarray


def _texts() -> dict[str, Texts]:
    random = np.random.default_rng(0)
    real = [[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0, 0], [0, 1, 1, 0, 1, 1, 1]]
    mask = np.array(real, bool)
    values = random.normal(size=(len(real), LENGTH, CHANNELS))
    kinds = {
        "ordinary": values,
        "as after a ReLU": np.maximum(values, 0),
        "repeated": np.resize(values[0, :2], values.shape),
        "negative": -np.abs(values),
        "large": 5 * values,
    }
    return {name: Texts(kind.astype(np.float32), mask) for name, kind in kinds.items()}


TEXTS = _texts()
ORDINARY = TEXTS["ordinary"]


def one_token() -> Iterator[Texts]:
    """One text of a single position, and one in which a single position counts."""
    yield Texts(ORDINARY.inputs[:1, :1], np.ones((1, 1), bool))
    yield Texts(ORDINARY.inputs[:1], np.arange(LENGTH)[None] == 2)


def empty() -> Iterator[Texts]:
    """Nothing that counts, beside another text and alone."""
    yield Texts(ORDINARY.inputs[:2], np.stack([ORDINARY.mask[1], np.zeros(LENGTH, bool)]))
    yield Texts(ORDINARY.inputs[:1, :1], np.zeros((1, 1), bool))


class Subject:
    """A head under test: its class, a layer made of it, and the texts that it read last."""

    def __init__(self, candidate: Any):
        self.candidate = candidate
        self.name = getattr(candidate, "__name__", type(candidate).__name__)
        self.key = head_key(candidate)
        self.title = getattr(candidate, "title", titled(self.key))
        self.meaning = getattr(candidate, "meaning", first_sentence(candidate))
        self.order_matters = bool(getattr(candidate, "order_matters", False))
        self.pays = hasattr(candidate, "payments")
        self.last: Texts | None = None

    @cached_property
    def layer(self) -> Any:
        """A layer in float32; its weights are not as they were made, as after training."""
        layer = self.made("float32")
        self.call(ORDINARY, layer)
        for variable in layer.trainable_variables:
            variable.assign(1.05 * variable + 0.01)
        return layer

    def made(self, dtype: str) -> Any:
        """A new layer, made without arguments under a dtype policy."""
        with _policy(dtype):
            return self.candidate()

    def call(self, texts: Texts, layer: Any = None, dtype: str = "float32") -> Any:
        """What the layer returns, as it is."""
        self.last = texts
        with _policy(dtype):
            layer = self.layer if layer is None else layer
            return layer(ops.cast(texts.inputs, dtype), mask=ops.convert_to_tensor(texts.mask))

    def run(self, texts: Texts, layer: Any = None, dtype: str = "float32") -> Outputs:
        """Pooled vectors and weights of some texts."""
        pooled, weights = self.call(texts, layer, dtype)
        return Outputs(numbers(pooled), numbers(weights))

    def payments(self, texts: Texts) -> np.ndarray:
        """(B, T, width): what the head says that each position adds to the pooled vector."""
        self.last = texts
        mask = ops.convert_to_tensor(texts.mask)
        return numbers(self.layer.payments(ops.cast(texts.inputs, "float32"), mask))


def titled(key: str) -> str:
    """A title for a head that has none of its own.

    >>> titled("top-k-mean")
    'Top k mean'
    """
    words = key.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:MAX_TITLE]


def first_sentence(candidate: Any) -> str:
    """The first paragraph of a class's own docstring, in one line; a plain one without it."""
    written = vars(candidate).get("__doc__") if isinstance(candidate, type) else None
    paragraph = " ".join((written or "").strip().partition("\n\n")[0].split())
    return paragraph[:MAX_MEANING] or "Its weights are those of a head of one's own."


@contextmanager
def _policy(dtype: str) -> Iterator[None]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def numbers(tensor: Any) -> np.ndarray:
    """As float64, from bfloat16 too."""
    return np.asarray(ops.cast(tensor, "float32"), np.float64)


def told_error(error: BaseException) -> str:
    """Kind and message of an error in one line."""
    message = _AROUND.sub("", _COLOURS.sub("", str(error)))
    message = " ".join(message.rpartition("Exception encountered: ")[2].split())
    if len(message) > _TOLD_MESSAGE:
        message = f"{message[:_TOLD_MESSAGE]}…"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
