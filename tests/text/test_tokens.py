import json
import subprocess
import sys
import unicodedata

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from poolviz.errors import CheckpointError, ChoiceError, TextError
from poolviz.text.tokens import (
    MAX_CHARACTERS,
    PADDING_ID,
    UNITS,
    UNKNOWN_ID,
    Vocabulary,
    clean_text,
    encode,
    encode_many,
    has_visible,
    lookup_form,
    tokenize,
)

# Parts that stick to each other in one way or another, so that clusters form across examples.
STICKY = st.lists(
    st.sampled_from(
        [
            "a",
            "B",
            "é",
            "e\u0301",
            "中",
            "ー",
            "ガ",
            "ｶﾞ",
            "'",
            "’",
            " ",
            "\r\n",
            "\t",
            "1",
            "\u20e3",
        ]
        + ["👍", "🏽", "👩", "\u200d", "\ufe0f", "🇩", "🇪", "\u0600", "\u0d4e", "ㅤ", "\ud83d", "."]
    )
).map("".join)
ANY_TEXT = st.one_of(STICKY, st.text(st.characters()), st.text(st.characters(categories=["Cs"])))
ANY_UNIT = st.sampled_from(UNITS)


def texts_of(text, unit):
    return [token.text for token in tokenize(text, unit)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("酒店很好", ["酒", "店", "很", "好"]),
        (" 好\t的\u3000。\n", ["好", "的", "。"]),
        ("e\u0301a", ["e\u0301", "a"]),
        ("👩\u200d👩\u200d👧!", ["👩\u200d👩\u200d👧", "!"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇩🇪🇫🇷🇮", ["🇩🇪", "🇫🇷", "🇮"]),
        ("\u200b\ufeff\u3164\x00", []),
        ("हिन्दी", ["हि", "न्दी"]),
        ("שלום", ["ש", "ל", "ו", "ם"]),
    ],
)
def test_characters(text, tokens):
    assert texts_of(text, "character") == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The U.S. won!", ["The", "U", ".", "S", ".", "won", "!"]),
        ("don't rock ’n’ roll’s", ["don't", "rock", "’", "n", "’", "roll’s"]),
        ("nai\u0308ve été", ["nai\u0308ve", "été"]),
        ("in 2004 3.5%", ["in", "2004", "3", ".", "5", "%"]),
        ("看DVD了", ["看", "DVD", "了"]),
        ("カラー ひらがな", ["カ", "ラ", "ー", "ひ", "ら", "が", "な"]),
        ("ok👍🏽ok", ["ok", "👍🏽", "ok"]),
        ("snake_case", ["snake", "_", "case"]),
        ("a\u200bb c\u200d", ["a", "b", "c\u200d"]),
        ("", []),
    ],
)
def test_words(text, tokens):
    assert texts_of(text, "word") == tokens


def test_spans_count_code_points_of_the_original():
    spans = [(token.start, token.end) for token in tokenize(" 👍🏽 e\u0301", "character")]
    assert spans == [(1, 3), (4, 6)]


def test_many_flags_take_no_quadratic_time():
    # 50,000 flags took 18 s when each was sought from the first one on.
    assert len(tokenize("🇩🇪" * 50_000, "word")) == 50_000


@given(ANY_TEXT, ANY_UNIT)
def test_spans_rebuild_the_text(text, unit):
    end = 0
    for token in tokenize(text, unit):
        assert token.text == text[token.start : token.end]
        assert end <= token.start < token.end
        assert not token.text.isspace()
        assert not has_visible(text[end : token.start])
        end = token.end
    assert not has_visible(text[end:])


@given(ANY_TEXT, ANY_UNIT)
def test_no_token_ends_inside_a_grapheme_cluster(text, unit):
    boundaries = {match.end() for match in regex.finditer(r"\X", text)} | {0}
    for token in tokenize(text, unit):
        assert {token.start, token.end} <= boundaries


@given(ANY_TEXT, ANY_UNIT)
def test_encode_raises_nothing_but_a_sentence(text, unit):
    vocabulary = Vocabulary(unit, 1, ("a", "中"))
    try:
        tokens, ids = encode(text, vocabulary)
    except TextError:
        assert not has_visible(text)
        return
    assert ids.dtype == np.int32
    assert ids.shape == (len(tokens),)
    assert [token.known for token in tokens] == (ids != UNKNOWN_ID).tolist()
    assert np.array_equal(vocabulary.encode(tokens), ids)


@given(st.text())
def test_look_up_folds_width_and_case(text):
    full_width = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    composed = unicodedata.normalize("NFKC", text)
    assert lookup_form(full_width) == lookup_form(text) == lookup_form(composed)


