"""Texts through the tiny encoder: tokens and their places, vectors, windows over long texts."""

import numpy as np
import pytest
from hypothesis import given
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from poolviz.encoders.pieces import Tokenizer as Pieces
from poolviz.encoders.windows import windows
from poolviz.errors import TextError
from poolviz.text.tokens import MAX_CHARACTERS
from tests.texts import ANY_TEXT
from tests.tiny_encoder import LIMIT, VOCABULARY, WIDTH

ROOM = LIMIT - 2  # beside [CLS] and [SEP]


def words(tokens):
    return [token.text for token in tokens]


def bare(reader, names):
    """The vectors of these tokens, read at once, straight from the graph."""
    return reader.graph.run(np.array([[VOCABULARY[name] for name in names]]))[0]


class TestTokens:
    def test_pieces_have_the_originals_characters_and_places(self, reader):
        found = reader.read("Playing the  UNKNOWN xylophone.")
        assert words(found.tokens) == (
            ["[CLS]", "Play", "ing", "the", "UN", "KNOWN", "xylophone", ".", "[SEP]"]
        )
        assert [token.known for token in found.tokens] == [True] * 6 + [False] + [True] * 2
        for token in found.tokens[1:-1]:
            assert found.text[token.start : token.end] == token.text and not token.special

    def test_special_tokens_stand_for_nothing_in_the_text(self, reader):
        found = reader.read(" good food ")
        assert [token.text for token in found.tokens if token.special] == ["[CLS]", "[SEP]"]
        first, *_own, last = found.tokens
        assert (first.start, first.end, last.start, last.end) == (0, 0, 10, 10)

    def test_places_are_those_of_the_original_behind_accents_and_wide_letters(self, reader):
        found = reader.read("Cafe\N{COMBINING ACUTE ACCENT} 很GOOD")
        assert words(found.tokens) == ["[CLS]", "Cafe", "很", "GOOD", "[SEP]"]
        assert [token.start for token in found.tokens] == [0, 0, 6, 7, 11]

    def test_what_the_file_says_of_cutting_off_and_padding_is_left(self, reader):
        assert len(reader.read("the room was clean").tokens) == 6
        assert len(reader.read("the food was good , the food was good .").tokens) == 12

    @pytest.mark.parametrize("text", ["", " \n", "x" * (MAX_CHARACTERS + 1)])
    def test_a_text_of_nothing_or_too_much_is_refused(self, reader, text):
        with pytest.raises(TextError):
            reader.read(text)

    @given(text=ANY_TEXT)
    def test_any_text_is_read_in_order(self, reader, text):
        try:
            found = reader.read(text)
        except TextError:
            return
        end = 0
        for token in found.tokens:
            assert end <= token.start <= token.end <= len(found.text) and token.text
            assert token.special or found.text[token.start : token.end] == token.text
            end = token.end
        assert len(found.starts) == len(found.tokens)
        assert np.isfinite(found.vectors).all() and found.vectors.dtype == np.float32


class TestVectors:
    def test_they_are_what_the_graph_gives(self, reader):
        found = reader.read("playing good")
        names = ["[CLS]", "play", "##ing", "good", "[SEP]"]
        np.testing.assert_allclose(found.vectors, bare(reader, names), atol=1e-6)
        assert found.vectors.shape == (5, WIDTH)
        assert (found.windows, found.overlap) == (1, 0)

    def test_a_long_text_is_read_in_windows_and_none_of_it_is_cut_off(self, reader):
        own = (["good", "bad", "food", "the", "clean"] * 12)[: 2 * ROOM + 9]
        found = reader.read(" ".join(own))
        assert words(found.tokens) == ["[CLS]", *own, "[SEP]"]
        parts = windows(len(own), ROOM)
        assert (found.windows, found.overlap) == (len(parts), ROOM // 4) and len(parts) > 2
        for number, part in enumerate(parts):
            of_window = ["[CLS]", *own[part.read.start : part.read.stop], "[SEP]"]
            alone = bare(reader, of_window)
            for token in part.kept:
                same = alone[1 + token - part.read.start]
                np.testing.assert_allclose(found.vectors[1 + token], same, atol=1e-5)
            if number == 0:
                np.testing.assert_allclose(found.vectors[0], alone[0], atol=1e-5)
        np.testing.assert_allclose(found.vectors[-1], alone[-1], atol=1e-5)

    def test_a_text_that_just_fits_is_read_at_once(self, reader):
        assert reader.read(" ".join(["good"] * ROOM)).windows == 1
        assert reader.read(" ".join(["good"] * (ROOM + 1))).windows == 2


class TestBytes:
    """A tokenizer that writes a character with several numbers, as those of RoBERTa and GPT do."""

    @pytest.fixture(scope="class")
    def cut(self, tmp_path_factory):
        trained = Tokenizer(models.BPE())
        trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trained.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer = trainers.BpeTrainer(
            initial_alphabet=alphabet, special_tokens=["<s>", "</s>"], show_progress=False
        )
        trained.train_from_iterator(["good food good"], trainer)
        trained.post_processor = processors.RobertaProcessing(
            ("</s>", trained.token_to_id("</s>")), ("<s>", trained.token_to_id("<s>"))
        )
        path = tmp_path_factory.mktemp("bytes") / "tokenizer.json"
        trained.save(str(path))
        return Pieces(path).cut

    def test_a_character_of_several_numbers_is_one_token(self, cut):
        found = cut("good 👍 food")
        assert words(found.tokens)[0] == "<s>" and words(found.tokens)[-1] == "</s>"
        assert "👍" in words(found.tokens)
        place = words(found.tokens).index("👍")
        assert found.starts[place + 1] - found.starts[place] > 1
        assert len(found.ids) > len(found.tokens) == len(found.starts)
        assert (found.before, found.after) == (1, 1)

    def test_a_word_has_no_space_before_it(self, cut):
        tokens = cut("good good").tokens
        assert [token.start for token in tokens if not token.special][-1] == 5
        assert all(token.text == token.text.strip() for token in tokens)
