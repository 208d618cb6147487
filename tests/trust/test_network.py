"""The classifier in NumPy: the same as its graph, and its gradients."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from poolviz.checkpoints.checkpoint import FILES, KERAS, write
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer
from poolviz.errors import CheckpointError
from poolviz.model.heads import HEADS, READOUTS
from poolviz.trust.ablation.erasure import ERASURES, erase
from poolviz.trust.ablation.model import Model, engine_probabilities
from poolviz.trust.ablation.network import Network
from poolviz.trust.ablation.pooling import KNOWN_HEADS, product
from tests import oracle
from tests.invented import CARD_FIELDS

EVERY_MODEL = pytest.mark.parametrize(
    ("head", "readout"), [(head, readout) for head in HEADS for readout in READOUTS]
)


def random_text(rng, most=24):
    return rng.integers(1, 30, rng.integers(1, most + 1)).astype(np.int32)


def test_every_head_has_a_numpy_form():
    assert set(KNOWN_HEADS) == set(HEADS)


@pytest.mark.parametrize("rows", [0, 1, 16, 17, 100])
def test_a_product_in_parts_is_the_product(rows):
    rng = np.random.default_rng(rows)
    left, right = rng.normal(size=(rows, 128)), rng.normal(size=(128, 128))
    np.testing.assert_allclose(product(left, right), left @ right, atol=1e-12)


@EVERY_MODEL
@pytest.mark.parametrize("how", ERASURES)
def test_ablations_are_as_full_passes_through_the_graph(trained, head, readout, how):
    """As near as the graph's own float32 comes."""
    checkpoint = trained(head, readout)
    network, engine = Network(checkpoint), Engine(checkpoint)
    rng = np.random.default_rng(1)
    for _ in range(5):
        text = random_text(rng)
        erased = rng.random((20, len(text))) < rng.random((20, 1))
        erased[0], erased[1] = False, True
        ids = erase(text, erased, how)
        wanted = engine_probabilities(engine, ids)
        np.testing.assert_allclose(network.probabilities(ids), wanted, atol=1e-5)


@EVERY_MODEL
def test_a_single_erasure_is_as_a_full_pass_in_exact_arithmetic(trained, head, readout):
    """Each of these differs from the whole text in three windows, which alone are computed anew."""
    checkpoint = trained(head, readout)
    model = keras.saving.load_model(checkpoint.path(KERAS))
    text = np.random.default_rng(2).integers(1, 30, 12).astype(np.int32)
    found = Network(checkpoint).probabilities(
        np.where(np.eye(12, dtype=bool), 0, text).astype(np.int32)
    )
    for position, probabilities in enumerate(found):
        wanted = oracle.classify_masked(model, text, np.arange(12) != position)["probabilities"]
        np.testing.assert_allclose(probabilities, wanted, atol=1e-6)


@EVERY_MODEL
def test_repetition_and_large_batches(trained, head, readout, monkeypatch):
    checkpoint = trained(head, readout)
    ids = np.full((9, 40), 3, np.int32)
    ids[4:, 7] = 0
    network = Network(checkpoint)
    whole = network.probabilities(ids)
    np.testing.assert_allclose(whole, engine_probabilities(Engine(checkpoint), ids), atol=1e-5)
    monkeypatch.setattr("poolviz.trust.ablation.network._TOKENS_AT_ONCE", 80)
    monkeypatch.setattr("poolviz.trust.ablation.pooling._VALUES_AT_ONCE", 1)
    np.testing.assert_allclose(network.probabilities(ids), whole, atol=1e-12)


@EVERY_MODEL
def test_gradient_times_input_is_gradient_tapes(trained, head, readout):
    checkpoint = trained(head, readout)
    model = keras.saving.load_model(checkpoint.path(KERAS))
    network = Network(checkpoint)
    rng = np.random.default_rng(3)
    for _ in range(3):
        text = random_text(rng)
        direction = rng.normal(size=3)
        embedded = model.embedding(text[None])
        with tf.GradientTape() as tape:
            tape.watch(embedded)
            hidden = model.convolution(embedded)
            pooled, _ = model.head(hidden, mask=tf.ones((1, len(text)), tf.bool))
            logits = tf.cast(model.readout(pooled)[0], tf.float64)
            target = tf.reduce_sum(logits * direction)
        gradient = tape.gradient(target, embedded).numpy()[0]
        wanted = (gradient * embedded.numpy()[0]).sum(axis=-1)
        found = network.gradient_times_input(text, direction)
        np.testing.assert_allclose(found, wanted, atol=1e-5 * max(1, np.abs(wanted).max()))
        assert np.abs(found).max() > 1e-3


