"""Rows to browse, filters and orders, token figures, contexts: by hand."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from poolviz.datasets.split import row_key
from poolviz.engine.texts import Explainer
from poolviz.explore.contexts import Context, Occurrences, contexts
from poolviz.explore.filters import Filters, in_order, matching
from poolviz.explore.meanings import numbers_of
from poolviz.explore.rows import NO_LABEL, of_corpus, of_own, read_own, readable
from poolviz.explore.tokens import TokenSums, collect, top
from poolviz.figures.rows.contexts import contexts_html
from poolviz.text.preparation import AS_IS, PREPARATIONS
from poolviz.text.vocabulary import Vocabulary
from tests.explore_helpers import row_set, survey_of

ROWS = row_set("好的", "不好", "Great, 好!", "坏", labels=[1, 0, 1, NO_LABEL])
SURVEY = survey_of([[1, 1], [0, 1], [0, 0], [0, 0]], [0.1, 0.2, 0.6, 0.3])


class TestRows:
    def test_of_a_corpus_one_split_or_all(self, corpus):
        every, test = of_corpus(corpus), of_corpus(corpus, "test")
        assert len(every) == len(corpus.rows)
        assert test.texts.tolist() == corpus.split("test")["text"].tolist()
        assert [f"{key:016x}" for key in test.keys[:3]] == [
            key[:16] for key in corpus.split("test")["key"][:3]
        ]
        assert every.identity != test.identity == of_corpus(corpus, "test").identity

    def test_rows_too_long_to_be_shown_are_counted(self, corpus, monkeypatch):
        monkeypatch.setattr("poolviz.explore.rows.MAX_CHARACTERS", 20)
        found = of_corpus(corpus)
        assert found.lengths.max() <= 20
        assert found.left_out == len(corpus.rows) - len(found) > 0

    def test_of_an_upload_with_labels_that_are_classes_or_were_said_to_be(self):
        upload = read_own("a.csv", "text,label\n甲,正面\n乙,0\n丙,中立\n丁,\n".encode())
        found = of_own(upload, numbers_of(("负面", "正面"), {"0": "负面"}))
        assert found.labels.tolist() == [1, 0, NO_LABEL, NO_LABEL]
        assert found.strange == ("中立",)
        found = of_own(upload, numbers_of(("负面", "正面"), {}))
        assert found.labels.tolist() == [1, NO_LABEL, NO_LABEL, NO_LABEL]
        assert found.strange == ("0", "中立")
        assert f"{found.keys[0]:016x}" == row_key("甲")[:16]

    def test_rows_of_which_a_preparation_leaves_nothing_are_counted(self):
        file = read_own("a.csv", "text,label\n3:1,正面\nwe won,负面\n2024,正面\n".encode())
        rows = of_own(file, numbers_of(("负面", "正面"), {}))
        found = readable(rows, PREPARATIONS["letters-1"])
        assert (found.texts.tolist(), found.labels.tolist(), found.unread) == (["we won"], [0], 2)
        alone = of_own(read_own("b.csv", b"text,label\nwe won,x\n"), {})
        assert (found.identity, found.keys.tolist()) == (alone.identity, alone.keys.tolist())
        assert readable(rows, AS_IS) is rows is readable(rows, PREPARATIONS["weibo-1"])

    def test_the_identity_is_that_of_the_texts_in_their_order(self):
        def identity(*texts):
            return of_own(read_own("a.csv", "\n".join(["text", *texts]).encode()), {}).identity

        assert identity("ab", "c") == identity("ab", "c")
        assert len({identity("ab", "c"), identity("c", "ab"), identity("a", "bc")}) == 3


class TestFilters:
    @pytest.mark.parametrize(
        ("filters", "wanted"),
        [
            ({}, [0, 1, 2, 3]),
            ({"search": "好"}, [0, 1, 2]),
            ({"search": "gREAT"}, [2]),
            ({"search": "."}, []),
            ({"label": 1}, [0, 2]),
            ({"shortest": 2}, [0, 1, 2]),
            ({"shortest": 2, "longest": 2}, [0, 1]),
            ({"predicted": 1}, [0, 1]),
            ({"predicted": 1, "head": 0}, [0]),
            ({"outcome": "right"}, [0]),
            ({"outcome": "wrong"}, [1, 2]),
            ({"outcome": "right", "head": 0}, [0, 1]),
            ({"pair": (0, 1)}, [1]),
            ({"pair": (0, 1), "outcome": "right"}, []),
            ({"difference": "classes"}, [1]),
            ({"difference": "weights", "apart": 0.25 / math.log(10)}, [2, 3]),
            ({"search": "好", "label": 0, "difference": "classes"}, [1]),
        ],
    )
    def test_each_filter(self, filters, wanted):
        assert matching(ROWS, SURVEY, Filters(**filters)).tolist() == wanted

    def test_without_predictions_nothing_is_asked_of_them(self):
        filters = Filters(label=1, predicted=0, outcome="wrong", pair=(0, 1))
        assert matching(ROWS, None, filters).tolist() == [0, 2]

    @pytest.mark.parametrize(
        ("order", "wanted"),
        [
            ("file", [0, 1, 2, 3]),
            ("classes", [1, 0, 2, 3]),
            ("weights", [2, 3, 1, 0]),
            ("length", [2, 0, 1, 3]),
        ],
    )
    def test_each_order(self, order, wanted):
        assert in_order(np.arange(4), ROWS, SURVEY, order).tolist() == wanted

    def test_an_order_of_some_rows_only(self):
        for order, wanted in (("weights", [3, 1, 0]), ("classes", [1, 0, 3])):
            assert in_order(np.array([0, 1, 3]), ROWS, SURVEY, order).tolist() == wanted
            assert in_order(np.array([0, 1, 3]), ROWS, None, order).tolist() == [0, 1, 3]

    def test_more_heads_against_the_majority_come_first_then_who_lies_further_apart(self):
        of_class_1 = [[0.9, 0.8, 0.4], [0.9, 0.8, 0.1], [0.1, 0.2, 0.49], [0.1, 0.2, 0.3]]
        probabilities = np.array([[[1 - p, p] for p in line] for line in of_class_1])
        survey = replace(SURVEY, probabilities=probabilities)
        assert in_order(np.arange(4), ROWS, survey, "classes").tolist() == [1, 0, 2, 3]


def sums(*batches, vocabulary=4, classes=2) -> TokenSums:
    result = TokenSums(vocabulary, classes)
    for batch in batches:
        result.add(collect(*map(np.array, batch)))
    return result


def repeated(times: int) -> TokenSums:
    """One row, many times: tokens 2, 3, 2 with weights .5, .3, .2; taken for class 1."""
    ids, weights = [[2, 3, 2]], [[0.5, 0.3, 0.2]]
    contributions = [[[-1.0, 1.0], [0.0, 0.0], [-0.5, 0.5]]]
    return sums(*[(ids, weights, contributions, [1])] * times)


class TestTokens:
    def test_means_over_rows_of_the_means_over_their_occurrences(self):
        table = repeated(16).table().set_index(["token", "class"])
        assert table.loc[(2, 1), ["rows", "occurrences"]].tolist() == [16, 32]
        assert table.loc[(2, 1), "weight"] == pytest.approx((0.5 + 0.2) / 2 * 3)
        assert table.loc[(3, 1), "weight"] == pytest.approx(0.3 * 3)
        assert table.loc[(2, 0), ["rows", "weight"]].tolist() == [0, 0]
        assert table.loc[(2, 0), ["all_rows", "all_occurrences"]].tolist() == [16, 32]
        assert table.loc[(2, 0), "contribution"] == pytest.approx(-0.75)
        assert table.loc[(2, 1), "contribution_error"] == pytest.approx(0, abs=1e-6)

    def test_the_interval_is_that_of_independent_rows(self):
        random = np.random.default_rng(0)
        weights = random.dirichlet([1, 1], 40)
        contributions = random.normal(size=(40, 2, 2))
        table = sums((np.tile([2, 3], (40, 1)), weights, contributions, np.zeros(40, int))).table()
        found = top(table, 0, "weight", 9).set_index("token").loc[2]
        values = 2 * weights[:, 0]
        assert found["value"] == pytest.approx(values.mean())
        high = ttest_1samp(values, 0).confidence_interval(0.95).high
        assert found["high"] == pytest.approx(high, rel=1e-4)
        found = top(table, 1, "contribution", 9).set_index("token").loc[3]
        assert found["value"] == pytest.approx(contributions[:, 1, 1].mean())

    def test_few_rows_have_no_interval(self):
        weights = np.random.default_rng(0).dirichlet([1, 1], 19)
        given = (np.tile([2, 3], (19, 1)), weights, np.ones((19, 2, 2)), np.zeros(19, int))
        found = top(sums(given).table(), 0, "weight", 9).set_index("token").loc[2]
        assert np.isnan(found["low"]) and np.isnan(found["high"]) and found["value"] > 0

    @given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.integers(1, 5))
    def test_batches_of_any_size_add_up(self, tokens, size):
        random = np.random.default_rng(0)
        ids = np.array(tokens)[:, None].repeat(2, axis=1)
        weights, contributions = random.random(ids.shape), random.random((*ids.shape, 2))
        predicted = random.integers(0, 2, len(ids))
        every = (ids, weights, contributions, predicted)
        parts = [
            tuple(values[start : start + size] for values in every)
            for start in range(0, len(ids), size)
        ]
        whole = sums(every).table()
        pd.testing.assert_frame_equal(sums(*parts).table(), whole, atol=1e-5)

    def test_rare_tokens_and_the_unknown_one_are_left_out(self):
        assert repeated(16).table()["token"].tolist() == [2, 2, 3, 3]
        assert repeated(8).table()["token"].tolist() == [2, 2]  # 3 was seen 8 times only
        assert repeated(4).table().empty  # 2 stands in 4 rows only
        unknown = (np.ones((20, 1), int), np.ones((20, 1)), np.zeros((20, 1, 2)), np.zeros(20, int))
        assert sums(unknown).table().empty

    def test_the_largest_first_and_only_as_many_as_wanted(self):
        table = repeated(16).table()
        assert top(table, 1, "weight", 9)["token"].tolist() == [2, 3]
        assert top(table, 0, "contribution", 9)["token"].tolist() == [3, 2]
        assert top(table, 1, "weight", 1)["token"].tolist() == [2]
        assert top(table, 0, "weight", 9).empty  # no row is taken for this class


class TestContexts:
    def test_places_of_a_token_in_any_spelling(self):
        vocabulary = Vocabulary.build(["ab好", "A b"], "character")
        found = Occurrences(row_set("A好ａ", "好", "b a"), vocabulary)
        assert found.find("a").tolist() == [[0, 0], [0, 2], [2, 1]]
        assert found.find("好").tolist() == [[0, 1], [1, 0]]
        assert found.find("坏").tolist() == []

    def test_contexts_have_the_text_around_and_the_weights_of_every_head(self, trained, corpus):
        explainers = [Explainer(trained(head)) for head in ("average", "multi-head")]
        rows = of_corpus(corpus, "test")
        found = Occurrences(rows, explainers[0].vocabulary).find("店")[:7]
        for context in contexts(rows, found, explainers):
            text = rows.texts[context.row]
            assert context.before + context.token + context.after in text
            assert context.token == "店"
            assert context.weights[0] == pytest.approx(1, rel=1e-5)
            explanation = explainers[1].explain(text)
            weight = explanation.weights[:, context.position].mean() * len(explanation.tokens)
            assert context.weights[1] == pytest.approx(weight, rel=1e-4)

    def test_nothing_of_a_text_becomes_html(self):
        hostile = "<script>alert(1)</script>&\"'\n"
        context = Context(0, 0, hostile, hostile, hostile, (1.0,))
        page = contexts_html([context], [hostile], [hostile])
        assert "<script" not in page
        assert page.count("&lt;script&gt;") == 5
        assert "<mark>&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;⏎</mark>" in page
