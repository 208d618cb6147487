import hashlib
import subprocess
import sys
import unicodedata

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from poolviz.errors import ChoiceError
from poolviz.text import tokens
from poolviz.text.tokens import cut, has_visible, lookup_form, tokenize
from poolviz.text.vocabulary import Vocabulary
from tests.texts import ANY_TEXT, ANY_UNIT


def texts_of(text, unit):
    return [token.text for token in tokenize(text, unit)]


@pytest.mark.parametrize(
    ("text", "wanted"),
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
def test_characters(text, wanted):
    assert texts_of(text, "character") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The U.S. won!", ["The", "U", ".", "S", ".", "won", "!"]),
        ("don't rock ’n’ roll’s", ["don't", "rock", "’", "n", "’", "roll’s"]),
        ("nai\u0308ve été", ["nai\u0308ve", "été"]),
        ("in 2004 3.5%", ["in", "2004", "3", ".", "5", "%"]),
        ("看DVD了", ["看", "DVD", "了"]),
        ("カラー ひらがな", ["カ", "ラ", "ー", "ひ", "ら", "が", "な"]),
        ("ok👍🏽ok", ["ok", "👍🏽", "ok"]),
        ("snake_case", ["snake", "_", "case"]),
        ("a\u200bb c\u200d", ["a\u200bb", "c\u200d"]),
        ("co\u00adoperate don\u00ad't \u00ad", ["co\u00adoperate", "don\u00ad't"]),
        ("x\u2060\ufeffy word\ufe0f", ["x\u2060\ufeffy", "word\ufe0f"]),
        ("ห้องดี OK", ["ห้", "อ", "ง", "ดี", "OK"]),
        ("ສະບາຍ မြန်", ["ສ", "ະ", "ບ", "າ", "ຍ", "မြ", "န်"]),
        ("", []),
    ],
)
def test_words(text, wanted):
    assert texts_of(text, "word") == wanted


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
def test_the_pieces_add_up_to_the_text(text, unit):
    assert "".join(cut(text, unit)) == text
    assert [piece for piece in cut(text, unit) if has_visible(piece)] == texts_of(text, unit)


@given(ANY_TEXT)
def test_pieces_are_grapheme_clusters(text):
    assert cut(text, "character") == regex.findall(r"\X", text)


def test_what_is_cut_without_a_search_is_cut_as_it_is_with_one():
    everything = [chr(number) for number in range(sys.maxunicode + 1)]
    alone = [character for character in everything if tokens._ALONE.fullmatch(character)]
    assert len(alone) > 1_000_000 and "好" in alone and "\n" in alone
    np.random.default_rng(0).shuffle(alone)
    assert regex.findall(r"\X", "".join(alone)) == alone


@given(ANY_TEXT, ANY_UNIT)
def test_no_token_ends_inside_a_grapheme_cluster(text, unit):
    boundaries = {match.end() for match in regex.finditer(r"\X", text)} | {0}
    for token in tokenize(text, unit):
        assert {token.start, token.end} <= boundaries


@given(st.text())
def test_look_up_folds_width_and_case(text):
    full_width = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    composed = unicodedata.normalize("NFKC", text)
    assert lookup_form(full_width) == lookup_form(text) == lookup_form(composed)


@pytest.mark.parametrize("call", [lambda: tokenize("a", "byte"), lambda: Vocabulary("byte", 1, ())])
def test_an_unknown_unit_lists_the_units(call):
    with pytest.raises(ChoiceError, match="byte; choose one of character, word"):
        call()


def test_import_is_light():
    loaded = "print([m for m in ('pandas', 'keras') if m in sys.modules])"
    script = f"import sys, poolviz.text.tokens; {loaded}"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("co\u00adoperate", "cooperate"),
        ("don\u200b't", "don't"),
        ("word\ufe0f", "word"),
        ("房\ufe00", "房"),
        ("\ufeffx\u2060y", "xy"),
    ],
)
def test_what_is_invisible_in_a_word_is_not_looked_up(text, plain):
    assert lookup_form(text) == plain
    assert Vocabulary.build([plain], "word").id_of(text) == 2


@pytest.mark.parametrize("text", ["❤\ufe0f", "1\ufe0f\u20e3", "👩\u200d💻", "می\u200cخواهم"])
def test_signs_and_joiners_keep_what_they_are_written_with(text):
    assert lookup_form(text) == text


def test_a_text_is_named_by_the_first_twelve_digits_of_its_hash():
    assert tokens.text_hash("好") == hashlib.sha256("好".encode()).hexdigest()[:12]
    assert tokens.text_hash("a\ud800") == tokens.text_hash("a?")  # no name fails
