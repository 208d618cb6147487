"""The pooling heads as Keras 3 layers: a sequence of vectors in, one vector and its weights out.

Every layer is called as `layer(inputs, mask=mask)` and returns `(pooled, weights)`:

- Input shape: inputs (batch, time, channels), mask (batch, time) of booleans, True at real
  positions; without a mask all positions are real.
- Output shape: pooled (batch, rows × channels) in the layer's compute dtype; weights (batch, time,
  rows) in float32 or wider, so that they sum to 1 however short the compute dtype is.

They keep the contract of a head (`poolviz.training.head_contract`), and more: a masked position can
not even change a gradient, whatever it holds. Time and memory grow in proportion to
batch × time × channels.

Sources: attention pooling follows Yang et al. 2016 ("Hierarchical Attention Networks", N16-1174)
with the context vector as `v`; several rows over one shared projection follow Lin et al. 2017
("A Structured Self-attentive Sentence Embedding", arXiv 1703.03130).
"""

from __future__ import annotations

import keras
from keras import ops

from poolviz.model.heads import MAX_TOLERANCE, MIN_VARIANCE_EPSILON


class Pooling1D(keras.layers.Layer):
    """Base of all heads: pooled = Σ_t weight_t × vector_t for each row of weights.

    A subclass with that meaning only says how it weighs; max pooling pools in its own way.
    """

    rows = 1

    def weigh(self, inputs, mask):
        """Weights (batch, time, rows) for a boolean mask (batch, time, 1); masked inputs are 0."""
        raise ValueError(f"{type(self).__name__} does not say how it weighs positions.")

    def call(self, inputs, mask=None):
        """Pool; see the module's docstring for shapes."""
        real = real_positions(inputs, mask)
        inputs = ops.where(real, inputs, 0)
        weights = self.weigh(inputs, real)
        return weighted_sums(inputs, weights), weights

    def compute_mask(self, inputs, mask=None):
        """No mask leaves the layer: time is gone."""
        return None


@keras.saving.register_keras_serializable(package="poolviz")
class MaskedGlobalMaxPooling1D(Pooling1D):
    """The largest value of each channel over the real positions.

    A position's weight is the share of channels it won. Values within 1e-5 (relative) of the
    maximum are tied, because text that repeats itself gives values that are equal on paper and
    differ in the last bit; tied positions share. A channel in which all real positions tie says
    nothing about positions and counts for none; where that holds for all channels the weights are
    uniform.

    >>> import numpy as np
    >>> vectors = np.array([[[1.0, 3.0], [3.0, 5.0], [9.0, 9.0]]])  # (1, 3, 2)
    >>> mask = np.array([[True, True, False]])
    >>> pooled, weights = MaskedGlobalMaxPooling1D()(vectors, mask=mask)  # (1, 2), (1, 3, 1)
    >>> pooled.numpy().tolist(), weights[..., 0].numpy().tolist()
    ([[3.0, 5.0]], [[0.0, 1.0, 0.0]])
    """

    def call(self, inputs, mask=None):
        """Pool; see the module's docstring for shapes."""
        real = real_positions(inputs, mask)
        maximum, shares = self._maximum_and_shares(inputs, real)
        pooled = ops.where(ops.any(real, axis=1), maximum[:, 0, :], 0)
        return ops.cast(pooled, inputs.dtype), self._share_of_channels_won(shares, real)

    def payments(self, inputs, mask=None):
        """(batch, time, channels): each channel's maximum, split over its tied positions.

        Summed over time this is the pooled vector; every channel counts here, dead ones too.
        """
        real = real_positions(inputs, mask)
        maximum, shares = self._maximum_and_shares(inputs, real)
        return ops.where(real, shares * maximum, 0)

    def alternative(self, inputs, mask=None):
        """(batch, time, 1), "activation": the sum of the values with which a position won.

        The weight of the original scripts, with ties split. In units of activation: not normalised,
        and negative where winning values are.
        """
        return ops.sum(self.payments(inputs, mask), axis=-1, keepdims=True)

    def _maximum_and_shares(self, inputs, real):
        """Maximum (batch, 1, channels) and each position's share of it (batch, time, channels)."""
        x = ops.cast(inputs, _wide(inputs.dtype))
        maximum = ops.max(ops.where(real, x, _lowest(x.dtype)), axis=1, keepdims=True)
        won = ops.logical_and(real, x >= maximum - MAX_TOLERANCE * ops.abs(maximum))
        won = ops.cast(won, x.dtype)
        return maximum, won / ops.maximum(ops.sum(won, axis=1, keepdims=True), 1)

    def _share_of_channels_won(self, shares, real):
        uniform = uniform_weights(real, shares.dtype)
        won = ops.cast(shares > 0, shares.dtype)
        length = ops.sum(ops.cast(real, shares.dtype), axis=1, keepdims=True)
        decided = ops.cast(ops.sum(won, axis=1, keepdims=True) < length, shares.dtype)
        total = ops.sum(shares * decided, axis=-1, keepdims=True)  # (B, T, 1)
        channels = ops.sum(decided, axis=-1, keepdims=True)  # (B, 1, 1)
        return ops.where(channels > 0, total / ops.maximum(channels, 1), uniform)


