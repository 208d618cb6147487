"""Somebody's own pairs: which columns, which labels, how they are divided, what is refused."""

import json

import pytest

from poolviz.datasets.own_pairs.corpus import corpus_of, load_pairs, of_pairs, read_file
from poolviz.datasets.own_pairs.outcomes import outcomes
from poolviz.datasets.own_pairs.rows import OwnPairs, read_pairs, with_tests
from poolviz.datasets.pairs import split_pairs, texts_of_pairs
from poolviz.datasets.readers.reading import Wanted
from poolviz.errors import ChoiceError, DataError, PoolvizError
from poolviz.model.kinds import OUTCOMES

ROWS = [(f"怎么去第{n}个机场", f"第{n}个机场如何走", n % 2) for n in range(60)]


def content(rows=ROWS, header="text_a,text_b,label", separator=",", encoding="utf-8") -> bytes:
    lines = [header] if header else []
    lines += [separator.join(map(str, row)) for row in rows]
    return "\n".join(lines).encode(encoding)


def read(rows=ROWS, header="text_a,text_b,label", name="p.csv", **wanted) -> OwnPairs:
    separator = "\t" if name.endswith("tsv") else ","
    return read_pairs(name, content(rows, header, separator), Wanted(**wanted))


def splits_of(found: OwnPairs) -> dict[str, set[str]]:
    """The sentences of each split."""
    sentences: dict[str, set[str]] = {}
    for pair, split in zip(found.pairs, found.division.splits, strict=True):
        sentences.setdefault(split, set()).update(pair)
    return sentences


class TestColumns:
    @pytest.mark.parametrize(
        "header",
        [
            "text_a,text_b,label",
            "Text A,Text B,Same?",
            "sentence1,sentence2,label",
            "question1,question2,is_duplicate",
            "句子1,句子2,标签",
            "查询,标题,是否匹配",
            "query,title,relevance",
            "premise,hypothesis,gold_label",
            "left_text,right_text,score",
            "foo,bar,baz",
        ],
    )
    def test_texts_and_label_are_found_by_their_names(self, header):
        found = read(header=header)
        assert [*found.columns.texts, found.columns.label] == header.split(",")
        assert found.pairs[1] == ROWS[1][:2] and found.labels[:2] == (0, 1)

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (0, 2, 1)])
    def test_without_names_by_what_stands_in_them(self, order):
        found = read([[row[place] for place in order] for row in ROWS], "", "p.tsv")
        assert found.pairs == tuple((a, b) for a, b, _label in ROWS)

    def test_numbers_and_keys_beside_the_texts_are_none(self):
        rows = [(n, f"k{n}", f"k{n + 90}", *row) for n, row in enumerate(ROWS)]
        found = read(rows, "id,qid1,qid2,question1,question2,is_duplicate")
        assert found.columns.texts == ("question1", "question2")

    @pytest.mark.parametrize(
        "header", ["anchor,positive,negative", "查询,正例,负例", "query,pos,neg"]
    )
    def test_three_texts_are_triplets_of_which_each_gives_two_pairs(self, header):
        found = read([(a, b, f"宾馆{n}在哪") for n, (a, b, _) in enumerate(ROWS)], header)
        assert found.columns.texts == tuple(header.split(",")) and found.columns.label is None
        assert found.pairs[:2] == (ROWS[0][:2], (ROWS[0][0], "宾馆0在哪"))
        assert found.labels[:4] == (1, 0, 1, 0)
        assert len(found.pairs) == found.read == 120

    def test_what_is_said_counts(self):
        rows = [(b, "备注", a, label) for a, b, label in ROWS]
        found = read(rows, "sentence1,sentence2,c,d", text="c", other="sentence1", label="4")
        assert found.pairs[0] == ROWS[0][:2] and found.columns.label == "d"
        rows = [(a, b, f"宾馆{n}在哪") for n, (a, b, _) in enumerate(ROWS)]
        found = read(rows, "negative,b,positive", text="b", other="negative", negative="positive")
        assert found.pairs[1] == (ROWS[0][1], "宾馆0在哪")

    @pytest.mark.parametrize(
        ("header", "wanted"),
        [
            ("question1,comment,question2,same", {"other": "question2"}),
            ("question1,comment,question2,same", {"text": "question1"}),
            ("query,comment,title,label", {"other": "title"}),
            ("query,comment,title,label", {"text": "query"}),
        ],
    )
    def test_the_other_text_of_one_that_is_named_is_found_by_its_name(self, header, wanted):
        rows = [(a, f"一段很长的备注，说的是第{n}行" * 3, b, c) for n, (a, b, c) in enumerate(ROWS)]
        assert read(rows, header, **wanted).pairs == tuple(row[:2] for row in ROWS)

    @pytest.mark.parametrize(
        ("wanted", "flag"),
        [
            ({}, "--other-column"),
            ({"text": "text"}, "--other-column"),
            ({"other": "text"}, "--tex"),
        ],
    )
    def test_labels_are_no_texts_and_the_side_that_lacks_is_named(self, wanted, flag):
        rows = [(a, "yes" if label else "no") for a, _b, label in ROWS]
        with pytest.raises(DataError, match=f"told, text, .* the other one with {flag}"):
            read(rows, "text,label", **wanted)

    @pytest.mark.parametrize(
        ("header", "wanted", "sentence"),
        [
            ("text,id,label", {}, "one column of texts that can be told, text"),
            ("text_a,text_b,label", {"other": "z"}, "no column z"),
            ("text_a,text_b,label", {"negative": "3", "label": "3"}, "Triplets have no labels"),
        ],
    )
    def test_columns_that_are_no_pairs(self, header, wanted, sentence):
        rows = [(a, n, label) for n, (a, _b, label) in enumerate(ROWS)]
        with pytest.raises((ChoiceError, DataError), match=sentence):
            read(rows if not wanted else ROWS, header, **wanted)

    def test_two_texts_without_any_label(self):
        with pytest.raises(DataError, match="no column that says which of them match"):
            read([row[:2] for row in ROWS], "text_a,text_b")

    @pytest.mark.parametrize(
        ("name", "encoding", "separator"),
        [("p.csv", "gb18030", ","), ("p.txt", "utf-16", "\t"), ("p.csv", "utf-8-sig", ";")],
    )
    def test_every_dialect_of_the_one_reader(self, name, encoding, separator):
        header = separator.join(("句子1", "句子2", "标签"))
        found = read_pairs(name, content(ROWS, header, separator, encoding))
        assert found.pairs == tuple(row[:2] for row in ROWS)

    def test_lines_of_json(self):
        lines = [{"sentence1": a, "sentence2": b, "label": label} for a, b, label in ROWS]
        found = read_pairs("p.jsonl", "\n".join(map(json.dumps, lines)).encode())
        assert found.pairs == tuple(row[:2] for row in ROWS)


