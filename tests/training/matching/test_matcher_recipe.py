"""From pairs to a checkpoint: what the card says, what it was tested on, seeds."""

import json
import shlex
from dataclasses import replace

import keras
import numpy as np
import pytest

from poolviz.checkpoints.checkpoint import FILES, KERAS
from poolviz.cli.arguments import parser
from poolviz.datasets.pairs import stands_in_training, texts_of_pairs
from poolviz.engine import ranking
from poolviz.engine.pairs import PairExplainer
from poolviz.errors import ChoiceError, TrainingError
from poolviz.evaluation import metrics
from poolviz.evaluation.texts import figures_on_test_rows
from poolviz.model.heads import ASKED_HEADS
from poolviz.model.kinds import KINDS, PAIR
from poolviz.model.options import MatcherOptions
from poolviz.training import recipe
from poolviz.training.kinds import recipes
from poolviz.training.matching.fit_pairs import new_model
from poolviz.watch import Cancelled, Watch
from tests import invented_pairs

SHORT = replace(invented_pairs.TRAINING, epochs=1)


@pytest.fixture(scope="module")
def siamese(trained_matcher):
    return trained_matcher("siamese", "attention")


class TestCard:
    def test_the_trained_matcher_beats_counting_characters(self, siamese):
        found = siamese.card["test"]["accuracy"]["low"]
        assert found > siamese.card["baselines"]["character-cosine"]["test"]["accuracy"]["value"]

    def test_what_was_trained(self, siamese):
        card = siamese.card
        assert siamese.damage is None
        assert (siamese.name, card["kind"]) == ("siamese-attention", "siamese")
        assert card["classes"] == list(invented_pairs.CLASSES)
        assert (card["window"], card["margin"], card["together"]) == ([2, 4], 0.3, [])
        assert set(card["files"]) == {*FILES, PAIR}

    def test_rows(self, siamese, prepared_pairs):
        rows, splits = siamese.card["rows"], prepared_pairs.rows
        assert rows["train"] == len(splits.train)
        assert rows["validation"] == len(splits.validation)
        shared = sum(
            stands_in_training(splits.test, part).astype(int)
            for part in (splits.train, splits.validation)
        )
        assert rows["test_with_a_sentence_in_training"] == int((shared > 0).sum())

    def test_figures_are_those_of_single_pairs(self, siamese, pair_corpus):
        explainer = PairExplainer(siamese)
        rows = pair_corpus.split("test")
        found = np.array([explainer.explain(*pair).probability for pair in texts_of_pairs(rows)])
        labels = rows["label"].to_numpy()
        wanted = metrics.evaluate_pairs(labels, found, siamese.card["threshold"])
        for name in ("accuracy", "f1", "roc_auc"):
            assert siamese.card["test"][name]["value"] == pytest.approx(
                wanted[name]["value"], abs=1e-3
            )

    def test_the_threshold_is_the_best_on_validation_rows(self, siamese, prepared_pairs):
        rows = prepared_pairs.rows.validation
        found = ranking.score_pairs(PairExplainer(siamese), texts_of_pairs(rows)).probability
        labels = rows["label"].to_numpy()
        reached = ((found >= siamese.card["threshold"]) == labels).mean()
        assert reached == max(((found >= t) == labels).mean() for t in found)

    def test_command(self, siamese):
        words = shlex.split(siamese.card["command"])
        arguments = parser().parse_args(words[3:])
        assert (arguments.kind, arguments.head) == ("siamese", ("attention",))
        assert arguments.dataset == "invented_pairs"


class TestKinds:
    @pytest.mark.parametrize("readout", KINDS["triplet"].readouts)
    def test_a_triplet_matcher_finds_matches_without_seeing_a_label_in_its_loss(
        self, trained_matcher, readout
    ):
        card = trained_matcher("triplet", "max", readout).card
        assert card["test"]["roc_auc"]["value"] > 0.93
        assert card["test"]["accuracy"]["value"] > 0.8

    def test_a_weighted_cosine_learns_what_channels_count_and_adds_up(self, trained_matcher):
        trained = trained_matcher("triplet", "max", "weighted-cosine")
        assert trained.name == "triplet-max-weighted-cosine"
        model = keras.saving.load_model(trained.path(KERAS))
        factors = np.exp(np.asarray(model.readout.log_factors))
        assert factors.max() / factors.min() > 1.01
        pair = PairExplainer(trained).explain("怎么注销账号", "账号如何注销")
        assert pair.exact and pair.cells.sum() == pytest.approx(pair.score, abs=1e-5)

    @pytest.mark.parametrize("head", ASKED_HEADS)
    def test_interactive(self, trained_matcher, head):
        trained = trained_matcher("interactive", head)
        assert trained.card["test"]["accuracy"]["value"] > 0.9
        pair = PairExplainer(trained).explain("怎么注销账号", "账号如何注销")
        assert pair.cells is not None and pair.cells.sum() == pytest.approx(pair.score, abs=1e-5)

    def test_label_is_tested_on_classes(self, trained_matcher, corpus):
        trained = trained_matcher("label", "average")
        assert trained.task == "invented"
        assert trained.card["test"]["accuracy"]["value"] > 0.9
        assert json.loads(json.dumps(figures_on_test_rows(trained, corpus))) == trained.card["test"]

    def test_label_takes_texts_and_the_others_pairs(self, corpus, pair_corpus):
        for given, kind in ((corpus, "siamese"), (pair_corpus, "label")):
            with pytest.raises(ChoiceError, match="choose a data set of"):
                recipes.prepare(given, kind, 1)

    def test_classes_are_those_of_one_data_set(self, corpus):
        for kind in ("label", "classification"):
            with pytest.raises(TrainingError, match="leave out --together"):
                recipes.prepare(corpus, kind, 1, [corpus])


class TestSeeds:
    def test_a_spread_over_seeds(self, prepared_pairs, tmp_path):
        options = MatcherOptions("interactive", "additive", **invented_pairs.MODEL)
        trained = recipe.train_checkpoint(prepared_pairs, options, SHORT, tmp_path, seeds=2)
        spread = trained.card["seeds"]
        assert spread["seeds"] == [0, 1]
        assert spread["accuracy"][0] == trained.card["test"]["accuracy"]["value"]
        assert len(spread["roc_auc"]) == 2
        assert 0 < spread["weight_distance"] < np.log(2)

    def test_cancelled_writes_nothing(self, prepared_pairs, tmp_path):
        options = MatcherOptions("siamese", "max", **invented_pairs.MODEL)
        watch = Watch(cancelled=lambda: True)
        with pytest.raises(Cancelled):
            recipe.train_checkpoint(prepared_pairs, options, SHORT, tmp_path, watch=watch)
        assert not list(tmp_path.iterdir())


def test_rows_of_one_label_cannot_be_learned_from(pair_corpus):
    rows = pair_corpus.rows[pair_corpus.rows["label"] == 1]
    prepared = recipes.prepare(replace(pair_corpus, rows=rows), "siamese", 1)
    options = MatcherOptions("siamese", "max", **invented_pairs.MODEL)
    with pytest.raises(TrainingError, match="same label"):
        prepared.fit(options, SHORT)


def test_the_seed_fixes_what_training_begins_with():
    options = MatcherOptions("siamese", "multi-head", **invented_pairs.MODEL)
    one, same = (new_model(30, options, SHORT)[0].get_weights() for _ in range(2))
    other = new_model(30, options, replace(SHORT, seed=1))[0].get_weights()
    assert all(np.array_equal(p, q) for p, q in zip(one, same, strict=True))
    assert any(not np.array_equal(p, q) for p, q in zip(one, other, strict=True))
