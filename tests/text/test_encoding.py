"""Texts encoded: cleaned, cut and looked up once, for one vocabulary or several."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.errors import TextError
from poolviz.text import tokens
from poolviz.text.encoding import (
    check_text,
    encode,
    encode_each,
    encode_many,
    shares_unknown,
)
from poolviz.text.tokens import MAX_CHARACTERS, clean_text, has_visible, tokenize
from poolviz.text.vocabulary import UNKNOWN_ID, Vocabulary
from tests.texts import ANY_TEXT, ANY_UNIT, STICKY

SEEN = STICKY.filter(has_visible)


@given(ANY_TEXT, ANY_UNIT)
def test_encode_raises_nothing_but_a_sentence(text, unit):
    vocabulary = Vocabulary(unit, 1, ("a", "中"))
    try:
        found = encode(text, vocabulary)
    except TextError:
        assert not has_visible(text)
        return
    assert found.text == clean_text(text)
    assert found.ids.dtype == np.int32
    assert found.ids.tolist() == [vocabulary.id_of(token.text) for token in found.tokens]
    assert [token.known for token in found.tokens] == (found.ids != UNKNOWN_ID).tolist()
    wanted = tokenize(found.text, unit)
    assert [token[:3] for token in found.tokens] == [token[:3] for token in wanted]


def test_look_up_finds_what_is_written_in_another_way():
    vocabulary = Vocabulary.build(["government a 1"], "word")
    found = encode("Government ＧＯＶＥＲＮＭＥＮＴ Ａ １ b", vocabulary)
    assert [token.known for token in found.tokens] == [True, True, True, True, False]
    assert found.ids[0] == found.ids[1]
    assert found.tokens[1].text == "ＧＯＶＥＲＮＭＥＮＴ"


def test_lone_surrogates_become_replacement_characters_in_place():
    assert clean_text("a\ud83d\ude00b") == "a\ufffd\ufffdb"
    found = encode("好\udfff好", Vocabulary.build(["好"], "character"))
    assert found.text == "好\ufffd好"
    assert [(token.text, token.known) for token in found.tokens] == [
        ("好", True),
        ("\ufffd", False),
        ("好", True),
    ]


@pytest.mark.parametrize("text", ["", " \n\u3000", "\u200b\u200d", "\x00"])
def test_a_text_without_visible_character_is_refused(text):
    for call in (check_text, lambda text: encode(text, Vocabulary("character", 1, ()))):
        with pytest.raises(TextError, match="^Type at least one visible character: "):
            call(text)


def test_a_text_may_have_so_many_characters_and_no_more():
    vocabulary = Vocabulary("word", 1, ())
    assert len(encode("a" * MAX_CHARACTERS, vocabulary).tokens) == 1
    with pytest.raises(TextError, match="100,001 characters; shorten it to 100,000"):
        encode("a" * (MAX_CHARACTERS + 1), vocabulary)
    with pytest.raises(TextError, match="100,001 characters; shorten it to 100,000"):
        check_text("a" * (MAX_CHARACTERS + 1))


@given(st.lists(SEEN, max_size=5), ANY_UNIT)
def test_many_texts_get_the_ids_that_each_gets_alone(texts, unit):
    vocabulary = Vocabulary.build(texts[::2], unit)
    found = encode_many(texts, vocabulary)
    assert [ids.tolist() for ids in found] == [encode(t, vocabulary).ids.tolist() for t in texts]
    assert all(ids.dtype == np.int32 for ids in found)


@pytest.mark.parametrize("text", ["", " \u200b", "a" * (MAX_CHARACTERS + 1)])
def test_among_many_texts_each_must_be_one_that_can_be_encoded(text):
    with pytest.raises(TextError):
        encode_many(["好", text], Vocabulary("character", 1, ("好",)))


def test_ids_cannot_be_written_to():
    found = encode("好", Vocabulary("character", 1, ("好",)))
    with pytest.raises(ValueError):
        found.ids[0] = 1


def same(one, other) -> bool:
    return (one.text, one.tokens, one.ids.tolist()) == (
        other.text,
        other.tokens,
        other.ids.tolist(),
    )


@given(SEEN, ANY_UNIT, ANY_UNIT)
def test_what_is_encoded_gives_what_its_text_gives(text, unit, other):
    first, second = Vocabulary.build([text], unit), Vocabulary.build([text[::2]], other)
    encoded = encode(text, first)
    assert encode(encoded, first) is encoded
    assert encoded.fits(Vocabulary(unit, 5, first.entries))
    assert same(encode(encoded, second), encode(text, second))


@pytest.fixture
def cuts(monkeypatch) -> list[str]:
    """The units in which texts were cut."""
    counted, cut = [], tokens.cut
    monkeypatch.setattr(tokens, "cut", lambda text, unit: counted.append(unit) or cut(text, unit))
    return counted


def test_several_vocabularies_share_a_cut_and_equal_ones_what_was_looked_up(cuts):
    vocabularies = [Vocabulary("character", 1, tuple(entries)) for entries in ("ab", "a", "ab")]
    words = Vocabulary("word", 1, ("ab",))
    found = encode_each("ab b", [*vocabularies, words])
    assert cuts == ["character", "word"]
    assert [each.ids.tolist() for each in found] == [[2, 3, 3], [2, 1, 1], [2, 3, 3], [2, 1]]
    assert found[0] is found[2]
    assert [each.vocabulary for each in found] == [*vocabularies, words]
    assert [token.known for token in found[1].tokens] == [True, False, False]
    assert encode_each(found[0], vocabularies[:1]) == found[:1]
    assert len(cuts) == 2


def test_the_share_of_unknown_tokens():
    vocabulary = Vocabulary("character", 1, ("a",))
    found = shares_unknown(encode_many(["aaab", "b", "aa"], vocabulary))
    assert found.dtype == np.float32 and found.tolist() == [0.25, 1.0, 0.0]
