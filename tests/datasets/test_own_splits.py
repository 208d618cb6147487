"""Which rows of one's own are to train and which to test on: a column or a second file says it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.datasets.holdings import of_own
from poolviz.datasets.own.texts import (
    corpus_of,
    load_own,
    read_own,
    read_tests,
    straddling,
    with_tests,
)
from poolviz.datasets.readers import columns, sentences
from poolviz.datasets.readers.brought.rows import read_rows
from poolviz.datasets.readers.reading import NO_SPLIT, Wanted
from poolviz.errors import ChoiceError, DataError

WORDS = {
    "train": ["train", "Training", "TRAIN_SET", "训练", "训练集", "训练数据"],
    "validation": ["validation", "VALID", "val", "dev", "Dev-Set", "验证集", "开发集"],
    "test": ["test", "Testing", "test set", "测试", "测试集"],
}


def content(rows, header="text,label,split") -> bytes:
    return "\n".join([header, *(",".join(row) for row in rows)]).encode()


def rows_of(splits, prefix="这是第"):
    """A row for each split, with the labels in turn."""
    return [(f"{prefix}{n}次", "好坏"[n % 2], split) for n, split in enumerate(splits)]


@given(st.data())
def test_a_split_column_is_known_by_its_words_whatever_it_is_called(data):
    kinds = data.draw(st.lists(st.sampled_from(["train", "validation", "test"]), max_size=12))
    kinds += ["train", "test"]
    splits = [data.draw(st.sampled_from(WORDS[kind])) for kind in kinds]
    header = data.draw(st.sampled_from(["split", "fold", "Set", "划分", "数据集", "part", "xyz"]))
    found = read_rows("rows.csv", content(rows_of(splits), f"text,label,{header}"))
    assert (found.text, found.label, found.split) == ("text", "label", header)
    assert list(found.splits) == kinds


@pytest.mark.parametrize(
    "cells",
    [
        ["train", "bus", "test", "bus"],  # not all are splits, and the name says nothing
        ["train", "train", "train", "train"],
        ["test", "dev", "test", "dev"],
        ["1", "2", "3", "4"],
    ],
)
def test_what_is_no_split_column(cells):
    found = read_rows("rows.csv", content(rows_of(cells), "text,label,vehicle"))
    assert found.split is None and found.splits is None


def test_rows_that_name_no_split_are_left_out_and_told():
    rows = rows_of(["train"] * 30 + ["unsup", ""] + ["test"] * 10)
    found = read_rows("rows.csv", content(rows))
    said = sentences.sentences(found.findings)
    assert any("neither: 2 rows, in lines 32, 33." in sentence for sentence in said)
    assert any("what the column split says" in sentence for sentence in said)
    holds = of_own(found)
    assert holds.left_out["unnamed"] == 2 and holds.rows == 40
    assert holds.splits["test"] == 10 and holds.splits["validation"] > 0


def test_the_split_is_not_taken_for_the_label():
    found = read_rows(
        "rows.csv", content([(f"第{n}次", ["train", "test"][n % 2]) for n in range(9)], "text,fold")
    )
    assert (found.label, found.split) == (None, "fold")


def test_a_column_is_named_or_none(tmp_path):
    rows = rows_of(["train", "test"] * 20)
    both = [(*row, "dev" if n % 4 == 0 else "train") for n, row in enumerate(rows)]
    file = content(both, "text,label,split,fold")
    assert read_rows("rows.csv", file).split == "split"
    found = read_rows("rows.csv", file, Wanted(split="fold"))
    assert found.split == "fold"
    assert set(found.splits) == {"train", "test"}  # dev takes the place of the missing test
    assert any("names no row to test on" in said for said in sentences.sentences(found.findings))
    assert read_rows("rows.csv", file, Wanted(split=NO_SPLIT)).splits is None
    with pytest.raises(DataError, match="does not say which rows"):
        read_rows("rows.csv", file, Wanted(split="label"))
    with pytest.raises(ChoiceError, match="no column"):
        read_rows("rows.csv", file, Wanted(split="nowhere"))


class TestCorpus:
    def test_a_split_with_validation_is_kept_as_it_is(self, tmp_path):
        path = tmp_path / "rows.csv"
        path.write_bytes(content(rows_of(["train"] * 20 + ["dev"] * 6 + ["test"] * 8)))
        corpus = load_own("own", path)
        assert corpus.report["split_rule"] == "published"
        assert corpus.report["rows_per_split"] == {"train": 20, "validation": 6, "test": 8}
        assert of_own(read_own(path)).splits == corpus.report["rows_per_split"]
        assert len(corpus.files) == 1

    def test_without_validation_it_is_drawn_from_the_rows_to_train_on(self, tmp_path):
        path = tmp_path / "rows.csv"
        path.write_bytes(content(rows_of(["train"] * 60 + ["test"] * 8)))
        corpus = load_own("own", path, wanted=Wanted(split="3"))
        per_split = corpus.report["rows_per_split"]
        assert per_split["test"] == 8 and per_split["validation"] > 0
        assert set(corpus.split("test")["text"]) == {f"这是第{n}次" for n in range(60, 68)}
        assert corpus.dataset.flags.endswith("--split-column 3")

    def test_texts_that_stand_in_both_leave_training_and_are_told(self, tmp_path):
        rows = rows_of(["train"] * 40 + ["test"] * 10)
        rows += [(text.upper() + " ", label, "train") for text, label, _split in rows[40:43]]
        path = tmp_path / "rows.csv"
        path.write_bytes(content(rows))
        found = read_own(path)
        (said,) = sentences.sentences(straddling(found))
        assert "3 rows, in lines 52, 53, 54." in said
        report = load_own("own", path).report
        assert report["dropped_from_train"] == 3 and report["rows_per_split"]["test"] == 10
        assert of_own(found).left_out["elsewhere"] == 3


class TestSecondFile:
    @pytest.fixture
    def files(self, tmp_path):
        first, second = tmp_path / "train.csv", tmp_path / "test.tsv"
        train = [row[:2] for row in rows_of(["-"] * 60)]
        first.write_bytes(content(train, "text,label"))
        test = [*(row[:2] for row in rows_of(["-"] * 20, "另外第")), train[0], ("没见过", "怪")]
        second.write_bytes(content(test, "text,label").replace(b",", b"\t"))
        return first, second

    def test_its_rows_are_the_test(self, files):
        first, second = files
        rows = with_tests(read_own(first), read_tests(second))
        corpus = corpus_of("own", first, rows, None, Wanted(), second)
        test = corpus.split("test")
        assert len(test) == 21 and test["text"].str.startswith("另外").sum() == 20
        dropped = ("dropped_from_train", "dropped_from_validation")
        assert sum(corpus.report[name] for name in dropped) == 1
        assert corpus.report["rows_per_split"]["validation"] > 0
        assert corpus.report["malformed"] == 1 and corpus.report["rows_read"] == 82
        assert corpus.dataset.classes == ("坏", "好")
        assert [file["name"] for file in corpus.files] == ["train.csv", "test.tsv"]
        assert "--csv train.csv --test-csv test.tsv" in corpus.dataset.flags

    def test_labels_that_only_it_has_are_told(self, files):
        rows = with_tests(read_own(files[0]), read_tests(files[1]))
        said = sentences.sentences(rows.findings)
        assert any("Left out of test.tsv" in s and "“怪”" in s and "line 23" in s for s in said)
        holds = of_own(rows)
        assert holds.left_out["strange"] == 1 and holds.left_out["elsewhere"] == 1
        assert holds.rows + sum(holds.left_out.values()) == holds.read == 82

    def test_labels_are_joined_over_both(self, tmp_path):
        first, second = tmp_path / "a.csv", tmp_path / "b.csv"
        first.write_bytes(
            content([(f"t{n}", "pos" if n % 2 else "neg") for n in range(20)], "text,label")
        )
        second.write_bytes(
            content([(f"u{n}", "POS" if n % 2 else "Neg") for n in range(8)], "text,label")
        )
        rows = with_tests(read_own(first), read_tests(second), join_labels=True)
        assert rows.splits.count("test") == 8 and set(rows.classes) == {"pos", "neg"}
        assert with_tests(read_own(first), read_tests(second)).splits.count("test") == 0

    def test_two_sets_of_test_rows_are_refused(self, files, tmp_path):
        path = tmp_path / "both.csv"
        path.write_bytes(content(rows_of(["train", "test"] * 20)))
        with pytest.raises(ChoiceError, match="--split-column none"):
            with_tests(read_own(path), read_tests(files[1]))

    def test_without_labels_it_is_no_test(self, files, tmp_path):
        path = tmp_path / "bare.txt"
        path.write_text("一行\n两行\n三行文字\n", encoding="utf-8")
        with pytest.raises(DataError, match="no column with labels"):
            with_tests(read_own(files[0]), read_tests(path))


def test_words():
    for split, words in WORDS.items():
        assert {columns.split_word(word) for word in words} == {split}
    assert columns.split_word("trained") is None and columns.split_word("") is None