@keras.saving.register_keras_serializable(package="poolviz")
class MaskedGlobalAveragePooling1D(Pooling1D):
    """The mean of the real positions: each of n has weight 1/n.

    >>> import numpy as np
    >>> vectors = np.array([[[1.0, 3.0], [3.0, 5.0], [9.0, 9.0]]])  # (1, 3, 2)
    >>> mask = np.array([[True, True, False]])
    >>> pooled, weights = MaskedGlobalAveragePooling1D()(vectors, mask=mask)  # (1, 2), (1, 3, 1)
    >>> pooled.numpy().tolist(), weights[..., 0].numpy().tolist()
    ([[2.0, 4.0]], [[0.5, 0.5, 0.0]])
    """

    def weigh(self, inputs, mask):
        """Weights (batch, time, 1)."""
        return uniform_weights(mask, _wide(inputs.dtype))

    def alternative(self, inputs, mask=None):
        """(batch, time, 1), "inverse-distance": 1 / mean squared distance to the mean, normalised.

        How typical a position is of its text, as a weight that sums to 1. Where all distances are 0
        the weights are uniform; a distance of 0 among others counts as the smallest positive float,
        so that positions exactly at the mean share all the weight.
        """
        real = real_positions(inputs, mask)
        x = ops.where(real, ops.cast(inputs, _wide(inputs.dtype)), 0)
        uniform = uniform_weights(real, x.dtype)
        mean = ops.sum(x * uniform, axis=1, keepdims=True)
        distance = ops.mean(ops.square(x - mean), axis=-1, keepdims=True)  # (B, T, 1)
        nearest = ops.min(ops.where(real, distance, _highest(x.dtype)), axis=1, keepdims=True)
        # nearest / distance is the same weight after normalising, and cannot overflow.
        closeness = ops.where(distance > 0, nearest / ops.where(distance > 0, distance, 1), 1)
        return _normalised(ops.where(real, closeness, 0))


@keras.saving.register_keras_serializable(package="poolviz")
class MinVariancePooling1D(Pooling1D):
    """Weights 1 / (unbiased variance over a position's channels + 1e-3), normalised over time.

    >>> import numpy as np
    >>> vectors = np.array([[[1.0, 1.0], [1.0, 3.0], [9.0, 9.0]]])  # variances 0 and 2; (1, 3, 2)
    >>> mask = np.array([[True, True, False]])
    >>> pooled, weights = MinVariancePooling1D()(vectors, mask=mask)  # (1, 2), (1, 3, 1)
    >>> [round(float(weight), 4) for weight in weights[0, :, 0]]
    [0.9995, 0.0005, 0.0]
    """

    def weigh(self, inputs, mask):
        """Weights (batch, time, 1)."""
        x = ops.cast(inputs, _wide(inputs.dtype))
        squares = ops.square(x - ops.mean(x, axis=-1, keepdims=True))
        freedom = max(inputs.shape[-1] - 1, 1)
        variance = ops.sum(squares, axis=-1, keepdims=True) / freedom
        return _normalised(ops.where(mask, 1 / (variance + MIN_VARIANCE_EPSILON), 0))


