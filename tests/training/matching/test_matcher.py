"""The matchers: padding, symmetry, slopes, and the same numbers from Keras and from ONNX."""

import itertools
from functools import cache

import keras
import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from poolviz.model.heads import ASKED_HEADS
from poolviz.model.kinds import KINDS, MATCHER, kinds_of
from poolviz.model.options import MatcherOptions
from poolviz.model.tower import WINDOW
from poolviz.training.matching.matcher import Matcher, export_matcher
from poolviz.training.matching.pair_readouts import (
    CosineReadout,
    DenseReadout,
    WeightedCosineReadout,
)

VOCABULARY, WIDTH = 40, 12
# A label or triplet matcher is a siamese one trained in another way.
KEYS = [
    (kind, head, readout)
    for kind in ("siamese", "interactive")
    for head, readout in itertools.product(KINDS[kind].heads, KINDS[kind].readouts)
] + [("triplet", "average", "weighted-cosine")]
EVERY_MATCHER = pytest.mark.parametrize("key", KEYS, ids="-".join)
PER_SIDE = ("vector", "weights", "payments")


@pytest.fixture(scope="module")
def matchers():
    """`matchers(kind, head, readout)`: weights from NumPy, the same on every machine."""

    @cache
    def build(kind, head, readout="cosine"):
        model = Matcher(VOCABULARY, MatcherOptions(kind, head, readout, WIDTH))
        run(model, [[1, 2]], [[3]])
        random = np.random.default_rng(2)
        model.set_weights([w + random.normal(scale=0.2, size=w.shape) for w in model.get_weights()])
        return model

    return build


def run(model, a, b) -> dict[str, np.ndarray]:
    inputs = {"ids_a": np.asarray(a, np.int32), "ids_b": np.asarray(b, np.int32)}
    return {name: np.asarray(values) for name, values in model(inputs).items()}


