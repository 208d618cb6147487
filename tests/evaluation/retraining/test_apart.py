"""Heads against retraining: by hand, and how often the intervals cover."""

import numpy as np
import pytest

from poolviz.evaluation.anatomy import divergence
from poolviz.evaluation.retraining.apart import Apart, apart, of_distances

DRAWS = 300


def weights(rng, rows, *trainings):
    """For each head and training rows of weights over four tokens."""
    return {
        head: [list(rng.dirichlet(np.ones(4), rows)) for _training in range(count)]
        for head, count in zip("abc", trainings, strict=False)
    }


def test_the_means_are_those_of_all_pairs_of_trainings():
    rng = np.random.default_rng(0)
    found = weights(rng, 25, 3, 3, 3)

    def mean(one, other):
        return np.mean([divergence(p, q) for p, q in zip(one, other, strict=True)])

    a, others = found["a"], [*found["b"], *found["c"]]
    own = np.mean([mean(a[0], a[1]), mean(a[0], a[2]), mean(a[1], a[2])])
    between = np.mean([mean(one, other) for one in a for other in others])
    head = apart(found)["a"]
    assert head.to_retrained.value == pytest.approx(own)
    assert head.to_others.value == pytest.approx(between)
    assert head.difference.value == pytest.approx(between - own)


def test_heads_that_differ_and_a_head_that_does_not_settle():
    """Two trainings of `a` lie as far apart as two heads do; those of `b` and `c` do not."""
    rng = np.random.default_rng(1)
    settled = {head: rng.dirichlet(np.ones(6), 200) for head in "bc"}

    def near(of):
        return [row / row.sum() for row in of * rng.uniform(0.97, 1.03, of.shape)]

    found = apart(
        {
            "a": [list(rng.dirichlet(np.ones(6), 200)) for _training in range(3)],
            **{head: [near(of) for _training in range(3)] for head, of in settled.items()},
        }
    )
    assert found["a"].further is None
    assert found["b"].further is True and found["c"].further is True
    assert Apart.read(found["b"].to_json()) == found["b"]


def test_intervals_over_rows_and_trainings_cover():
    """95 % intervals from three trainings of each of three heads cover in 93 of 100 cases or more.

    A training is its head's place, plus a draw of its own, plus noise in every row; distances are
    squared ones, of which the expected ones are known.
    """
    rng = np.random.default_rng(2)
    heads, size, rows = np.repeat(np.arange(3), 3), 6, 40
    places = rng.normal(0, 1, (3, size))
    seed, noise = 0.5, 0.3
    own = 2 * size * (seed**2 + noise**2)
    apart_by = np.square(places[:, None] - places[None]).sum(axis=-1)
    covered = []
    for _draw in range(DRAWS):
        drawn = places[heads] + rng.normal(0, seed, (9, size))
        at = drawn[:, None] + rng.normal(0, noise, (9, rows, size))
        distances = np.square(at[:, None] - at[None]).sum(axis=-1)
        for head, found in enumerate(of_distances(distances, heads)):
            wanted = apart_by[head].sum() / 2
            covered.append(found.difference.low <= wanted <= found.difference.high)
            covered.append(found.to_retrained.low <= own <= found.to_retrained.high)
    assert np.mean(covered) >= 0.93


def test_where_heads_differ_no_more_than_trainings_few_are_said_to():
    rng = np.random.default_rng(3)
    heads, size, rows = np.repeat(np.arange(3), 3), 6, 40
    wrong = 0
    for _draw in range(DRAWS):
        at = rng.normal(0, 1, (9, 1, size)) + rng.normal(0, 0.3, (9, rows, size))
        distances = np.square(at[:, None] - at[None]).sum(axis=-1)
        wrong += any(found.further is not None for found in of_distances(distances, heads))
    assert wrong / DRAWS <= 0.05
