"""Matchers on the token vectors of an encoder: one reading for all, exact, Keras as ONNX."""

import keras
import numpy as np
import pytest

from poolviz.checkpoints.checkpoint import KERAS
from poolviz.datasets.pairs import texts_of_pairs
from poolviz.encoders.encoder import find
from poolviz.engine.pairs import PairExplainer, explain_each
from poolviz.engine.ranking import rank, score_pairs
from poolviz.engine.vectors import vectors_of
from poolviz.errors import TrainingError
from poolviz.model.options import MatcherOptions
from poolviz.training import recipe
from poolviz.training.inputs import batch_of, of_sides
from poolviz.training.kinds import recipes
from poolviz.values.explanation import WHOLE_TEXT
from tests import invented_english_pairs

A, B, C = "The room wasn't clean", "playing in the unknown cafe.", "good food"
# Every kind once, and every read-out; a margin of cosines leaves a mean nothing to learn.
KEYS = [
    ("siamese", "attention", "cosine"),
    ("siamese", "max", "dense"),
    ("interactive", "additive", "cosine"),
    ("triplet", "average", "cosine"),
    ("triplet", "multi-head", "weighted-cosine"),
    ("label", "min-variance", "cosine"),
]
EVERY_MATCHER = pytest.mark.parametrize("key", KEYS, ids="-".join)


@pytest.fixture
def trained(matcher_on_encoder, with_encoder):
    return matcher_on_encoder


def read(explainer, *texts):
    """A batch of the texts, as Keras reads it."""
    ids = [explainer.vocabulary.ids_of(text) for text in texts]
    return batch_of(ids, vectors_of(find("tiny")).of(ids), np.arange(len(ids)))


@EVERY_MATCHER
class TestEveryMatcher:
    def test_its_card_names_the_encoder(self, trained, key):
        card = trained(*key).card
        assert card["encoder"] == {"name": "tiny", "hash": find("tiny").hash}
        assert card["window"] == list(WHOLE_TEXT)
        assert "--encoder tiny" in card["command"] and "--width" not in card["command"]

    def test_the_graphs_give_what_keras_gives(self, trained, key):
        explainer = PairExplainer(trained(*key))
        model = keras.models.load_model(trained(*key).path(KERAS))
        expected = model(of_sides(read(explainer, A, C), read(explainer, B, A)))
        states = [
            explainer.encoder.run(np.asarray(read(explainer, *texts)["ids"]))
            for texts in ((A, C), (B, A))
        ]
        found = explainer.compare(*states)
        for side, state in zip("ab", states, strict=True):
            found |= {f"{name}_{side}": values for name, values in state.items()}
        assert found.keys() == expected.keys()
        for name, values in found.items():
            np.testing.assert_allclose(values, expected[name], atol=1e-5, err_msg=name)

    def test_the_parts_add_up_to_the_score(self, trained, key):
        checkpoint = trained(*key)
        pair = PairExplainer(checkpoint).explain(A, B)
        assert pair.exact == (checkpoint.readout != "dense")
        assert pair.cells.sum() + pair.rest == pytest.approx(pair.score, abs=1e-5)
        if pair.exact:
            assert pair.rest == pytest.approx(0, abs=1e-5)
        for side in pair.sides:
            assert side.window == WHOLE_TEXT
            assert [t.text for t in side.tokens if t.special] == ["[CLS]", "[SEP]"]
            np.testing.assert_allclose(side.weights.sum(axis=1), 1, atol=1e-6)

    def test_padding_changes_nothing(self, trained, key):
        explainer = PairExplainer(trained(*key))
        ids = [explainer.vocabulary.ids_of(text)[None] for text in (A, B)]
        alone, padded = (
            explainer.compare(*(explainer.encoder.run(np.pad(x, ((0, 0), (0, n)))) for x in ids))
            for n in (0, 3)
        )
        np.testing.assert_allclose(padded["score"], alone["score"], atol=1e-5)


class TestScores:
    def test_a_mean_is_that_of_the_vectors(self, trained):
        explainer = PairExplainer(trained("triplet", "average"))
        u, v = (read(explainer, text)["vectors"][0].mean(axis=0) for text in (A, B))
        cosine = u @ v / np.linalg.norm(u) / np.linalg.norm(v)
        assert explainer.explain(A, B).score == pytest.approx(cosine, abs=1e-5)

    def test_many_pairs_have_the_scores_of_single_ones(self, trained, encoder_pairs):
        pairs = texts_of_pairs(encoder_pairs.split("test"))[:8]
        for key in KEYS[:3]:
            explainer = PairExplainer(trained(*key))
            found = score_pairs(explainer, pairs).score
            expected = [explainer.explain(*pair).score for pair in pairs]
            np.testing.assert_allclose(found, expected, atol=1e-5)
            listed = rank(explainer, A, [B, "", C]).score
            assert listed[0] == pytest.approx(explainer.explain(A, B).score, abs=1e-5)
            assert np.isnan(listed[1])

    def test_something_is_learned(self, trained):
        losses = [epoch["loss"] for epoch in trained("siamese", "attention").card["fit"]["history"]]
        assert losses[-1] < losses[0]


class TestPasses:
    def test_a_second_head_needs_no_pass(self, trained, encoder_pairs, passes, tmp_path):
        trained("siamese", "attention")
        prepared = recipes.prepare(encoder_pairs, "interactive", 1, encoder="tiny")
        assert prepared.missing == (0, 0)
        options = MatcherOptions("interactive", "gated-additive", encoder="tiny")
        recipe.train_checkpoint(prepared, options, invented_english_pairs.TRAINING, tmp_path)
        assert passes == []

    def test_each_distinct_sentence_is_kept_once(self, trained, encoder_pairs):
        trained("siamese", "attention")
        prepared = recipes.prepare(encoder_pairs, "siamese", 1, encoder="tiny")
        rows = encoder_pairs.rows
        texts = {*rows["text_a"], *rows["text_b"]}
        assert len({ids.tobytes() for ids in prepared.texts}) <= len(texts)
        vectors_of.cache_clear()
        assert vectors_of(find("tiny")).missing(prepared.texts) == []

    def test_several_matchers_read_a_sentence_once(self, trained, passes):
        vectors_of.cache_clear()
        explainers = [PairExplainer(trained(*key)) for key in KEYS]
        explain_each(explainers, ("the cafe was unknown, bad", "un clean playing play"))
        assert len(passes) == 2


def test_a_kind_that_knows_no_encoder_is_told(encoder_pairs, with_encoder, monkeypatch):
    monkeypatch.delitem(recipes.ON_ENCODER, "triplets")
    with pytest.raises(TrainingError, match="kind triplet are not trained on an encoder"):
        recipes.prepare(encoder_pairs, "triplet", 1, encoder="tiny")


def test_widths_are_the_encoders():
    with pytest.raises(TrainingError, match="--width"):
        MatcherOptions("siamese", "max", encoder="tiny", width=4)
