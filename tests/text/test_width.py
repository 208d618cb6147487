"""Width of text in narrow characters, and texts that are cut to one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.text.width import graphemes, shortened_to, width_units


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("ab", 2), ("好", 2), ("a好", 3), ("e\u0301", 1), ("👍", 2), ("ｱ", 1), ("\n\x07", 2)],
)
def test_wide_characters_count_as_two_and_marks_as_none(text, width):
    assert width_units(text) == width


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        *[("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abcd", 1, "…"), ("", 0, "")],
        *[("好坏好", 6, "好坏好"), ("好坏好", 5, "好坏…"), ("好坏好", 4, "好…"), ("好", 1, "…")],
        *[("ab cd", 4, "ab…"), ("e\u0301e\u0301e\u0301", 2, "e\u0301…")],
    ],
)
def test_what_is_cut_ends_with_an_ellipsis(text, width, short):
    assert shortened_to(text, width) == short


@given(st.text(), st.integers(1, 12))
def test_what_is_shortened_is_a_beginning_that_fits(text, width):
    short = shortened_to(text, width)
    if short != text:
        assert width_units(short) <= width
        assert short.endswith("…") and text.startswith(short[:-1])


@given(st.text())
def test_clusters_join_to_the_text(text):
    assert "".join(graphemes(text)) == text


def test_a_cluster_is_what_is_read_as_one_character():
    assert graphemes("e\u0301👩‍👧好") == ["e\u0301", "👩‍👧", "好"]
