"""`train --csv` on rows that are read from disk: the same model as of rows in memory."""

import json

import numpy as np
import pandas as pd
import pytest

from poolviz.checkpoints.checkpoint import read
from poolviz.cli import BAD_INPUT, FINE
from poolviz.cli.work import streamed
from poolviz.datasets.samples import Samples
from poolviz.datasets.streamed import rows as streamed_rows
from poolviz.datasets.streamed.stored import Writer, samples_in
from poolviz.engine.bulk import lengths_of, padded
from tests import invented

pytest_plugins = ["tests.cli_fixtures"]


@pytest.fixture
def rows(corpus, tmp_path):
    """A file of 400 rows, some of them without a text or a label, one twice."""
    found = corpus.rows.head(400)
    names = [corpus.dataset.classes[number] for number in found["label"]]
    table = pd.DataFrame({"text": found["text"], "label": names})
    more = pd.DataFrame({"text": [" ", "好吃", table["text"][0]], "label": ["x", "", names[0]]})
    path = tmp_path / "rows.csv"
    pd.concat([table, more]).to_csv(path, index=False)
    return path


def words(place, root, *more):
    small = (f"--{name}={value}" for name, value in invented.MODEL.items())
    fit = ("--epochs", "2", "--head", "max", "--unit", "character")
    return ("train", "--dataset", "mine", "--csv", place, *fit, *small, "--output", root, *more)


def made(root):
    [card] = root.glob("mine/run-*/max/card.json")
    return read(card.parent)


def test_the_model_is_that_of_rows_in_memory(call, rows, tmp_path, monkeypatch):
    assert call(*words(rows, tmp_path / "memory"))[0] == FINE
    monkeypatch.setattr(streamed, "LARGE", 1)
    code, out, err = call(*words(rows, tmp_path / "disk"))
    assert code == FINE and "max: accuracy" in out and "read from disk while models learn" in err
    here, there = made(tmp_path / "memory"), made(tmp_path / "disk")
    for epoch, other in zip(*(each.card["fit"]["history"] for each in (here, there)), strict=True):
        assert epoch == pytest.approx(other, abs=1e-6)
    for name in ("test", "classes", "unit", "vocabulary", "training", "command"):
        assert here.card[name] == there.card[name]
    for name in ("rows_per_split", "rows_per_class", "rows_read", "split_rule"):
        assert here.card["data"]["report"][name] == there.card["data"]["report"][name]
    assert not list((tmp_path / "disk").glob(".poolviz-*"))


def test_a_folder_is_read_from_disk(call, rows, tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    lines = rows.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "a.csv").write_text("".join(lines[:200]), encoding="utf-8")
    (folder / "b.csv").write_text("".join([lines[0], *lines[200:]]), encoding="utf-8")
    code, _out, err = call(*words(folder, tmp_path / "root"))
    assert code == FINE, err
    card = made(tmp_path / "root").card
    assert [file["name"] for file in card["data"]["files"]] == ["a.csv", "b.csv"]
    assert card["data"]["report"]["rows"] == 401


def test_of_many_rows_fewer_are_held_out(corpus, rows, monkeypatch):
    monkeypatch.setattr(streamed_rows, "MOST_TESTED", 20)
    table = pd.read_csv(rows, keep_default_na=False)
    lines = list(zip(table["label"], table["text"], strict=True))
    files = streamed_rows.Files(rows, (rows,))
    found = streamed_rows.read("mine", files, lambda: iter(lines))
    sizes = found.corpus.report["rows_per_split"]
    assert 5 <= sizes["test"] <= 40 and sizes["train"] > 350
    assert sum(sizes.values()) == 401
    assert len(list(found.train())) == sizes["train"]
    assert set(found.corpus.rows["split"]) == {"validation", "test"}
    again = streamed_rows.read("mine", files, lambda: iter(lines[::-1]))
    assert again.corpus.digest == found.corpus.digest
    lines[7] = (lines[7][0], lines[7][1] + "好")
    other = streamed_rows.read("mine", files, lambda: iter(lines))
    assert other.corpus.digest != found.corpus.digest


def test_stored_ids_are_those_that_were_written(tmp_path):
    ids = [np.arange(n, dtype=np.int32) for n in (3, 1, 4)]
    with Writer(tmp_path) as writer:
        writer.add(ids[:2], [1, 0])
        writer.add(ids[2:], [1])
    found = samples_in(tmp_path)
    assert [each.tolist() for each in found.ids] == [each.tolist() for each in ids]
    assert found.labels.tolist() == [1, 0, 1] and len(found) == 3
    assert lengths_of(found.ids).tolist() == [3, 1, 4]
    held = Samples(ids, np.array([1, 0, 1]))
    assert np.array_equal(padded(found.ids, [2, 0]), padded(held.ids, [2, 0]))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--engine", "dask"), "trained on here; leave out --engine"),
        (("--split-column", "x"), "--split-column is not for rows that are read from disk"),
        (("--kind", "siamese", "--head", "max"), "train classifiers"),
    ],
)
def test_what_is_not_for_such_rows(call, rows, tmp_path, monkeypatch, more, said):
    monkeypatch.setattr(streamed, "LARGE", 1)
    base = ("train", "--dataset", "mine", "--csv", rows, "--output", tmp_path / "root")
    code, out, err = call(*base, "--head", "max", *more)
    assert (code, out) == (BAD_INPUT, "") and said in err


def test_rows_of_one_class(call, tmp_path, monkeypatch):
    monkeypatch.setattr(streamed, "LARGE", 1)
    path = tmp_path / "rows.jsonl"
    lines = (json.dumps({"text": f"好吃{n}", "label": "x"}) for n in range(50))
    path.write_text("\n".join(lines), encoding="utf-8")
    code, _out, err = call(*words(path, tmp_path / "root"))
    assert code == BAD_INPUT and "give rows of two classes" in err
