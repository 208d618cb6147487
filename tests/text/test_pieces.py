"""Pieces of a text as HTML."""

import pytest

from poolviz.text.pieces import html_piece


@pytest.mark.parametrize("turn", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_what_turns_the_direction_ends_with_its_piece(turn):
    assert html_piece(f"<a{turn}") == f"<bdi>&lt;a{turn}</bdi>"


def test_other_pieces_are_only_escaped():
    assert html_piece("<b>\u200f عربي") == "&lt;b&gt;\u200f عربي"
