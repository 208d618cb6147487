"""The weights of all trainings are kept beside a card, and what follows from them for the pages."""

import numpy as np
import pytest

from poolviz.checkpoints import beside
from poolviz.evaluation.retraining import kept, results
from poolviz.evaluation.retraining.apart import apart
from poolviz.model.options import ADDED_LATER
from tests.copies import copied

SEEDS = {"seeds": [0, 1, 2], "accuracy": [0.9, 0.8, 0.7], "weight_distance": 0.1}
NAMES = ("max", "attention", "average")


def drawn(corpus, number: int):
    rng = np.random.default_rng(number)
    lengths = [len(text) for text in corpus.split("test")["text"]]
    return [[rng.dirichlet(np.ones(n)) for n in lengths] for _seed in range(3)]


@pytest.fixture
def heads(trained, corpus, tmp_path):
    found = [copied(trained(head), tmp_path, seeds=SEEDS) for head in NAMES[:2]]
    still = {**SEEDS, "weight_distance": 0.0}
    found.append(copied(trained("average"), tmp_path, seeds=still))
    for number, checkpoint in enumerate(found):
        kept.write(checkpoint, corpus, drawn(corpus, number))
    return found


def test_weights_of_the_same_rows_are_kept_for_every_head(heads, corpus):
    first, second, _average = [kept.read(checkpoint) for checkpoint in heads]
    assert np.array_equal(first.keys, second.keys) and len(first.by_seed) == 3
    known = {int(key[:16], 16): row for row, key in enumerate(corpus.split("test")["key"])}
    weights = drawn(corpus, 0)
    for seed, of_seed in enumerate(first.by_seed):
        for key, row in zip(first.keys, of_seed, strict=True):
            assert row == pytest.approx(weights[seed][known[int(key)]], abs=1e-5)


def test_long_texts_leave_room_for_fewer_rows(heads, corpus, monkeypatch):
    monkeypatch.setattr(kept, "MOST_TOKENS", 100)
    kept.write(heads[0], corpus, drawn(corpus, 0))
    found = kept.read(heads[0])
    assert 1 < len(found.keys) < 20
    assert sum(len(row) for row in found.by_seed[0]) <= 100


def test_what_is_found_is_read_for_heads_trained_alike(heads):
    place = results.update(heads[0].folder.parent, heads)
    assert place.name == results.FILE
    found = results.read(heads)
    assert list(found.heads) == ["max", "attention"] and found.trainings == 3
    weights = {c.head: kept.read(c).by_seed for c in heads[:2]}
    assert found.heads["max"] == apart(weights)["max"]
    model = {k: v for k, v in heads[0].card["model"].items() if k not in ADDED_LATER}
    older = copied(heads[0], heads[0].folder.parents[1], model=model)
    assert list(results.read([older, heads[1]]).heads) == ["max", "attention"]
    other = copied(heads[0], heads[0].folder.parents[1], training={"epochs": 99})
    assert list(results.read([other, heads[1]]).heads) == ["attention"]


def test_nothing_follows_from_one_head_or_too_few_trainings(heads, trained, tmp_path, corpus):
    folder = heads[0].folder.parent
    assert results.update(folder, heads[1:]) is None and results.read(heads) is None
    two = copied(trained("max"), tmp_path / "two", seeds={**SEEDS, "seeds": [0, 1]})
    kept.write(two, corpus, drawn(corpus, 0)[:2])
    assert results.update(folder, [two, heads[1]]) is None


def test_they_move_with_the_model():
    assert kept.FILE in beside.MEASURED
