"""Attention that another sentence asks, as Keras 3 layers: weights depend on its pooled vector.

Called as `layer(inputs, query, mask=mask)` with query (batch, width); the rest is as in
`poolviz.training.layers`.
"""

from __future__ import annotations

import keras
from keras import ops

from poolviz.training.layers import Pooling1D, masked_softmax, real_positions, weighted_sums


class AskedAttention1D(Pooling1D):
    """Softmax over time of scores that depend on another sentence's pooled vector.

    A subclass says what is scored: `energies(inputs, query)` is (batch, time, 1).
    """

    def call(self, inputs, query, mask=None):
        """Pool; see the module's docstring for shapes."""
        real = real_positions(inputs, mask)
        inputs = ops.where(real, inputs, 0)
        weights = masked_softmax(self.energies(inputs, query), real)
        return weighted_sums(inputs, weights), weights


@keras.saving.register_keras_serializable(package="poolviz")
class AdditiveAttention1D(AskedAttention1D):
    """Softmax over time of v · tanh(W x + U q), where q is another sentence's pooled vector.

    The attention of Bahdanau et al. 2015 (arXiv 1409.0473). The scripts that poolviz follows
    multiply by q instead, see `GatedAttention1D`.

    Parameters
    ----------
    units : width of the projections W and U; None for the number of input channels.

    >>> import numpy as np
    >>> vectors = np.array([[[1.0, 3.0], [3.0, 5.0], [9.0, 9.0]]])  # (1, 3, 2)
    >>> mask = np.array([[True, True, False]])
    >>> query = np.array([[0.5, -0.5]])  # (1, 2)
    >>> pooled, weights = AdditiveAttention1D(units=8)(vectors, query, mask=mask)
    >>> tuple(pooled.shape), tuple(weights.shape)
    ((1, 2), (1, 3, 1))
    """

    def __init__(self, units: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if units is not None and units < 1:
            raise ValueError(f"units must be at least 1. Received: units={units}")
        self.units = units

    def build(self, inputs_shape, query_shape):
        """Make W (channels, units), U (width, units) and v (units, 1)."""
        channels = inputs_shape[-1]
        units = self.units or channels
        self.projection = self.add_weight(name="projection", shape=(channels, units))
        self.query_projection = self.add_weight(
            name="query_projection", shape=(query_shape[-1], units)
        )
        self.scores = self.add_weight(name="scores", shape=(units, 1))

    def energies(self, inputs, query):
        """(batch, time, 1): what the softmax is taken of."""
        asked = ops.expand_dims(ops.matmul(query, self.query_projection), 1)  # (B, 1, units)
        return ops.matmul(ops.tanh(ops.matmul(inputs, self.projection) + asked), self.scores)

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable(package="poolviz")
class GatedAttention1D(AskedAttention1D):
    """Softmax over time of v · (tanh(W x) ⊙ q), where q is another sentence's pooled vector.

    W has as many columns as q has values: the query says what v reads of a position. The attention
    of allenwind's text-attentionpooling-visualization.

    >>> import numpy as np
    >>> vectors = np.array([[[1.0, 3.0], [3.0, 5.0], [9.0, 9.0]]])  # (1, 3, 2)
    >>> mask = np.array([[True, True, False]])
    >>> query = np.array([[0.5, -0.5]])  # (1, 2)
    >>> pooled, weights = GatedAttention1D()(vectors, query, mask=mask)
    >>> tuple(pooled.shape), tuple(weights.shape)
    ((1, 2), (1, 3, 1))
    """

    def build(self, inputs_shape, query_shape):
        """Make W (channels, width) and v (width, 1)."""
        width = query_shape[-1]
        self.projection = self.add_weight(name="projection", shape=(inputs_shape[-1], width))
        self.scores = self.add_weight(name="scores", shape=(width, 1))

    def energies(self, inputs, query):
        """(batch, time, 1): what the softmax is taken of."""
        gated = ops.tanh(ops.matmul(inputs, self.projection)) * ops.expand_dims(query, 1)
        return ops.matmul(gated, self.scores)