class TestOutcomes:
    @pytest.mark.parametrize(
        ("no", "yes"),
        [
            ("0", "1"),
            ("-1", "1.0"),
            ("No", "YES"),
            ("不匹配", "匹配"),
            ("not_duplicate", "duplicate"),
            ("false", "True"),
        ],
    )
    def test_usual_labels(self, no, yes):
        assert outcomes("p.csv", [yes, no, yes], None) == {no: 0, yes: 1}

    def test_what_is_said(self):
        labels = ["entailment", "neutral", "contradiction"]
        assert sum(outcomes("p.csv", labels, "entailment").values()) == 1
        assert outcomes("p.csv", ["1", "2", "3"], "2，3") == {"1": 0, "2": 1, "3": 1}
        assert outcomes("p.csv", ["0.5", "3", "4.5"], ">= 3") == {"0.5": 0, "3": 1, "4.5": 1}

    @pytest.mark.parametrize(
        ("labels", "match", "sentence"),
        [
            (["entailment", "neutral"], None, "entailment, neutral, and which"),
            (["1", "2"], None, '--match "2"'),
            (["-1", "0", "1"], None, "-1, 0, 1, and which"),
            (["1"], None, "the same outcome"),
            (["1", "2"], ">=0.5", "the same outcome"),
            (["1", "x"], ">=0.5", "needs labels of p.csv that are numbers"),
            (["1", "2"], ">=x", "and a number"),
            (["1", "2"], "7", "Unknown label 7"),
        ],
    )
    def test_labels_that_are_not_to_be_told(self, labels, match, sentence):
        with pytest.raises((ChoiceError, DataError), match=sentence):
            outcomes("p.csv", labels, match)


