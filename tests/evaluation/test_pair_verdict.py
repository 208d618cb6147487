"""Whether matchers beat counted characters."""

from pathlib import Path

import pytest

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation.pair_verdict import (
    baseline_accuracy,
    beats_baseline,
    best_of,
    none_beats_baseline,
)


def accuracy(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def checkpoint(value: float, baseline: float | None = 0.7) -> Checkpoint:
    card = {"test": {"accuracy": accuracy(value)}}
    if baseline is not None:
        card["baselines"] = {"character-cosine": {"test": {"accuracy": accuracy(baseline)}}}
    return Checkpoint(Path("x"), "lcqmc", f"siamese-{value}", card)


@pytest.mark.parametrize(
    ("value", "better"), [(0.69, False), (0.705, False), (0.71, False), (0.72, True)]
)
def test_better_means_by_more_than_the_intervals(value, better):
    assert beats_baseline(checkpoint(value).card) is better


def test_without_a_measured_baseline_nothing_is_said():
    alone = checkpoint(0.5, baseline=None)
    assert baseline_accuracy(alone.card) is None and beats_baseline(alone.card) is None
    assert not none_beats_baseline([alone])


@pytest.mark.parametrize("odd", [None, [], {"character-cosine": 1}, {"character-cosine": {}}])
def test_an_odd_card_has_no_baseline(odd):
    assert baseline_accuracy({"baselines": odd}) is None


def test_one_better_matcher_is_enough():
    assert none_beats_baseline([checkpoint(0.69), checkpoint(0.7)])
    assert not none_beats_baseline([checkpoint(0.69), checkpoint(0.8)])
    assert best_of([checkpoint(0.69), checkpoint(0.8)]).name == "siamese-0.8"
