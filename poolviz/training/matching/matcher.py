"""The matchers: one tower reads each sentence, a read-out compares what the head pooled.

A matcher works in two steps, which are exported as two ONNX graphs, so that a sentence that is
compared with thousands of others is read once:

- `encode`: ids of one sentence → its state,
- `compare`: the states of two sentences → score, logit, probability, and how the score splits.

B = batch, T = time, C = width of the tower, H = weight rows, W = H × C.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path

import keras
from keras import ops

from poolviz.model.kinds import KINDS
from poolviz.model.options import MatcherOptions
from poolviz.model.tower import KERNELS, LONGEST_WAVE, NORM_EPSILON
from poolviz.training.activations import gelu
from poolviz.training.heads import make_head, row_payments
from poolviz.training.layers import MaskedGlobalMaxPooling1D
from poolviz.training.matching.pair_readouts import READOUT_LAYERS

# An untrained tower is close to a bag of characters, which matches sentences fairly well.
KERNEL_VARIANCE = 0.05
POSITION_GAIN = 0.02
SIDES = ("a", "b")


@keras.saving.register_keras_serializable(package="poolviz")
class Tower(keras.layers.Layer):
    """Embedding + positions → LayerNorm → dropout → residual Conv1D (k = 2, 3, 4; GELU).

    Positions are the sinusoids of Vaswani et al. 2017 (arXiv 1706.03762) times a learned gain for
    each channel. Positions that do not count are zeroed before every convolution and at the end:
    the same sentence gives the same vectors at any padded length.
    """

    def __init__(self, vocabulary_size: int, width: int, dropout: float, **kwargs):
        super().__init__(**kwargs)
        self.sizes = {"vocabulary_size": vocabulary_size, "width": width, "dropout": dropout}
        self.embedding = keras.layers.Embedding(vocabulary_size, width)
        self.normalisation = keras.layers.LayerNormalization(epsilon=NORM_EPSILON)
        self.dropout = keras.layers.Dropout(dropout)
        self.convolutions = [
            keras.layers.Conv1D(
                width,
                size,
                padding="same",
                kernel_initializer=keras.initializers.VarianceScaling(KERNEL_VARIANCE),
            )
            for size in KERNELS
        ]

    def build(self, ids_shape):
        """Make all weights."""
        vectors = (*ids_shape, self.sizes["width"])
        self.position_gain = self.add_weight(
            name="position_gain",
            shape=(self.sizes["width"],),
            initializer=keras.initializers.Constant(POSITION_GAIN),
        )
        self.embedding.build(ids_shape)
        for layer in (self.normalisation, *self.convolutions):
            layer.build(vectors)

    def call(self, ids, training=False):
        """(B, T) ids → (B, T, C) vectors, zeros at id 0."""
        real = ops.expand_dims(ops.cast(ops.not_equal(ids, 0), self.compute_dtype), -1)
        x = self.embedding(ids) + self.position_gain * _sinusoids(ids, self.sizes["width"])
        x = self.dropout(self.normalisation(x), training=training) * real
        for convolution in self.convolutions:
            x = (x + gelu(convolution(x))) * real
        return x

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), **self.sizes}


@keras.saving.register_keras_serializable(package="poolviz")
class Matcher(keras.Model):
    """Shared tower → head on each sentence → read-out.

    Parameters
    ----------
    vocabulary_size : number of ids; id 0 is padding.
    options : a `MatcherOptions`, or its fields as a dict when a saved model is loaded.

    Input: a dict of `ids_a` (B, Ta) and `ids_b` (B, Tb), integers, 0 at positions that do not
    count. Outputs: those of `encode` for each side and of `compare`, by name, with `_a` and `_b`
    after the names of what each side has.
    """

    def __init__(self, vocabulary_size: int, options, **kwargs):
        super().__init__(**kwargs)
        self.options = options if isinstance(options, MatcherOptions) else MatcherOptions(**options)
        self.vocabulary_size = vocabulary_size
        self.tower = Tower(vocabulary_size, self.options.width, self.options.dropout)
        kind = KINDS[self.options.kind]
        self.head_record = kind.heads[self.options.head]
        self.head = make_head(self.head_record)
        self.independent = kind.independent
        if not self.independent:
            self.asking = MaskedGlobalMaxPooling1D()
        self.readout = READOUT_LAYERS[self.options.readout](self.options.dropout)

    def call(self, inputs, training=False):
        """All outputs by name; see the class' docstring."""
        states = [self.encode(inputs[f"ids_{side}"], training) for side in SIDES]
        outputs = {
            f"{name}_{side}": value
            for side, state in zip(SIDES, states, strict=True)
            for name, value in state.items()
        }
        return outputs | self.compare(outputs, training)

    def encode(self, ids, training=False):
        """The state of each sentence (B, T) by name.

        - vector (B, W), weights (B, H, T), and payments (B, H, T, C), what each position adds to
          the vector; or, where the weights depend on the other sentence (interactive):
        - hidden (B, T, C), query (B, C) and real (B, T), 1 at positions that count.
        """
        hidden = self.tower(ids, training=training)
        mask = ops.not_equal(ids, 0)
        if not self.independent:
            query, _ = self.asking(hidden, mask=mask)
            return {"hidden": hidden, "query": query, "real": ops.cast(mask, hidden.dtype)}
        vector, weights = self.head(hidden, mask=mask)
        weights = ops.transpose(weights, (0, 2, 1))
        if self.head_record.weighted_mean:
            payments = _paid(weights, hidden)
        else:
            payments = row_payments(self.head, hidden, mask, vector, weights)
        return {"vector": vector, "weights": weights, "payments": payments}

    @property
    def state(self) -> tuple[str, ...]:
        """Names of what `compare` needs of each side."""
        if not self.independent:
            return ("hidden", "query", "real")
        return ("vector",)

    def compare(self, states, training=False):
        """Compare sentences by their states, each name of `state` with `_a` and with `_b`.

        Returns score, logit, probability and scale (B,), slope_a, slope_b, slope_product (B, W),
        see `poolviz.training.matching.pair_readouts`; for interactive also each side's vector,
        weights, payments.
        """
        if not self.independent:
            found = self._attend(states, "a", "b") | self._attend(states, "b", "a")
        else:
            found = {}
        u, v = (found.get(f"vector_{side}", states.get(f"vector_{side}")) for side in SIDES)
        score, logit = self.readout(u, v, training=training)
        slope_a, slope_b, slope_product = self.readout.slopes(u, v)
        return {
            "score": score,
            "logit": logit,
            "probability": ops.sigmoid(logit),
            "scale": self.readout.scale() * ops.ones_like(logit),
            "slope_a": slope_a,
            "slope_b": slope_b,
            "slope_product": slope_product,
            **found,
        }

    def _attend(self, states, side, other):
        hidden = states[f"hidden_{side}"]
        real = states[f"real_{side}"] > 0
        vector, weights = self.head(hidden, states[f"query_{other}"], mask=real)
        weights = ops.transpose(weights, (0, 2, 1))
        return {
            f"vector_{side}": vector,
            f"weights_{side}": weights,
            f"payments_{side}": _paid(weights, hidden),
        }

    def get_config(self):
        """Arguments that rebuild the model."""
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "options": asdict(self.options),
        }


