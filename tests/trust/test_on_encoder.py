"""Trust of models on a pretrained encoder: tokens are erased before it, and it reads again."""

import numpy as np
import pytest

from poolviz.encoders.encoder import find
from poolviz.encoders.reader import Graph, Reader
from poolviz.engine.runtime import POOLED
from poolviz.engine.texts import Explainer
from poolviz.engine.vectors import VECTORS, vectors_of
from poolviz.trust.ablation.erasure import ERASURES, ERASURES_BEFORE_ENCODER
from poolviz.trust.ablation.model import Model
from poolviz.trust.tables import erasure_note
from poolviz.trust.text.counterfactual import smallest_removals
from poolviz.trust.text.reading import STRESS_TESTS, encoder_cost, read, read_all
from poolviz.values.explanation import WHOLE_TEXT
from tests.tiny_encoder import VOCABULARY

TEXT = "the room was bad"
WORD = 4  # of [CLS] the room was bad [SEP]


@pytest.fixture
def model(trained_on_encoder, with_encoder):
    return Model(Explainer(trained_on_encoder("attention")))


def probabilities(model, numbers):
    """What the model says of the tokenizer's numbers, vectors straight from the encoder's graph."""
    vectors = Reader(find("tiny")).graph.run(np.array([numbers], np.int64))
    ids = np.array([numbers], np.int32) + 2
    ids[ids == VOCABULARY["[UNK]"] + 2] = 1
    fed = {"ids": ids, VECTORS: vectors.astype(np.float16).astype(np.float32)}
    return model.explainer.engine.run(fed)["probabilities"][0]


@pytest.mark.parametrize(
    ("how", "left"),
    [("mask", ["[MASK]"]), ("unknown", ["[UNK]"]), ("remove", [])],
)
def test_the_encoder_reads_the_erased_text(model, how, left):
    ids = model.explainer.vocabulary.ids_of(TEXT)
    found = model.ablation(ids, how=how).probabilities(np.arange(len(ids))[None] == WORD)[0]
    names = ["[CLS]", "the", "room", "was", *left, "[SEP]"]
    expected = probabilities(model, [VOCABULARY[name] for name in names])
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_a_text_has_all_measures_but_those_that_need_the_layers_below(model):
    found = read(model, TEXT)
    assert set(found.trust.orders) >= {"weight", "contribution", "leave-one-out", "random"}
    assert "gradient" not in found.trust.orders
    np.testing.assert_allclose(
        found.trust.ablation.whole, found.explanation.probabilities, atol=1e-6
    )


@pytest.mark.parametrize("readout", ["linear", "mlp"])
def test_stress_tests_pool_the_same_vectors_with_other_weights(trained_on_encoder, readout, model):
    found = read(Model(Explainer(trained_on_encoder("attention", readout))), TEXT)
    assert set(found.stress) == set(STRESS_TESTS) and None not in found.stress.values()
    engine, ids = found.model.explainer.engine, found.trust.ablation.ids[None]
    [pooled] = engine.run(ids, [POOLED])[POOLED]
    vectors = vectors_of(find("tiny"))(ids)[0]
    np.testing.assert_allclose(found.explanation.weights @ vectors, pooled[None], atol=1e-5)
    uniform = found.stress["uniform"]
    same = np.repeat(vectors.mean(axis=0)[None], len(vectors), axis=0)[None]
    expected = engine.run({"ids": ids, VECTORS: same}, ["probabilities"])["probabilities"][0]
    np.testing.assert_allclose(uniform.probabilities, expected, atol=1e-5)
    whole = found.model.stress(ids[0], found.explanation.weights).probabilities
    np.testing.assert_allclose(whole, found.explanation.probabilities, atol=1e-5)


def test_the_heaviest_token_is_left_out_under_max(trained_on_encoder, model):
    found = read(Model(Explainer(trained_on_encoder("max"))), TEXT)
    assert found.stress["uniform"] is None  # its weights multiply nothing
    ids = found.trust.ablation.ids
    kept = np.arange(len(ids)) != found.explanation.weights.mean(axis=0).argmax()
    fed = {"ids": ids[kept][None], VECTORS: vectors_of(find("tiny"))(ids[None])[:, kept]}
    expected = found.model.explainer.engine.run(fed, ["probabilities"])["probabilities"][0]
    np.testing.assert_allclose(found.stress["heaviest"].probabilities, expected, atol=1e-5)


def test_what_one_head_had_read_no_other_reads_again(trained_on_encoder, model, monkeypatch):
    vectors_of.cache_clear()
    passes = []
    run = Graph.run
    monkeypatch.setattr(
        Graph, "run", lambda graph, ids, *rest: passes.append(len(ids)) or run(graph, ids, *rest)
    )
    text = "bad food"
    read_all([model], text, "mask")
    once = sum(passes)
    read_all([model], text, "mask")
    assert sum(passes) == once <= 2**4


def test_special_tokens_stay_in_the_search_for_the_smallest_set(model):
    vocabulary = model.explainer.vocabulary
    ids = vocabulary.ids_of("the room was bad food bad")
    assert vocabulary.special_ids == (ids[0], ids[-1])
    [removal] = smallest_removals([model], [ids], special_ids=vocabulary.special_ids)
    assert removal is None or 0 < min(removal.positions) <= max(removal.positions) < len(ids) - 1


def test_the_cost_grows_with_heads_and_tokens(model, trained):
    one = encoder_cost(model.checkpoint, [6])
    assert one.passes == 30 * 6 and one.seconds > 0
    assert encoder_cost(model.checkpoint, [6], times=2).passes == 2 * one.passes
    assert encoder_cost(model.checkpoint, [100]).passes == 30 * 32
    assert encoder_cost(trained("attention"), [6]) is None


def test_what_erasing_means_is_said_of_each_kind():
    assert ERASURES.keys() == ERASURES_BEFORE_ENCODER.keys()
    assert "[MASK]" in erasure_note("mask", WHOLE_TEXT)
    assert "zero vector" in erasure_note("mask", (1, 1)) == erasure_note("mask")
