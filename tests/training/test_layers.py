"""The pooling layers: worked by hand, against plain NumPy, and by their rules."""

import json
import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from keras import ops

from poolviz.model.heads import HEADS
from poolviz.training import layers
from poolviz.training.heads import row_payments
from tests import oracle, strangers

NAN, INF = math.nan, math.inf
EVERY_HEAD = pytest.mark.parametrize("head", HEADS)
SHORT_TYPES = pytest.mark.parametrize("dtype", ["float16", "bfloat16"])


def make(head: str, **options) -> layers.Pooling1D:
    return getattr(layers, HEADS[head].layer)(**options)


def numbers(tensor) -> np.ndarray:
    """As float64, from bfloat16 too."""
    return np.asarray(ops.cast(tensor, "float32"), np.float64)


def pool(layer, inputs, mask=None) -> tuple[np.ndarray, np.ndarray]:
    """Pooled vectors and weights; one text (T, C) gives (rows × C,) and (T, rows)."""
    inputs = np.asarray(inputs, np.float32)
    single = inputs.ndim == 2
    if single:
        inputs, mask = inputs[None], None if mask is None else np.asarray(mask)[None]
    pooled, weights = (numbers(output) for output in layer(inputs, mask=mask))
    return (pooled[0], weights[0]) if single else (pooled, weights)


def only(outputs: np.ndarray) -> np.ndarray:
    """The one row of (T, 1) weights, as (T,)."""
    assert outputs.shape[-1] == 1
    return outputs[..., 0]


def alternative(layer, inputs, mask=None) -> np.ndarray:
    """The layer's other published weight of one text (T, C), as (T,)."""
    mask = None if mask is None else np.asarray(mask)[None]
    return only(numbers(layer.alternative(np.asarray([inputs], np.float32), mask))[0])


def attention(scores: list[list[float]], channels: int) -> layers.MultiHeadAttentionPooling1D:
    """Attention whose energies are tanh(x) · scores (rows × channels): W is the identity."""
    layer = layers.MultiHeadAttentionPooling1D(heads=len(scores))
    layer.build((None, None, channels))
    layer.set_weights([np.eye(channels), np.transpose(scores)])
    return layer


class TestMaxByHand:
    # channel 0: position 1 wins. Channel 1: positions 0 and 2 tie. Channel 2: 0 and 1 tie.
    TEXT = [[1, 2, 3], [2, 1, 3], [0, 2, 1]]

    def test_share_of_channels_with_ties_split(self):
        pooled, weights = pool(make("max"), self.TEXT)
        assert pooled.tolist() == [2, 2, 3]
        # (0 + 1/2 + 1/2) / 3, (1 + 0 + 1/2) / 3, (0 + 1/2 + 0) / 3
        np.testing.assert_allclose(only(weights), [1 / 3, 1 / 2, 1 / 6], atol=1e-7)

    def test_payments_split_each_maximum_over_its_tied_positions(self):
        paid = numbers(make("max").payments(np.array([self.TEXT], np.float32)))[0]
        assert paid.tolist() == [[0, 1, 1.5], [2, 0, 1.5], [0, 1, 0]]

    def test_activation_is_the_sum_of_payments(self):
        assert alternative(make("max"), self.TEXT).tolist() == [2.5, 3.5, 1]

    @pytest.mark.parametrize("value", [1.0, -1.0, 1e-6, 3e4])
    def test_values_within_the_tolerance_tie(self, value):
        # channel 0 ties within 1e-6, channel 1 is position 1's: 1/4 and 1/4 + 1/2 with position 2
        # out of both. Position 2 lies 2e-5 below, beyond the tolerance.
        below = abs(value)
        text = [[value, 0], [value - 1e-6 * below, 1], [value - 2e-5 * below, 0]]
        _, weights = pool(make("max"), text)
        np.testing.assert_allclose(only(weights), [1 / 4, 3 / 4, 0], atol=1e-7)

    def test_tied_payments_sum_to_the_maximum(self):
        text = np.array([[[1.0], [1 - 1e-6], [0.5]]], np.float32)
        assert only(numbers(make("max").payments(text))[0]).tolist() == [0.5, 0.5, 0]

    def test_negative_maxima(self):
        text = [[-1, -5], [-3, -2], [-4, -4]]
        pooled, weights = pool(make("max"), text)
        assert pooled.tolist() == [-1, -2]
        assert only(weights).tolist() == [0.5, 0.5, 0]
        assert alternative(make("max"), text).tolist() == [-1, -2, 0]

    def test_padding_cannot_win_over_negative_maxima(self):
        pooled, weights = pool(make("max"), [[-1], [-3], [0]], [True, True, False])
        assert pooled.tolist() == [-1]
        assert only(weights).tolist() == [1, 0, 0]

    def test_padding_equal_to_the_maximum_is_not_paid(self):
        text, mask = [[0, 7], [5, 1], [5, 7]], [True, True, False]
        pooled, weights = pool(make("max"), text, mask)
        assert pooled.tolist() == [5, 7]
        assert only(weights).tolist() == [0.5, 0.5, 0]
        assert alternative(make("max"), text, mask).tolist() == [7, 5, 0]

    def test_dead_channel_counts_in_payments_only(self):
        # channel 0 is 2 everywhere: its maximum is split, but the weight is channel 1's alone
        text = [[2, 1], [2, 3]]
        pooled, weights = pool(make("max"), text)
        assert pooled.tolist() == [2, 3]
        assert only(weights).tolist() == [0, 1]
        assert alternative(make("max"), text).tolist() == [1, 4]

    @pytest.mark.parametrize("value", [0, 2, -2])
    def test_all_channels_dead_gives_uniform_weights(self, value):
        pooled, weights = pool(make("max"), [[value] * 2] * 4 + [[9, 9]], [True] * 4 + [False])
        assert pooled.tolist() == [value, value]
        assert only(weights).tolist() == [0.25, 0.25, 0.25, 0.25, 0]


