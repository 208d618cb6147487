"""Generalised-mean pooling (GeM): a mean whose power is learned.

Source: Radenović, Tolias and Chum 2018, "Fine-tuning CNN Image Retrieval with No Human Annotation"
(arXiv 1711.02512), equation 3.
"""

import keras
from keras import ops

SMALLEST = 1e-6  # vectors are taken to be at least this, as after a ReLU they nearly are


class GeM(keras.layers.Layer):
    """mean(x^p)^(1/p) of each channel: the mean for p = 1, towards the maximum as p grows.

    Input: vectors (batch, time, channels), mask (batch, time). Output: the pooled vector
    (batch, channels) and weights (batch, time, 1), the share of x^p, averaged over channels.

    It pools no weighted mean, so it says what each position pays. With f the pooled value,
    f = Σ x · (x / f)^(p-1) / n: each x counts with the weight (x / f)^(p-1) / n, which is the share
    of x^p times f. The payments sum to the pooled vector, so contributions add up exactly.
    """

    key = "gem"
    title = "GeM"
    meaning = "The share of the p-th powers that this position has, averaged over the channels."

    def build(self, input_shape):
        self.p = self.add_weight(name="p", shape=(), initializer=keras.initializers.Constant(3.0))

    def call(self, inputs, mask=None):
        pooled, shares = self.pool(inputs, mask)
        return ops.cast(pooled[:, 0], inputs.dtype), ops.mean(shares, axis=-1, keepdims=True)

    def payments(self, inputs, mask=None):
        """(batch, time, channels): what each position adds to the pooled vector."""
        pooled, shares = self.pool(inputs, mask)
        return shares * pooled

    def pool(self, inputs, mask):
        """The pooled vector (batch, 1, channels), and each position's share of each channel."""
        real = ops.ones_like(inputs[..., 0], "bool") if mask is None else ops.cast(mask, "bool")
        real = ops.expand_dims(real, -1)
        p = ops.maximum(ops.cast(self.p, "float32"), 1.0)
        x = ops.where(real, ops.cast(inputs, "float32"), 0)
        powers = p * ops.log(ops.maximum(x, SMALLEST))  # logarithms, so that none overflows
        powers = ops.where(real, powers, -1e30)
        count = ops.sum(ops.cast(real, "float32"), axis=1, keepdims=True)
        largest = ops.where(count > 0, ops.max(powers, axis=1, keepdims=True), 0)
        raised = ops.exp(powers - largest)
        total = ops.sum(raised, axis=1, keepdims=True)
        mean = ops.where(count > 0, total / ops.maximum(count, 1), 1)
        pooled = ops.where(count > 0, ops.exp((largest + ops.log(mean)) / p), 0)
        return pooled, raised / ops.where(total > 0, total, 1)
