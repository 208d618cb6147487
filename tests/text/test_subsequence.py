"""The longest common subsequence, against a plain recursion and cases by hand."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.text.subsequence import common_subsequence
from poolviz.text.tokens import tokenize


def shared(a: str, b: str, unit: str = "character") -> list[tuple[int, int]] | None:
    return common_subsequence(tokenize(a, unit), tokenize(b, unit))


def length_by_recursion(a: str, b: str) -> int:
    @cache
    def longest(i: int, j: int) -> int:
        if i == len(a) or j == len(b):
            return 0
        if a[i] == b[j]:
            return 1 + longest(i + 1, j + 1)
        return max(longest(i + 1, j), longest(i, j + 1))

    return longest(0, 0)


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("好", "好", [(0, 0)]),
        ("好", "坏", []),
        ("改密码", "密码怎么改", [(1, 0), (2, 1)]),
        ("甲乙丙丁", "甲丙乙丁", [(0, 0), (1, 2), (3, 3)]),
        ("哈哈", "哈哈哈哈", [(0, 0), (1, 1)]),
        ("甲 乙", "甲乙", [(0, 0), (1, 1)]),
        ("Ａb", "ab", [(0, 0), (1, 1)]),
    ],
)
def test_golden_cases(a, b, wanted):
    assert shared(a, b) == wanted


def test_words_are_compared_as_words():
    assert shared("the red house", "a red mouse", "word") == [(1, 1)]


@given(st.text("甲乙丙", max_size=9), st.text("甲乙丙", max_size=9))
def test_it_is_common_in_order_and_as_long_as_can_be(a, b):
    found = shared(a, b)
    assert [a[i] for i, _j in found] == [b[j] for _i, j in found]
    for (i, j), (next_i, next_j) in zip(found, found[1:], strict=False):
        assert i < next_i and j < next_j
    assert len(found) == length_by_recursion(a, b)


def test_long_sentences_have_none_unless_they_differ_little(monkeypatch):
    monkeypatch.setattr("poolviz.text.subsequence.MAX_CELLS", 100)
    assert shared("甲" * 50, "乙" * 50) is None
    assert len(shared("甲" * 50 + "乙" + "丙" * 50, "甲" * 50 + "丁" + "丙" * 50)) == 100
