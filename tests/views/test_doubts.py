import pytest

from poolviz.figures.texts.aligned import aligned_html
from poolviz.text.encoding import encode
from poolviz.text.vocabulary import Vocabulary
from poolviz.views.doubts import doubts, share_unknown
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

HOTEL = Vocabulary.build(["房间很干净，服务员态度好，早餐一般", "wifi slow"], "character")
NEWS = Vocabulary.build(["the minister said no to the new tax"], "word")


@pytest.mark.parametrize(
    ("text", "vocabulary", "told"),
    [
        ("房间干净 wifi", HOTEL, []),
        ("slow wifi", HOTEL, ["Latin letters", "Chinese characters"]),
        ("Комната чистая", HOTEL, ["Cyrillic letters", "Chinese characters", "13 unknown tokens"]),
        ("房间很干净", NEWS, ["Chinese characters", "Latin letters"]),
        ("the minister said no", NEWS, []),
        ("👍👍👍", HOTEL, ["3 unknown tokens"]),
        ("👎", HOTEL, ["1 unknown token gets"]),
        ("the chancellor quit", NEWS, ["67% of its tokens"]),
        ("the chancellor said", NEWS, []),
        ("123", NEWS, ["unknown token"]),
    ],
)
def test_texts_that_models_cannot_read_are_named(text, vocabulary, told):
    found = " ".join(doubts(encode(text, vocabulary)))
    assert bool(found) == bool(told)
    for words in told:
        assert words in found


def test_no_script_is_doubted_where_the_vocabulary_has_none():
    assert doubts(encode("1 2", Vocabulary.build(["1 2 3"], "word"))) == []


def test_the_share_of_unknown_tokens_stands_in_the_rows_from_a_fifth_on():
    for text in ("好好好好好好", "早餐👍👍", "早餐很好房间干净很好👍"):
        shown = panel([fake_explanation(text)], View())
        share = share_unknown(shown.tokens)
        rows = aligned_html(shown, shown.summaries[0].explanation.classes[0])
        assert (f"not in the vocabulary, {share:.0%}." in rows) == (share >= 0.2)
        assert ("not in the vocabulary" in rows) == (share > 0)
