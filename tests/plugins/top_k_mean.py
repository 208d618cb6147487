"""Top-k mean pooling: the mean of the k largest values of each channel.

Sources: k-max pooling of Kalchbrenner, Grefenstette and Blunsom 2014, "A Convolutional Neural
Network for Modelling Sentences" (arXiv 1404.2188); the mean of the k best instead of their list is
that of Durand, Thome and Cord 2016, "WELDON" (CVPR 2016).
"""

import keras
from keras import ops

TOLERANCE = 1e-5  # relative: values this near the k-th largest share its place
LOWEST = -1e30


class TopKMean(keras.layers.Layer):
    """The mean of the k largest values of each channel; of all values of a shorter text.

    Input: vectors (batch, time, channels), mask (batch, time). Output: the pooled vector
    (batch, channels) and weights (batch, time, 1), the share of the k places that a position has,
    averaged over channels. Positions that tie for the last places share them.

    It pools no weighted mean of vectors, so it says what each position pays: its value times its
    share. The payments sum to the pooled vector, so contributions add up exactly.
    """

    title = "Top-k mean"
    meaning = "The share of channels whose k largest values this position is among."

    def __init__(self, k: int = 3, **kwargs):
        super().__init__(**kwargs)
        self.k = k

    def call(self, inputs, mask=None):
        x, shares = self.places(inputs, mask)
        pooled = ops.sum(shares * x, axis=1)
        return ops.cast(pooled, inputs.dtype), ops.mean(shares, axis=-1, keepdims=True)

    def payments(self, inputs, mask=None):
        """(batch, time, channels): what each position adds to the pooled vector."""
        x, shares = self.places(inputs, mask)
        return shares * x

    def places(self, inputs, mask):
        """Values, and each position's share of each channel's places; 0 at what is masked."""
        real = ops.ones_like(inputs[..., 0], "bool") if mask is None else ops.cast(mask, "bool")
        real = ops.expand_dims(real, -1)
        x = ops.where(real, ops.cast(inputs, "float32"), LOWEST)
        count = ops.sum(ops.cast(real, "float32"), axis=1, keepdims=True)
        k = ops.minimum(count, float(self.k))
        last = self.kth_largest(x)
        near = TOLERANCE * ops.abs(last)
        above = ops.cast(ops.logical_and(real, x > last + near), "float32")
        tied = ops.cast(ops.logical_and(real, ops.abs(x - last) <= near), "float32")
        tied = ops.where(last > LOWEST, tied, 0)  # in a text of fewer than k all are above
        left = k - ops.sum(above, axis=1, keepdims=True)
        shared = left * tied / ops.maximum(ops.sum(tied, axis=1, keepdims=True), 1)
        return ops.where(real, x, 0), (above + shared) / ops.maximum(k, 1)

    def kth_largest(self, x):
        """(batch, 1, channels); as low as can be where there are fewer than k values."""
        padding = ops.full_like(ops.repeat(x[:, :1], self.k, axis=1), LOWEST)
        values = ops.transpose(ops.concatenate([x, padding], axis=1), (0, 2, 1))
        return ops.expand_dims(ops.top_k(values, self.k)[0][..., -1], 1)

    def get_config(self):
        return {**super().get_config(), "k": self.k}
