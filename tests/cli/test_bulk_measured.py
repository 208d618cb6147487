"""`evaluate`, `trust` and `match` with `--input`: what rows in memory give, part by part."""

import json

import numpy as np
import pandas as pd
import pytest

from poolviz.bulk import sampled
from poolviz.bulk.parts import BAD_ROWS
from poolviz.bulk.reading import blocks
from poolviz.cli import BAD_INPUT, FAILED, FINE
from poolviz.encoders.encoder import find
from poolviz.encoders.reader import Reader
from poolviz.engine import poolings
from tests.bulk.helpers import threads
from tests.tiny_encoder import write_folder

pytest_plugins = ["tests.cli_fixtures"]
PAIRS = (("the room", "good food"), ("playing", "the room"), ("clean", "clean"))


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Threads of this process, and parts of a few rows."""
    monkeypatch.setattr("poolviz.bulk.engines.local", lambda _processes: threads())
    monkeypatch.setattr(blocks, "MOST_ROWS", 16)
    monkeypatch.setattr(sampled, "ROWS", 5)


@pytest.fixture
def rows(corpus, tmp_path):
    """A file of 60 test rows with the names of their classes."""
    found = corpus.split("test").head(60)
    names = [corpus.dataset.classes[number] for number in found["label"]]
    path = tmp_path / "rows.csv"
    table = pd.DataFrame({"id": range(60), "text": found["text"], "label": names})
    table.to_csv(path, index=False)
    return path


def command(name, root, *words):
    return (name, "--dataset", "invented", "--root", root, "--json", *words)


class TestEvaluate:
    def test_figures_are_those_of_rows_in_memory(self, call, root, rows, tmp_path):
        expected = call(*command("evaluate", root, "--csv", rows))[1]
        out = tmp_path / "out"
        words = command("evaluate", root, "--input", rows, "--output", out)
        code, found, err = call(*words)
        assert code == FINE and json.loads(found) == json.loads(expected)
        table = pd.read_parquet(out)
        assert len(table) == 60 and len(list(out.glob("part-*"))) == 4
        written = json.loads((out / "_figures.json").read_text(encoding="utf-8"))
        for head, figures in zip(("max", "attention"), written, strict=True):
            hits = (table["label"].astype(str) == table[f"{head}: predicted"].astype(str)).mean()
            assert figures["head"] == head
            assert figures["accuracy"]["value"] == pytest.approx(hits)
        assert f"written: {out / '_figures.json'}" in err
        assert call(*words)[1] == found  # again, from the parts that are there
        code, found, _err = call(*(word for word in words if word != "--json"))
        assert code == FINE and "In brackets: 95 % interval" in found

    def test_rows_whose_label_is_no_class_go_to_the_side(self, call, root, rows, corpus, tmp_path):
        text = rows.read_text(encoding="utf-8")
        first = corpus.dataset.classes[0]
        rows.write_text(text.replace(f",{first}\n", ",bad\n") + "60,好吃,\n", encoding="utf-8")
        words = command("evaluate", root, "--input", rows, "--output")
        code, found, err = call(*words, tmp_path / "a")
        lines = (tmp_path / "a" / BAD_ROWS).read_text(encoding="utf-8").splitlines()
        count = text.count(f",{first}\n")
        assert code == FAILED and len(lines) == count + 1
        assert f"{count + 1:,} rows could not be read" in err
        assert json.loads(found)[0]["rows"] == 60 - count
        reasons = {json.loads(line)["reason"] for line in lines}
        assert reasons == {
            f"The label bad means none of {', '.join(corpus.dataset.classes)}.",
            "The row has no label.",
        }
        said = ("--labels", f"bad={first}")
        assert json.loads(call(*words, tmp_path / "b", *said)[1])[0]["rows"] == 60
        code, _found, err = call(*words, tmp_path / "a", *said)
        assert code == BAD_INPUT and "results of other models, rows or outputs" in err

    def test_a_file_without_labels_that_mean_anything(self, call, root, rows, tmp_path):
        words = command("evaluate", root, "--input", rows, "--output", tmp_path / "out")
        code, _out, err = call(*words, "--label-column", "id")
        assert code == BAD_INPUT and "No row has a label that is one of the models' classes" in err
        rows.write_text("text\n好吃的菜\n难吃的菜\n", encoding="utf-8")
        code, _out, err = call(*words[:-1], tmp_path / "other")
        assert code == BAD_INPUT and "--label-column: one of text" in err

    def test_matchers_are_measured_on_pairs(self, call, tmp_path):
        rows = [
            ("怎么注销账号", "账号如何注销", "yes"),
            ("今天天气", "账号如何注销", "no"),
            ("今天天气怎样", "今天的天气怎么样", "yes"),
            ("怎么注销账号", " ", "no"),
            ("怎么注销账号", "今天吃什么", "perhaps"),
        ]
        path = tmp_path / "pairs.csv"
        pd.DataFrame(rows, columns=["text_a", "text_b", "label"]).to_csv(path, index=False)
        words = ("evaluate", "--dataset", "lcqmc", "--kind", "siamese", "--head", "max", "--json")
        code, out, _err = call(*words, "--input", path, "--output", tmp_path / "out")
        table = pd.read_parquet(tmp_path / "out")
        [figures] = json.loads(out)
        right = (table["label"].astype(str) == "匹配") == table["siamese-max: matches"]
        assert code == FAILED and (figures["rows"], len(table)) == (3, 3)
        assert figures["accuracy"]["value"] == pytest.approx(right.mean())
        assert "test_unseen" not in figures
        reasons = (tmp_path / "out" / BAD_ROWS).read_text(encoding="utf-8")
        assert "The label perhaps means none of 不匹配, 匹配." in reasons

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--write",), "--write is not for the rows of --input"),
            (("--test-csv", "x.csv"), "--test-csv is not for the rows of --input"),
            (("--match", "1"), "--match are for matchers"),
        ],
    )
    def test_flags_that_do_not_fit(self, call, root, rows, tmp_path, words, said):
        place = ("--input", rows, "--output", tmp_path / "out")
        code, out, err = call(*command("evaluate", root, *place, *words))
        assert (code, out) == (BAD_INPUT, "") and said in err
        code, out, err = call(*command("evaluate", root, "--output", tmp_path / "out"))
        assert code == BAD_INPUT and "--output is for the rows of --input" in err


class TestTrust:
    def test_figures_are_those_of_rows_in_memory(self, call, root, rows, tmp_path):
        words = command("trust", root, "--sample", "12")
        expected = json.loads(call(*words, "--csv", rows)[1])
        out = tmp_path / "out"
        code, found, _err = call(*words, "--input", rows, "--output", out)
        assert code == FINE
        for there, here in zip(expected, json.loads(found), strict=True):
            for name in ("task", "name", "rows", "sample", "seed", "in_segments", "settings"):
                assert here[name] == there[name]
            for group in ("figures", "differences"):
                assert here[group].keys() == there[group].keys()
                for name, figure in there[group].items():
                    assert here[group][name] == pytest.approx(figure, abs=1e-4)
            for how, rankings in there["curves"].items():
                for ranking, curves in rankings.items():
                    for name, curve in curves.items():
                        assert here["curves"][how][ranking][name] == pytest.approx(curve, abs=1e-4)
        table = pd.read_parquet(out)
        assert table["head"].value_counts().to_dict() == {"max": 12, "attention": 12}
        assert len(set(table["id"])) == 12 and len(list(out.glob("part-*"))) == 3
        code, found, _err = call(*words[:-3], "--sample", "12", "--input", rows, "--output", out)
        assert code == FINE and "attention: No verdict" in found and "cost:" not in found

    def test_rows_that_cannot_be_read(self, call, root, rows, tmp_path):
        with open(rows, "a", encoding="utf-8") as file:
            file.write('70," ",x\n')
        words = ("--sample", "4", "--input", rows, "--output", tmp_path / "out")
        code, found, err = call(*command("trust", root, *words))
        assert code == FAILED and json.loads(found)[0]["rows"] == 4
        assert "1 rows could not be read" in err


class TestMatch:
    @pytest.fixture
    def pairs(self, tmp_path):
        path = tmp_path / "pairs.csv"
        rows = [(*pair, n) for n, pair in enumerate((*PAIRS, ("food", " ")))]
        pd.DataFrame(rows, columns=["text1", "text2", "id"]).to_csv(path, index=False)
        return path

    def test_cosines_under_an_encoder_are_those_of_single_pairs(self, call, pairs, tmp_path):
        assert call("encoder", "add", "tiny", write_folder(tmp_path / "brought"))[0] == FINE
        words = ("match", "--head", "mean,max", "--input", pairs, "--output", tmp_path / "out")
        code, out, _err = call(*words)
        assert (code, out) == (FAILED, f"3 rows in 1 parts: {tmp_path / 'out'}\n")
        table = pd.read_parquet(tmp_path / "out")
        assert table["id"].tolist() == ["0", "1", "2"]
        reader = Reader(find("tiny"))
        for number, (a, b) in enumerate(PAIRS):
            alone = poolings.match(reader.encoder, reader.read(a), reader.read(b), ("mean", "max"))
            found = [table[f"{key}: cosine"][number] for key in ("mean", "max")]
            np.testing.assert_allclose(found, [pair.score for pair in alone], atol=1e-5)

    def test_trained_matchers_of_a_data_set(self, call, pairs, tmp_path):
        words = ("match", "--dataset", "lcqmc", "--kind", "siamese", "--head", "max")
        assert call(*words, "--input", pairs, "--output", tmp_path / "out")[0] == FAILED
        assert "siamese-max: score" in pd.read_parquet(tmp_path / "out")

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--a", "x"), "--a and --b, or files of pairs, --input"),
            (("--a", "x", "--b", "y", "--dataset", "lcqmc"), "--dataset is for the rows"),
            (("--a", "x", "--b", "y", "--kind", "siamese"), "--kind is for the matchers"),
            (("--input", "x.csv"), "--output"),
        ],
    )
    def test_flags_that_do_not_fit(self, call, words, said):
        code, out, err = call("match", *words)
        assert (code, out) == (BAD_INPUT, "") and said in err
