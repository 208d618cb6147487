"""Pairs in ids: what is split from what, and which sentences are the same."""

import numpy as np
import pandas as pd
import pytest

from poolviz.datasets import Corpus
from poolviz.datasets.pairs import encode_pairs, split_pairs, stands_in_training
from poolviz.datasets.split import row_key, sentence_groups
from poolviz.errors import TrainingError
from poolviz.text.vocabulary import Vocabulary
from tests import invented_pairs


def made(rows, rule="published test", key="made") -> Corpus:
    frame = pd.DataFrame(rows, columns=["text_a", "text_b", "label", "split"])
    return Corpus(invented_pairs.dataset(key=key), frame, {"split_rule": rule}, ())


def sentences(rows) -> set[str]:
    return {*rows["text_a"], *rows["text_b"]}


class TestGroups:
    def test_pairs_that_hang_together_have_one_name(self):
        groups = sentence_groups([("a", "b"), ("c", "d"), ("B ", "e"), ("e", "f"), ("g", "d")])
        assert groups[0] == groups[2] == groups[3]
        assert groups[1] == groups[4] != groups[0]

    def test_the_name_does_not_depend_on_the_order(self):
        pairs = [("a", "b"), ("c", "b"), ("c", "d")]
        assert set(sentence_groups(pairs)) == set(sentence_groups(pairs[::-1]))


class TestSplits:
    def test_no_sentence_straddles_where_rows_are_drawn(self):
        rows = [
            (f"s{i}", f"s{i + 1 if i % 5 else i + 2}", i % 2, "train") for i in range(0, 900, 2)
        ]
        rows += [("t1", "t2", 1, "test"), ("s0", "t3", 0, "test")]
        splits = split_pairs(made(rows))
        assert not sentences(splits.train) & sentences(splits.validation)
        assert len(splits.train) + len(splits.validation) == 450
        assert 0.1 < len(splits.validation) / 450 < 0.3
        assert len(splits.test) == 2
        assert stands_in_training(
            splits.test, pd.concat([splits.train, splits.validation])
        ).tolist() == [
            False,
            True,
        ]

    def test_published_splits_are_kept_but_for_shared_sentences(self):
        rows = [("a", "b", 1, "train"), ("c", "d", 0, "train"), ("d", "e", 1, "validation")]
        splits = split_pairs(made([*rows, ("x", "y", 1, "test")], rule="published"))
        assert splits.train["text_a"].tolist() == ["a"]
        assert splits.validation["text_a"].tolist() == ["d"]

    def test_other_data_sets_join_training_without_their_test_rows(self):
        own = [(f"a{i}", f"b{i}", i % 2, "train") for i in range(40)] + [("x", "y", 1, "test")]
        kept = split_pairs(made(own)).validation["text_a"].iloc[0]
        more = [("p", "q", 1, "train"), (kept, "r", 0, "validation"), ("v", "w", 0, "test")]
        splits = split_pairs(made(own), [made(more, key="other")])
        joined = splits.train[splits.train["source"] == "other"]
        assert joined["text_a"].tolist() == ["p"]
        assert splits.train["source"].iloc[0] == "made"

    def test_nothing_to_learn_from(self):
        with pytest.raises(TrainingError, match="no rows"):
            split_pairs(made([("a", "b", 1, "test")]))


def test_encoding_keeps_each_sentence_once():
    rows = pd.DataFrame({"text_a": ["好", "大"], "text_b": ["大", "大"], "label": [1, 0]})
    pairs = encode_pairs(rows, Vocabulary("character", 1, ("好", "大")))
    assert [ids.tolist() for ids in pairs.sentences] == [[2], [3]]
    assert (pairs.a.tolist(), pairs.b.tolist()) == ([0, 1], [1, 1])
    assert pairs.keys == [row_key("好"), row_key("大")]
    assert pairs.lengths.tolist() == [1, 1]
    assert pairs.labels.dtype == np.int32
