"""Many texts through the tiny encoder: the same as one by one, each read once, in batches."""

import numpy as np
import pytest

from poolviz.encoders.reader import Reader
from poolviz.engine import poolings
from poolviz.engine.encoding import rank, read_many
from poolviz.errors import TextError
from poolviz.model.poolings import POOLINGS
from poolviz.watch import Cancelled, Watch
from tests.tiny_encoder import LIMIT, added

TEXTS = ("good food", "the room was clean", "bad food", " ".join(["good"] * 2 * LIMIT), "unknown")


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Reader:
    return Reader(added(tmp_path_factory.mktemp("encoders")))


@pytest.fixture
def runs(reader, monkeypatch) -> list[tuple[int, ...]]:
    """The shapes of the batches that the encoder reads from now on."""
    shapes, run = [], reader.graph.run
    monkeypatch.setattr(reader.graph, "run", lambda ids: shapes.append(ids.shape) or run(ids))
    return shapes


def test_many_are_read_as_each_by_itself(reader):
    found = dict(read_many(reader, TEXTS))
    assert sorted(found) == list(range(len(TEXTS)))
    for number, reading in found.items():
        alone = reader.read(TEXTS[number])
        assert (reading.tokens, reading.windows) == (alone.tokens, alone.windows)
        np.testing.assert_allclose(reading.vectors, alone.vectors, atol=1e-5)


def test_texts_of_one_length_are_read_together(reader, runs):
    list(read_many(reader, ["good food", "bad food", "clean room", "good"]))
    assert runs == [(1, 3), (3, 4)]


def test_progress_counts_texts_and_the_work_can_be_stopped(reader):
    steps = []
    list(read_many(reader, TEXTS, Watch(lambda *step: steps.append(step))))
    assert steps[-1] == (len(TEXTS), len(TEXTS))
    with pytest.raises(Cancelled):
        list(read_many(reader, TEXTS, Watch(cancelled=lambda: True)))


def test_ranks_are_the_cosines_of_pairs_and_a_sentence_is_read_once(reader, runs):
    found = rank(reader, "clean food", TEXTS, tuple(POOLINGS))
    read = sum(shape[0] for shape in runs)
    windows = reader.read(TEXTS[3]).windows
    assert read == 1 + len(TEXTS) - 1 + windows
    query = reader.read("clean food")
    for number, text in enumerate(TEXTS):
        for pair in poolings.match(reader.encoder, query, reader.read(text)):
            assert found[pair.head][number] == pytest.approx(pair.score, abs=1e-5)


def test_an_empty_list_has_no_ranks_and_an_empty_query_is_refused(reader):
    assert rank(reader, "good", [], ["mean"])["mean"].shape == (0,)
    with pytest.raises(TextError):
        rank(reader, " ", ["good"], ["mean"])
