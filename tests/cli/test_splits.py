"""A split column and a second file on the command line: told, used, and found again."""

import json

import pytest

from poolviz.checkpoints.commands import command_for
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli import BAD_INPUT, FINE
from tests import invented

pytest_plugins = ["tests.cli_fixtures"]

SMALL = ("--epochs", "1", "--embedding", "4", "--filters", "4", "--min-frequency", "1")


@pytest.fixture
def rows(tmp_path) -> list[list[str]]:
    """[label, text] of invented rows."""
    lines = invented.write_rows(tmp_path).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines[:240]]


def write(place, rows, header="label,text"):
    place.write_text("\n".join([header, *(",".join(row) for row in rows)]), "utf-8")
    return place


def test_a_split_column_is_said(call, rows, tmp_path):
    splits = ["训练集"] * 180 + ["测试集"] * 60
    place = write(
        tmp_path / "mine.csv",
        [(*row, split) for row, split in zip(rows, splits, strict=True)],
        "label,text,划分",
    )
    code, out, _err = call("train", "--csv", place, "--dry-run")
    assert code == FINE and "; split: 划分; unit" in out
    assert "to choose the epoch by, 60 to test on." in out
    assert "is what the column 划分 says" in out
    found = json.loads(call("train", "--csv", place, "--dry-run", "--json")[1])
    assert found["split_column"] == "划分" and found["rows_per_split"]["test"] == 60
    code, out, _err = call("train", "--csv", place, "--dry-run", "--split-column", "none")
    assert code == FINE and "60 to test on" not in out and "split:" not in out


def test_a_second_file_is_what_is_tested_on(call, rows, tmp_path):
    train = write(tmp_path / "train.csv", rows[:180])
    test = write(tmp_path / "test.csv", [*rows[180:], rows[0], rows[1], ("怪", "没见过")])
    words = ("--dataset", "mine", "--csv", train, "--test-csv", test, "--head", "average")
    code, out, err = call("train", *words, *SMALL, "--output", tmp_path / "root")
    assert code == FINE
    assert "since their texts are to be tested on, too: " in err
    assert (
        "Left out of test.csv, with a label that no other row has (“怪”): 1 row, in line 64" in err
    )
    (trained,) = list_checkpoints([tmp_path / "root"])
    assert trained.card["test"]["rows"] == 62
    assert [file["name"] for file in trained.card["data"]["files"]] == ["train.csv", "test.csv"]
    code, out, _err = call("evaluate", *words, "--root", tmp_path / "root", "--json")
    (found,) = json.loads(out)
    assert found["rows"] == 62 and found["accuracy"] == trained.card["test"]["accuracy"]
    assert f"--csv {train} --test-csv {test}" in command_for("evaluate", trained)


def test_a_second_file_needs_a_first(call, tmp_path):
    code, _out, err = call("evaluate", "--dataset", "bbc_news", "--test-csv", tmp_path / "test.csv")
    assert code == BAD_INPUT and "--test-csv and --join-labels are for --csv" in err
