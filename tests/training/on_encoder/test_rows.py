"""Heads trained on the token vectors of an encoder: one reading, exact, found by its hash."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from poolviz.checkpoints.checkpoint import KERAS
from poolviz.encoders import store
from poolviz.encoders.encoder import find, remove
from poolviz.encoders.vocabulary import EncoderVocabulary
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer, explain_each
from poolviz.engine.vectors import VECTORS, Vectors, vectors_of
from poolviz.errors import CheckpointError, ChoiceError, TrainingError
from poolviz.model.heads import HEADS
from poolviz.model.options import ModelOptions
from poolviz.text.encoding import encode_many
from poolviz.training import recipe
from poolviz.training.kinds import recipes
from poolviz.values.explanation import WHOLE_TEXT
from tests import invented_english
from tests.copies import copied
from tests.tiny_encoder import WIDTH

TEXT = "The room wasn't clean, playing was unknown."


@pytest.fixture
def trained(trained_on_encoder, with_encoder):
    return trained_on_encoder


class TestCard:
    def test_it_names_the_encoder(self, trained):
        card, encoder = trained("attention").card, find("tiny")
        assert card["encoder"] == {"name": "tiny", "hash": encoder.hash}
        assert card["window"] == list(WHOLE_TEXT)
        assert "--encoder tiny" in card["command"] and "--min-frequency" not in card["command"]

    def test_the_run_is_another_one_than_without(self, trained, encoder_corpus, tmp_path):
        prepared = recipes.prepare(encoder_corpus, "classification", 1)
        options = ModelOptions("average", embedding=4, filters=4)
        one = replace(invented_english.TRAINING, epochs=1)
        other = recipe.train_checkpoint(prepared, options, one, tmp_path)
        assert other.card["run"]["rows"] == trained("attention").card["run"]["rows"]
        assert other.card["run"]["identity"] != trained("attention").card["run"]["identity"]

    @pytest.mark.parametrize(
        "entry",
        [{}, {"name": "tiny"}, {"name": "../up", "hash": "0" * 64}, {"name": "a", "hash": "z"}],
    )
    def test_one_that_does_not_name_it_well_is_damaged(self, trained, tmp_path, entry):
        found = copied(trained("attention"), tmp_path, encoder=entry)
        assert "incomplete" in str(found.damage)


class TestExplanations:
    @pytest.mark.parametrize("readout", ["linear", "mlp"])
    @pytest.mark.parametrize("head", ["attention", "max"])
    def test_contributions_add_up_to_the_logits(self, trained, head, readout):
        found = Explainer(trained(head, readout)).explain(TEXT)
        assert (found.window, found.exact) == (WHOLE_TEXT, readout == "linear")
        assert [token.text for token in found.tokens if token.special] == ["[CLS]", "[SEP]"]
        np.testing.assert_allclose(found.weights.sum(axis=1), 1, atol=1e-6)
        log_odds = np.log(found.probabilities)
        np.testing.assert_allclose(
            found.logits - found.logits.mean(), log_odds - log_odds.mean(), atol=1e-5
        )

    def test_tokens_are_pieces_with_their_places(self, trained):
        found = Explainer(trained("attention")).explain(TEXT)
        shown = [(t.text, t.known) for t in found.tokens if not t.special]
        assert shown[:6] == [
            *(("The", True), ("room", True), ("wasn", True), ("'", True), ("t", True)),
            ("clean", True),
        ]
        assert all(TEXT[t.start : t.end] == t.text for t in found.tokens if not t.special)

    def test_the_graph_gives_what_keras_gives(self, trained):
        checkpoint = trained("attention")
        ids = Explainer(checkpoint).vocabulary.ids_of(TEXT)[None]
        inputs = {"ids": ids, VECTORS: vectors_of(find("tiny"))(ids)}
        expected = keras.models.load_model(checkpoint.path(KERAS))(inputs)
        found = Engine(checkpoint).run(ids)
        for name, values in found.items():
            np.testing.assert_allclose(values, expected[name], atol=1e-5)

    def test_padding_changes_nothing(self, trained):
        engine = Engine(trained("attention"))
        ids = Explainer(trained("attention")).vocabulary.ids_of(TEXT)
        alone = engine.run(ids[None])["weights"]
        padded = engine.run(np.append(ids, np.zeros(3, np.int32))[None])["weights"]
        np.testing.assert_allclose(padded[..., : len(ids)], alone, atol=1e-6)
        assert not padded[..., len(ids) :].any()

    def test_something_is_learned(self, trained):
        losses = [epoch["loss"] for epoch in trained("attention").card["fit"]["history"]]
        assert len(losses) == invented_english.TRAINING.epochs and min(losses) < 0.95 * losses[0]


class TestPasses:
    def test_further_heads_need_none_and_five_of_them_read_a_text_once(
        self, trained, encoder_corpus, passes, tmp_path
    ):
        trained("attention")
        prepared = recipes.prepare(encoder_corpus, "classification", 1, encoder="tiny")
        assert prepared.missing == (0, 0)
        once = replace(invented_english.TRAINING, epochs=1)
        five = [
            recipe.train_checkpoint(prepared, ModelOptions(head, encoder="tiny"), once, tmp_path)
            for head in HEADS
        ]
        assert len(five) == 5 and passes == []
        explain_each([Explainer(each) for each in five], "playing the unknown cafe")
        assert len(passes) == 1

    def test_vectors_are_the_same_from_the_disk_and_anew(self, trained, encoder_corpus):
        trained("attention")
        encoder = find("tiny")
        vocabulary = EncoderVocabulary.of(encoder, "word")
        ids = encode_many(encoder_corpus.split("test")["text"], vocabulary)
        anew = Vectors(encoder)
        found = [store.Store(encoder).find(each) for each in ids]
        for kept, each in zip(found, ids, strict=True):
            assert kept is not None and kept.shape == (len(each), WIDTH)
        anew.__dict__["store"] = store.Store(replace(encoder, hash="0" * 64))
        for kept, read_again in zip(found, anew.of(ids), strict=True):
            np.testing.assert_allclose(kept, read_again, atol=2e-3)


class TestAbsence:
    def test_a_missing_encoder_is_named_with_the_command(self, trained, nobodys_machine):
        checkpoint = trained("attention")
        with pytest.raises(CheckpointError) as told:
            Explainer(checkpoint)
        assert "tiny" in str(told.value) and "encoder add tiny FOLDER" in str(told.value)
        assert checkpoint.card["encoder"]["hash"][:12] in str(told.value)

    def test_it_may_be_called_something_else_here(self, trained, nobodys_machine, encoder_home):
        from poolviz.encoders.adding import add

        add("another", encoder_home / "brought")
        found = Explainer(trained("attention")).explain(TEXT)
        assert len(found.tokens) > 5
        remove(find("another"))

    def test_an_unknown_name_is_a_sentence(self, encoder_corpus, with_encoder):
        with pytest.raises(ChoiceError, match="tiny"):
            recipes.prepare(encoder_corpus, "classification", 1, encoder="other")

    def test_widths_are_the_encoders(self):
        with pytest.raises(TrainingError, match="--filters"):
            ModelOptions("max", encoder="tiny", filters=4)
