"""Log-sum-exp pooling: a head between the mean and the maximum.

Source: Pinheiro and Collobert 2015, "From Image-level to Pixel-level Labeling with Convolutional
Networks" (arXiv 1411.6228), equation 6.
"""

import keras
from keras import ops


class LogSumExp(keras.layers.Layer):
    """log(mean(exp(r x))) / r of each channel: the mean for r near 0, the maximum for a large r.

    Input: vectors (batch, time, channels), mask (batch, time). Output: the pooled vector
    (batch, channels) and weights (batch, time, 1), the share of exp(r x), averaged over channels.
    It pools no weighted mean, so it says what each position pays: the pooled value in proportion to
    exp(r x). The payments sum to the pooled vector, so contributions add up exactly.
    """

    title = "Log-sum-exp"
    meaning = "The share of exp(r x) that this position has, averaged over the channels."

    def __init__(self, r: float = 3.0, **kwargs):
        super().__init__(**kwargs)
        self.r = r

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
        x = self.r * ops.where(real, ops.cast(inputs, "float32"), -1e30)
        largest = ops.max(x, axis=1, keepdims=True)
        raised = ops.where(real, ops.exp(x - largest), 0)
        total = ops.sum(raised, axis=1, keepdims=True)
        count = ops.sum(ops.cast(real, "float32"), axis=1, keepdims=True)
        mean = ops.where(count > 0, total / ops.maximum(count, 1), 1)
        pooled = ops.where(count > 0, (largest + ops.log(mean)) / self.r, 0)
        return pooled, raised / ops.where(total > 0, total, 1)

    def get_config(self):
        return {**super().get_config(), "r": self.r}
