"""Gated attention: a pooling head of one's own.

Source: Ilse, Tomczak and Welling 2018, "Attention-based Deep Multiple Instance Learning"
(arXiv 1802.04712), equation 9.
"""

import keras
from keras import ops


class GatedAttention(keras.layers.Layer):
    """Softmax over the text of w · (tanh(V h) × sigmoid(U h)): a gate beside the usual attention.

    Input: vectors (batch, time, channels), mask (batch, time). Output: their weighted mean
    (batch, channels) and the weights (batch, time, 1). It pools Σ weight × vector, so contributions
    add up exactly.
    """

    title = "Gated attention (MIL)"
    meaning = "Softmax over the text of a learned score of each position, behind a learned gate."

    def __init__(self, units: int = 64, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        channels = input_shape[-1]
        self.v = self.add_weight(name="v", shape=(channels, self.units))
        self.u = self.add_weight(name="u", shape=(channels, self.units))
        self.w = self.add_weight(name="w", shape=(self.units, 1))

    def call(self, inputs, mask=None):
        real = ops.ones_like(inputs[..., 0], "bool") if mask is None else ops.cast(mask, "bool")
        real = ops.expand_dims(real, -1)
        inputs = ops.where(real, inputs, 0)  # what is masked may hold anything
        gate = ops.sigmoid(ops.matmul(inputs, self.u))
        energies = ops.matmul(ops.tanh(ops.matmul(inputs, self.v)) * gate, self.w)
        weights = masked_softmax(ops.cast(energies, "float32"), real)
        pooled = ops.sum(weights * ops.cast(inputs, "float32"), axis=1)
        return ops.cast(pooled, inputs.dtype), weights

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def masked_softmax(energies, real):
    """Softmax over time among the real positions, 0 at the others, and where there are none."""
    energies = ops.where(real, energies, -3e38)
    raised = ops.where(real, ops.exp(energies - ops.max(energies, axis=1, keepdims=True)), 0)
    total = ops.sum(raised, axis=1, keepdims=True)
    return raised / ops.where(total > 0, total, 1)