class TestAverageByHand:
    def test_mean_of_the_real_positions(self):
        pooled, weights = pool(make("average"), [[1, 3], [3, 7], [90, 90]], [True, True, False])
        assert pooled.tolist() == [2, 5]
        assert only(weights).tolist() == [0.5, 0.5, 0]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            # mean 1, squared distances 1, 1, 4: closeness 1, 1, 1/4 of a sum of 9/4
            ([[0], [0], [3]], [4 / 9, 4 / 9, 1 / 9]),
            # mean (1, 2), mean squared distances 2.5, 2.5, 10: the same ratios
            ([[0, 0], [0, 0], [3, 6]], [4 / 9, 4 / 9, 1 / 9]),
            # mean 3: the middle position lies on it and takes all
            ([[0], [3], [6]], [0, 1, 0]),
            # mean 3: two positions lie on it and share
            ([[0], [3], [3], [6]], [0, 0.5, 0.5, 0]),
            ([[5, 1], [5, 1], [5, 1]], [1 / 3, 1 / 3, 1 / 3]),
            ([[7]], [1]),
        ],
    )
    def test_inverse_distance(self, text, expected):
        np.testing.assert_allclose(alternative(make("average"), text), expected, atol=1e-6)

    def test_inverse_distance_leaves_padding_out(self):
        found = alternative(make("average"), [[0], [0], [3], [NAN]], [True, True, True, False])
        np.testing.assert_allclose(found, [4 / 9, 4 / 9, 1 / 9, 0], atol=1e-6)


class TestMinVarianceByHand:
    def test_one_over_unbiased_variance(self):
        # variances 2 / (2 - 1) = 2 and 0: 1/2.001 against 1/0.001 is 1 against 2001
        pooled, weights = pool(make("min-variance"), [[1, 3], [5, 5]])
        np.testing.assert_allclose(only(weights), [1 / 2002, 2001 / 2002], atol=1e-7)
        np.testing.assert_allclose(pooled, [10006 / 2002, 10008 / 2002], rtol=1e-6)

    def test_variance_divides_by_channels_less_one(self):
        # squares 1 + 1 + 4 and 1 + 0 + 1, halved: variances 3 and 1
        _, weights = pool(make("min-variance"), [[0, 0, 3], [1, 2, 3]])
        np.testing.assert_allclose(weights[1, 0] / weights[0, 0], 3.001 / 1.001, rtol=1e-5)

    @pytest.mark.parametrize("text", [[[1, 1], [5, 5], [0, 0]], [[1], [8], [-3]]])
    def test_no_variance_anywhere_or_one_channel_gives_uniform_weights(self, text):
        _, weights = pool(make("min-variance"), text)
        np.testing.assert_allclose(only(weights), [1 / 3] * 3, atol=1e-7)


