"""A Keras model of one's own, explained: one pooling layer, and a linear read-out behind it.

The model runs as it is, once for a text; what its pooling layer reads and gives, and what goes into
its last dense layer, is watched meanwhile. Whether the parts add up is checked on that text.

T = tokens, L = positions of the input with its padding, C = channels, R = weight rows, K = classes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops
from scipy.special import expit, softmax

from poolviz.errors import ChoiceError, TextError
from poolviz.model.heads import HEADS, head_key
from poolviz.text.tokens import Token, clean_text, has_visible, lookup_form, tokenize
from poolviz.training.own.watching import Calls, Watched, numbers, pooling_layer, recorded
from poolviz.values.explanation import MAX_REACH, Explanation

NEAR = 1e-4  # relative to the largest logit, or to 1 where that is smaller
_TRIED = 64  # tokens that are exchanged to see which positions read them
_OWN = "your-model"  # in the place of a data set and a checkpoint

Cut = Callable[[str], Sequence[str]]


class WrappedModel:
    """A person's own Keras model, ready to explain texts; see `poolviz.wrap`."""

    def __init__(
        self,
        model: keras.Model,
        vocabulary: Mapping[str, int] | Sequence[str],
        cut: Cut,
        classes: Sequence[str] | None,
        unknown: int,
    ):
        self.model = model
        self.vocabulary = (
            dict(vocabulary)
            if isinstance(vocabulary, Mapping)
            else {token: number for number, token in enumerate(vocabulary)}
        )
        self.cut, self.unknown, self.classes = cut, unknown, classes
        self.layer: Any = None  # is found when a text is read

    def explain(self, text: str) -> Explanation:
        """Explain one text with one pass through the model, and one more to see its window.

        Raises
        ------
        TextError : there is no token in the text, or more than the model takes.
        ChoiceError : the model does not fit; the sentence says in what.
        """
        text = clean_text(text)
        tokens, ids = self._tokens(text)
        padded = self._padded(ids)
        seen = self._watch(padded)
        names, probabilities, logits, kernel, bias = _decided(seen, self.classes)
        paid, exact, weighted_mean = self._paid(seen, len(tokens))
        raw = np.einsum("trc,rck->rtk", paid, kernel.reshape(paid.shape[1], -1, len(names)))
        contributions, offsets = _centred(raw)
        centred_bias, bias_offset = _centred(bias)
        total = raw.sum(axis=(0, 1)) + bias
        off = np.abs(total - logits).max()
        exact = exact and off <= NEAR * max(1.0, float(np.abs(logits).max()))
        weights = seen.weights[: len(tokens)].T.astype(np.float64)
        return Explanation(
            text=text,
            tokens=tokens,
            head=_head_of(self.layer),
            readout="linear",
            dataset=_OWN,
            checkpoint=self.model.name,
            checkpoint_hash=_hash_of(self.model),
            classes=names,
            probabilities=probabilities,
            weights=weights,
            contributions=contributions,
            bias=centred_bias,
            offsets=offsets,
            bias_offset=float(bias_offset),
            values=_values(seen, kernel, len(tokens), len(names)) if weighted_mean else None,
            window=self._window(padded, len(tokens)),
            exact=exact,
        )

    def _tokens(self, text: str) -> tuple[tuple[Token, ...], np.ndarray]:
        """The tokens where they stand in the text, and their ids."""
        tokens, end = [], 0
        for piece in self.cut(text):
            start = text.find(piece, end)
            if start < 0:
                raise ChoiceError(
                    "The tokenizer gives {token}, which does not stand in the text; give one that "
                    "cuts the text as it is.",
                    token=repr(piece),
                )
            if piece and has_visible(piece):
                end = start + len(piece)
                tokens.append(Token(piece, start, end, self._id(piece) != self.unknown))
        if not tokens:
            raise TextError("There is no token in the text; type at least one visible character.")
        return tuple(tokens), np.array([self._id(token.text) for token in tokens], np.int32)

    def _id(self, piece: str) -> int:
        return self.vocabulary.get(piece, self.vocabulary.get(lookup_form(piece), self.unknown))

    def _padded(self, ids: np.ndarray) -> np.ndarray:
        """(1, L): as long as the model's input, where that has a length."""
        shape: Any = getattr(self.model, "input_shape", None)
        length = shape[1] if isinstance(shape, tuple) and len(shape) == 2 else None
        if length is not None and len(ids) > length:
            raise TextError(
                "The text has {count:,} tokens, and the model takes {limit:,}; shorten it.",
                count=len(ids),
                limit=length,
            )
        return np.pad(ids, (0, (length or len(ids)) - len(ids)))[None]

    def _watch(self, ids: np.ndarray) -> Watched:
        layers = list(self.model._flatten_layers(include_self=False))
        with recorded(layers) as calls:
            output = numbers(self.model(ops.convert_to_tensor(ids), training=False))
        self.layer = pooling_layer(calls)
        [(inputs, given, (pooled, weights))] = calls[self.layer]
        if inputs.shape[1] != ids.shape[1]:
            raise ChoiceError(
                "The layer {layer} reads {positions:,} positions of a text of {count:,} tokens, so "
                "that none has a token of its own; pad convolutions (same) and take no strides.",
                layer=self.layer.name,
                positions=inputs.shape[1],
                count=ids.shape[1],
            )
        mask = np.ones(ids.shape, bool) if given is None else np.asarray(given, bool)
        pooled, weights = numbers(pooled), numbers(weights)
        kernel, bias = self._read_out(calls, pooled)
        return Watched(numbers(inputs)[0], mask[0], pooled[0], weights[0], kernel, bias, output[0])

    def _read_out(self, calls: Calls, pooled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Kernel and bias of the dense layer that reads the pooled vector as it is."""
        for layer in (each for each in calls if isinstance(each, keras.layers.Dense)):
            for inputs, _mask, _output in calls[layer]:
                read = numbers(inputs)
                if read.shape == pooled.shape and np.allclose(read, pooled, atol=1e-6):
                    kernel = numbers(layer.kernel)
                    bias = numbers(layer.bias) if layer.use_bias else np.zeros(kernel.shape[1])
                    return kernel, bias
        raise ChoiceError(
            "No Dense layer of the model reads what {layer} pools as it is; a linear read-out "
            "right behind it, or behind a dropout, can be explained.",
            layer=self.layer.name,
        )

    def _paid(self, seen: Watched, count: int) -> tuple[np.ndarray, bool, bool]:
        """(T, R, C): what each token adds to the pooled vector; whether that is exact, a mean."""
        rows = seen.weights.shape[1]
        if np.abs(seen.weights[count:]).max(initial=0) > NEAR:
            raise ChoiceError(
                "{layer} gives weight to the padding; hand it the mask of the text's tokens.",
                layer=self.layer.name,
            )
        inputs = np.where(seen.mask[:, None], seen.inputs, 0)
        mean = seen.weights[:, :, None] * inputs[:, None, :]
        wanted = seen.pooled
        if mean[0].size == wanted.size and _near(mean.sum(axis=0).ravel(), wanted):
            return mean[:count], True, True
        if hasattr(self.layer, "payments"):
            mask = ops.convert_to_tensor(seen.mask[None])
            paid = numbers(self.layer.payments(ops.convert_to_tensor(seen.inputs[None]), mask))[0]
            return paid.reshape(len(paid), rows, -1)[:count], True, False
        shared = seen.weights[:, :, None] * wanted.reshape(1, rows, -1)
        return shared[:count], False, False

    def _window(self, ids: np.ndarray, count: int) -> tuple[int, int]:
        """How many neighbours a position has read on each side: tokens are exchanged one by one."""
        tried = min(count, _TRIED)
        changed = np.repeat(ids, tried + 1, axis=0)
        for place in range(tried):  # a neighbour's id, or the unknown one: always another one
            own = ids[0, place]
            others = [number for number in (*ids[0, :count], self.unknown) if number != own]
            changed[place, place] = others[0] if others else own + 1
        with recorded([self.layer]) as calls:
            self.model(ops.convert_to_tensor(changed), training=False)
        vectors = numbers(calls[self.layer][0][0])[:, :count]
        moved = np.abs(vectors[:tried] - vectors[tried]).max(axis=-1) > 1e-6
        places, positions = np.nonzero(moved)
        apart = positions - places
        reach = (int(apart.max(initial=0)), int(-apart.min(initial=0)))
        return min(reach[0], MAX_REACH), min(reach[1], MAX_REACH)


def wrap(
    model: Any,
    vocabulary: Mapping[str, int] | Sequence[str],
    tokenizer: str | Cut,
    classes: Sequence[str] | None,
    unknown: int,
) -> WrappedModel:
    """See `poolviz.wrap`."""
    if not isinstance(model, keras.Model):
        raise ChoiceError(
            "This is no Keras model, but of type {type}; give a keras.Model.",
            type=type(model).__name__,
        )
    if isinstance(tokenizer, str):
        unit = tokenizer
        return WrappedModel(
            model, vocabulary, lambda text: [t.text for t in tokenize(text, unit)], classes, unknown
        )
    return WrappedModel(model, vocabulary, tokenizer, classes, unknown)


def _decided(
    seen: Watched, classes: Sequence[str] | None
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Class names, probabilities and logits, and the read-out of these: one column a class.

    Raises
    ------
    ChoiceError : the model gives neither the read-out's logits nor what softmax or sigmoid makes of
        them, or there are other classes than names.
    """
    logits = seen.pooled @ seen.kernel + seen.bias
    single = len(logits) == 1
    made = (logits, expit(logits) if single else softmax(logits))
    if not any(_same(each, seen.output) for each in made):
        raise ChoiceError(
            "What the model gives is neither what its last Dense layer says nor the softmax of it, "
            "for one class the sigmoid; end the model with one of these."
        )
    kernel, bias = seen.kernel, seen.bias
    if single:  # p and 1 - p are the softmax of two logits, half of it each
        kernel, bias = (np.concatenate([-each / 2, each / 2], axis=-1) for each in (kernel, bias))
        logits = seen.pooled @ kernel + bias
    names = tuple(classes) if classes else tuple(str(number) for number in range(len(logits)))
    if len(names) != len(logits):
        raise ChoiceError(
            "The model has {count} classes, and there are {names} names; give one for each.",
            count=len(logits),
            names=len(names),
        )
    return names, softmax(logits), logits, kernel, bias


def _values(seen: Watched, kernel: np.ndarray, count: int, classes: int) -> np.ndarray:
    """(R, T, K): each position's class values, centred."""
    rows = seen.weights.shape[1]
    by_row = kernel.reshape(rows, -1, classes)
    inputs = np.where(seen.mask[:, None], seen.inputs, 0)[:count]
    return _centred(np.einsum("tc,rck->rtk", inputs, by_row))[0]


def _centred(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = values.mean(axis=-1)
    return values - mean[..., None], mean


def _same(found: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether two are the same number for number, but for the rounding of float32."""
    return found.shape == wanted.shape and np.allclose(found, wanted, rtol=1e-5, atol=1e-6)


def _near(found: np.ndarray, wanted: np.ndarray) -> bool:
    return bool(np.abs(found - wanted).max() <= NEAR * max(1.0, float(np.abs(wanted).max())))


def _head_of(layer: Any) -> str:
    names = {head.layer: key for key, head in HEADS.items()}
    return names.get(type(layer).__name__, head_key(type(layer)))


def _hash_of(model: keras.Model) -> str:
    found = hashlib.sha256()
    for weight in model.get_weights():
        found.update(np.ascontiguousarray(weight).tobytes())
    return found.hexdigest()
