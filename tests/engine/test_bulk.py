"""Many texts at once: the same numbers as one by one, in order, with progress, cancelled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.batches import TEXTS_PER_BATCH, TOKENS_PER_BATCH, same_length_batches
from poolviz.engine import bulk
from poolviz.engine.runtime import Engine
from poolviz.watch import Cancelled, Watch


@pytest.fixture(scope="module")
def engine(trained):
    return Engine(trained("attention"))


@pytest.fixture(scope="module")
def ids():
    """50 texts of 1 to 9 tokens in no order."""
    random = np.random.default_rng(0)
    return [random.integers(1, 30, random.integers(1, 10)).astype(np.int32) for _ in range(50)]


class TestSameLengthBatches:
    @given(st.lists(st.integers(0, 40) | st.integers(4_000, 9_000), max_size=400))
    def test_each_text_once_among_its_equals(self, lengths):
        lengths = np.array(lengths, np.int64)
        batches = list(same_length_batches(lengths))
        assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
        for batch in batches:
            (length,) = set(lengths[batch])
            assert len(batch) <= TEXTS_PER_BATCH
            assert len(batch) * length <= TOKENS_PER_BATCH or len(batch) == 1

    def test_shortest_first_in_the_texts_order(self):
        batches = list(same_length_batches(np.array([3, 1, 3, 2, 1])))
        assert [batch.tolist() for batch in batches] == [[1, 4], [3], [0, 2]]

    def test_long_groups_are_cut(self):
        sizes = [len(batch) for batch in same_length_batches(np.full(600, 2))]
        assert sizes == [256, 256, 88]


class TestProbabilities:
    def test_equal_one_by_one_in_the_texts_order(self, engine, ids):
        found = bulk.probabilities(engine, ids)
        wanted = [engine.run(text[None])["probabilities"][0] for text in ids]
        np.testing.assert_allclose(found, wanted, atol=1e-6)

    def test_no_texts(self, engine):
        assert len(bulk.probabilities(engine, [])) == 0

    @pytest.mark.parametrize("batches", [0, 2])
    def test_cancelled_there_are_none(self, engine, ids, batches):
        reached = []
        watch = Watch(lambda *step: reached.append(step), lambda: len(reached) >= batches)
        with pytest.raises(Cancelled):
            bulk.probabilities(engine, ids, watch)
        assert len(reached) == batches


class TestRunMany:
    def test_gives_the_outputs_asked_for(self, engine, ids):
        seen = []
        for batch, outputs in bulk.run_many(engine, ids, ["weights", "logits"]):
            assert set(outputs) == {"weights", "logits"}
            for i, weights, logits in zip(batch, *outputs.values(), strict=True):
                alone = engine.run(ids[i][None])
                np.testing.assert_allclose(weights, alone["weights"][0], atol=1e-6)
                np.testing.assert_allclose(logits, alone["logits"][0], atol=1e-5)
                seen.append(i)
        assert sorted(seen) == list(range(len(ids)))

    def test_one_run_for_each_batch(self, ids):
        runs = []

        class Counting:
            def run(self, batch, outputs):
                runs.append(batch.shape)
                return {}

        list(bulk.run_many(Counting(), ids, []))
        assert len(runs) == len({len(text) for text in ids})
        assert sum(batch for batch, _ in runs) == len(ids)

    def test_progress_after_each_batch(self, engine, ids):
        told = []
        batches = list(
            bulk.run_many(engine, ids, ["logits"], Watch(lambda *step: told.append(step)))
        )
        sizes = np.cumsum([len(batch) for batch, _ in batches])
        assert told == [(done, len(ids)) for done in sizes]

    def test_few_batches_are_worked_on_ahead_of_the_reader(self, ids):
        runs = []

        class Counting:
            def run(self, batch, outputs):
                runs.append(batch.shape)
                return {}

        texts = [np.ones(length, np.int32) for length in range(1, 100)]
        reader = bulk.run_many(Counting(), texts, [])
        next(reader)
        reader.close()
        assert len(runs) <= 2 * bulk.WORKERS

    def test_an_error_of_the_engine_reaches_the_reader(self, ids):
        class Failing:
            def run(self, batch, outputs):
                raise ValueError("broken graph")

        with pytest.raises(ValueError, match="broken graph"):
            list(bulk.run_many(Failing(), ids, []))

    def test_the_watch_is_looked_at_before_each_batch(self, engine, ids):
        answers, batches = iter([False, False, True]), []
        watch = Watch(cancelled=lambda: next(answers))
        with pytest.raises(Cancelled):
            batches.extend(bulk.run_many(engine, ids, ["logits"], watch))
        assert len(batches) == 2