class TestAttentionByHand:
    LOG_3 = math.log(3) / math.tanh(1)  # energy ln 3 where x is 1, 0 where x is 0
    LOG_4 = math.log(4) / math.tanh(1)

    def test_softmax_of_energies(self):
        layer = make("attention")
        layer.build((None, None, 2))
        layer.set_weights([np.eye(2), np.array([[self.LOG_3], [0]])])
        pooled, weights = pool(layer, [[0, 8], [1, 4]])
        np.testing.assert_allclose(only(weights), [1 / 4, 3 / 4], atol=1e-6)
        np.testing.assert_allclose(pooled, [3 / 4, 5], atol=1e-5)

    def test_rows_are_concatenated_row_by_row(self):
        # three channels, two rows: (1/4, 3/4) and (1/5, 4/5)
        layer = attention([[self.LOG_3, 0, 0], [0, self.LOG_4, 0]], channels=3)
        pooled, weights = pool(layer, [[0, 0, 5], [1, 1, 10]])
        np.testing.assert_allclose(weights, [[1 / 4, 1 / 5], [3 / 4, 4 / 5]], atol=1e-6)
        np.testing.assert_allclose(pooled, [0.75, 0.75, 8.75, 0.8, 0.8, 9], atol=1e-5)

    def test_masked_positions_leave_the_softmax(self):
        layer = attention([[self.LOG_3]], channels=1)
        _, weights = pool(layer, [[0], [1], [1]], [True, True, False])
        np.testing.assert_allclose(only(weights), [1 / 4, 3 / 4, 0], atol=1e-6)

    def test_padding_does_not_outshine_very_low_energies(self):
        # energies 0 (padding) against -200: e^-200 is 0 in float32, unless padding is left out
        layer = attention([[-200 / math.tanh(1)]], channels=1)
        _, weights = pool(layer, [[1], [1], [0]], [True, True, False])
        np.testing.assert_allclose(only(weights), [1 / 2, 1 / 2, 0], atol=1e-6)

    def test_units_set_the_width_of_the_projection(self):
        layer = layers.MultiHeadAttentionPooling1D(heads=3, units=5)
        layer.build((None, None, 7))
        assert [w.shape for w in layer.weights] == [(7, 5), (5, 3)]

    @pytest.mark.parametrize("options", [{"heads": 0}, {"heads": -1}, {"units": 0}])
    def test_refuses_nothing_to_attend_with(self, options):
        with pytest.raises(ValueError, match="at least 1"):
            layers.MultiHeadAttentionPooling1D(**options)


