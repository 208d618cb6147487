"""The classifier: contributions, padding, and the same numbers from Keras and from ONNX."""

import json
import zipfile
from functools import cache

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from poolviz.checkpoints.checkpoint import KERAS
from poolviz.engine.runtime import Engine
from poolviz.model.heads import HEADS, READOUTS
from poolviz.model.options import ModelOptions
from poolviz.training.classifier import MLPReadout, PoolingClassifier, export_onnx
from tests import oracle

KEYS = [(head, readout) for head in HEADS for readout in READOUTS]
EVERY_MODEL = pytest.mark.parametrize(("head", "readout"), KEYS)
BATCHES = (1, 2, 7)
LENGTHS = (1, 2, 3, 17, 300)
VOCABULARY, CLASSES = 35, 3


@pytest.fixture(scope="module")
def models():
    """`models(head, readout)`: weights from NumPy, so that they are the same on every machine."""

    @cache
    def build(head, readout="linear"):
        model = PoolingClassifier(VOCABULARY, CLASSES, ModelOptions(head, readout, 8, 16))
        run(model, [1, 2])
        random = np.random.default_rng(1)
        shapes = [array.shape for array in model.get_weights()]
        scales = [1, *[0.3] * (len(shapes) - 1)]  # the first is the embedding
        weights = [random.normal(scale=x, size=y) for x, y in zip(scales, shapes, strict=True)]
        model.set_weights(weights)
        return model

    return build


@pytest.fixture(scope="module")
def graphs(models, tmp_path_factory):
    """`graphs(head, readout)`: path of that model saved, read back in safe mode and exported."""
    folder = tmp_path_factory.mktemp("models")

    @cache
    def export(head, readout="linear"):
        saved, path = folder / f"{head}-{readout}.keras", folder / f"{head}-{readout}.onnx"
        models(head, readout).save(saved)
        export_onnx(keras.saving.load_model(saved, safe_mode=True), path)
        return path

    return export


@pytest.fixture(scope="module")
def sessions(graphs):
    """`sessions(head, readout)(ids)`: all outputs of the exported graph by name."""

    @cache
    def load(head, readout="linear"):
        session = onnxruntime.InferenceSession(graphs(head, readout))
        names = [output.name for output in session.get_outputs()]
        return lambda ids: dict(zip(names, session.run(names, {"ids": ids}), strict=True))

    return load


def run(model, ids) -> dict[str, np.ndarray]:
    outputs = model(np.atleast_2d(ids).astype(np.int32), training=False)
    return {name: np.asarray(values) for name, values in outputs.items()}