class Encoding(keras.Model):
    """A matcher's first step as a model of its own, for its graph."""

    def __init__(self, matcher: Matcher):
        super().__init__()
        self.matcher = matcher

    def call(self, ids):
        return self.matcher.encode(ids)


class Comparison(keras.Model):
    """A matcher's second step as a model of its own, for its graph."""

    def __init__(self, matcher: Matcher):
        super().__init__()
        self.matcher = matcher

    def call(self, states):
        return self.matcher.compare(states)


def export_matcher(matcher: Matcher, encoding: Path, comparison: Path) -> None:
    """Write both steps as ONNX graphs with free batch and time sizes and named outputs."""
    ids = ops.ones((1, 4), dtype="int32")
    outputs = matcher({"ids_a": ids, "ids_b": ids})  # a reloaded model exports after a call only
    signature = keras.InputSpec(shape=(None, None), dtype="int32", name="ids")
    _export(Encoding(matcher), ids, encoding, signature)
    names = [f"{name}_{side}" for side in SIDES for name in matcher.state]
    states = {name: outputs[name] for name in names}
    signature = {name: _free_sizes(name, value) for name, value in states.items()}
    _export(Comparison(matcher), states, comparison, signature)


def _export(model, example, path, signature) -> None:
    model(example)
    model.export(str(path), format="onnx", input_signature=[signature], verbose=False)


def _free_sizes(name, value) -> keras.InputSpec:
    """Batch is free, and so is time: the second axis of three, and of `real`."""
    sizes = [None, *value.shape[1:]]
    if len(sizes) == 3 or name.startswith("real"):
        sizes[1] = None
    return keras.InputSpec(shape=tuple(sizes), dtype="float32", name=name)


def _paid(weights, hidden):
    """(B, H, T) and (B, T, C) → (B, H, T, C)."""
    return ops.expand_dims(weights, -1) * ops.expand_dims(hidden, 1)


def _sinusoids(ids, width):
    """(B, T, width): sines, then cosines, of the position in the text, counted from 0."""
    positions = ops.cast(ops.cumsum(ops.ones_like(ids), axis=1) - 1, "float32")
    half = (width + 1) // 2
    frequencies = ops.exp(ops.arange(half, dtype="float32") * (-math.log(LONGEST_WAVE) / half))
    angles = ops.expand_dims(positions, -1) * frequencies
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)[..., :width]
