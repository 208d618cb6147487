"""An encoder's tokenizer as a vocabulary: ids, pieces, what is unknown or left out."""

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from poolviz.encoders.vocabulary import EncoderVocabulary, around, encoder_of, numbers_of
from poolviz.errors import TextError
from poolviz.text.encoding import encode, encode_many
from poolviz.text.preparation import PREPARATIONS
from poolviz.text.vocabulary import UNKNOWN_ID, Vocabulary
from tests.texts import ANY_TEXT
from tests.tiny_encoder import VOCABULARY


@pytest.fixture(scope="module")
def vocabulary(reader):
    return EncoderVocabulary.of(reader.encoder, "word")


def test_ids_are_the_tokenizers_numbers_behind_two(vocabulary):
    found = encode("playing GOOD xylophone", vocabulary)
    pieces = ["[CLS]", "play", "##ing", "good"]
    expected = [VOCABULARY[name] + 2 for name in pieces] + [UNKNOWN_ID, VOCABULARY["[SEP]"] + 2]
    assert found.ids.tolist() == expected
    assert [token.known for token in found.tokens] == [True] * 4 + [False, True]
    assert [vocabulary.token_of(number) for number in expected[:4]] == pieces
    assert vocabulary.id_of("##ing") == VOCABULARY["##ing"] + 2
    assert vocabulary.id_of("Good") == VOCABULARY["good"] + 2
    assert vocabulary.masked_id == VOCABULARY["[MASK]"] + 2


def test_the_encoder_gets_its_own_numbers_back(vocabulary, reader):
    ids = encode("playing GOOD xylophone", vocabulary).ids
    expected = reader.plan("playing GOOD xylophone").batches[0]
    np.testing.assert_array_equal(numbers_of(reader.encoder, ids), expected)
    first, last = around(reader.encoder)
    assert (first.tolist(), last.tolist()) == ([VOCABULARY["[CLS]"]], [VOCABULARY["[SEP]"]])


@given(text=ANY_TEXT)
def test_any_text_has_an_id_for_each_token(vocabulary, text):
    try:
        found = encode(text, vocabulary)
    except TextError:
        return
    assert len(found.tokens) == len(found.ids)
    [ids] = encode_many([text], vocabulary)
    np.testing.assert_array_equal(ids, found.ids)
    end = 0
    for token in found.tokens:
        assert end <= token.start <= token.end
        assert token.special or found.text[token.start : token.end] == token.text
        end = token.end


def test_what_a_preparation_leaves_out_has_no_token(reader):
    vocabulary = EncoderVocabulary.of(reader.encoder, "word", PREPARATIONS["no-brackets-1"])
    found = encode("good (bad) food", vocabulary)
    assert [token.text for token in found.tokens] == ["[CLS]", "good", "food", "[SEP]"]
    assert found.tokens[2].start == 11
    with pytest.raises(TextError, match="Nothing of this text is left"):
        encode("(bad)", vocabulary)
    with pytest.raises(TextError, match="Nothing of this text is left"):
        encode_many(["(bad)"], vocabulary)


def test_texts_read_by_other_vocabularies_are_cut_anew(vocabulary):
    words = Vocabulary.build(["playing good"], "word")
    assert not words.cuts_like(vocabulary) and not vocabulary.cuts_like(words)
    found = encode(encode("playing good", words), vocabulary)
    assert [token.text for token in found.tokens] == ["[CLS]", "play", "ing", "good", "[SEP]"]
    assert len(encode(found, words).tokens) == 2
    assert vocabulary.identity != replace(vocabulary, preparation=PREPARATIONS["weibo-1"]).identity


def test_it_says_on_disk_whose_it_is(vocabulary, reader, tmp_path):
    vocabulary.save(tmp_path / "vocab.json")
    said = json.loads((tmp_path / "vocab.json").read_text(encoding="utf-8"))
    assert said["encoder"] == {"name": "tiny", "hash": reader.encoder.hash}


def test_it_travels_to_other_processes(vocabulary):
    again = pickle.loads(pickle.dumps(vocabulary))
    np.testing.assert_array_equal(
        encode("playing good", again).ids, encode("playing good", vocabulary).ids
    )
    assert encoder_of(again) == encoder_of(vocabulary) != encoder_of(Vocabulary.build([], "word"))
