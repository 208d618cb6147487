"""Attention that another sentence asks: worked by hand, and by its rules."""

import math

import numpy as np
import pytest
from keras import ops

from poolviz.training.asked_attention import AdditiveAttention1D, GatedAttention1D


def numbers(tensor) -> np.ndarray:
    return np.asarray(ops.cast(tensor, "float32"), np.float64)


def only(outputs: np.ndarray) -> np.ndarray:
    """The one row of (T, 1) weights, as (T,)."""
    assert outputs.shape[-1] == 1
    return outputs[..., 0]


class TestAdditiveAttention:
    """v · tanh(W x + U q) with W and U the identity: scores are tanh(x + q) · v."""

    TEXT, QUERY = [[0.0, 1.0], [2.0, 0.0], [9.0, 9.0]], [1.0, -1.0]

    def layer(self):
        layer = AdditiveAttention1D()
        layer.build((None, None, 2), (None, 2))
        layer.set_weights([np.eye(2), np.eye(2), np.array([[1.0], [2.0]])])
        return layer

    def pool(self, mask=None):
        text, query = np.array([self.TEXT], np.float32), np.array([self.QUERY], np.float32)
        pooled, weights = self.layer()(text, query, mask=mask)
        return numbers(pooled)[0], only(numbers(weights)[0])

    def test_by_hand(self):
        energies = [
            math.tanh(x + 1) + 2 * math.tanh(y - 1) for x, y in np.array(self.TEXT).tolist()
        ]
        exponentials = np.exp(energies)
        wanted = exponentials / exponentials.sum()
        pooled, weights = self.pool()
        np.testing.assert_allclose(weights, wanted, atol=1e-6)
        np.testing.assert_allclose(pooled, wanted @ np.array(self.TEXT), atol=1e-6)

    def test_masked_positions_count_for_nothing(self):
        _, all_three = self.pool()
        pooled, weights = self.pool(np.array([[True, True, False]]))
        assert weights[2] == 0
        np.testing.assert_allclose(weights[:2], all_three[:2] / all_three[:2].sum(), atol=1e-6)
        pooled, weights = self.pool(np.zeros((1, 3), bool))
        assert not pooled.any()
        assert not weights.any()

    def test_config_rebuilds_it(self):
        layer = AdditiveAttention1D(units=5)
        assert AdditiveAttention1D.from_config(layer.get_config()).units == 5
        with pytest.raises(ValueError, match="units"):
            AdditiveAttention1D(units=0)


class TestGatedAttention:
    """v · (tanh(W x) ⊙ q): the query says how much each column counts, and with which sign."""

    TEXT, QUERY = np.array([[0.0, 1.0], [2.0, 0.0], [9.0, 9.0]]), np.array([1.0, -3.0])
    W, V = np.array([[1.0, 0.5], [0.0, 1.0]]), np.array([[1.0], [2.0]])

    def pool(self, mask=None):
        layer = GatedAttention1D()
        layer.build((None, None, 2), (None, 2))
        layer.set_weights([self.W, self.V])
        text, query = self.TEXT[None].astype(np.float32), self.QUERY[None].astype(np.float32)
        pooled, weights = layer(text, query, mask=mask)
        return numbers(pooled)[0], only(numbers(weights)[0])

    def test_by_hand(self):
        energies = [
            math.tanh(x) * 1 * 1 + math.tanh(0.5 * x + y) * -3 * 2 for x, y in self.TEXT.tolist()
        ]
        wanted = np.exp(energies) / np.exp(energies).sum()
        pooled, weights = self.pool()
        np.testing.assert_allclose(weights, wanted, atol=1e-6)
        np.testing.assert_allclose(pooled, wanted @ self.TEXT, atol=1e-5)

    def test_masked_positions_count_for_nothing(self):
        _, all_three = self.pool()
        _, weights = self.pool(np.array([[True, True, False]]))
        assert weights[2] == 0
        np.testing.assert_allclose(weights[:2], all_three[:2] / all_three[:2].sum(), atol=1e-6)

    def test_a_query_of_nothing_weighs_all_alike(self):
        layer = GatedAttention1D()
        found = layer(np.ones((1, 4, 3), np.float32), np.zeros((1, 3), np.float32))[1]
        np.testing.assert_allclose(numbers(found), 0.25, atol=1e-6)
