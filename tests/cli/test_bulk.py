"""`explain --input`: files of rows in, Parquet out, by processes."""

import json

import pandas as pd
import pytest

from poolviz.bulk.parts import MANIFEST
from poolviz.cli import BAD_INPUT, FAILED, FINE
from poolviz.engine.texts import Explainer
from tests.cli_helpers import TEXT, explain

pytest_plugins = ["tests.cli_fixtures"]


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.csv"
    lines = [f"{n},{TEXT[: 4 + n % 10]}" for n in range(40)]
    path.write_text("\n".join(["id,text", *lines]) + "\n", encoding="utf-8")
    return path


def test_rows_are_explained_by_processes(call, root, rows, trained, tmp_path):
    words = explain(root, "--input", rows, "--output", tmp_path / "out", "--workers", "2")
    code, out, err = call(*words, "--outputs", "weights,top", "--top", "2")
    assert code == FINE
    assert out == f"40 rows in 1 parts: {tmp_path / 'out'}\n"
    assert "[####################] 100% of 0.0 MB" in err
    table = pd.read_parquet(tmp_path / "out")
    assert table["id"].tolist() == [str(n) for n in range(40)]
    for head in ("max", "attention"):
        explainer = Explainer(trained(head))
        expected = [explainer.explain(TEXT[: 4 + n % 10]).predicted for n in range(40)]
        assert table[f"{head}: predicted"].tolist() == expected
        assert {len(each) for each in table[f"{head}: top"]} == {2}
    code, out, _err = call(*words, "--outputs", "weights,top", "--top", "2", "--json")
    manifest = json.loads(out)
    assert code == FINE and manifest["rows"] == 40 and manifest["complete"]
    assert manifest == json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
    assert call(*words)[0] == BAD_INPUT  # other outputs, the same folder


def test_rows_that_cannot_be_read_are_said(call, root, rows, tmp_path):
    with open(rows, "a", encoding="utf-8") as file:
        file.write('90," "\n没有号码,一,二\n')
    words = ("--input", rows, "--output", tmp_path / "out", "--workers", "1")
    code, out, err = call(*explain(root, *words))
    assert (code, out) == (FAILED, f"40 rows in 1 parts: {tmp_path / 'out'}\n")
    assert f"2 rows could not be read; why stands in {tmp_path / 'out' / '_bad_rows.jsonl'}." in err


def test_results_among_the_rows_are_refused(call, root, rows):
    words = ("--input", rows.parent, "--output", rows.parent / "out")
    code, out, err = call(*explain(root, *words))
    assert (code, out) == (BAD_INPUT, "") and "a second run would read its own results" in err
    assert not (rows.parent / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--input", "ROWS"), "--output"),
        (("--input", "ROWS", "--output", "OUT", "--words"), "--words is not for the rows"),
        (("--input", "ROWS", "--output", "OUT", "--lines"), "--lines is not for the rows"),
        (("--input", "ROWS", "--output", "OUT", "--text-column", "nothing"), "no column nothing"),
        (("--input", "nothing.csv", "--output", "OUT"), "nothing.csv"),
        (("--text", TEXT, "--output", "OUT"), "--output is for the rows of --input"),
        (("--text", TEXT, "--outputs", "weights"), "--outputs is for the rows of --input"),
    ],
)
def test_flags_that_do_not_fit(call, root, rows, tmp_path, words, said):
    places = {"ROWS": rows, "OUT": tmp_path / "out"}
    code, out, err = call(*explain(root, *(places.get(word, word) for word in words)))
    assert (code, out) == (BAD_INPUT, "") and said in err
