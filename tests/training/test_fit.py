"""Fitting: batches, class weights, early stopping, progress, cancelling, a fixed seed."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.datasets.samples import Samples
from poolviz.errors import TrainingError
from poolviz.model.heads import HEADS, READOUTS
from poolviz.model.options import ModelOptions
from poolviz.training.epochs import TOKENS_PER_BATCH, grouped_batches
from poolviz.training.fit import class_weights, fit
from poolviz.watch import Cancelled, Watch
from tests import invented

MODEL = ModelOptions("attention", **invented.MODEL)
SHORT = replace(invented.TRAINING, epochs=2)


def run(prepared, options=SHORT, **changes):
    """Fit on the invented corpus; any argument of `fit` can be another."""
    arguments = {
        "train": prepared.train,
        "validation": prepared.validation,
        "vocabulary_size": len(prepared.vocabulary),
        "classes": len(invented.CLASSES),
        "model_options": MODEL,
        "options": options,
    }
    return fit(**arguments | changes)


def few(samples: Samples, count: int) -> Samples:
    return Samples(samples.ids[:count], samples.labels[:count])


class TestFit:
    @pytest.mark.parametrize("head", HEADS)
    @pytest.mark.parametrize("readout", READOUTS)
    def test_learns_what_can_be_learned(self, trained, head, readout):
        figures = trained(head, readout).card["test"]
        assert figures["accuracy"]["value"] > 0.95
        assert figures["rows"] > 50

    def test_the_seed_fixes_everything(self, prepared):
        first, again = (run(prepared) for _ in range(2))
        other = run(prepared, replace(SHORT, seed=1))
        assert first.history == again.history != other.history
        for one, two in zip(first.model.get_weights(), again.model.get_weights(), strict=True):
            assert np.array_equal(one, two)

    def test_history_holds_the_validation_figures_of_the_kept_model(self, prepared):
        result = run(prepared)
        losses, hits = [], []
        for ids, label in zip(prepared.validation.ids, prepared.validation.labels, strict=True):
            outputs = result.model(ids[None])
            losses.append(-math.log(outputs["probabilities"][0, label]))
            hits.append(int(np.argmax(outputs["logits"])) == label)
        best = result.history[result.best_epoch - 1]
        assert best["validation_loss"] == pytest.approx(np.mean(losses), abs=1e-5)
        assert best["validation_accuracy"] == pytest.approx(np.mean(hits))

    def test_early_stopping_keeps_the_best_epochs_weights(self, prepared):
        # Validated against false labels, every further epoch of learning is worse than the first.
        false = Samples(prepared.validation.ids, (prepared.validation.labels + 1) % 3)
        options = replace(SHORT, epochs=9, patience=2, learning_rate=0.05)
        result = run(prepared, options, validation=false)
        losses = [epoch["validation_loss"] for epoch in result.history]
        assert result.best_epoch == np.argmin(losses) + 1
        assert len(losses) == result.best_epoch + 2 < 9
        until_then = run(prepared, replace(options, epochs=result.best_epoch), validation=false)
        for kept, wanted in zip(
            result.model.get_weights(), until_then.model.get_weights(), strict=True
        ):
            assert np.array_equal(kept, wanted)

    def test_says_how_long_it_took(self, prepared):
        result = run(prepared)
        assert result.seconds > 0
        # the validation pass is no part of the rate
        assert result.samples_per_second * result.seconds >= len(prepared.train) * 2

    def test_progress_is_told_after_every_batch_and_validation_at_an_epochs_end(self, prepared):
        events = []
        result = run(prepared, watch=Watch(events.append))
        batches = events[0].batches
        expected = [(epoch, batch) for epoch in (1, 2) for batch in range(1, batches + 1)]
        assert [(event.epoch, event.batch) for event in events] == expected
        assert {(event.epochs, event.batches) for event in events} == {(2, batches)}
        assert all(math.isfinite(event.loss) for event in events)
        for event in events:
            ends_epoch = event.batch == batches
            assert (event.validation_accuracy is not None) == ends_epoch
            assert (event.validation_loss is not None) == ends_epoch
        ends = [event.validation_loss for event in events if event.batch == batches]
        assert ends == [epoch["validation_loss"] for epoch in result.history]

    @pytest.mark.parametrize("patience", [1, 7])
    def test_cancelling_ends_it_after_that_batch(self, prepared, patience):
        events, asked = [], []

        def cancelled():
            asked.append(None)
            return len(asked) >= patience

        with pytest.raises(Cancelled):
            run(prepared, watch=Watch(events.append, cancelled))
        assert len(events) == patience - 1 == len(asked) - 1

    def test_token_dropout_hides_tokens_in_training_only(self, prepared):
        options = replace(SHORT, epochs=6, learning_rate=0.05)
        whole = run(prepared, replace(options, token_dropout=0.0))
        # whole texts vanish here, too: without any token nothing can be learned, nor break
        hidden = run(prepared, replace(options, token_dropout=0.9))
        assert hidden.history[-1]["loss"] > 2 * whole.history[-1]["loss"]
        assert hidden.history[-1]["loss"] > 2 * hidden.history[-1]["validation_loss"]
        assert all(np.isfinite(weights).all() for weights in hidden.model.get_weights())

    def test_class_weights_weigh_the_loss(self, prepared, monkeypatch):
        only_last = np.array([0, 0, 1], np.float32)
        monkeypatch.setattr("poolviz.training.fit.class_weights", lambda *_: only_last)
        result = run(prepared, replace(SHORT, learning_rate=0.05))
        ids = [text[None] for text in prepared.validation.ids[:20]]
        assert {int(np.argmax(result.model(text)["logits"])) for text in ids} == {2}

    @pytest.mark.parametrize("empty", ["train", "validation"])
    def test_no_rows(self, prepared, empty):
        with pytest.raises(TrainingError, match="no rows"):
            run(prepared, **{empty: few(prepared.train, 0)})

    def test_one_class(self, prepared):
        train = few(prepared.train, 9)
        with pytest.raises(TrainingError, match="same label"):
            run(prepared, train=Samples(train.ids, np.zeros_like(train.labels)))

    def test_a_loss_that_is_no_number_ends_it(self, prepared, monkeypatch):
        monkeypatch.setattr("poolviz.training.fit._measure", lambda *_: (math.nan, 0.0))
        with pytest.raises(TrainingError, match="learning rate"):
            run(prepared)

    def test_a_class_without_training_rows_is_no_obstacle(self, prepared):
        some = prepared.train.labels < 2
        ids = [text for text, kept in zip(prepared.train.ids, some, strict=True) if kept]
        result = run(prepared, train=Samples(ids, prepared.train.labels[some]))
        assert all(np.isfinite(weights).all() for weights in result.model.get_weights())


class TestClassWeights:
    def test_even_classes_count_alike(self):
        # 3 rows are 1.5 times 2 rows, no more
        assert class_weights(np.array([0, 0, 0, 1, 1]), 2).tolist() == [1, 1]

    def test_uneven_classes_by_the_square_root(self):
        # 4 rows and 1: 1/2 and 1, whose mean over the rows is 3/5; divided by it 5/6 and 5/3
        np.testing.assert_allclose(class_weights(np.array([0, 0, 0, 0, 1]), 2), [5 / 6, 5 / 3])

    def test_absent_class_weighs_nothing(self):
        weights = class_weights(np.array([0, 0, 0, 0, 2]), 3)
        np.testing.assert_allclose(weights, [5 / 6, 0, 5 / 3])

    @given(st.lists(st.integers(0, 4), min_size=1, max_size=200))
    def test_mean_over_the_rows_is_one(self, labels):
        weights = class_weights(np.array(labels), 5)
        assert weights.dtype == np.float32
        assert weights[labels].mean() == pytest.approx(1, abs=1e-5)
        assert (weights[labels] > 0).all()


class TestGroupedBatches:
    @given(
        lengths=st.lists(st.integers(1, 3_000) | st.integers(8_000, 9_000), max_size=150),
        texts=st.integers(1, 64),
        seed=st.integers(0, 99),
    )
    def test_each_text_once_within_the_budget(self, lengths, texts, seed):
        lengths = np.array(lengths, np.int64)
        batches = list(grouped_batches(lengths, texts, np.random.default_rng(seed)))
        assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
        for batch in batches:
            assert 1 <= len(batch) <= texts
            assert len(batch) * lengths[batch].max() <= TOKENS_PER_BATCH or len(batch) == 1
        spans = sorted((lengths[batch].min(), lengths[batch].max()) for batch in batches)
        for (_, longest), (shortest, _) in zip(spans, spans[1:], strict=False):
            assert longest <= shortest, "a batch holds neighbours in the order of length"

    def test_long_text_stands_alone(self):
        lengths = np.array([5, TOKENS_PER_BATCH + 1, 5, TOKENS_PER_BATCH + 1])
        batches = list(grouped_batches(lengths, 64, np.random.default_rng(0)))
        assert sorted(len(batch) for batch in batches if lengths[batch].max() > 5) == [1, 1]

    def test_order_is_another_each_time_and_fixed_by_the_generator(self):
        lengths = np.full(40, 7)
        random = np.random.default_rng(0)
        first, second = (list(grouped_batches(lengths, 8, random)) for _ in range(2))
        again = list(grouped_batches(lengths, 8, np.random.default_rng(0)))
        assert np.array_equal(np.concatenate(first), np.concatenate(again))
        assert not np.array_equal(np.concatenate(first), np.concatenate(second))
        assert {frozenset(batch) for batch in first} != {frozenset(batch) for batch in second}
