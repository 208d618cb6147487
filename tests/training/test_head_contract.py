"""The contract of a head: built-in heads and strangers keep it, and each rule can be broken."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from poolviz.model.heads import HEADS
from poolviz.training import layers
from poolviz.training.head_contract import FOUNDATION, RULES, check
from tests.strangers import First, LogSumExp, Plain, PowerMean, Squared, TwoRows, column


@pytest.mark.parametrize(
    ("head", "splits", "key"),
    [
        (Plain, "weights", "plain"),
        (TwoRows, "weights", "two-rows"),
        (LogSumExp, "payments", "log-sum-exp"),
        (Squared, "nothing", "squared"),
        (PowerMean, "nothing", "power-mean"),
        (First, "weights", "first-token"),
    ],
)
def test_strangers_keep_the_contract(head, splits, key):
    report = check(head)
    assert report.broken == {}
    assert report.held == tuple(RULES)
    assert (report.splits, report.key, report.exact) == (splits, key, splits != "nothing")


@pytest.mark.parametrize("head", HEADS)
def test_built_in_heads_keep_the_contract_as_the_table_says(head):
    report = check(getattr(layers, HEADS[head].layer))
    assert report.broken == {}
    assert (report.splits == "weights") == HEADS[head].weighted_mean
    assert report.exact == HEADS[head].exact
    assert report.rows == HEADS[head].rows


# --- one mutant for each rule: nothing but this rule is broken


class TakesArguments(Plain):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)


class OneOutput(Plain):
    def call(self, inputs, mask=None):
        return super().call(inputs, mask)[0]


class FlatWeights(Plain):
    def call(self, inputs, mask=None):
        pooled, weights = super().call(inputs, mask)
        return pooled, weights[..., 0]


class LogarithmOfAll(Plain):
    def energies(self, inputs, real):
        return ops.log(inputs[..., :1])


class Random(Plain):
    def energies(self, inputs, real):
        return keras.random.normal(ops.shape(inputs[..., :1]), dtype=inputs.dtype)


class Slash(Plain):
    key = "a/b"


class Marked(Plain):
    title = "<b>Plain</b>"


class SameTitle(Plain):
    title = "multi-head Attention"


class SaysNothing(Plain):
    meaning = ""


class HalfWithoutMask(Plain):
    def call(self, inputs, mask=None):
        pooled, weights = super().call(inputs, mask)
        return (pooled / 2 if mask is None else pooled), weights


class Squares(Plain):
    """Weights w²: one token still has all the weight."""

    def weigh(self, inputs, real):
        return ops.square(super().weigh(inputs, real))


class BelowZero(Plain):
    """2w - 1/n sums to 1."""

    def weigh(self, inputs, real):
        mean = ops.cast(real, inputs.dtype)
        mean = mean / ops.maximum(ops.sum(mean, axis=1, keepdims=True), 1)
        return 2 * super().weigh(inputs, real) - mean


class WeighsPadding(Plain):
    def weigh(self, inputs, real):
        padding = ops.logical_and(ops.logical_not(real), ops.any(real, axis=1, keepdims=True))
        return super().weigh(inputs, real) + 0.5 * ops.cast(padding, inputs.dtype)


class WarmWithLength(Plain):
    def energies(self, inputs, real):
        length = ops.cast(ops.shape(inputs)[1], inputs.dtype)
        return super().energies(inputs, real) * length / 10


class TimesMask(Plain):
    """0 × NaN is NaN."""

    def call(self, inputs, mask=None):
        real = column(mask, inputs)
        weights = self.weigh(ops.where(real, inputs, 0), real)
        return ops.sum(weights * inputs, axis=1), weights


class WarmWithBatch(Plain):
    def energies(self, inputs, real):
        batch = ops.cast(ops.shape(inputs)[0], inputs.dtype)
        return super().energies(inputs, real) * batch / 3


class LaterIsHeavier(Plain):
    def energies(self, inputs, real):
        return ops.cumsum(ops.cast(real, inputs.dtype), axis=1) / 10


class NothingIsNaN(Plain):
    def call(self, inputs, mask=None):
        pooled, weights = super().call(inputs, mask)
        return pooled / ops.sum(weights, axis=1), weights


class OneTooFew(Plain):
    """Divides by n - 1 what it multiplied by n - 1."""

    def call(self, inputs, mask=None):
        pooled, weights = super().call(inputs, mask)
        rest = ops.sum(ops.cast(column(mask, inputs), inputs.dtype), axis=1) - 1
        return pooled * rest / rest, weights


class GreatConstant(Plain):
    """1e12 is infinite in float16."""

    def weigh(self, inputs, real):
        real = ops.cast(real, inputs.dtype)
        energies = self.energies(inputs, real) - (1 - real) * ops.cast(1e12, inputs.dtype)
        raised = ops.exp(energies - ops.max(energies, axis=1, keepdims=True)) * real
        total = ops.sum(raised, axis=1, keepdims=True)
        return raised / ops.where(total > 0, total, 1)


class Forgets(Plain):
    """Its scores are no weight of the layer."""

    def build(self, input_shape):
        self.scores = np.random.normal(scale=0.03, size=(input_shape[-1], 1))

    def energies(self, inputs, real):
        return ops.matmul(inputs, ops.cast(self.scores, inputs.dtype))


class NoKeywords(Plain):
    """Keras hands a name and a dtype to what it rebuilds."""

    def __init__(self):
        super().__init__()


class NoGraph(Plain):
    """NumPy within the call cannot be exported."""

    def energies(self, inputs, real):
        energies = super().energies(inputs, real)
        halved = tf.numpy_function(lambda x: x / 2, [energies], energies.dtype)
        return tf.reshape(halved, tf.shape(energies))


class RootOfZero(Plain):
    """The slope of √0 is infinite."""

    def energies(self, inputs, real):
        return ops.sqrt(ops.sum(ops.square(inputs), axis=-1, keepdims=True))


class PaysTwice(Plain):
    def payments(self, inputs, mask):
        pooled, weights = self.call(inputs, mask)
        return 2 * weights * ops.where(column(mask, inputs), inputs, 0)


MUTANTS = {
    "layer": [object, math.tanh, keras.layers.Layer],
    "arguments": [TakesArguments],
    "outputs": [OneOutput],
    "shapes": [FlatWeights],
    "finite": [LogarithmOfAll],
    "repeatable": [Random],
    "name": [Slash],
    "title": [Marked, SameTitle, SaysNothing],
    "no mask": [HalfWithoutMask],
    "sum": [Squares],
    "sign": [BelowZero],
    "padding weight": [WeighsPadding],
    "padding length": [WarmWithLength],
    "padding values": [TimesMask],
    "batch": [WarmWithBatch],
    "order": [LaterIsHeavier],
    "empty": [NothingIsNaN],
    "one token": [OneTooFew],
    "short floats": [GreatConstant],
    "saving": [Forgets, NoKeywords],
    "onnx": [NoGraph],
    "gradients": [RootOfZero],
    "payments": [PaysTwice],
}
# Part of what is said of each: mostly the number that is wrong, and on which text.
SENTENCES = {
    "layer": "",
    "arguments": "cannot be made without arguments",
    "outputs": "returns one value, not (pooled, weights) on inputs (7, 8) [[",
    "shapes": "(3, 7) instead of (3, 7, rows) on inputs (7, 8) [[",
    "finite": "holds nan",
    "repeatable": "When it is read again",
    "name": "'a/b'",
    "title": "give the class ",
    "no mask": "Without a mask, the pooled vector is off by ",
    "sum": ", mask 1111111 sum to 0.",
    "sign": ", mask 1111111 is -0.",
    "padding weight": ", mask 1111000 has the weight 0.5, not 0",
    "padding length": "With 1 masked positions more, a weight is off by ",
    "padding values": "When its masked positions hold nan, the pooled vector becomes NaN",
    "batch": "When it is read alone, a weight is off by ",
    "order": "say order_matters = True if that is meant",
    "empty": ", mask 0000000 holds nan, not zeros",
    "one token": "The pooled vector of inputs (1, 8) [[",
    "short floats": "Its weights sum to nan in float16 on inputs (40, 8) [[",
    "saving": "saved and read back",
    "onnx": "cannot be exported as an ONNX graph",
    "gradients": "gradient of its inputs is not finite on inputs (7, 8) [[0 0 0 …]",
    "payments": "is off the pooled one by ",
}
CASES = [(rule, mutant) for rule, mutants in MUTANTS.items() for mutant in mutants]


def test_there_is_a_mutant_for_every_rule():
    assert list(MUTANTS) == list(RULES)


@pytest.mark.parametrize(("rule", "mutant"), CASES)
def test_a_mutant_breaks_its_rule_alone(rule, mutant):
    report = check(mutant)
    assert list(report.broken) == [rule]
    assert SENTENCES[rule] in report.broken[rule]
    assert report.broken[rule].endswith(".")
    assert "\n" not in report.broken[rule]
    assert (report.splits, report.exact) == (None, False)
    if rule in FOUNDATION:
        assert report.held == tuple(RULES)[: list(RULES).index(rule)]
    else:
        assert set(report.held) == set(RULES) - {rule}
        assert report.unchecked == ()


class RaisesInTheMiddle(Plain):
    """An error within a rule is a sentence with the text on which it was raised."""

    def weigh(self, inputs, real):
        if inputs.shape[1] == 1:
            raise RuntimeError("one is\ntoo few")
        return super().weigh(inputs, real)


class Leaves(Plain):
    def weigh(self, inputs, real):
        raise SystemExit(0)


def test_an_error_is_a_sentence_with_its_text():
    broken = check(RaisesInTheMiddle).broken
    assert {"one token", "empty", "onnx"} <= set(broken)
    sentence = "RaisesInTheMiddle raises RuntimeError: one is too few on inputs (1, 8) [["
    assert broken["one token"].startswith(sentence)
    assert check(Leaves).broken["outputs"].startswith("Leaves raises SystemExit: 0 on inputs")


class NoMask(Plain):
    def call(self, inputs):
        return super().call(inputs)


class Listed(Plain):
    def call(self, inputs, mask=None):
        return {"pooled": inputs, "weights": inputs}


class ThreeOutputs(Plain):
    def call(self, inputs, mask=None):
        return (*super().call(inputs, mask), inputs)


class Numbers(Plain):
    def call(self, inputs, mask=None):
        return 1.0, 2.0


class NoNumbers(Plain):
    def call(self, inputs, mask=None):
        return None


class WidthOfOne(Plain):
    """Two rows of weights over one pooled number."""

    def call(self, inputs, mask=None):
        pooled, weights = super().call(inputs, mask)
        return pooled[:, :1], ops.concatenate([weights, weights], axis=2)


class PaysFlat(Plain):
    def payments(self, inputs, mask):
        return self.call(inputs, mask)[1]


class PaysPadding(Plain):
    """What a masked position is paid is taken from the others."""

    def payments(self, inputs, mask):
        _, weights = self.call(inputs, mask)
        paid = weights * ops.where(column(mask, inputs), inputs, 0)
        return ops.roll(paid, 1, axis=1)


class NumberedKey(Plain):
    key = 7


@pytest.mark.parametrize(
    ("head", "rule", "told"),
    [
        (NoMask, "layer", "takes no mask"),
        (Listed, "outputs", "one value"),
        (ThreeOutputs, "outputs", "3 values"),
        (Numbers, "outputs", "no tensors"),
        (NoNumbers, "outputs", "one value"),
        (WidthOfOne, "shapes", "A pooled width of 1 is no multiple of 2 rows"),
        (PaysFlat, "payments", "(3, 7, 1) instead of (3, 7, 8)"),
        (PaysPadding, "payments", "masked positions"),
        (NumberedKey, "name", "Its key is 7"),
        ("Plain", "layer", "no class"),
        (None, "layer", "no class"),
    ],
)
def test_other_ways_to_break_a_rule(head, rule, told):
    assert told in check(head).broken[rule]


def test_a_lambda_layer_is_refused_where_it_is_used():
    class Halves(keras.layers.Layer):
        def __init__(self, inner=None, **kwargs):
            super().__init__(**kwargs)
            self.inner = inner or keras.layers.Lambda(lambda x: x / 2)

        def get_config(self):
            inner = keras.saving.serialize_keras_object(self.inner)
            return {**super().get_config(), "inner": inner}

        @classmethod
        def from_config(cls, config):
            inner = keras.saving.deserialize_keras_object(config.pop("inner"))
            return cls(inner, **config)

        def call(self, inputs, mask=None):
            return layers.MaskedGlobalAveragePooling1D()(self.inner(inputs), mask=mask)

    report = check(Halves)
    assert list(report.broken) == ["saving"]
    assert "safe mode" in report.broken["saving"]


def test_a_check_leaves_no_settings_behind():
    keras.config.set_dtype_policy("float64")
    try:
        assert check(Plain).broken == {}
        assert keras.config.dtype_policy().name == "float64"
    finally:
        keras.config.set_dtype_policy("float32")


def test_a_check_says_the_same_twice():
    assert check(BelowZero) == check(BelowZero)
