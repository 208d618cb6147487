"""How long a training takes: by what this machine has done, or what another one did."""

import pytest

from poolviz import places
from poolviz.model.options import MatcherOptions, ModelOptions, TrainingOptions
from poolviz.trainings.estimate import SPEEDS, TOKENS_A_SECOND, estimate, keep_speed


@pytest.fixture(autouse=True)
def _home(monkeypatch, tmp_path):
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path))
    places.trainings().mkdir(parents=True)


def seconds(*models, tokens=1_000_000) -> float:
    """Of one epoch, without the start."""
    options = TrainingOptions(epochs=1)
    nothing = estimate(models, options, 1, 0, 5_000, 2).seconds
    return estimate(models, options, 1, tokens, 5_000, 2).seconds - nothing


def test_before_anything_was_trained_here_it_is_as_elsewhere():
    speed = TOKENS_A_SECOND["classifier"]
    assert seconds(ModelOptions("max"), tokens=speed) == pytest.approx(1)


def test_a_training_tells_how_fast_this_machine_is():
    keep_speed(ModelOptions("max"), 50_000, "character", {"seconds": 20.0, "epochs": 4})
    assert seconds(ModelOptions("attention"), tokens=10_000) == pytest.approx(1)
    assert seconds(MatcherOptions("siamese", "max"), tokens=60_000) == pytest.approx(1)
    keep_speed(MatcherOptions("siamese", "max"), 5_500, "word", {"seconds": 10.0, "epochs": 1})
    assert seconds(MatcherOptions("triplet", "max"), tokens=100) == pytest.approx(1)
    assert seconds(ModelOptions("attention"), tokens=10_000) == pytest.approx(1)


def test_a_larger_model_that_was_trained_tells_of_a_usual_one():
    large = ModelOptions("max", embedding=128, filters=256)
    keep_speed(large, 100_000, "character", {"seconds": 40.0, "epochs": 4})
    assert seconds(large, tokens=10_000) == pytest.approx(1)
    assert seconds(ModelOptions("max"), tokens=40_000) == pytest.approx(1)


def test_a_short_training_and_a_damaged_file_tell_nothing():
    before = seconds(ModelOptions("max"))
    keep_speed(ModelOptions("max"), 10, "character", {"seconds": 0.5, "epochs": 1})
    for content in ("", "[]", '{"classifier": -1}', '{"classifier": "x", "more": 1}', "[" * 9_999):
        (places.trainings() / SPEEDS).write_text(content, "utf-8")
        assert seconds(ModelOptions("max")) == before