@EVERY_MODEL
def test_gradient_of_a_probability_by_small_steps(trained, head, readout):
    """Σ over the tokens is the slope of p when all embeddings grow together."""
    model = Model(Explainer(trained(head, readout)))
    text = np.array([3, 9, 4, 7, 12, 5], np.int32)
    probabilities = model.probabilities(text[None])[0]
    found = model.gradient_times_input(text, probabilities)
    table, step = model.network._table, 1e-3
    grown = []
    for factor in (1 - step, 1 + step):
        model.network._table = table * factor
        grown.append(model.probabilities(text[None])[0, probabilities.argmax()])
    slope = (grown[1] - grown[0]) / (2 * step)
    assert found.sum() == pytest.approx(slope, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("head", [head for head in HEADS if HEADS[head].weighted_mean])
@pytest.mark.parametrize("readout", READOUTS)
def test_pooling_with_the_heads_own_weights_is_the_head(trained, head, readout):
    checkpoint = trained(head, readout)
    text = np.array([[3, 9, 4, 7, 12, 5]], np.int32)
    outputs = Engine(checkpoint).run(text)
    network = Network(checkpoint)
    values = network.values(network.vectors(text[0]))
    pooled = np.einsum("bht,htr->br", outputs["weights"], values)
    np.testing.assert_allclose(network.read_out(pooled), outputs["probabilities"], atol=1e-5)


@EVERY_MODEL
def test_pooling_what_is_kept(trained, head, readout):
    network = Network(trained(head, readout))
    text = np.array([3, 9, 4, 7], np.int32)
    vectors = network.vectors(text)
    kept = np.array([[True] * 4, [True, True, False, True]])
    found = network.pool_kept(vectors, kept)
    np.testing.assert_allclose(found[0], network.probabilities(text[None])[0], atol=1e-12)
    fewer = network.pool_kept(vectors[[0, 1, 3]], np.ones((1, 3), bool))
    np.testing.assert_allclose(found[1], fewer[0], atol=1e-12)


def test_a_head_without_numpy_form_goes_through_the_graph(trained, monkeypatch):
    explainer = Explainer(trained("attention"))
    text = np.array([3, 9, 4, 7], np.int32)
    ids = erase(text, np.eye(4, dtype=bool), "mask")
    fast = Model(explainer)
    monkeypatch.setattr("poolviz.trust.ablation.model.KNOWN_HEADS", ())
    slow = Model(explainer)
    np.testing.assert_allclose(slow.probabilities(ids), fast.probabilities(ids), atol=1e-5)
    assert slow.gradient_times_input(text, slow.probabilities(text[None])[0]) is None
    assert slow.stress(text, np.full((1, 4), 0.25)) is None


def test_models_that_disagree_are_found_out(trained):
    model = Model(Explainer(trained("attention")))
    text = np.array([3, 9, 4], np.int32)
    probabilities = model.probabilities(text[None])[0]
    model.check_probabilities(text, probabilities)
    with pytest.raises(CheckpointError, match="disagree"):
        model.check_probabilities(text, probabilities[::-1])


def test_weights_that_cannot_be_read(tmp_path, trained):
    checkpoint = trained("max")

    def make_files(folder):
        for file in FILES:
            (folder / file).write_bytes(checkpoint.path(file).read_bytes())
        (folder / KERAS).write_bytes(b"no archive")

    written = write(tmp_path, "hotel", "max", CARD_FIELDS, make_files)
    with pytest.raises(CheckpointError, match="hotel/max cannot be read"):
        Network(written)
    with pytest.raises(CheckpointError, match="It is broken"):
        Network(replace(written, damage=CheckpointError("It is broken.")))
    strange = replace(written, card={**written.card, "head": "median"})
    with pytest.raises(CheckpointError, match="no NumPy form"):
        Network(strange)
