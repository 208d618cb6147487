"""Pooling heads as strangers write them: plain Keras layers, nothing of poolviz, not registered."""

import keras
from keras import ops


def column(mask, inputs):
    """The mask (B, T, 1) as booleans; all True where there is none."""
    if mask is None:
        return ops.ones_like(inputs[..., :1], dtype="bool")
    return ops.expand_dims(mask, -1)


class Plain(keras.layers.Layer):
    """Attention with scores that are linear in the vectors."""

    def build(self, input_shape):
        self.scores = self.add_weight(name="scores", shape=(input_shape[-1], 1))

    def energies(self, inputs, real):
        return ops.matmul(inputs, self.scores)

    def weigh(self, inputs, real):
        energies = ops.where(real, self.energies(inputs, real), -3e4)
        raised = ops.exp(energies - ops.max(energies, axis=1, keepdims=True))
        raised = ops.where(real, raised, 0)
        total = ops.sum(raised, axis=1, keepdims=True)
        return raised / ops.where(total > 0, total, 1)

    def call(self, inputs, mask=None):
        real = column(mask, inputs)
        inputs = ops.where(real, inputs, 0)
        weights = self.weigh(inputs, real)
        return ops.sum(weights * inputs, axis=1), weights


class TwoRows(Plain):
    """Rows are concatenated."""

    def call(self, inputs, mask=None):
        pooled, weights = super().call(inputs, mask)
        real = column(mask, inputs)
        mean = ops.cast(real, weights.dtype)
        mean = mean / ops.maximum(ops.sum(mean, axis=1, keepdims=True), 1)
        second = ops.sum(mean * ops.where(real, inputs, 0), axis=1)
        return (
            ops.concatenate([pooled, second], axis=1),
            ops.concatenate([weights, mean], axis=2),
        )


class LogSumExp(keras.layers.Layer):
    """log(mean(exp(x))) of each channel, paid in proportion to exp(x)."""

    def shares(self, inputs, mask):
        real = column(mask, inputs)
        x = ops.where(real, inputs, -3e4)
        largest = ops.max(x, axis=1, keepdims=True)
        raised = ops.where(real, ops.exp(x - largest), 0)
        total = ops.sum(raised, axis=1, keepdims=True)
        count = ops.sum(ops.cast(real, raised.dtype), axis=1, keepdims=True)
        pooled = largest + ops.log(ops.where(total > 0, total, 1) / ops.maximum(count, 1))
        return ops.where(count > 0, pooled, 0), raised / ops.where(total > 0, total, 1)

    def call(self, inputs, mask=None):
        pooled, shares = self.shares(inputs, mask)
        return pooled[:, 0], ops.mean(shares, axis=-1, keepdims=True)

    def payments(self, inputs, mask):
        pooled, shares = self.shares(inputs, mask)
        return shares * pooled


class Squared(Plain):
    """Pools something else than what it weighs, and does not say what it pays."""

    def call(self, inputs, mask=None):
        pooled, weights = super().call(inputs, mask)
        return pooled * ops.abs(pooled), weights


class CubicMean(keras.layers.Layer):
    """The third power's mean, written as if its weights were those of a plain mean."""

    def call(self, inputs, mask=None):
        real = column(mask, inputs)
        share = ops.cast(real, inputs.dtype)
        share = share / ops.maximum(ops.sum(share, axis=1, keepdims=True), 1)
        cubes = ops.sum(share * ops.where(real, ops.maximum(inputs, 0), 0) ** 3, axis=1)
        pooled = ops.where(cubes > 0, cubes, 1) ** (1 / 3)
        return ops.where(cubes > 0, pooled, 0), share


class PowerMean(keras.layers.Layer):
    """The plain mean as it is made, p = 1, and none as soon as p is learned."""

    def build(self, input_shape):
        self.p = self.add_weight(name="p", shape=(), initializer="ones")

    def call(self, inputs, mask=None):
        real = column(mask, inputs)
        x = ops.where(real, ops.maximum(inputs, 1e-3), 1)
        share = ops.cast(real, x.dtype)
        share = share / ops.maximum(ops.sum(share, axis=1, keepdims=True), 1)
        mean = ops.sum(share * x**self.p, axis=1)
        pooled = ops.where(mean > 0, mean, 1) ** (1 / self.p)
        return ops.where(mean > 0, pooled, 0), share


class First(Plain):
    """All the weight to the first position that counts."""

    order_matters = True
    key = "first-token"

    def weigh(self, inputs, real):
        real = ops.cast(real, inputs.dtype)
        return ops.where(ops.cumsum(real, axis=1) <= 1, real, 0)
