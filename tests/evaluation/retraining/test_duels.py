"""Which head is more accurate over several trainings: by hand, and how often that is wrong."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from poolviz.datasets.split import row_keys
from poolviz.evaluation import predictions
from poolviz.evaluation.comparison import holm
from poolviz.evaluation.retraining.duels import Duel, duels, of_trainings
from poolviz.values.interval import Interval
from tests.copies import copied

ACCURACIES = {
    "max": [0.90, 0.91, 0.92],
    "average": [0.80, 0.81, 0.82],
    "attention": [0.905, 0.915, 0.925],
}


@pytest.fixture
def heads(trained, corpus, tmp_path):
    rows = corpus.split("test")
    found = []
    for number, (head, accuracy) in enumerate(ACCURACIES.items()):
        seeds = {"seeds": [7, 8, 9], "accuracy": accuracy, "weight_distance": 0.1}
        own = copied(trained(head), tmp_path, seeds=seeds)
        right = np.arange(len(rows)) % (number + 2) > 0
        labels, classes = rows["label"].to_numpy(np.int16), len(own.classes)
        table = {
            "key": row_keys(rows),
            "label": labels,
            "predicted": np.where(right, labels, (labels + 1) % classes).astype(np.int16),
            "probability": np.full(len(rows), 0.9, np.float32),
        }
        predictions.write(own, pd.DataFrame(table))
        found.append(own)
    return found


def test_a_pair_by_hand(heads):
    found = duels(heads)
    assert [(each.first, each.second) for each in found] == [
        ("max", "average"),
        ("max", "attention"),
        ("average", "attention"),
    ]
    right = predictions.right_on_same_rows(heads)
    differences = right["max"].astype(float) - right["average"]
    rows, trainings = differences.var(ddof=1) / len(differences), 0.0001 / 3
    variance = 2 * trainings + rows
    freedom = variance**2 / (2 * trainings**2 / 2)
    reach = t.ppf(0.975, freedom) * variance**0.5
    first = found[0].difference
    assert (first.value, first.low, first.high) == pytest.approx((0.1, 0.1 - reach, 0.1 + reach))


def test_p_values_are_corrected_over_all_pairs(heads):
    alone = [duels(list(pair))[0].p for pair in combinations(heads, 2)]
    assert [each.p for each in duels(heads)] == pytest.approx(holm(alone))


def test_heads_trained_too_seldom_or_not_measured_are_left_out(heads, trained, tmp_path):
    twice = copied(heads[0], tmp_path / "twice", seeds={"seeds": [0, 1], "accuracy": [0.9, 0.9]})
    assert duels([twice, heads[1]]) == []
    assert duels([trained("max"), heads[1]]) == []


def test_better_is_said_at_the_level_only():
    difference = Interval(0.02, 0.01, 0.03)
    assert Duel("a", "b", difference, 0.049).better == "a"
    assert Duel("b", "a", Interval(-0.02, -0.03, -0.01), 0.049).better == "a"
    assert Duel("a", "b", difference, 0.05).better is None


def test_it_is_read_as_it_was_written(heads):
    for each in duels(heads):
        assert Duel.read(each.to_json()) == each


def test_equal_heads_are_seldom_told_apart():
    """Five heads that are as good as each other, six trainings of each, on the same rows."""
    random, rows, shown = np.random.default_rng(3), 1_000, 0
    for _draw in range(200):
        chance = random.uniform(0.75, 1.0, rows)
        accuracies, first = [], []
        for _head in range(5):
            luck = random.normal(0, 0.008, (6, 1))
            right = random.random((6, rows)) < chance + luck
            accuracies.append(right.mean(axis=1).tolist())
            first.append(right[0])
        shown += any(
            each.better
            for each in of_trainings(
                dict(zip("abcde", accuracies, strict=True)), dict(zip("abcde", first, strict=True))
            )
        )
    assert shown / 200 <= 0.05