@keras.saving.register_keras_serializable(package="poolviz")
class MultiHeadAttentionPooling1D(Pooling1D):
    """Softmaxes over time of v_r · tanh(W x), one for each row r; pooled vectors concatenated.

    Parameters
    ----------
    heads : number of rows.
    units : width of the shared projection W; None for the number of input channels.

    >>> import numpy as np
    >>> vectors = np.array([[[1.0, 3.0], [3.0, 5.0], [9.0, 9.0]]])  # (1, 3, 2)
    >>> mask = np.array([[True, True, False]])
    >>> pooled, weights = MultiHeadAttentionPooling1D(heads=2)(vectors, mask=mask)
    >>> tuple(pooled.shape), tuple(weights.shape)
    ((1, 4), (1, 3, 2))
    >>> weights.numpy().sum(axis=1).round(5).tolist(), weights.numpy()[0, 2].tolist()
    ([[1.0, 1.0]], [0.0, 0.0])
    """

    def __init__(self, heads: int = 4, units: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if heads < 1 or (units is not None and units < 1):
            raise ValueError(
                f"heads and units must be at least 1. Received: heads={heads}, units={units}"
            )
        self.rows = heads
        self.units = units

    def build(self, input_shape):
        """Make W (channels, units) and v (units, rows)."""
        channels = input_shape[-1]
        units = self.units or channels
        self.projection = self.add_weight(name="projection", shape=(channels, units))
        self.scores = self.add_weight(name="scores", shape=(units, self.rows))

    def weigh(self, inputs, mask):
        """Weights (batch, time, rows)."""
        energies = ops.matmul(ops.tanh(ops.matmul(inputs, self.projection)), self.scores)
        return masked_softmax(energies, mask)

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), "heads": self.rows, "units": self.units}


@keras.saving.register_keras_serializable(package="poolviz")
class AttentionPooling1D(MultiHeadAttentionPooling1D):
    """Softmax over time of v · tanh(W x): one row of attention.

    Parameters
    ----------
    units : width of the projection W; None for the number of input channels.

    >>> import numpy as np
    >>> vectors = np.array([[[1.0, 3.0], [3.0, 5.0], [9.0, 9.0]]])  # (1, 3, 2)
    >>> mask = np.array([[True, True, False]])
    >>> pooled, weights = AttentionPooling1D(units=8)(vectors, mask=mask)
    >>> tuple(pooled.shape), tuple(weights.shape)
    ((1, 2), (1, 3, 1))
    """

    def __init__(self, units: int | None = None, **kwargs):
        super().__init__(heads=1, units=units, **kwargs)

    def get_config(self):
        """Arguments that rebuild the layer."""
        config = super().get_config()
        del config["heads"]
        return config


def real_positions(inputs, mask):
    """The mask as booleans (batch, time, 1); all True where there is none."""
    if mask is None:
        return ops.ones_like(inputs[..., :1], dtype="bool")
    return ops.expand_dims(ops.cast(mask, "bool"), -1)


def uniform_weights(real, dtype):
    """1/n at each of n real positions (batch, time, 1), 0 elsewhere."""
    return _normalised(ops.cast(real, dtype))


def masked_softmax(energies, real):
    """Softmax over axis 1 of (batch, time, rows) among real positions; 0 at the others."""
    x = ops.cast(energies, _wide(energies.dtype))
    x = ops.where(real, x, _lowest(x.dtype))
    exponentials = ops.exp(x - ops.max(x, axis=1, keepdims=True))
    return _normalised(ops.where(real, exponentials, 0))


def weighted_sums(inputs, weights):
    """Σ_t weight × vector for each row: (batch, rows × channels) in the dtype of the inputs."""
    # (B, rows, T) @ (B, T, C) -> (B, rows, C) -> (B, rows * C)
    pooled = ops.matmul(ops.transpose(weights, (0, 2, 1)), ops.cast(inputs, weights.dtype))
    pooled = ops.reshape(pooled, (-1, weights.shape[-1] * inputs.shape[-1]))
    return ops.cast(pooled, inputs.dtype)


def _normalised(scores):
    """Scores ≥ 0 (batch, time, rows) divided by their sum over time; zeros where that is 0."""
    total = ops.sum(scores, axis=1, keepdims=True)
    return scores / ops.where(total > 0, total, 1)


def _wide(dtype) -> str:
    """float32 for the short float types, in which long sums overflow or lose all precision."""
    name = keras.backend.standardize_dtype(dtype)
    return "float64" if name == "float64" else "float32"


def _lowest(dtype) -> float:
    return -_highest(dtype)


def _highest(dtype) -> float:
    return 1e300 if keras.backend.standardize_dtype(dtype) == "float64" else 3e38
