"""Texts changed by their tokens: cases by hand, and that the others stay the tokens they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.errors import TextError
from poolviz.text.edits import replaced, without
from poolviz.text.tokens import UNITS, Token, has_visible, tokenize

# Characters that grow together: marks, flags, joiners, apostrophes, Korean and Indic letters.
STICKY = "aB1 '’é\u0301\u200d\u094d🇦🇧🇨👩👍🏽\r\n\t\u0600각가\u0e33好的/-.\ufff9\u093e\u0915"
TEXTS = st.text(st.sampled_from(STICKY) | st.characters(exclude_categories=["Cs"]), max_size=30)


def deleted(text: str, *positions: int, unit: str = "word") -> str:
    return without(text, tokenize(text, unit), positions, unit)


def put(text: str, replacement: str, *positions: int, unit: str = "word") -> str:
    return replaced(text, tokenize(text, unit), positions, replacement, unit)


@pytest.mark.parametrize(
    ("text", "positions", "unit", "wanted"),
    [
        ("早餐很好", [2], "character", "早餐好"),
        ("早餐很好", [0, 1, 3], "character", "很"),
        ("a very good room", [1], "word", "a good room"),
        ("a very good room", [3, 0], "word", " very good "),
        ("a/b", [1], "word", "a b"),  # "ab" would be one token
        ("a'-b", [2], "word", "a' b"),  # "a'b" would be one token
        ("🇦x🇧", [1], "character", "🇦 🇧"),  # "🇦🇧" would be a flag
        ("好\n\n很\n坏", [1], "character", "好\n\n\n坏"),
        (" 好 坏 ", [0], "character", " 坏 "),
    ],
)
def test_deleting_by_hand(text, positions, unit, wanted):
    assert deleted(text, *positions, unit=unit) == wanted


@pytest.mark.parametrize(
    ("text", "positions", "replacement", "unit", "wanted"),
    [
        ("早餐很好", [2], "不", "character", "早餐不好"),
        ("早餐很好", [2, 3], "难吃", "character", "早餐难吃"),  # a run is replaced once
        ("早餐很好", [0, 2], "x", "character", "x餐x好"),
        ("a very good room", [1, 2], "bad", "word", "a bad room"),
        ("a/b", [1], "or", "word", "a or b"),
        ("好", [0], "坏", "character", "坏"),
    ],
)
def test_replacing_by_hand(text, positions, replacement, unit, wanted):
    assert put(text, replacement, *positions, unit=unit) == wanted


@given(st.data(), TEXTS, st.sampled_from(UNITS))
def test_the_other_tokens_stay_what_they_are(data, text, unit):
    tokens = tokenize(text, unit)
    if len(tokens) < 2:
        return
    numbers = st.integers(0, len(tokens) - 1)
    positions = data.draw(st.sets(numbers, min_size=1, max_size=len(tokens) - 1))
    left = without(text, tokens, positions, unit)
    kept = [token.text for position, token in enumerate(tokens) if position not in positions]
    assert [token.text for token in tokenize(left, unit)] == kept


@given(st.data(), TEXTS, TEXTS.filter(has_visible), st.sampled_from(UNITS))
def test_a_replacement_stays_what_it_is(data, text, replacement, unit):
    tokens = tokenize(text, unit)
    if not tokens:
        return
    position = data.draw(st.integers(0, len(tokens) - 1))
    changed = replaced(text, tokens, [position], replacement, unit)
    texts = [token.text for token in tokens]
    texts[position : position + 1] = [token.text for token in tokenize(replacement, unit)]
    assert [token.text for token in tokenize(changed, unit)] == texts


def test_what_cannot_be_done_has_a_sentence():
    with pytest.raises(TextError, match="^Click the tokens"):
        deleted("好 坏")
    with pytest.raises(TextError, match="^Click the tokens"):
        put("好 坏", "x")
    with pytest.raises(TextError, match="^Every token"):
        deleted("好 坏", 0, 1)
    for nothing in ("", " \u200b\n"):
        with pytest.raises(TextError, match="^Type what the chosen tokens become"):
            put("好 坏", nothing, 0)


def test_pieces_of_an_encoder_are_taken_out_without_a_second_cut():
    pieces = [Token("[CLS]", 0, 0), Token("un", 0, 2), Token("##like", 2, 6), Token("ly", 6, 8)]
    assert without("unlikely", pieces, [2], None) == "unly"
    assert without("unlikely", pieces, [0, 2], None) == "unly"  # special ones stay
    assert replaced("unlikely", pieces, [2], "x", None) == "unxly"
    for positions, said in (([1, 2, 3], "leave at least one"), ([0], "Click the tokens")):
        with pytest.raises(TextError, match=said):
            without("unlikely", pieces, positions, None)
