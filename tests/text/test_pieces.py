"""Pieces of a text, how they are named on axes and in labels, and what they are as HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.text.pieces import (
    LABEL,
    as_label,
    html_attribute,
    html_piece,
    html_text,
    one_line,
    pieces,
    plotly_text,
    shortened,
    together,
)
from poolviz.text.tokens import Token, tokenize
from tests.texts import ANY_TEXT


@pytest.mark.parametrize("turn", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_what_turns_the_direction_ends_with_its_piece(turn):
    assert html_piece(f"<a{turn}") == f"<bdi>&lt;a{turn}</bdi>"


def test_other_pieces_are_only_escaped():
    assert html_piece("<b>\u200f عربي") == "&lt;b&gt;\u200f عربي"


@given(ANY_TEXT, st.integers(0, 6), st.integers(0, 6))
def test_pieces_join_to_the_text_part_by_part(text, first, second):
    tokens = tokenize(text, "word")
    assert "".join(piece for piece, _index in pieces(text, tokens)) == text
    start, stop = sorted((min(first, len(tokens)), min(second, len(tokens))))
    bounds = [0, start, stop, len(tokens)]
    parts = [range(*both) for both in zip(bounds, bounds[1:], strict=False) if both[0] < both[1]]
    read = [piece for part in parts for piece in pieces(text, tokens, part)]
    assert not tokens or "".join(piece for piece, _index in read) == text
    assert [index for _piece, index in read if index is not None] == list(range(len(tokens)))
    assert all(piece == tokens[n].text for piece, n in read if n is not None)
    assert all(piece for piece, _index in read)


def test_what_stands_between_tokens_has_no_number():
    tokens = [Token("a", 1, 2), Token("b", 2, 3), Token("c", 4, 5)]
    assert list(pieces("-ab-c-", tokens)) == [
        *[("-", None), ("a", 0), ("b", 1), ("-", None), ("c", 2), ("-", None)]
    ]
    assert list(pieces("-ab-c-", tokens, range(1, 2))) == [("b", 1), ("-", None)]
    assert list(pieces("-ab-c-", tokens, range(0, 1))) == [("-", None), ("a", 0)]


def test_special_tokens_have_their_names():
    tokens = [Token("[CLS]", 0, 0), Token("a", 0, 1), Token("[SEP]", 1, 1)]
    assert list(pieces("a", tokens)) == [("[CLS]", 0), ("a", 1), ("[SEP]", 2)]


@pytest.mark.parametrize(
    ("positions", "runs"),
    [
        ([], []),
        ([3], [(3, 3)]),
        ([0, 1, 3, 4, 6], [(0, 1), (3, 4), (6, 6)]),
        ([5, 4], [(5, 5), (4, 4)]),
    ],
)
def test_runs_of_positions(positions, runs):
    assert together(positions) == runs


@pytest.mark.parametrize(
    ("token", "label"),
    [
        *[("a", "a"), ("a\nb", "a⏎b"), ("a\rb\tc", "a⏎b⇥c"), ("\n", "⏎"), ("", "·"), (" ", "·")],
        *[("\u200b", "·"), ("\x07", "·"), ("\u2028", "·"), (" a", " a")],
        *[("x" * LABEL, "x" * LABEL), ("x" * 13, "x" * 11 + "…")],
    ],
)
def test_a_label_can_be_seen_and_is_short(token, label):
    assert as_label(token) == label


def test_how_long_a_label_is_can_be_said():
    assert as_label("abcdef", 3) == "ab…" and as_label("abc", 3) == "abc"
    assert shortened("abcd", 4) == "abcd" and shortened("abcd", 3) == "ab…"
    assert one_line("a\r\nb") == "a⏎⏎b"


@pytest.mark.parametrize("escaped", [plotly_text, html_text])
def test_text_between_tags_keeps_its_quotation_marks(escaped):
    assert escaped("<b> & \"'") == "&lt;b&gt; &amp; \"'"


def test_attributes_cannot_end_and_close_nothing():
    assert html_attribute("\"'&") == "&quot;&#x27;&amp;"
    assert html_attribute("-->") == "--\u2060&gt;" and html_attribute("</a") == "&lt;\u2060/a"
