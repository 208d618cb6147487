"""`export --lines`: a file of many texts, in one table or in files of its own for each."""

import csv
import io
import json

import pytest

from poolviz.cli import BAD_INPUT, FAILED, FINE
from tests.cli_helpers import explain

pytest_plugins = ["tests.cli_fixtures"]
TEXTS = {1: "这家店的菜很好吃", 3: "难吃", 12: "=1+1 好"}


@pytest.fixture
def lines(tmp_path):
    place = tmp_path / "lines.txt"
    place.write_bytes("\r\n".join(TEXTS.get(n, " ") for n in range(1, 13)).encode("gb18030"))
    return place


@pytest.fixture
def words(root, lines):
    chosen = ("export", "--dataset", "invented", "--root", root, "--head", "max,attention")
    return (*chosen, "--text-file", lines, "--lines")


def test_one_table_of_all_lines(call, words, tmp_path, root):
    code, out, err = call(*words, "--output", tmp_path / "all.csv")
    assert (code, out.strip()) == (FINE, str(tmp_path / "all.csv"))
    found = list(csv.DictReader(io.StringIO((tmp_path / "all.csv").read_text("utf-8-sig"))))
    for number, text in TEXTS.items():
        tokens = [
            row["token"]
            for row in found
            if row["line"] == str(number) and row["head"] == found[0]["head"]
        ]
        assert "".join(tokens).replace("'", "") == text.replace(" ", "")
    assert {row["line"] for row in found} == {"1", "3", "12"}
    code, _out, _err = call(*words, "--output", tmp_path / "all.json")
    every = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert [(one["line"], one["text"]) for one in every] == [
        each for each in TEXTS.items() for _head in ("max", "attention")
    ]
    alone = json.loads(call(*explain(root, "--text", TEXTS[3], "--json"))[1])
    assert [{"line": 3, **one} for one in alone] == every[2:4]


def test_files_of_each_line_in_a_folder(call, words, tmp_path):
    code, out, _err = call(
        *words, "--output", tmp_path / "files", "--format", "svg", "--figure", "highlights"
    )
    names = sorted(place.name for place in (tmp_path / "files").iterdir())
    assert code == FINE and len(out.splitlines()) == 3
    assert [name.partition("_")[0] for name in names] == ["line-01", "line-03", "line-12"]
    assert all(name.endswith(".svg") for name in names)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--output", "all.svg"), "each line has a file of its own"),
        (("--output", "all.csv", "--trust"), "leave it out with --trust"),
        (("--output", "all.csv", "--changed", "好"), "leave it out with --trust, --changed"),
        (("--output", "all.csv", "--table", "cells"), "Unknown table cells"),
        (("--output", "all.csv", "--target", "好评"), "need --quantity contribution"),
        (("--output", "all.json", "--scale", "uniform"), "--scale changes nothing"),
    ],
)
def test_what_cannot_be_written_of_lines_is_refused(call, words, tmp_path, monkeypatch, said, told):
    monkeypatch.chdir(tmp_path)
    code, out, err = call(*words, *said)
    assert (code, out) == (BAD_INPUT, "") and told in err
    assert [place.name for place in tmp_path.iterdir() if place.name.startswith("all")] == []


def test_lines_are_of_a_file(call, words, tmp_path):
    without = [word for word in words if word not in ("--text-file", words[-2])]
    code, _out, err = call(*without, "--text", "好", "--output", tmp_path / "all.csv")
    assert code == BAD_INPUT and "--lines is for --text-file" in err


def test_a_line_that_is_too_long_is_named_and_the_others_are_written(call, words, lines, tmp_path):
    lines.write_text("难吃\n" + "长" * 100_001, "utf-8")
    code, _out, err = call(*words, "--output", tmp_path / "all.json")
    assert code == FAILED and "Line 2: The text has 100,001 characters" in err
    assert {one["line"] for one in json.loads((tmp_path / "all.json").read_text("utf-8"))} == {1}
    lines.write_text("长" * 100_001, "utf-8")
    code, out, _err = call(*words, "--output", tmp_path / "none.csv")
    assert (code, out) == (FAILED, "") and not (tmp_path / "none.csv").exists()
