"""McNemar's test and Holm's correction: worked by hand and against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from poolviz.evaluation.comparison import compare, holm, mcnemar


def test_mcnemar_by_hand():
    # 1 against 5: 2 · (C(6,0) + C(6,1)) / 2⁶ = 2 · 7 / 64
    assert mcnemar(1, 5) == pytest.approx(14 / 64)
    assert mcnemar(5, 1) == pytest.approx(14 / 64)


def test_mcnemar_without_a_disagreement_is_1():
    assert mcnemar(0, 0) == 1
    assert mcnemar(3, 3) == 1


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_is_the_binomial_test(first, second):
    if first + second:
        expected = binomtest(first, first + second, 0.5).pvalue
        assert mcnemar(first, second) == pytest.approx(expected, abs=1e-9)


def test_holm_by_hand():
    # sorted .01 .02 .04, times 3 2 1: .03 .04 .04
    assert holm([0.04, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_only_raises_and_keeps_the_order(values):
    adjusted = holm(values)
    assert all(a >= v for a, v in zip(adjusted, values, strict=True))
    order = np.argsort(values, kind="stable")
    assert np.all(np.diff(np.array(adjusted)[order]) >= 0)


RIGHT = {
    "a": np.array([True] * 40 + [False] * 10),
    "b": np.array([True] * 20 + [False] * 30),
}


def test_a_head_is_better_only_across_seeds():
    apart = compare(RIGHT, {"a": [0.8, 0.79], "b": [0.4, 0.5]})[0]
    assert (apart.only_first, apart.only_second) == (20, 0)
    assert apart.differ
    assert apart.better == "a"
    overlapping = compare(RIGHT, {"a": [0.8, 0.45], "b": [0.4, 0.5]})[0]
    assert overlapping.differ
    assert overlapping.better is None
    once = compare(RIGHT, {"a": [0.8], "b": [0.4]})[0]
    assert once.better is None


def test_equal_models_do_not_differ():
    same = compare({"a": RIGHT["a"], "b": RIGHT["a"]}, {"a": [1.0, 1.0], "b": [0.0, 0.0]})[0]
    assert same.p == 1
    assert not same.differ
    assert same.better is None
