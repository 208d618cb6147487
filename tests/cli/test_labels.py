"""A file under models trained on other rows: what its labels mean is said, not guessed."""

import json

import pytest

from poolviz.cli import BAD_INPUT, FINE

pytest_plugins = ["tests.cli_fixtures"]


@pytest.fixture
def stars(tmp_path):
    place = tmp_path / "stars.csv"
    rows = ["label,text", *(f"{'135'[n % 3]},第{n}次来，好吃" for n in range(12))]
    place.write_text("\n".join(rows), "utf-8")
    return place


@pytest.fixture
def words(root, stars):
    return ("evaluate", "--dataset", "invented", "--root", root, "--head", "max", "--csv", stars)


def test_labels_that_are_no_classes_are_refused_with_a_proposal(call, words, stars):
    code, _out, err = call(*words)
    assert code == BAD_INPUT and "no classes of these models (差评, 中评, 好评): 1, 3, 5" in err
    assert '--labels "LABEL=CLASS"' in err
    code, _out, err = call(*words, "--labels", "1=bad")
    assert code == BAD_INPUT and "LABEL=CLASS" in err


def test_what_was_said_is_measured_on_all_rows(call, words):
    code, out, err = call(*words, "--labels", "1=差评,3=中评,5=好评", "--json")
    (found,) = json.loads(out)
    assert (code, found["rows"]) == (FINE, 12)
    assert [sum(row) for row in found["confusion"]] == [4, 4, 4]
    code, out, err = call(*words, "--labels", "1=差评,5=好评", "--json")
    assert json.loads(out)[0]["rows"] == 8 and "left out with them: 4 rows, in lines 3, 6, 9" in err


def test_nothing_of_it_is_kept_beside_the_card(call, words, root):
    code, _out, err = call(*words, "--labels", "1=差评,5=好评", "--write")
    assert code == BAD_INPUT and "--write is for rows of the data set" in err


def test_without_a_file_there_is_nothing_to_say(call, root, data):
    code, _out, err = call(
        "evaluate", "--dataset", "invented", "--folder", data, "--root", root, "--labels", "0=差评"
    )
    assert code == BAD_INPUT and "--labels is for --csv" in err


def test_trust_takes_what_labels_mean_and_keeps_nothing_of_other_rows(call, root, stars):
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    words = ("trust", "--dataset", "invented", "--root", root, "--head", "max", "--csv", stars)
    code, _out, err = call(*words, "--sample", 5)
    assert code == BAD_INPUT and "no classes of these models" in err
    said = ("--labels", "1=差评,3=中评,5=好评", "--sample", 5, "--json")
    code, out, err = call(*words, *said)
    (found,) = json.loads(out)
    assert (code, found["rows"], found["sample"]) == (FINE, 5, 5)
    assert "Nothing is kept" in err and "written:" not in err
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
    code, _out, err = call(*words[:5], "--labels", "1=差评", "--shapley", "好吃")
    assert code == BAD_INPUT and "--shapley reads no rows" in err


def test_rows_of_which_the_models_read_nothing_are_left_out_and_said(call, tmp_path):
    place = tmp_path / "mine.csv"
    place.write_text("label,text\nsport,they won the match\nsport,3:1\nbusiness,2024\n", "utf-8")
    words = ("evaluate", "--dataset", "bbc_news", "--head", "max", "--csv", place, "--json")
    code, out, err = call(*words)
    (found,) = json.loads(out)
    assert (code, found["rows"]) == (FINE, 1)
    assert "marks, @names or [codes]: 2 rows" in err


@pytest.mark.parametrize("content", ["评论\n好吃\n难吃\n", "text,label\n好吃,\n难吃,\n"])
def test_a_file_without_labels_is_a_sentence(call, root, tmp_path, content):
    place = tmp_path / "mine.csv"
    place.write_text(content, "utf-8")
    for command in ("evaluate", "trust"):
        words = (command, "--dataset", "invented", "--root", root, "--head", "max", "--csv", place)
        code, _out, err = call(*words)
        assert code == BAD_INPUT and "no column with labels" in err
