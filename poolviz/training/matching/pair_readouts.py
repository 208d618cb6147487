"""The matcher's read-outs: two pooled vectors in, a score and its logit out.

A read-out also says how its score rises with the two vectors, as slopes of its tangent in the
features u, v, u·v (channel by channel), so that the score splits over pairs of tokens:

    score = rest + Σ_c slope_a_c u_c + slope_b_c v_c + slope_product_c u_c v_c

A read-out's `scale` is by how much the logit rises with the score.

Shapes: u, v, and slopes (B, W); score and logit (B,).
"""

from __future__ import annotations

import math

import keras
from keras import ops

from poolviz.model.tower import SMALLEST_NORM
from poolviz.training.activations import gelu, gelu_slope

HIDDEN_UNITS = 128


@keras.saving.register_keras_serializable(package="poolviz")
class CosineReadout(keras.layers.Layer):
    """score = cos(u, v), logit = a · score + b with a > 0 learned; its parts add up exactly.

    `unit` gives the vectors whose product the score is.
    """

    def build(self, input_shape):
        """Make log a and b: at first a cosine of 0.6 is undecided."""
        self.log_scale = self.add_weight(
            name="log_scale", shape=(), initializer=keras.initializers.Constant(math.log(8))
        )
        self.bias = self.add_weight(
            name="bias", shape=(), initializer=keras.initializers.Constant(-4.8)
        )

    def call(self, u, v, training=False):
        """(B, W) and (B, W) → score and logit, the same in training."""
        score = ops.sum(self.unit(u) * self.unit(v), axis=-1)
        return score, ops.exp(self.log_scale) * score + self.bias

    def unit(self, vectors):
        """(B, W) of length 1; zeros stay zeros."""
        return unit_vectors(vectors)

    def slopes(self, u, v):
        """slope_a and slope_b are 0, slope_product is 1 / (‖u‖ ‖v‖)."""
        product = ops.ones_like(u) / (norm(u) * norm(v))
        return ops.zeros_like(u), ops.zeros_like(v), product

    def scale(self):
        """a of logit = a · score + b."""
        return ops.exp(self.log_scale)

    def calibrate(self, scale: float, bias: float) -> None:
        """Make the logit scale · logit + bias, with a positive scale."""
        self.log_scale.assign(self.log_scale + math.log(scale))
        self.bias.assign(self.bias * scale + bias)


@keras.saving.register_keras_serializable(package="poolviz")
class WeightedCosineReadout(CosineReadout):
    """score = cos(f·u, f·v) with a factor f > 0 learned for each channel: a learned distance.

    A diagonal metric learned from who is nearer to whom, as in Schultz and Joachims 2003 (Learning
    a distance metric from relative comparisons, NIPS 16). Its parts add up exactly.
    """

    def build(self, input_shape):
        """Make log f (W,), at first 0: the cosine itself."""
        super().build(input_shape)
        self.log_factors = self.add_weight(
            name="log_factors", shape=(input_shape[-1],), initializer="zeros"
        )

    def unit(self, vectors):
        """(B, W) of length 1 after each channel was multiplied; zeros stay zeros."""
        return unit_vectors(self._stretched(vectors))

    def slopes(self, u, v):
        """slope_a and slope_b are 0, slope_product is f² / (‖f·u‖ ‖f·v‖)."""
        product = ops.exp(2 * self.log_factors) / (
            norm(self._stretched(u)) * norm(self._stretched(v))
        )
        return ops.zeros_like(u), ops.zeros_like(v), product

    def _stretched(self, vectors):
        return vectors * ops.exp(self.log_factors)


@keras.saving.register_keras_serializable(package="poolviz")
class DenseReadout(keras.layers.Layer):
    """logit = w · GELU(W [u, v, u·v, |u−v|] + c) + b, and the score is the logit; an estimate.

    Features of Conneau et al. 2017 (InferSent, arXiv 1705.02364).
    """

    def __init__(self, dropout: float = 0.0, **kwargs):
        super().__init__(**kwargs)
        self.rate = dropout
        self.dropout = keras.layers.Dropout(dropout)

    def build(self, input_shape):
        """Make both kernels and biases."""
        self.hidden_kernel = self.add_weight(
            name="hidden_kernel", shape=(4 * input_shape[-1], HIDDEN_UNITS)
        )
        self.hidden_bias = self.add_weight(
            name="hidden_bias", shape=(HIDDEN_UNITS,), initializer="zeros"
        )
        self.kernel = self.add_weight(name="kernel", shape=(HIDDEN_UNITS, 1))
        self.bias = self.add_weight(name="bias", shape=(1,), initializer="zeros")

    def call(self, u, v, training=False):
        """(B, W) and (B, W) → score and logit, which are the same."""
        hidden = self.dropout(gelu(self._preactivation(u, v)), training=training)
        logit = ops.squeeze(ops.matmul(hidden, self.kernel) + self.bias, -1)
        return logit, logit

    def slopes(self, u, v):
        """The tangent at (u, v), with |u−v| written as sign(u−v) · (u−v)."""
        through = gelu_slope(self._preactivation(u, v)) * self.kernel[:, 0]  # (B, units)
        slopes = ops.matmul(through, ops.transpose(self.hidden_kernel))  # (B, 4 W)
        of_u, of_v, product, difference = ops.split(slopes, 4, axis=-1)
        signed = ops.sign(u - v) * difference
        return of_u + signed, of_v - signed, product

    def scale(self):
        """1: the score is the logit."""
        return ops.ones(())

    def calibrate(self, scale: float, bias: float) -> None:
        """Make the logit scale · logit + bias, with a positive scale."""
        self.kernel.assign(self.kernel * scale)
        self.bias.assign(self.bias * scale + bias)

    def _preactivation(self, u, v):
        features = ops.concatenate([u, v, u * v, ops.abs(u - v)], axis=-1)
        return ops.matmul(features, self.hidden_kernel) + self.hidden_bias

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), "dropout": self.rate}


# By key what makes the layer, given the share of features dropped in training.
READOUT_LAYERS = {
    "cosine": lambda _dropout: CosineReadout(),
    "weighted-cosine": lambda _dropout: WeightedCosineReadout(),
    "dense": DenseReadout,
}


def norm(vectors):
    """Euclidean length (B, 1); a vector of zeros has the smallest positive one."""
    squares = ops.sum(ops.square(vectors), axis=-1, keepdims=True)
    return ops.sqrt(ops.maximum(squares, SMALLEST_NORM))


def unit_vectors(vectors):
    """Vectors of length 1, as (B, W); zeros stay zeros."""
    return vectors / norm(vectors)
