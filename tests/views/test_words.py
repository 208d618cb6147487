import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviz.memory import Memory
from poolviz.text.tokens import Token, tokenize
from poolviz.values.explanation import WHOLE_TEXT
from poolviz.views import words
from poolviz.views.captions import caption
from poolviz.views.panel import panel
from poolviz.views.view import View
from poolviz.views.words import fold_words
from tests.fakes import fake_explanation

TEXT = "这家酒店的早餐很好，房间也干净。"


def test_words_hold_their_characters_and_keep_the_sums():
    e = fake_explanation(TEXT, "multi-head")
    folded = fold_words(e)
    assert [token.text for token in folded.tokens][:3] == ["这家", "酒店", "的"]
    assert folded.folded and folded.values is None
    np.testing.assert_allclose(folded.weights[:, 0], e.weights[:, :2].sum(axis=1))
    np.testing.assert_allclose(folded.contributions[:, 1], e.contributions[:, 2:4].sum(axis=1))
    np.testing.assert_allclose(folded.logits, e.logits)
    np.testing.assert_allclose(folded.offsets.sum(axis=1), e.offsets.sum(axis=1))


def test_the_alternative_is_folded_too():
    e = fake_explanation(TEXT, "max")
    np.testing.assert_allclose(fold_words(e).alternative.sum(), e.alternative.sum())


def test_a_word_is_known_where_all_its_characters_are():
    e = fake_explanation(TEXT)
    known = {token.start: token.known for token in e.tokens}
    for token in fold_words(e).tokens:
        assert token.known == all(known[place] for place in range(token.start, token.end))
    assert not all(token.known for token in fold_words(e).tokens)


def test_words_as_tokens_stay_as_they_are():
    e = fake_explanation("The room isn't clean", unit="word")
    assert fold_words(e) is e


def test_folding_twice_is_folding_once():
    folded = fold_words(fake_explanation(TEXT))
    assert fold_words(folded) is folded


def test_white_space_between_words_belongs_to_none():
    folded = fold_words(fake_explanation("酒店 很好\n早餐"))
    assert [token.text for token in folded.tokens] == ["酒店", "很", "好", "早餐"]


# Letters, marks, a modifier, a joiner and flag halves, so that graphemes form across draws.
ALPHABET = "早餐很好，a1 \n<&的é\u0301👍\U0001f3fd\u200d👩\U0001f1e8\U0001f1f3"


@settings(max_examples=60)
@given(st.text(ALPHABET, min_size=1, max_size=40).filter(lambda text: tokenize(text, "character")))
def test_folding_never_splits_a_grapheme_and_keeps_spans(text):
    e = fake_explanation(text)
    folded = fold_words(e)
    starts = {token.start for token in e.tokens}
    ends = {token.end for token in e.tokens}
    assert all(token.start in starts and token.end in ends for token in folded.tokens)
    assert all(token.text == text[token.start : token.end] for token in folded.tokens)
    np.testing.assert_allclose(folded.weights.sum(axis=1), 1)


def test_the_panel_folds_like_fold_words_and_says_so():
    e = fake_explanation(TEXT, "multi-head")
    shown = panel([e], View(words=True))
    np.testing.assert_allclose([row.values for row in shown.rows], fold_words(e).weights)
    assert shown.tokens == fold_words(e).tokens
    assert "folded to words" in caption(shown)
    relative = panel([e], View(words=True, scale="uniform"))
    assert "folded to words: " in caption(relative)  # ratios: no sums are kept
    unfolded = panel([fake_explanation("a room", unit="word")], View(words=True))
    assert "Tokens are words already." in caption(unfolded)
    assert "words" not in caption(panel([e], View()))


@pytest.mark.parametrize(
    ("text", "expected", "said"),
    [
        ("Phòng rất tệ", "Phòng rất tệ", "by these."),
        ("The café's staff couldn’t help", "The café's staff couldn’t help", "by these."),
        ("방이 깨끗해요!", "방이 깨끗해요 !", "by these."),
        ("कमरा बहुत अच्छा था", "कमरा बहुत अच्छा था", "by these."),
        ("الغرفة رائعة", "الغرفة رائعة", "by these."),
        ("房间有wifi，T恤café很好", "房间 有 wifi ， T恤 café 很 好", "Chinese by jieba, scripts"),
        ("この部屋は", "こ の 部屋 は", "Chinese by jieba, other scripts not at all."),
        ("ห้องพัก", "ห้ อ ง พั ก", "no spaces show where they end."),
        ("好", "好", "every word is one character."),
    ],
)
def test_a_text_is_cut_by_its_script(text, expected, said):
    e = fake_explanation(text)
    assert [token.text for token in fold_words(e).tokens] == expected.split()
    assert said in caption(panel([e], View(words=True)))


