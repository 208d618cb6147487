"""Measuring a checkpoint on a corpus, through the engine."""

from dataclasses import replace

import numpy as np
import pytest

from poolviz.datasets.samples import encode_split
from poolviz.engine.texts import Explainer
from poolviz.errors import CheckpointError, DataError
from poolviz.evaluation.texts import figures_on_test_rows
from poolviz.watch import Cancelled, Watch
from tests.copies import without_numbers


def test_the_card_holds_the_same_figures(trained, corpus):
    checkpoint = trained("max")
    assert figures_on_test_rows(checkpoint, corpus) == checkpoint.card["test"]


def test_figures_agree_with_explaining_every_row(trained, corpus):
    explainer = Explainer(trained("attention"))
    rows = corpus.split("test")
    right = [
        explainer.explain(text).predicted_index == label
        for text, label in zip(rows["text"], rows["label"], strict=True)
    ]
    figures = figures_on_test_rows(trained("attention"), corpus)
    assert figures["rows"] == len(rows)
    assert figures["accuracy"]["value"] == pytest.approx(np.mean(right))


def test_a_split_in_ids_keeps_its_order(trained, corpus):
    explainer = Explainer(trained("max"))
    samples = encode_split(corpus, "validation", explainer.vocabulary)
    rows = corpus.split("validation")
    assert len(samples) == len(rows)
    assert samples.labels.tolist() == rows["label"].tolist()
    assert [len(ids) for ids in samples.ids] == [len(text) for text in rows["text"]]


def test_progress_ends_with_all_rows(trained, corpus):
    steps = []
    figures_on_test_rows(trained("max"), corpus, Watch(lambda *step: steps.append(step)))
    count = len(corpus.split("test"))
    assert steps[-1] == (count, count)


@pytest.mark.parametrize("batches", [0, 1])
def test_a_cancelled_measurement_gives_no_figures(trained, corpus, batches):
    asked = iter(range(100))
    watch = Watch(cancelled=lambda: next(asked) >= batches)
    with pytest.raises(Cancelled):
        figures_on_test_rows(trained("max"), corpus, watch)


def test_a_model_that_gives_no_numbers_is_named(trained, corpus, tmp_path):
    broken = without_numbers(trained("max"), tmp_path)
    with pytest.raises(CheckpointError, match="invented/max gives something that is no number"):
        figures_on_test_rows(broken, corpus)


def test_files_with_other_classes_are_refused(trained, corpus):
    other = replace(corpus, dataset=replace(corpus.dataset, classes=("a", "b", "c")))
    with pytest.raises(CheckpointError, match="other classes"):
        figures_on_test_rows(trained("max"), other)


def test_no_test_rows_are_refused(trained, corpus):
    empty = replace(corpus, rows=corpus.rows[corpus.rows["split"] != "test"])
    with pytest.raises(DataError, match="no row to test on"):
        figures_on_test_rows(trained("max"), empty)
