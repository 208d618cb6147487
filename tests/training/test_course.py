"""A training that ends early, or goes on after its process died."""

from dataclasses import replace

import numpy as np
import pytest

from poolviz.model.options import MatcherOptions, ModelOptions
from poolviz.training import recipe
from poolviz.training.course.standing import Course
from poolviz.watch import Cancelled
from tests import invented, invented_pairs

CLASSIFIER = ModelOptions("attention", **invented.MODEL)
SHORT = replace(invented.TRAINING, epochs=4)


class Dead(Exception):
    """The process is gone."""


def dies_in(epoch):
    def tell(progress):
        if progress.epoch == epoch and progress.validation_loss is None:
            raise Dead

    return tell


def enough_in(epoch):
    """(progress, enough): it is enough once a batch of this epoch is done."""
    seen = [0]

    def tell(progress):
        seen[0] = progress.epoch

    return {"progress": tell, "enough": lambda: seen[0] >= epoch}


def fitted(kind, prepared, prepared_pairs):
    """What is prepared, and the options, of one kind of model."""
    if kind == "classification":
        return prepared, CLASSIFIER, SHORT
    options = MatcherOptions(kind, "max", "cosine", **invented_pairs.MODEL)
    return prepared_pairs, options, replace(invented_pairs.TRAINING, epochs=4)


@pytest.mark.parametrize("kind", ["classification", "triplet"])
def test_what_goes_on_ends_as_if_nothing_had_happened(kind, prepared, prepared_pairs, tmp_path):
    given, model, options = fitted(kind, prepared, prepared_pairs)
    straight = given.fit(model, options)
    with pytest.raises(Dead):
        given.fit(model, options, Course(dies_in(3), folder=tmp_path))
    epochs = []
    again = given.fit(model, options, Course(lambda p: epochs.append(p.epoch), folder=tmp_path))
    assert set(epochs) == {3, 4}
    assert again.history == straight.history
    assert again.best_epoch == straight.best_epoch
    pairs = zip(straight.model.get_weights(), again.model.get_weights(), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


class TestKept:
    @pytest.fixture
    def broken_off(self, prepared, tmp_path):
        with pytest.raises(Dead):
            prepared.fit(CLASSIFIER, SHORT, Course(dies_in(2), folder=tmp_path))
        return tmp_path

    def began_with(self, prepared, options, folder):
        epochs = []

        def tell(progress):
            epochs.append(progress.epoch)
            raise Dead

        with pytest.raises(Dead):
            prepared.fit(CLASSIFIER, options, Course(tell, folder=folder))
        return epochs[0]

    def test_each_seed_is_kept_by_itself(self, prepared, broken_off):
        assert self.began_with(prepared, SHORT, broken_off) == 2
        assert self.began_with(prepared, replace(SHORT, seed=1), broken_off) == 1

    def test_of_another_training_nothing_is_taken(self, prepared, broken_off):
        assert self.began_with(prepared, replace(SHORT, learning_rate=0.5), broken_off) == 1

    @pytest.mark.parametrize("keep", [0, 100, 5_000])
    def test_damaged_it_is_begun_again(self, prepared, broken_off, keep):
        file = broken_off / "seed-0.npz"
        file.write_bytes(file.read_bytes()[:keep])
        assert self.began_with(prepared, SHORT, broken_off) == 1

    def test_what_is_over_is_not_trained_again(self, prepared, tmp_path):
        done = prepared.fit(CLASSIFIER, SHORT, Course(folder=tmp_path))
        again = prepared.fit(CLASSIFIER, SHORT, Course(dies_in(1), folder=tmp_path))
        assert again.history == done.history
        assert np.array_equal(done.model.get_weights()[0], again.model.get_weights()[0])


class TestEnough:
    def test_the_best_epoch_so_far_is_the_result(self, prepared, tmp_path):
        found = recipe.train_checkpoint(
            prepared, CLASSIFIER, SHORT, tmp_path, 2, Course(**enough_in(3))
        )
        fit = found.card["fit"]
        assert (fit["epochs"], fit["stopped"], found.card["training"]["epochs"]) == (2, True, 4)
        losses = [epoch["validation_loss"] for epoch in fit["history"]]
        assert fit["best_epoch"] == 1 + losses.index(min(losses))
        assert "seeds" not in found.card

    def test_before_the_first_epoch_there_is_nothing(self, prepared, tmp_path):
        with pytest.raises(Cancelled):
            recipe.train_checkpoint(
                prepared, CLASSIFIER, SHORT, tmp_path, 1, Course(enough=lambda: True)
            )
        assert list(tmp_path.iterdir()) == []

    def test_of_several_seeds_those_that_are_finished_count(self, prepared, tmp_path):
        seen = [0]

        def tell(progress):
            seen[0] = progress.seed

        course = Course(tell, enough=lambda: seen[0] == 2)
        short = replace(SHORT, epochs=2)
        found = recipe.train_checkpoint(prepared, CLASSIFIER, short, tmp_path, 3, course)
        assert found.card["seeds"]["seeds"] == [0, 1]
        assert "stopped" not in found.card["fit"]

    def test_the_card_of_one_that_was_not_stopped_says_nothing_of_it(self, trained):
        assert "stopped" not in trained("max").card["fit"]
