"""Many rows as a file: what stands in it is what each text alone gives."""

import csv
import io
import json

import numpy as np
import pyarrow.parquet
import pytest

from poolviz.engine.texts import Explainer
from poolviz.explore.rows import NO_LABEL, of_corpus
from poolviz.export import rows as written
from poolviz.export.rows import rows_to_csv, rows_to_parquet
from poolviz.views.doubts import share_unknown
from tests.explore_helpers import row_set

HEADS = ("max", "multi-head")
PARTS = {"together": 1_024, "one by one": 1, "three at once": 3}


@pytest.fixture(scope="module")
def explainers(trained):
    return [Explainer(trained(head)) for head in HEADS]


@pytest.fixture(scope="module")
def rows(corpus):
    return of_corpus(corpus, "test")


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_parquet(content: bytes) -> list[dict]:
    return pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()


@pytest.mark.parametrize("at_once", PARTS.values(), ids=PARTS)
def test_every_line_is_what_the_text_alone_gives(rows, explainers, monkeypatch, at_once):
    monkeypatch.setattr(written, "_ROWS_AT_ONCE", at_once)
    numbers = np.array([5, 0, 11, 3])
    table = read_csv(rows_to_csv(rows, numbers, explainers))
    parquet = read_parquet(rows_to_parquet(rows, numbers, explainers))
    assert [int(line["row"]) for line in table] == [6, 1, 12, 4]
    classes = explainers[0].checkpoint.classes
    for number, line, other in zip(numbers, table, parquet, strict=True):
        text = rows.texts.iloc[number]
        assert line["text"] == other["text"] == text
        assert line["label"] == other["label"] == classes[rows.labels[number]]
        assert int(line["characters"]) == other["characters"] == len(text)
        for explainer in explainers:
            head, found = explainer.checkpoint.head, explainer.explain(text)
            assert other["unknown"] == pytest.approx(share_unknown(found.tokens))
            assert float(line["unknown"]) == pytest.approx(share_unknown(found.tokens), abs=1e-4)
            assert json.loads(line["tokens"]) == other["tokens"] == [t.text for t in found.tokens]
            assert line[f"{head}: predicted"] == other[f"{head}: predicted"] == found.predicted
            shares = [float(line[f"{head}: {name}"]) for name in classes]
            np.testing.assert_allclose(shares, found.probabilities, atol=1e-5)
            exact = [other[f"{head}: {name}"] for name in classes]
            np.testing.assert_allclose(exact, found.probabilities, atol=1e-6)
            weights = found.weights.mean(axis=0)
            given = [float(weight) for weight in line[f"{head}: weights"].split(" ")]
            np.testing.assert_allclose(given, weights, rtol=1e-3)
            np.testing.assert_allclose(other[f"{head}: weights"], weights, rtol=1e-4)


def test_no_text_is_a_formula_in_csv_and_unknown_labels_are_empty(explainers):
    rows = row_set("=1+1", "@好", labels=[NO_LABEL, 1])
    table = read_csv(rows_to_csv(rows, np.arange(2), explainers))
    assert [line["text"] for line in table] == ["'=1+1", "'@好"]
    assert table[0]["label"] == ""
    parquet = read_parquet(rows_to_parquet(rows, np.arange(2), explainers))
    assert [line["text"] for line in parquet] == ["=1+1", "@好"]  # no spreadsheet opens it
    assert parquet[0]["label"] is None


def test_a_file_has_so_many_rows_and_no_more(rows, explainers, monkeypatch):
    monkeypatch.setattr(written, "LARGEST", 3)
    for read, write in ((read_csv, rows_to_csv), (read_parquet, rows_to_parquet)):
        found = read(write(rows, np.arange(len(rows))[::-1], explainers))
        assert [int(line["row"]) for line in found] == [len(rows) - n for n in range(3)]


def test_long_texts_are_read_a_few_at_a_time(explainers, monkeypatch):
    """So many characters at once, and one text at least."""
    monkeypatch.setattr(written, "_CHARACTERS_AT_ONCE", 10)
    rows = row_set("好" * 4, "好" * 6, "好" * 5, "好" * 40, "好")
    parts = [part.tolist() for part in written._parts(rows.lengths, np.arange(5))]
    assert parts == [[0, 1], [2], [3], [4]]
    assert len(read_csv(rows_to_csv(rows, np.arange(5), explainers))) == 5
