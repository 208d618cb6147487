"""What a matcher reads sentences with that has no pretrained encoder: one tower for both sides.

B = batch, T = time, C = width of the tower.
"""

from __future__ import annotations

import math

import keras
from keras import ops

from poolviz.model.tower import KERNELS, LONGEST_WAVE, NORM_EPSILON
from poolviz.training.activations import gelu

# An untrained tower is close to a bag of characters, which matches sentences fairly well.
KERNEL_VARIANCE = 0.05
POSITION_GAIN = 0.02


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


def _sinusoids(ids, width):
    """(B, T, width): sines, then cosines, of the position in the text, counted from 0."""
    positions = ops.cast(ops.cumsum(ops.ones_like(ids), axis=1) - 1, "float32")
    half = (width + 1) // 2
    frequencies = ops.exp(ops.arange(half, dtype="float32") * (-math.log(LONGEST_WAVE) / half))
    angles = ops.expand_dims(positions, -1) * frequencies
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)[..., :width]
