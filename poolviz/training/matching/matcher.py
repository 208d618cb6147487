"""The matchers: each sentence is read and pooled by the head, a read-out compares the two.

A matcher works in two steps, which are exported as two ONNX graphs, so that a sentence that is
compared with thousands of others is read once:

- `encode`: ids of one sentence, or what a pretrained encoder made of it → its state,
- `compare`: the states of two sentences → score, logit, probability, and how the score splits.

B = batch, T = time, C = width of the tower, H = weight rows, W = H × C.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
from keras import ops

from poolviz.engine.pairs import SIDES
from poolviz.engine.vectors import VECTORS
from poolviz.model.kinds import KINDS
from poolviz.model.options import MatcherOptions
from poolviz.training.heads import make_head, row_payments
from poolviz.training.inputs import example_for, of_sides, reads_of_vectors
from poolviz.training.layers import MaskedGlobalMaxPooling1D
from poolviz.training.matching.pair_readouts import READOUT_LAYERS
from poolviz.training.matching.tower import Tower


class HeadMatcher(keras.Model):
    """What all matchers end in: vectors of each sentence → head on each → read-out.

    Parameters
    ----------
    options : a `MatcherOptions`, or its fields as a dict when a saved model is loaded.

    Outputs: those of `encode` for each side and of `compare`, by name, with `_a` and `_b` after the
    names of what each side has.
    """

    def __init__(self, options: MatcherOptions | Mapping[str, Any], **kwargs):
        super().__init__(**kwargs)
        self.options = options if isinstance(options, MatcherOptions) else MatcherOptions(**options)

    def make_head(self):
        """Make the head and the read-out."""
        kind = KINDS[self.options.kind]
        self.head_record = kind.heads[self.options.head]
        self.head = make_head(self.head_record)
        self.independent = kind.independent
        if not self.independent:
            self.asking = MaskedGlobalMaxPooling1D()
        self.readout = READOUT_LAYERS[self.options.readout](self.options.dropout)

    def call(self, inputs, training=False):
        """All outputs by name; see the class' docstring."""
        states = [self.encode(self.of_side(inputs, side), training) for side in SIDES]
        outputs = {
            f"{name}_{side}": value
            for side, state in zip(SIDES, states, strict=True)
            for name, value in state.items()
        }
        return outputs | self.compare(outputs, training)

    def encode(self, inputs, training=False):
        """The state of each sentence of a batch, as the model's `reads` says, by name.

        - vector (B, W), weights (B, H, T), and payments (B, H, T, C), what each position adds to
          the vector; or, where the weights depend on the other sentence (interactive):
        - hidden (B, T, C), query (B, C) and real (B, T), 1 at positions that count.
        """
        hidden, mask = self.vectors_of(inputs, training)
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
        return {**super().get_config(), "options": asdict(self.options)}


@keras.saving.register_keras_serializable(package="poolviz")
class Matcher(HeadMatcher):
    """Shared tower → head on each sentence → read-out.

    Parameters
    ----------
    vocabulary_size : number of ids; id 0 is padding.
    options : as `HeadMatcher`, which also says what the outputs are.

    Input: a dict of `ids_a` (B, Ta) and `ids_b` (B, Tb), integers, 0 at positions that do not
    count.
    """

    def __init__(self, vocabulary_size: int, options, **kwargs):
        super().__init__(options, **kwargs)
        self.vocabulary_size = vocabulary_size
        self.tower = Tower(vocabulary_size, self.options.width, self.options.dropout)
        self.make_head()

    def of_side(self, inputs, side):
        """What `encode` reads of one side."""
        return inputs[f"ids_{side}"]

    def vectors_of(self, ids, training):
        """Vectors (B, T, C), and the mask (B, T) of positions that count."""
        return self.tower(ids, training=training), ops.not_equal(ids, 0)

    def reads(self):
        """What a batch of sentences is given as."""
        return keras.InputSpec(shape=(None, None), dtype="int32", name="ids")

    def get_config(self):
        """Arguments that rebuild the model."""
        return {**super().get_config(), "vocabulary_size": self.vocabulary_size}


@keras.saving.register_keras_serializable(package="poolviz")
class VectorMatcher(HeadMatcher):
    """Token vectors of a frozen encoder → dropout → head on each sentence → read-out.

    Parameters
    ----------
    width : channels of a vector.
    options : as `HeadMatcher`, which also says what the outputs are.

    Input: a dict of what `Matcher` reads, and of `vectors_a` (B, Ta, width) and `vectors_b`
    (B, Tb, width), what the encoder made of the sentences.
    """

    def __init__(self, width: int, options, **kwargs):
        super().__init__(options, **kwargs)
        self.width = width
        self.dropout = keras.layers.Dropout(self.options.dropout)
        self.make_head()

    def of_side(self, inputs, side):
        """What `encode` reads of one side."""
        return {name: inputs[f"{name}_{side}"] for name in ("ids", VECTORS)}

    def vectors_of(self, inputs, training):
        """Vectors (B, T, C), and the mask (B, T) of positions that count."""
        vectors = self.dropout(inputs[VECTORS], training=training)
        return vectors, ops.not_equal(inputs["ids"], 0)

    def reads(self):
        """What a batch of sentences is given as, by name."""
        return reads_of_vectors(self.width)

    def get_config(self):
        """Arguments that rebuild the model."""
        return {**super().get_config(), "width": self.width}


class Encoding(keras.Model):
    """A matcher's first step as a model of its own, for its graph."""

    def __init__(self, matcher: HeadMatcher):
        super().__init__()
        self.matcher = matcher

    def call(self, inputs):
        return self.matcher.encode(inputs)


class Comparison(keras.Model):
    """A matcher's second step as a model of its own, for its graph."""

    def __init__(self, matcher: HeadMatcher):
        super().__init__()
        self.matcher = matcher

    def call(self, states):
        return self.matcher.compare(states)


def export_matcher(matcher: HeadMatcher, encoding: Path, comparison: Path) -> None:
    """Write both steps as ONNX graphs with free batch and time sizes and named outputs."""
    one = example_for(matcher)
    outputs = matcher(of_sides(one, one))  # a reloaded model exports after a call only
    _export(Encoding(matcher), one, encoding, matcher.reads())
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