class TestDivision:
    def test_no_sentence_is_in_two_splits(self):
        chained = [(f"句{n}", f"句{n + 1 if n % 3 else n + 200}", n % 2) for n in range(150)]
        found = read(chained)
        train, validation, test = (splits_of(found)[s] for s in ("train", "validation", "test"))
        assert not train & validation and not (train | validation) & test
        assert (found.division.rule, found.division.shared) == ("sentences", 0)

    def test_it_follows_from_the_texts(self):
        found, fewer = read(), read(ROWS[15:])
        assert found.division.splits[15:] == fewer.division.splits

    def test_where_all_hang_together_first_sentences_are_kept_apart(self):
        rows = [(f"查询{n // 10}", f"文档{n % 10}", n * 7 // 3 % 2) for n in range(200)]
        found = read(rows, "query,doc,label")
        firsts = {}
        for (first, _), split in zip(found.pairs, found.division.splits, strict=True):
            assert firsts.setdefault(first, split) == split
        assert found.division.rule == "first sentences"
        tests = found.division.splits.count("test")
        assert found.division.shared == tests > 0
        kinds = {finding.kind for finding in found.division.findings()}
        assert kinds == {"first sentences apart"}

    def test_where_one_sentence_is_in_all_pairs_they_are_divided_all_the_same(self):
        found = read([("总是这句", f"第{n}句", n % 2) for n in range(100)])
        assert found.division.rule == "pairs"
        assert found.division.shared == found.division.splits.count("test")

    def test_a_small_file_has_both_outcomes_in_each_part(self):
        found = read(ROWS[:14])
        for split in ("train", "validation", "test"):
            labels = [
                label
                for label, of in zip(found.labels, found.division.splits, strict=True)
                if of == split
            ]
            assert set(labels) == {0, 1}

    def test_a_column_of_splits_is_kept(self):
        rows = [(*row, "test" if n >= 40 else "train") for n, row in enumerate(ROWS)]
        found = read(rows, "text_a,text_b,label,split")
        assert [n for n, of in enumerate(found.division.splits) if of == "test"] == list(
            range(40, 60)
        )
        assert "validation" in found.division.splits
        rows = [(*row, ("test", "dev", "train", "train")[n % 4]) for n, row in enumerate(ROWS)]
        rows = [(a, b, n // 4 % 2, split) for n, (a, b, _, split) in enumerate(rows)]
        found = read(rows, "text_a,text_b,label,split")
        assert found.division.rule == "said" and found.division.splits[:2] == ("test", "validation")

    def test_too_few(self):
        with pytest.raises(DataError, match="too few pairs: .* add labelled pairs"):
            assert read(ROWS[:3]).division


class TestCorpus:
    @pytest.fixture
    def file(self, tmp_path):
        place = tmp_path / "my pairs.csv"
        place.write_bytes(content([*ROWS, ("只有一句", "", 1), ("甲", "乙", "")]))
        return place

    def test_it_is_what_matchers_are_trained_on(self, file):
        corpus = load_pairs("mine", file)
        assert (corpus.dataset.kind, corpus.dataset.classes) == ("matching", OUTCOMES)
        report = corpus.report
        assert (report["rows"], report["rows_read"], report["split_rule"]) == (60, 62, "sentences")
        assert (report["malformed"], report["empty"]) == (1, 1)
        splits = split_pairs(corpus)
        assert len(splits.train) + len(splits.validation) + len(splits.test) == 60
        assert set(texts_of_pairs(splits.test)) <= {row[:2] for row in ROWS}

    def test_pairs_that_share_sentences_stay_in_training(self, tmp_path):
        place = tmp_path / "p.csv"
        rows = [("总是这句", f"第{n}句", n % 2) for n in range(100)]
        place.write_bytes(content(rows))
        splits = split_pairs(load_pairs("mine", place))
        assert len(splits.train) + len(splits.validation) + len(splits.test) == 100

    def test_its_flags_read_it_again(self, file):
        wanted = Wanted(label="label", other="text_b", match="1")
        flags = load_pairs("mine", file, "character", wanted).dataset.flags
        assert flags == (
            "--csv 'my pairs.csv' --unit character --label-column label --other-column text_b "
            "--match 1"
        )

    def test_a_second_file_is_what_is_tested_on(self, file, tmp_path):
        found, tests = read(), read([(f"新{a}", f"新{b}", label) for a, b, label in ROWS[:20]])
        both = with_tests(found, tests)
        second = tmp_path / "tests.csv"
        second.write_bytes(content(ROWS[:20]))
        corpus = corpus_of("mine", file, both, None, Wanted(), second)
        assert corpus.dataset.flags.startswith("--csv 'my pairs.csv' --test-csv tests.csv")
        assert corpus.report["rows_per_split"]["test"] == 20
        assert both.division.splits.count("test") == 20
        assert set(both.division.splits[:60]) == {"train", "validation"}
        rows = [(*row, "test" if n >= 40 else "train") for n, row in enumerate(ROWS)]
        with pytest.raises(ChoiceError, match="names rows to test on"):
            with_tests(read(rows, "text_a,text_b,label,split"), tests)

    def test_what_it_holds(self):
        held = of_pairs(read([*ROWS, ROWS[0], (*ROWS[1][:2], 0)]))
        assert held.classes == {OUTCOMES[0]: 32, OUTCOMES[1]: 30}
        assert (held.duplicates, held.conflicting, sum(held.splits.values())) == (2, 2, 62)
        assert held.sample[0] == ("0", *ROWS[0][:2])

    def test_a_page_has_the_columns_even_of_what_is_not_to_be_told(self):
        found = read_file("p.csv", content([(a, b, n % 5) for n, (a, b, _) in enumerate(ROWS)]))
        assert list(found.table.columns) == ["text_a", "text_b", "label"]
        assert isinstance(found.found, PoolvizError) and "--match" in str(found.found)
        assert found.texts == ()
