import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.errors import CheckpointError
from poolviz.text import vocabulary as vocabulary_module
from poolviz.text.tokens import clean_text, lookup_form, tokenize
from poolviz.text.vocabulary import PADDING_ID, UNKNOWN_ID, Vocabulary
from tests.texts import ANY_TEXT, ANY_UNIT


def test_entries_fall_by_frequency_then_code_point():
    vocabulary = Vocabulary.build(["b好a Ａ", "好c b", "c"], "character", 2)
    assert vocabulary.entries == ("a", "b", "c", "好")
    assert len(vocabulary) == 6
    assert vocabulary.look_up(["a", "好", "x", " "]) == [2, 5, UNKNOWN_ID, PADDING_ID]


def test_what_is_remembered_of_texts_has_an_end(monkeypatch):
    monkeypatch.setattr(vocabulary_module, "_REMEMBERED", 3)
    vocabulary = Vocabulary("word", 1, ("a", "d"))
    for _again in range(2):
        assert vocabulary.look_up(["a", "x" * 30, "B", "b", "c", "d", "D"]) == [2, 1, 1, 1, 1, 3, 3]
        assert list(vocabulary._remembered) == ["a", "B", "b"]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Vocabulary("word", 1, ("a", "b")), True),
        (Vocabulary("word", 9, ("a", "b")), True),
        (Vocabulary("character", 1, ("a", "b")), False),
        (Vocabulary("word", 1, ("b", "a")), False),
        (Vocabulary("word", 1, ("ab",)), False),
        (Vocabulary("word", 1, ("a", "\ud800")), False),
    ],
)
def test_vocabularies_that_read_texts_alike_have_one_identity(other, same):
    assert (other.identity == Vocabulary("word", 1, ("a", "b")).identity) == same


def test_the_most_frequent_entry_comes_first():
    assert Vocabulary.build(["z z z a"], "word").entries == ("z", "a")


@given(st.lists(ANY_TEXT), ANY_UNIT, st.integers(1, 3))
def test_vocabulary_counts_what_tokenize_gives(texts, unit, min_frequency):
    forms = [lookup_form(t.text) for text in texts for t in tokenize(clean_text(text), unit)]
    expected = {form for form in forms if forms.count(form) >= min_frequency}
    assert set(Vocabulary.build(texts, unit, min_frequency).entries) == expected


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


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_ids_are_those_of_entries_behind_padding_and_unknown(count):
    entries = "abcdefg"[:count]
    vocabulary = Vocabulary("character", 1, tuple(entries))
    assert (PADDING_ID, UNKNOWN_ID, len(vocabulary)) == (0, 1, count + 2)
    assert [vocabulary.id_of(entry) for entry in entries] == list(range(2, count + 2))
    assert vocabulary.special_ids == ()