def pairs(rows: int, long: int, short: int) -> tuple[np.ndarray, np.ndarray]:
    """Random sentences, a repetitive one, one with a hole and one that is padded."""
    random = np.random.default_rng([rows, long, short])
    a, b = (random.integers(1, VOCABULARY, (rows, n)).astype(np.int32) for n in (long, short))
    if rows > 3:
        a[1] = 7
        a[2, long // 2] = 0
        b[3, max(short // 2, 1) :] = 0
    return a, b


def padded(ids: np.ndarray, more: int) -> np.ndarray:
    return np.pad(ids, ((0, 0), (0, more)))


@EVERY_MATCHER
class TestEveryMatcher:
    def test_padding_changes_nothing(self, matchers, key):
        model = matchers(*key)
        a, b = pairs(5, 9, 4)
        wanted = run(model, a, b)
        for more_a, more_b in ((1, 0), (0, 3), (16, 40)):
            found = run(model, padded(a, more_a), padded(b, more_b))
            for name in ("score", "probability", "vector_a", "vector_b"):
                np.testing.assert_allclose(found[name], wanted[name], atol=2e-6, rtol=1e-5)
            for side, length in (("a", 9), ("b", 4)):
                weights = found[f"weights_{side}"]
                np.testing.assert_allclose(
                    weights[..., :length], wanted[f"weights_{side}"], atol=2e-6
                )
                assert not weights[..., length:].any()

    def test_weights_are_shares_of_real_positions(self, matchers, key):
        a, b = pairs(5, 9, 4)
        found = run(matchers(*key), a, b)
        for ids, side in ((a, "a"), (b, "b")):
            weights = found[f"weights_{side}"]
            np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-6)
            assert not weights[np.broadcast_to((ids == 0)[:, None], weights.shape)].any()

    def test_payments_sum_to_the_vector(self, matchers, key):
        found = run(matchers(*key), *pairs(5, 9, 4))
        for side in "ab":
            paid = found[f"payments_{side}"].sum(axis=2).reshape(5, -1)
            np.testing.assert_allclose(paid, found[f"vector_{side}"], atol=1e-5)

    def test_a_sentence_of_nothing_gives_zeros(self, matchers, key):
        found = run(matchers(*key), np.zeros((1, 3)), [[4, 5]])
        assert not found["vector_a"].any()
        assert not found["weights_a"].any()
        assert all(np.isfinite(values).all() for values in found.values())

    def test_a_cosine_does_not_see_the_order_of_the_sentences(self, matchers, key):
        model = matchers(*key)
        a, b = pairs(5, 9, 4)
        there, back = run(model, a, b), run(model, b, a)
        if KINDS[key[0]].readouts[key[2]].symmetric:
            np.testing.assert_allclose(there["score"], back["score"], atol=1e-6)
            np.testing.assert_allclose(there["probability"], back["probability"], atol=1e-6)
        else:
            assert np.abs(there["score"] - back["score"]).max() > 1e-3
        if key[0] != "interactive":
            np.testing.assert_allclose(there["weights_a"], back["weights_b"], atol=1e-6)

    def test_slopes_are_the_gradient(self, matchers, key):
        model = matchers(*key)
        found = run(model, *pairs(4, 9, 4))
        u, v = (tf.constant(found[f"vector_{side}"]) for side in "ab")
        with tf.GradientTape() as tape:
            tape.watch([u, v])
            score, _ = model.readout(u, v)
        by_u, by_v = (np.asarray(g) for g in tape.gradient(score, [u, v]))
        along_u = found["slope_a"] + found["slope_product"] * v.numpy()
        along_v = found["slope_b"] + found["slope_product"] * u.numpy()
        if "cosine" in key[2]:  # the lengths of the vectors are held fixed
            counts = np.exp(2 * np.asarray(getattr(model.readout, "log_factors", 0.0)))
            squares = [(counts * x.numpy() ** 2).sum(axis=1, keepdims=True) for x in (u, v)]
            cosine = np.asarray(score)[:, None]
            along_u = along_u - cosine * counts * u.numpy() / squares[0]
            along_v = along_v - cosine * counts * v.numpy() / squares[1]
        np.testing.assert_allclose(along_u, by_u, atol=1e-5)
        np.testing.assert_allclose(along_v, by_v, atol=1e-5)

    def test_graphs_give_the_numbers_of_the_saved_model(self, matchers, key, tmp_path):
        model = matchers(*key)
        model.save(tmp_path / "m.keras")
        reloaded = keras.saving.load_model(tmp_path / "m.keras", safe_mode=True)
        export_matcher(reloaded, tmp_path / "one.onnx", tmp_path / "two.onnx")
        encode, compare = (session(tmp_path / f"{name}.onnx") for name in ("one", "two"))
        for rows, long, short in ((1, 1, 1), (5, 17, 4), (2, 200, 3)):
            a, b = pairs(rows, long, short)
            wanted = run(model, a, b)
            found = {
                f"{name}_{side}": values
                for side, ids in (("a", a), ("b", b))
                for name, values in encode({"ids": ids}).items()
            }
            states = {
                f"{name}_{side}": found[f"{name}_{side}"] for name in model.state for side in "ab"
            }
            found |= compare(states)
            assert set(found) == set(wanted)
            for name in found:
                np.testing.assert_allclose(
                    found[name], wanted[name], atol=1e-5, rtol=1e-5, err_msg=name
                )


def session(path):
    loaded = onnxruntime.InferenceSession(path)
    names = [output.name for output in loaded.get_outputs()]
    return lambda inputs: dict(zip(names, loaded.run(names, inputs), strict=True))


def test_a_position_reads_the_window_and_no_further(matchers):
    model = matchers("siamese", "average")
    ids = np.arange(1, 21, dtype=np.int32)[None]
    before = np.asarray(model.tower(ids))[0]
    for changed in (0, 9, 19):
        other = ids.copy()
        other[0, changed] = 30
        moved = np.abs(np.asarray(model.tower(other))[0] - before).max(axis=1) > 1e-7
        reads = [t - WINDOW[0] <= changed <= t + WINDOW[1] for t in range(20)]
        assert moved.tolist() == reads


def test_both_sentences_go_through_one_tower(matchers):
    model = matchers("siamese", "attention")
    found = run(model, [[3, 4, 5]], [[3, 4, 5]])
    np.testing.assert_allclose(found["vector_a"], found["vector_b"], atol=1e-7)
    np.testing.assert_allclose(found["score"], 1, atol=1e-6)


@pytest.mark.parametrize("head", ASKED_HEADS)
def test_interactive_weights_depend_on_the_other_sentence(matchers, head):
    model = matchers("interactive", head)
    one, other = (run(model, [[3, 4, 5, 6]], [ids])["weights_a"] for ids in ([7, 8], [9, 10, 11]))
    assert np.abs(one - other).max() > 1e-4


class TestReadoutsByHand:
    U, V = np.array([[3.0, 4.0]], np.float32), np.array([[4.0, 3.0]], np.float32)

    def test_cosine(self):
        readout = CosineReadout()
        score, logit = readout(self.U, self.V)
        assert float(score[0]) == pytest.approx(24 / 25)
        assert float(logit[0]) == pytest.approx(8 * 24 / 25 - 4.8, rel=1e-5)
        _, _, product = readout.slopes(self.U, self.V)
        np.testing.assert_allclose(product, [[1 / 25, 1 / 25]], rtol=1e-6)

    def test_a_weighted_cosine_is_that_of_stretched_vectors(self):
        readout = WeightedCosineReadout()
        assert float(readout(self.U, self.V)[0][0]) == pytest.approx(24 / 25)
        readout.log_factors.assign(np.log([1.0, 2.0]))
        score, _ = readout(self.U, self.V)
        wanted = (12 + 48) / np.sqrt((9 + 64) * (16 + 36))
        assert float(score[0]) == pytest.approx(wanted, rel=1e-6)
        _, _, product = readout.slopes(self.U, self.V)
        assert float((product * self.U * self.V).numpy().sum()) == pytest.approx(wanted, rel=1e-6)

    @pytest.mark.parametrize("layer", [CosineReadout, WeightedCosineReadout, DenseReadout])
    def test_calibration_moves_the_logit(self, layer):
        readout = layer()
        _, before = readout(self.U, self.V)
        readout.calibrate(2.0, -1.0)
        _, after = readout(self.U, self.V)
        assert float(after[0]) == pytest.approx(2 * float(before[0]) - 1, rel=1e-5)


def test_every_kind_builds_with_every_head_of_its_own():
    for kind in kinds_of(MATCHER):
        for head, record in KINDS[kind].heads.items():
            model = Matcher(VOCABULARY, MatcherOptions(kind, head, "cosine", WIDTH))
            assert model.head.__class__.__name__ == record.layer