def test_under_words_as_tokens_only_what_is_no_word_is_folded():
    folded = fold_words(fake_explanation("房间的 room isn't 干净", unit="word"))
    assert [token.text for token in folded.tokens] == ["房间", "的", "room", "isn't", "干净"]


# As a model's own preparation cuts them: no word of two tokens is put together again.
def test_words_that_a_model_reads_as_two_stay_two():
    e = fake_explanation("we didn't", unit="word")
    did, not_ = Token("did", 3, 6), Token("n't", 6, 9)
    e = replace(fake_explanation("we did nt", unit="word"), text=e.text)
    e = replace(e, tokens=(e.tokens[0], did, not_))
    assert fold_words(e).tokens == e.tokens


def test_spreading_comes_before_folding():
    e = fake_explanation(TEXT)
    values = panel([e], View(spread=True, words=True)).rows[0].values
    wide = panel([e], View(spread=True)).rows[0].values
    np.testing.assert_allclose(values[0], wide[:2].sum())


@pytest.mark.usefixtures("unloaded")
def test_the_dictionarys_cache_lies_under_poolviz_home(tmp_path, monkeypatch):
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path))
    fold_words(fake_explanation(TEXT))
    assert list(tmp_path.rglob("jieba.cache"))


@pytest.mark.usefixtures("unloaded")
def test_a_home_that_cannot_be_written_is_no_error(tmp_path, monkeypatch, capfd):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "file"))
    assert len(fold_words(fake_explanation(TEXT)).tokens) < len(TEXT)
    assert capfd.readouterr().err == ""


def test_jieba_is_loaded_by_the_word_view_only():
    program = (
        "import sys; from poolviz.views.panel import View, panel;"
        "from tests.fakes import fake_explanation;"
        "panel([fake_explanation()], View()); print('jieba' in sys.modules);"
        "panel([fake_explanation()], View(words=True)); print('jieba' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "True"]
    assert run.stderr == ""


@pytest.fixture
def unloaded(monkeypatch):
    """A process in which jieba's dictionary has not been loaded yet."""
    monkeypatch.setattr(words, "_cutter", None)
    monkeypatch.setattr(words, "_remembered", Memory(10, 10**6))


def test_the_words_of_a_text_are_found_once(monkeypatch):
    texts, load = [], words._load_cutter

    class Counting:
        def cut(self, text):
            texts.append(text)
            return load().cut(text)

    monkeypatch.setattr(words, "_load_cutter", Counting)
    monkeypatch.setattr(words, "_remembered", Memory(10, 10**6))
    explanations = [fake_explanation(TEXT, head) for head in ("max", "attention")]
    first = explanations[0].tokens
    assert first != explanations[1].tokens  # other tokens are known
    for view in (View(words=True), View("contribution", words=True, spread=True)):
        shown = panel(explanations, view)
    assert texts == [TEXT]
    assert [row.explanation.tokens for row in shown.summaries] == [
        fold_words(explanation).tokens for explanation in explanations
    ]
    panel([fake_explanation("另一段文字")], View(words=True))
    assert len(texts) == 2


@given(st.text(st.sampled_from("的a1，。 好\n")) | st.text())
def test_parts_of_a_text_that_jieba_cuts_are_all_of_it(text):
    assert "".join(words._cuttable(text)) == text
    assert list(words._cuttable(text)) in ([text], [text, ""]) or len(text) >= words._LONGEST


def test_a_long_run_without_a_mark_is_cut_in_parts():
    # On one run of n characters jieba's time and memory grow as n squared.
    for text in ("的" * 20_000, "a1" * 10_000, f"好，{'房间' * 5_000}。很好"):
        parts = list(words._cuttable(text))
        assert "".join(parts) == text
        assert max(map(len, parts)) <= words._LONGEST + 2
        assert words._word_ends(text)[-1] == len(text)
    assert list(words._cuttable(TEXT * 100)) == [TEXT * 100]


def test_pieces_of_an_encoder_are_joined_and_its_special_tokens_stay_alone():
    text = "playing 房间 well"
    spans = [("play", 0, 4), ("ing", 4, 7), ("房", 8, 9), ("间", 9, 10), ("well", 11, 15)]
    tokens = (Token("[CLS]", 0, 0), *(Token(*span) for span in spans), Token("[SEP]", 15, 15))
    e = replace(fake_explanation("a b c d e f g", unit="word"), text=text, tokens=tokens)
    pieces = fold_words(replace(e, window=WHOLE_TEXT)).tokens
    assert [token.text for token in pieces] == ["[CLS]", "playing", "房间", "well", "[SEP]"]
    assert [token.special for token in pieces] == [True, False, False, False, True]