@EVERY_HEAD
class TestEveryLayer:
    """One run of the same checks for every layer of the head table."""

    CHANNELS = 7  # no multiple of the four heads

    def texts(self, head, batch=3, time=6):
        random = np.random.default_rng(len(head))
        inputs = random.normal(size=(batch, time, self.CHANNELS)).astype(np.float32)
        mask = np.arange(time) < np.array([time, 2, 0][:batch])[:, None]
        return inputs, mask

    def test_shapes(self, head):
        inputs, mask = self.texts(head)
        layer = make(head)
        for given_mask in (None, mask):
            pooled, weights = layer(inputs, mask=given_mask)
            assert pooled.shape == (3, layer.rows * self.CHANNELS)
            assert weights.shape == (3, 6, layer.rows)
        assert layer.compute_mask(inputs, mask) is None

    def test_config_round_trip(self, head):
        inputs, mask = self.texts(head)
        layer = make(head, name="pooling")
        expected = pool(layer, inputs, mask)
        saved = json.dumps(keras.saving.serialize_keras_object(layer))
        again = keras.saving.deserialize_keras_object(json.loads(saved), safe_mode=True)
        assert type(again) is type(layer)
        assert again.get_config() == layer.get_config()
        again.set_weights(layer.get_weights())
        for found, wanted in zip(pool(again, inputs, mask), expected, strict=True):
            assert np.array_equal(found, wanted)

    def test_equals_the_oracle(self, head):
        inputs, mask = self.texts(head)
        layer = make(head)
        pooled, weights = pool(layer, inputs, mask)
        for b, count in enumerate(mask.sum(axis=1)[:2]):
            vectors = inputs[b, :count].astype(np.float64)
            wanted = oracle.WEIGHTS[head](vectors, *layer.get_weights())
            np.testing.assert_allclose(weights[b, :count], wanted.T, atol=1e-6)
            parts = oracle.paid(head, vectors, wanted).sum(axis=1)
            np.testing.assert_allclose(pooled[b], parts.ravel(), atol=1e-5)

    @pytest.mark.parametrize("poison", [NAN, INF, -INF, 3e38, -3e38, 0.0])
    def test_masked_values_do_not_matter(self, head, poison):
        inputs, mask = self.texts(head)
        layer = make(head)
        expected = pool(layer, inputs, mask)
        poisoned = np.where(mask[..., None], inputs, np.float32(poison))
        found = pool(layer, poisoned, mask)
        for one, other in zip(found, expected, strict=True):
            assert np.array_equal(one, other)
        assert not found[1][~mask].any()
        if HEADS[head].alternative:
            one, other = (numbers(layer.alternative(x, mask)) for x in (poisoned, inputs))
            assert np.array_equal(one, other)

    def test_training_step_has_finite_gradients(self, head):
        inputs, mask = self.texts(head)
        inputs[~mask] = NAN
        layer, readout = make(head), keras.layers.Dense(2)
        layer.build(inputs.shape)
        x = tf.constant(inputs)
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(readout(layer(x, mask=mask)[0]) ** 2)
        variables = layer.trainable_variables + readout.trainable_variables
        of_inputs, *gradients = tape.gradient(loss, [x, *variables])
        assert all(np.isfinite(gradient).all() for gradient in (of_inputs, *gradients))
        assert all(np.any(gradient) for gradient in (of_inputs, *gradients))
        assert not np.any(of_inputs.numpy()[~mask])
        keras.optimizers.Adam(0.1).apply(gradients, variables)
        assert all(np.isfinite(output).all() for output in pool(layer, inputs, mask))

    @SHORT_TYPES
    @pytest.mark.parametrize("scale", [1e-4, 1, 6e4])
    def test_short_float_types_stand_long_texts(self, head, dtype, scale):
        keras.utils.set_random_seed(0)
        inputs = np.random.default_rng(0).uniform(-scale, scale, (2, 5_000, 8))
        mask = np.arange(5_000) < np.array([5_000, 4_321])[:, None]
        short = ops.cast(inputs, dtype)
        layer = make(head, dtype=dtype)
        pooled, weights = layer(short, mask=mask)
        assert keras.backend.standardize_dtype(pooled.dtype) == dtype
        assert keras.backend.standardize_dtype(weights.dtype) == "float32"
        pooled, weights = numbers(pooled), numbers(weights)
        assert np.isfinite(pooled).all()
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-4)
        assert not weights[~mask].any()
        wide = make(head)
        wide.build(inputs.shape)
        wide.set_weights([numbers(w.value) for w in layer.weights])
        wanted, _ = pool(wide, numbers(short), mask)
        # energies of attention are rounded to the short type; they differ by 1/128 at most
        np.testing.assert_allclose(pooled, wanted, atol=0.02 * scale)

    @SHORT_TYPES
    def test_short_float_types_without_real_positions(self, head, dtype):
        layer = make(head, dtype=dtype)
        outputs = layer(ops.cast(np.ones((1, 3, 4)), dtype), mask=np.zeros((1, 3), bool))
        assert not any(numbers(output).any() for output in outputs)

    def test_double_precision_stays(self, head):
        layer = make(head, dtype="float64")
        outputs = layer(np.ones((1, 3, 4)))
        assert [keras.backend.standardize_dtype(o.dtype) for o in outputs] == ["float64"] * 2


@st.composite
def masked_texts(draw):
    """(inputs (B, T, C), mask (B, T)) with many ties, and now and then no real position."""
    batch, time, channels = (draw(st.integers(1, limit)) for limit in (3, 12, 6))
    random = np.random.default_rng(draw(st.integers(0, 2**16)))
    scale = draw(st.sampled_from([1e-3, 1.0, 1e3]))
    if draw(st.booleans()):
        inputs = random.integers(-2, 3, (batch, time, channels)) * scale
    else:
        inputs = random.normal(scale=scale, size=(batch, time, channels))
    mask = random.random((batch, time)) < draw(st.sampled_from([0.3, 0.8, 1.0]))
    return inputs.astype(np.float32), mask


