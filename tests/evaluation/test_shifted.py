"""Heads on rows of another sample: which rows, which figures, and what of "better" is left."""

from dataclasses import replace

import pandas as pd
import pytest

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import read
from poolviz.datasets import CATALOGUE, load
from poolviz.engine.texts import Explainer
from poolviz.evaluation import shifted
from poolviz.evaluation.comparison import Comparison, mcnemar
from poolviz.evaluation.shifted import Shift, in_words, rows_from_elsewhere
from poolviz.evaluation.texts import read_test_rows
from poolviz.text.preparation import PREPARATIONS
from poolviz.values.interval import Interval
from tests import invented
from tests.copies import copied

HEADS = ("max", "attention")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """Other invented rows, some of which stand in the first ones."""
    folder = tmp_path_factory.mktemp("elsewhere")
    invented.write_rows(folder, seed=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CATALOGUE, "invented", invented.dataset())
        return load("invented", folder)


@pytest.fixture(scope="module")
def passes(trained, corpus, other):
    rows, _shared, _unread = rows_from_elsewhere(other, corpus)
    return [read_test_rows(Explainer(trained(head)), rows) for head in HEADS]


def test_all_rows_are_read_once_but_for_shared_texts(corpus, other):
    known = corpus.rows.head(30)
    mixed = replace(other, rows=pd.concat([other.rows, known, known], ignore_index=True))
    rows, shared, unread = rows_from_elsewhere(mixed, corpus)
    alone, before, _unread = rows_from_elsewhere(other, corpus)
    assert shared >= 30 > before and unread == 0
    assert set(rows.rows["split"]) == {"test"}
    assert rows.rows["key"].is_unique
    assert not set(rows.rows["key"]) & set(corpus.rows["key"])
    assert list(rows.rows["text"]) == list(alone.rows["text"])


def test_texts_of_which_the_models_read_nothing_are_left_out_and_counted(corpus, other):
    without_codes = replace(corpus.dataset, preparation=PREPARATIONS["weibo-1"])
    lines = other.rows.head(3).assign(text="[哈哈] @某人", key=["a", "b", "c"])
    mixed = replace(other, rows=pd.concat([other.rows, lines], ignore_index=True))
    rows, _shared, unread = rows_from_elsewhere(mixed, replace(corpus, dataset=without_codes))
    assert unread == 3 and "[哈哈] @某人" not in set(rows.rows["text"])


def test_figures_are_those_of_counting(passes):
    found = shifted.summaries(passes, 7)
    right = [each.probabilities.argmax(axis=1) == each.labels for each in passes]
    for each, own in zip(found, right, strict=True):
        assert each["accuracy"]["value"] == pytest.approx(own.mean())
        assert (each["rows"], each["left_out"]) == (len(own), 7)
    first, second = (each.checkpoint.onnx_hash for each in passes)
    counts = [int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())]
    assert found[0]["against"] == {second: counts}
    assert found[1]["against"] == {first: counts[::-1]}


def test_what_is_written_is_read_back_and_other_samples_stay(passes, trained, tmp_path):
    copies = [copied(trained(head), tmp_path) for head in HEADS]
    found = shifted.summaries(passes, 0)
    for checkpoint, each in zip(copies, found, strict=True):
        shifted.write(checkpoint, "here", each)
        shifted.write(checkpoint, "there", {**each, "rows": each["rows"] + 1})
    there, here = shifted.shifts(copies)
    assert (there.sample, here.sample) == ("there", "here")
    assert here.rows == len(passes[0].labels) == there.rows - 1
    assert here.accuracy["max"] == Interval.read(found[0]["accuracy"])
    [pair] = here.comparisons
    [counts] = found[0]["against"].values()
    assert {pair.first: pair.only_first, pair.second: pair.only_second} == dict(
        zip(HEADS, counts, strict=True)
    )
    assert pair.p == pair.adjusted == pytest.approx(mcnemar(*counts)) and pair.better is None
    assert all(read(checkpoint.folder).damage is None for checkpoint in copies)


def test_figures_of_another_model_are_none(passes, trained, tmp_path):
    checkpoint = copied(trained("max"), tmp_path)
    content = {"onnx_sha256": "of another", "samples": {"here": shifted.summaries(passes, 0)[0]}}
    beside.write_json(checkpoint, shifted.FILE, shifted.VERSION, content)
    assert shifted.shifts([checkpoint]) == []


def test_it_is_measured_with_the_model_and_moves_with_it():
    assert shifted.FILE in beside.MEASURED


def shift(only_max: int, only_attention: int) -> Shift:
    at = Interval(0.7, 0.6, 0.8)
    adjusted = mcnemar(only_max, only_attention)
    pair = Comparison("max", "attention", only_max, only_attention, adjusted, adjusted)
    return Shift("waimai_10k", 1_234, {"max": at}, {"max": at}, [pair])


@pytest.mark.parametrize(
    ("only_max", "only_attention", "borne_out"),
    [(60, 20, True), (20, 60, False), (22, 20, False), (0, 0, False)],
)
def test_better_is_borne_out_where_the_same_head_is_shown_better(
    only_max, only_attention, borne_out
):
    own = Comparison("attention", "max", 1, 50, 0.001, 0.001, better="max")
    assert shift(only_max, only_attention).bears_out(own) is borne_out
    said = in_words([shift(only_max, only_attention)], [own])
    assert f"{int(borne_out)} of 1 pairs" in said[-1]


def test_the_words_name_rows_and_figures():
    assert in_words([], []) == ["The intervals speak of rows like these only."]
    _first, said = in_words([shift(3, 3)], [])
    assert "1,234 rows" in said and said.endswith("accuracy is 70.0%.")