def batch_of_texts(batch: int, length: int) -> np.ndarray:
    """Random texts, a repetitive one, one of a repeated word, a padded and a holed one."""
    ids = np.random.default_rng([batch, length]).integers(1, VOCABULARY, (batch, length))
    for row, text in enumerate(([5], [6, 7, 8]), 1):
        if row < batch:
            ids[row] = np.resize(text, length)
    if batch > 4:
        ids[3, (length + 1) // 2 :] = 0
        ids[4, length // 3] = 0
    return ids.astype(np.int32)


def assert_same(found, wanted, model, ids):
    """Equal to 1e-5; for max but for channels at the edge of the tie tolerance."""
    assert set(found) == set(wanted)
    moves = {"weights", "contributions", "offsets", "alternative"}
    allowed = max(edge(model, text[text > 0]) for text in ids)
    for name in found:
        if not (allowed and name in moves):
            np.testing.assert_allclose(
                found[name], wanted[name], atol=1e-5, rtol=1e-5, err_msg=name
            )
    np.testing.assert_allclose(found["weights"], wanted["weights"], atol=1e-5 + allowed)


def edge(model, ids) -> float:
    """How far max weights may move: 0 but where a channel lies at the edge of the tolerance."""
    if model.options.head != "max" or not len(ids):
        return 0.0
    undecided, counting = oracle.undecided_channels(model, ids)
    return 2 * undecided / max(counting - undecided, 1)


@EVERY_MODEL
class TestContributions:
    TEXTS = ([3], [4, 4, 4, 4, 4, 4, 4], [2, 9, 1, 30, 17, 5, 5, 11, 2], [4, 5] * 15)

    def test_every_output_equals_plain_numpy(self, models, head, readout):
        model = models(head, readout)
        for text in self.TEXTS:
            assert edge(model, np.array(text)) == 0
            outputs = run(model, text)
            for name, wanted in oracle.classify(model, np.array(text)).items():
                np.testing.assert_allclose(outputs[name][0], wanted, atol=1e-5, err_msg=name)

    def test_contributions_and_bias_add_up_to_the_centred_logits(self, models, head, readout):
        for text in self.TEXTS:
            outputs = run(models(head, readout), text)
            total = outputs["contributions"].sum(axis=(1, 2)) + outputs["bias"]
            np.testing.assert_allclose(total, oracle.centred(outputs["logits"]), atol=1e-5)

    def test_offsets_restore_the_raw_logits(self, models, head, readout):
        outputs = run(models(head, readout), self.TEXTS[2])
        raw = outputs["contributions"] + outputs["offsets"][..., None]
        bias = outputs["bias"] + outputs["bias_offset"][:, None]
        np.testing.assert_allclose(raw.sum(axis=(1, 2)) + bias, outputs["logits"], atol=1e-5)

    def test_means_over_the_classes_are_zero(self, models, head, readout):
        outputs = run(models(head, readout), self.TEXTS[2])
        for name in {"contributions", "bias", "values"} & set(outputs):
            np.testing.assert_allclose(outputs[name].mean(axis=-1), 0, atol=1e-6)

    def test_weights_times_values_are_contributions(self, models, head, readout):
        outputs = run(models(head, readout), self.TEXTS[2])
        assert ("values" in outputs) == HEADS[head].weighted_mean
        if HEADS[head].weighted_mean:
            product = outputs["weights"][..., None] * outputs["values"]
            np.testing.assert_allclose(product, outputs["contributions"], atol=1e-6)

    def test_bias_is_the_readouts_own(self, models, head, readout):
        model = models(head, readout)
        outputs = run(model, self.TEXTS[2])
        if readout == "linear":
            _, bias = model.readout.get_weights()
            np.testing.assert_allclose(outputs["bias"][0], oracle.centred(bias), atol=1e-6)
            np.testing.assert_allclose(outputs["bias_offset"][0], bias.mean(), atol=1e-6)

    def test_gradient_times_input(self, models, head, readout):
        model, text = models(head, readout), np.array(self.TEXTS[2])
        outputs = run(model, text)
        vectors = np.maximum(oracle.preactivations(text, oracle.parameters(model)), 0)
        parts = oracle.paid(head, vectors, outputs["weights"][0])  # (H, T, C)
        paid = tf.Variable(parts.transpose(1, 0, 2).reshape(len(text), -1), dtype=tf.float32)
        with tf.GradientTape() as tape:
            logits = model.readout(tf.reduce_sum(paid, axis=0, keepdims=True))[0]
        gradients = tape.jacobian(logits, paid).numpy()  # (K, T, H * C)
        products = (gradients * paid.numpy()).reshape(CLASSES, *parts.shape[1::-1], -1).sum(axis=-1)
        raw = outputs["contributions"][0] + outputs["offsets"][0][..., None]
        np.testing.assert_allclose(raw, products.transpose(2, 1, 0), atol=1e-5)
        intercept = logits.numpy() - products.sum(axis=(1, 2))
        bias = outputs["bias"][0] + outputs["bias_offset"][0]
        np.testing.assert_allclose(bias, intercept, atol=1e-5)


def test_written_out_slope_equals_gradient_tape():
    """For each pooled vector of a batch by itself, where GELU bends and far from it."""
    readout = MLPReadout(CLASSES, units=16)
    pooled = tf.constant(np.random.default_rng(0).normal(scale=3, size=(5, 12)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pooled)
        logits = readout(pooled)
    slopes = tape.batch_jacobian(logits, pooled).numpy()  # (B, K, width)
    found = np.asarray(readout.jacobian(pooled))
    np.testing.assert_allclose(found, slopes.transpose(0, 2, 1), atol=1e-5)
    intercept = logits.numpy() - np.einsum("bkw,bw->bk", slopes, pooled.numpy())
    np.testing.assert_allclose(readout.intercept(pooled), intercept, atol=1e-5)


@EVERY_MODEL
class TestOnnx:
    @pytest.mark.parametrize("batch", BATCHES)
    def test_same_numbers_as_keras(self, models, sessions, head, readout, batch):
        model = models(head, readout)
        for length in LENGTHS:
            ids = batch_of_texts(batch, length)
            assert_same(sessions(head, readout)(ids), run(model, ids), model, ids)

    def test_checkpoint_holds_one_model_twice(self, trained, head, readout):
        checkpoint = trained(head, readout)
        model = keras.saving.load_model(checkpoint.path(KERAS), safe_mode=True)
        ids = batch_of_texts(3, 17)
        found, wanted = Engine(checkpoint).run(ids), run(model, ids)
        np.testing.assert_allclose(found["logits"], wanted["logits"], atol=1e-5, rtol=1e-5)
        total = found["contributions"].sum(axis=(1, 2)) + found["bias"]
        np.testing.assert_allclose(total, oracle.centred(wanted["logits"]), atol=1e-5, rtol=1e-5)

    def test_graph_has_named_outputs_and_free_sizes(self, models, graphs, head, readout):
        graph = onnx.load(graphs(head, readout)).graph
        assert [value.name for value in graph.input] == ["ids"]
        shape = graph.input[0].type.tensor_type.shape.dim
        assert len(shape) == 2
        assert not any(dimension.HasField("dim_value") for dimension in shape)
        assert {value.name for value in graph.output} == set(run(models(head, readout), [1, 2]))

    def test_nothing_of_training_is_in_the_file(self, trained, head, readout):
        with zipfile.ZipFile(trained(head, readout).path(KERAS)) as archive:
            config = archive.read("config.json").decode()
        assert "Lambda" not in config
        assert not json.loads(config)["compile_config"]


@st.composite
def texts(draw):
    """Ids (T,) without padding; half of them repeat a short piece, as 哈哈哈哈 does."""
    piece = draw(st.lists(st.integers(1, 34), min_size=1, max_size=12))
    length = draw(st.integers(1, 60))
    return np.resize(piece, length if draw(st.booleans()) else len(piece)).astype(np.int32)


@EVERY_MODEL
class TestPadding:
    @given(text=texts(), extra=st.integers(1, 60))
    def test_changes_neither_weights_nor_probabilities(
        self, models, sessions, head, readout, text, extra
    ):
        session = sessions(head, readout)
        short = session(text[None])
        long = session(np.pad(text, (0, extra))[None])
        allowed = 1e-5 + edge(models(head, readout), text)
        np.testing.assert_allclose(long["probabilities"], short["probabilities"], atol=1e-5)
        np.testing.assert_allclose(long["logits"], short["logits"], atol=1e-4)
        found, beyond = np.split(long["weights"], [len(text)], axis=-1)
        np.testing.assert_allclose(found, short["weights"], atol=allowed)
        assert not beyond.any()
        assert not long["contributions"][:, :, len(text) :].any()

    @given(text=texts())
    def test_weights_are_shares_of_the_real_tokens(self, sessions, head, readout, text):
        weights = sessions(head, readout)(np.pad(text, (0, 5))[None])["weights"][0]
        assert (weights >= 0).all()
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)

    @given(text=texts(), place=st.floats(0, 1))
    def test_a_masked_token_counts_for_nothing(self, sessions, head, readout, text, place):
        text = np.append(text, np.int32(3))
        hole = int(place * (len(text) - 2))
        text[hole] = 0
        outputs = sessions(head, readout)(text[None])
        assert not outputs["weights"][:, :, hole].any()
        assert not outputs["contributions"][:, :, hole].any()
        np.testing.assert_allclose(outputs["weights"].sum(axis=-1), 1, atol=1e-5)

    def test_all_padding_gives_what_the_readout_makes_of_zero(
        self, models, sessions, head, readout
    ):
        model = models(head, readout)
        outputs = sessions(head, readout)(np.zeros((2, 4), np.int32))
        width = model.readout.get_weights()[0].shape[0]
        nothing = np.asarray(model.readout(np.zeros((1, width), np.float32)))
        np.testing.assert_allclose(outputs["logits"], np.tile(nothing, (2, 1)), atol=1e-6)
        assert not outputs["weights"].any()
        assert not outputs["contributions"].any()


class TestRepetitiveTexts:
    """Texts whose values tie on paper: no channel at the tolerance's edge, so weights must hold."""

    @pytest.mark.parametrize("piece", [[4], [5], [4, 5], [9, 2, 9]])
    @pytest.mark.parametrize("length", [4, 8, 33])
    def test_padding_leaves_max_weights(self, models, sessions, piece, length):
        text = np.resize(piece, length).astype(np.int32)
        assert edge(models("max"), text) == 0
        wanted = oracle.classify(models("max"), text)["weights"]
        for extra in (0, 1, 7, 64):
            found = sessions("max")(np.pad(text, (0, extra))[None])["weights"][0]
            np.testing.assert_allclose(found[:, :length], wanted, atol=1e-5)

    def test_inner_positions_share_equally(self, sessions):
        weights = sessions("max")(np.full((1, 12), 4, np.int32))["weights"][0, 0]
        np.testing.assert_allclose(weights[1:-1], weights[1], atol=1e-6)


class TestModel:
    def test_config_round_trip(self):
        options = ModelOptions("multi-head", "mlp", embedding=4, filters=6, dropout=0.5)
        model = PoolingClassifier(11, 3, options)
        config = json.loads(json.dumps(model.get_config()))
        again = PoolingClassifier.from_config(config)
        assert again.options == options
        assert (again.vocabulary_size, again.classes) == (11, 3)

    def test_dropout_is_for_training_only(self):
        keras.utils.set_random_seed(0)
        model = PoolingClassifier(11, 3, ModelOptions("average", filters=8, dropout=0.5))
        ids = np.array([[1, 2, 3]], np.int32)
        calm = [np.asarray(model(ids)["logits"]) for _ in range(2)]
        assert np.array_equal(*calm)
        assert not np.array_equal(np.asarray(model(ids, training=True)["logits"]), calm[0])

    @EVERY_MODEL
    def test_every_weight_is_trained(self, head, readout):
        model = PoolingClassifier(11, 3, ModelOptions(head, readout, embedding=4, filters=8))
        ids = np.array([[1, 2, 3, 0], [4, 5, 6, 7]], np.int32)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model(ids)["logits"] ** 2)
        for variable, gradient in zip(
            model.trainable_variables, tape.gradient(loss, model.trainable_variables), strict=True
        ):
            dense = tf.convert_to_tensor(gradient)
            assert np.isfinite(dense).all(), variable.path
            assert np.any(dense), variable.path