def test_look_up_finds_what_is_written_in_another_way():
    vocabulary = Vocabulary.build(["government a 1"], "word")
    tokens, ids = encode("Government ＧＯＶＥＲＮＭＥＮＴ Ａ １ b", vocabulary)
    assert [token.known for token in tokens] == [True, True, True, True, False]
    assert ids[0] == ids[1]
    assert tokens[1].text == "ＧＯＶＥＲＮＭＥＮＴ"


def test_lone_surrogates_become_replacement_characters_in_place():
    assert clean_text("a\ud83d\ude00b") == "a\ufffd\ufffdb"
    tokens, _ = encode("好\udfff好", Vocabulary.build(["好"], "character"))
    assert [(token.text, token.known) for token in tokens] == [
        ("好", True),
        ("\ufffd", False),
        ("好", True),
    ]


@pytest.mark.parametrize("text", ["", " \n\u3000", "\u200b\u200d", "\x00"])
def test_a_text_without_visible_character_is_refused(text):
    with pytest.raises(TextError, match="^Type at least one visible character: "):
        encode(text, Vocabulary("character", 1, ()))


def test_a_text_may_have_so_many_characters_and_no_more():
    vocabulary = Vocabulary("word", 1, ())
    assert len(encode("a" * MAX_CHARACTERS, vocabulary)[0]) == 1
    with pytest.raises(TextError, match="100,001 characters; shorten it to 100,000"):
        encode("a" * (MAX_CHARACTERS + 1), vocabulary)


@pytest.mark.parametrize("call", [lambda: tokenize("a", "byte"), lambda: Vocabulary("byte", 1, ())])
def test_an_unknown_unit_lists_the_units(call):
    with pytest.raises(ChoiceError, match="byte; choose one of character, word"):
        call()


def test_entries_fall_by_frequency_then_code_point():
    vocabulary = Vocabulary.build(["b好a Ａ", "好c b", "c"], "character", 2)
    assert vocabulary.entries == ("a", "b", "c", "好")
    assert len(vocabulary) == 6
    assert vocabulary.encode(tokenize("a好x", "character")).tolist() == [2, 5, UNKNOWN_ID]
    assert PADDING_ID not in vocabulary.encode(tokenize("ab", "character"))


def test_the_most_frequent_entry_comes_first():
    assert Vocabulary.build(["z z z a"], "word").entries == ("z", "a")


@given(st.lists(ANY_TEXT), ANY_UNIT, st.integers(1, 3))
def test_vocabulary_counts_what_tokenize_gives(texts, unit, min_frequency):
    forms = [lookup_form(t.text) for text in texts for t in tokenize(clean_text(text), unit)]
    expected = {form for form in forms if forms.count(form) >= min_frequency}
    assert set(Vocabulary.build(texts, unit, min_frequency).entries) == expected


@given(st.lists(STICKY.filter(has_visible), max_size=5), ANY_UNIT)
def test_many_texts_get_the_ids_that_each_gets_alone(texts, unit):
    vocabulary = Vocabulary.build(texts[::2], unit)
    found = encode_many(texts, vocabulary)
    assert [ids.tolist() for ids in found] == [encode(t, vocabulary)[1].tolist() for t in texts]
    assert all(ids.dtype == np.int32 for ids in found)


@pytest.mark.parametrize("text", ["", " \u200b", "a" * (MAX_CHARACTERS + 1)])
def test_among_many_texts_each_must_be_one_that_can_be_encoded(text):
    with pytest.raises(TextError):
        encode_many(["好", text], Vocabulary("character", 1, ("好",)))


def test_a_saved_vocabulary_loads_as_it_was(tmp_path):
    vocabulary = Vocabulary.build(["酒店👍🏽 Don't", "酒"], "word", 1)
    vocabulary.save(tmp_path / "vocab.json")
    assert Vocabulary.load(tmp_path / "vocab.json") == vocabulary
    assert "酒" in (tmp_path / "vocab.json").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["vocab.json"]


def saved(**changes):
    content = {"schema_version": 1, "unit": "word", "min_frequency": 1, "entries": ["a"]}
    return json.dumps(content | changes).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"schema_version": 1}',
        saved(schema_version=2),
        saved(unit="byte"),
        saved(entries="ab"),
        saved(entries=["a", 1]),
        saved(entries=["a", "a"]),
        saved(min_frequency="1"),
    ],
)
def test_a_damaged_vocabulary_is_a_sentence(tmp_path, content):
    path = tmp_path / "vocab.json"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="vocab.json cannot be read .+; save the checkpoint"):
        Vocabulary.load(path)


def test_a_missing_vocabulary_is_a_sentence(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be read"):
        Vocabulary.load(tmp_path / "none.json")


def test_import_is_light():
    loaded = "print([m for m in ('pandas', 'keras') if m in sys.modules])"
    script = f"import sys, poolviz.text.tokens; {loaded}"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr
