"""The classifier that is trained under every head: encoder → head → read-out, and its ONNX form.

One call gives everything a view needs, as named outputs, so that training, the saved model and the
exported graph are the same function. B = batch, T = time, H = weight rows, K = classes.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import keras
from keras import ops

from poolviz.engine.vectors import VECTORS
from poolviz.model.heads import HEADS
from poolviz.model.options import ModelOptions
from poolviz.training.activations import gelu, gelu_slope
from poolviz.training.heads import make_head, row_payments
from poolviz.training.inputs import example_for, reads_of_vectors

WINDOW = (1, 1)  # neighbours that a position's vector reads on each side: one Conv1D of width 3


@keras.saving.register_keras_serializable(package="poolviz")
class LinearReadout(keras.layers.Layer):
    """logits = W · pooled + b, so that logits split exactly over positions."""

    def __init__(self, classes: int, **kwargs):
        super().__init__(**kwargs)
        self.classes = classes

    def build(self, input_shape):
        """Make the kernel (width, classes) and the bias (classes,)."""
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.classes))
        self.bias = self.add_weight(name="bias", shape=(self.classes,), initializer="zeros")

    def call(self, pooled):
        """(B, width) → logits (B, K)."""
        return ops.matmul(pooled, self.kernel) + self.bias

    def jacobian(self, pooled):
        """∂logits/∂pooled as (width, K): the same for every text."""
        return self.kernel

    def intercept(self, pooled):
        """(B, K): what the logits hold besides jacobian · pooled; here the bias."""
        return ops.broadcast_to(self.bias, (ops.shape(pooled)[0], self.classes))

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), "classes": self.classes}


@keras.saving.register_keras_serializable(package="poolviz")
class MLPReadout(LinearReadout):
    """logits = W₂ · GELU(W₁ · pooled + b₁) + b₂; contributions are gradient × input."""

    def __init__(self, classes: int, units: int = 128, **kwargs):
        super().__init__(classes, **kwargs)
        self.units = units

    def build(self, input_shape):
        """Make both kernels and biases."""
        self.hidden_kernel = self.add_weight(
            name="hidden_kernel", shape=(input_shape[-1], self.units)
        )
        self.hidden_bias = self.add_weight(
            name="hidden_bias", shape=(self.units,), initializer="zeros"
        )
        super().build((None, self.units))

    def call(self, pooled):
        """(B, width) → logits (B, K)."""
        x = self._preactivation(pooled)
        return super().call(gelu(x))

    def jacobian(self, pooled):
        """∂logits/∂pooled as (B, width, K), written out."""
        slope = gelu_slope(self._preactivation(pooled))  # (B, units)
        return ops.matmul(self.hidden_kernel * ops.expand_dims(slope, 1), self.kernel)

    def intercept(self, pooled):
        """(B, K): what the tangent at `pooled` leaves of the logits."""
        slope = ops.matmul(ops.expand_dims(pooled, 1), self.jacobian(pooled))
        return self.call(pooled) - ops.squeeze(slope, 1)

    def _preactivation(self, pooled):
        return ops.matmul(pooled, self.hidden_kernel) + self.hidden_bias

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), "units": self.units}


READOUT_LAYERS = {"linear": LinearReadout, "mlp": MLPReadout}


class HeadClassifier(keras.Model):
    """What all classifiers end in: vectors (B, T, C) → head → dropout → read-out.

    Parameters
    ----------
    classes : number of classes.
    options : a `ModelOptions`, or its fields as a dict when a saved model is loaded.

    Outputs, by name:

    - logits, probabilities (B, K)
    - weights (B, H, T)
    - contributions (B, H, T, K) centred over the classes, offsets (B, H, T) what centring took away
    - bias (B, K) centred, bias_offset (B,): the rest, so that all of it adds up to the logits
    - values (B, H, T, K), for heads that pool a weighted mean: centred class values W_h h_t
    - alternative (B, H, T), for heads with another published weight
    """

    def __init__(self, classes: int, options, **kwargs):
        super().__init__(**kwargs)
        self.options = options if isinstance(options, ModelOptions) else ModelOptions(**options)
        self.classes = classes

    def make_head(self):
        """Make the head and the read-out."""
        self.head_record = HEADS[self.options.head]
        self.head = make_head(self.head_record)
        self.readout = READOUT_LAYERS[self.options.readout](self.classes)

    def outputs_of(self, hidden, mask, training):
        """All outputs by name, of vectors (B, T, C) where the mask (B, T) is True."""
        pooled, weights = self.head(hidden, mask=mask)
        logits = self.readout(self.dropout(pooled, training=training))
        outputs = {
            "logits": logits,
            "probabilities": ops.softmax(logits),
            "weights": ops.transpose(weights, (0, 2, 1)),
        }
        outputs |= self._contributions(hidden, mask, pooled, outputs["weights"])
        if self.head_record.alternative:
            alternative = self.head.alternative(hidden, mask)
            outputs["alternative"] = ops.transpose(alternative, (0, 2, 1))
        return outputs

    def _contributions(self, hidden, mask, pooled, weights):
        bias, bias_offset = _centred(self.readout.intercept(pooled))
        rest = {"bias": bias, "bias_offset": bias_offset}
        slope = self._slope_of_rows(pooled, weights.shape[1])
        if self.head_record.weighted_mean:
            values = _class_values(hidden, slope)
            paid = ops.expand_dims(weights, -1) * values
            rest["values"] = _centred(values)[0]
        else:
            paid = _paid_values(row_payments(self.head, hidden, mask, pooled, weights), slope)
        contributions, offsets = _centred(paid)
        return {"contributions": contributions, "offsets": offsets, **rest}

    def _slope_of_rows(self, pooled, rows):
        """The read-out's slope at `pooled`, row by row: (rows, C, K), for mlp (B, rows, C, K)."""
        slope = self.readout.jacobian(pooled)
        batch = (-1,) if len(slope.shape) == 3 else ()
        return ops.reshape(slope, (*batch, rows, pooled.shape[-1] // rows, self.classes))

    def get_config(self):
        """Arguments that rebuild the model."""
        return {
            **super().get_config(),
            "classes": self.classes,
            "options": asdict(self.options),
        }


@keras.saving.register_keras_serializable(package="poolviz")
class PoolingClassifier(HeadClassifier):
    """Embedding → dropout → Conv1D(3, same, ReLU) → head → dropout → read-out.

    Parameters
    ----------
    vocabulary_size : number of ids; id 0 is padding.
    classes, options : as `HeadClassifier`, which also says what the outputs are.

    Input: ids (B, T) of integers, 0 at positions that do not count (padding, or a token that is
    masked out).
    """

    def __init__(self, vocabulary_size: int, classes: int, options, **kwargs):
        super().__init__(classes, options, **kwargs)
        self.vocabulary_size = vocabulary_size
        self.embedding = keras.layers.Embedding(vocabulary_size, self.options.embedding)
        self.dropout = keras.layers.Dropout(self.options.dropout)
        self.convolution = keras.layers.Conv1D(
            self.options.filters, sum(WINDOW) + 1, padding="same", activation="relu"
        )
        self.make_head()

    def call(self, ids, training=False):
        """All outputs by name."""
        mask = ops.not_equal(ids, 0)
        return self.outputs_of(self._encode(ids, mask, training), mask, training)

    def _encode(self, ids, mask, training):
        """Vectors (B, T, filters); the padding id's embedding is zeroed before the convolution."""
        embedded = self.dropout(self.embedding(ids), training=training)
        return self.convolution(embedded * ops.cast(ops.expand_dims(mask, -1), embedded.dtype))

    def reads(self):
        """What a batch of texts is given as."""
        return keras.InputSpec(shape=(None, None), dtype="int32", name="ids")

    def get_config(self):
        """Arguments that rebuild the model."""
        return {**super().get_config(), "vocabulary_size": self.vocabulary_size}


@keras.saving.register_keras_serializable(package="poolviz")
class VectorClassifier(HeadClassifier):
    """Token vectors of a frozen encoder → head → dropout → read-out.

    Parameters
    ----------
    width : channels of a vector.
    classes, options : as `HeadClassifier`, which also says what the outputs are.

    Inputs by name: `ids` (B, T) of integers, 0 at positions that do not count; `vectors`
    (B, T, width), what the encoder made of them.
    """

    def __init__(self, width: int, classes: int, options, **kwargs):
        super().__init__(classes, options, **kwargs)
        self.width = width
        self.dropout = keras.layers.Dropout(self.options.dropout)
        self.make_head()

    def call(self, inputs, training=False):
        """All outputs by name."""
        return self.outputs_of(inputs[VECTORS], ops.not_equal(inputs["ids"], 0), training)

    def reads(self):
        """What a batch of texts is given as, by name."""
        return reads_of_vectors(self.width)

    def get_config(self):
        """Arguments that rebuild the model."""
        return {**super().get_config(), "width": self.width}


def export_onnx(model: HeadClassifier, path: Path) -> None:
    """Write the model's call as an ONNX graph with free batch and time sizes and named outputs."""
    model(example_for(model))  # a reloaded one exports only after a call
    model.export(str(path), format="onnx", input_signature=[model.reads()], verbose=False)


def _class_values(vectors, slope):
    """(B, T, C) through each row's slope: (B, H, T, K)."""
    *batch, rows, channels, classes = slope.shape
    batch = (-1,) * len(batch)
    # One product without broadcasting: TensorFlow's broadcast batch product returns garbage
    # for some shapes on CPUs with oneDNN.
    slope = ops.reshape(ops.swapaxes(slope, -3, -2), (*batch, channels, rows * classes))
    values = ops.matmul(vectors, slope)  # (B, T, H * K)
    values = ops.reshape(values, (-1, ops.shape(values)[1], rows, classes))
    return ops.transpose(values, (0, 2, 1, 3))


def _paid_values(payments, slope):
    """(B, H, T, C), each row through its own slope: (B, H, T, K)."""
    rows = range(payments.shape[1])
    return ops.stack([ops.matmul(payments[:, r], slope[..., r, :, :]) for r in rows], axis=1)


def _centred(values):
    """Values minus their mean over the last axis, and that mean."""
    mean = ops.mean(values, axis=-1, keepdims=True)
    return values - mean, ops.squeeze(mean, -1)