@EVERY_HEAD
class TestRules:
    @given(text=masked_texts())
    def test_weights_are_shares_of_the_real_tokens(self, head, text):
        inputs, mask = text
        _, weights = pool(make(head), inputs, mask)
        assert (weights >= 0).all()
        assert not weights[~mask].any()
        sums = np.where(mask.any(axis=1), 1.0, 0.0)
        np.testing.assert_allclose(
            weights.sum(axis=1), np.tile(sums[:, None], weights.shape[-1]), atol=1e-5
        )

    @given(text=masked_texts(), seed=st.integers(0, 2**16))
    def test_permuting_positions_permutes_weights(self, head, text, seed):
        inputs, mask = text
        order = np.random.default_rng(seed).permutation(inputs.shape[1])
        layer = make(head)
        pooled, weights = pool(layer, inputs, mask)
        moved_pooled, moved_weights = pool(layer, inputs[:, order], mask[:, order])
        np.testing.assert_allclose(moved_weights, weights[:, order], atol=1e-5)
        scale = max(1, np.abs(inputs).max())
        np.testing.assert_allclose(moved_pooled, pooled, atol=1e-5 * scale)

    @given(text=masked_texts(), extra=st.integers(1, 40))
    def test_padding_changes_nothing(self, head, text, extra):
        inputs, mask = text
        longer = np.pad(inputs, ((0, 0), (0, extra), (0, 0)), constant_values=1e9)
        layer = make(head)
        pooled, weights = pool(layer, inputs, mask)
        longer_pooled, longer_weights = pool(layer, longer, np.pad(mask, ((0, 0), (0, extra))))
        np.testing.assert_allclose(longer_weights[:, : mask.shape[1]], weights, atol=1e-6)
        scale = max(1, np.abs(inputs).max())
        np.testing.assert_allclose(longer_pooled, pooled, atol=1e-5 * scale)

    @given(text=masked_texts())
    def test_equals_the_oracle(self, head, text):
        inputs, mask = text
        layer = make(head)
        _, weights = pool(layer, inputs, mask)
        for row, found, real in zip(inputs, weights, mask, strict=True):
            if real.any():
                vectors = row[real].astype(np.float64)
                wanted = oracle.WEIGHTS[head](vectors, *layer.get_weights())
                np.testing.assert_allclose(found[real], wanted.T, atol=1e-4)


@given(text=masked_texts())
def test_activation_sums_to_the_pooled_vector(text):
    inputs, mask = text
    layer = make("max")
    pooled, _ = pool(layer, inputs, mask)
    activation = only(numbers(layer.alternative(inputs, mask)))
    assert not activation[~mask].any()
    np.testing.assert_allclose(activation.sum(axis=1), pooled.sum(axis=1), rtol=1e-4, atol=1e-4)


@given(text=masked_texts())
def test_inverse_distance_is_a_share_of_the_real_tokens(text):
    inputs, mask = text
    closeness = only(numbers(make("average").alternative(inputs, mask)))
    assert (closeness >= 0).all()
    assert not closeness[~mask].any()
    np.testing.assert_allclose(closeness.sum(axis=1), mask.any(axis=1), atol=1e-5)


def test_alternatives_are_those_of_the_table():
    offered = {head for head in HEADS if hasattr(make(head), "alternative")}
    assert offered == {head for head, entry in HEADS.items() if entry.alternative}


class PaysItsRows(strangers.TwoRows):
    """Two rows side by side in the pooled vector, and in what is paid."""

    def payments(self, inputs, mask):
        _, weights = self(inputs, mask=mask)
        inputs = np.where(mask[..., None], inputs, 0)
        return ops.concatenate([weights[..., r : r + 1] * inputs for r in range(2)], axis=-1)


@pytest.mark.filterwarnings("ignore:.*does not support masking")
class TestRowPayments:
    """What each position adds to each row's part of the pooled vector."""

    @pytest.mark.parametrize(
        "layer", [layers.MaskedGlobalMaxPooling1D, PaysItsRows, strangers.LogSumExp]
    )
    @given(text=masked_texts())
    def test_payments_sum_to_the_rows_of_the_pooled_vector(self, layer, text):
        self.check_sums(layer(), *text)

    @pytest.mark.parametrize("layer", [strangers.Squared, strangers.TwoRows])
    @given(text=masked_texts())
    def test_without_payments_the_rows_are_shared_out_by_weight(self, layer, text):
        inputs, mask = text
        paid, pooled, weights = self.check_sums(layer(), inputs, mask)
        parts = pooled.reshape(len(inputs), weights.shape[-1], 1, -1)
        np.testing.assert_allclose(
            paid, weights.transpose(0, 2, 1)[..., None] * parts, rtol=1e-5, atol=1e-30
        )

    def test_rows_are_those_of_the_weights(self):
        inputs, mask = np.array([[[1, 2], [3, 4]]], np.float32), np.array([[True, True]])
        paid = self.check_sums(PaysItsRows(), inputs, mask)[0]
        assert paid[0, 1].tolist() == [[0.5, 1], [1.5, 2]]

    def check_sums(self, layer, inputs, mask):
        pooled, weights = layer(inputs, mask=mask)
        by_row = ops.transpose(weights, (0, 2, 1))
        paid = numbers(row_payments(layer, inputs, mask, pooled, by_row))
        pooled = numbers(pooled)
        rows = weights.shape[-1]
        assert paid.shape == (*by_row.shape, pooled.shape[1] // rows)
        scale = max(1, np.abs(pooled).max())
        np.testing.assert_allclose(
            paid.sum(axis=2).reshape(pooled.shape), pooled, atol=1e-4 * scale
        )
        return paid, pooled, numbers(weights)
