import pytest

from poolviz.text.scripts import CALLED, on_unit, script_of, scripts_of, usual_unit
from poolviz.text.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("房间的 wifi 很慢", {"Han": 5, "Latin": 1}),
        ("この部屋", {"Kana": 2, "Han": 2}),
        ("Комната чистая, très bien", {"Cyrillic": 2, "Latin": 2}),
        ("방이 깨끗해요", {"Hangul": 2}),
        ("ห้อง", {"Thai": 3}),
        ("ოთახი სუფთა", {"Other": 2}),
        ("cafe\u0301 très", {"Latin": 2}),
        ("ຫ້ອງ", {"Lao": 4}),
        ("បន្ទប់", {"Khmer": 6}),
        ("အခန်း", {"Myanmar": 5}),
        ("123 !? 👍", {}),
    ],
)
def test_words_are_counted_or_characters_where_words_have_no_spaces(text, found):
    counted = dict(scripts_of(text))
    if {"Thai", "Lao", "Khmer", "Myanmar"} & set(found):  # some count marks, some do not
        assert set(counted) == set(found)
    else:
        assert counted == found
    assert counted.keys() <= CALLED.keys()


def test_a_vocabulary_is_written_in_the_script_of_most_entries():
    assert script_of(Vocabulary.build(["房间 wifi"], "character")) == "Latin"
    assert script_of(Vocabulary.build(["房间很干净 ok"], "word")) == "Han"
    assert script_of(Vocabulary.build(["1 2 3"], "word")) is None


@pytest.mark.parametrize(
    ("texts", "unit", "said"),
    [
        (["The room was clean.", "It couldn't be better"], "word", "them in Latin letters."),
        (["Номер чистый"], "word", "them in Cyrillic letters."),
        (["방이 깨끗해요"], "word", "them in Korean letters."),
        (["房间很干净，wifi 也快"], "character", "in Chinese characters."),
        (["この部屋はきれい"], "character", "in Japanese kana, Chinese characters."),
        (["ห้องพักสะอาด"], "character", "in Thai letters."),
        (["苹果 iPhone Pro 发布"], "word", "in Latin letters, and characters in Chinese"),
        (["123", "👍"], "character", "no letters."),
        ([], "character", "no letters."),
        (["房间"] * 3 + ["The room was very clean and quiet"] * 3, "word", "and characters in"),
        (["a clean room"] * 5_000 + ["房间"], "word", "Latin letters."),
        (["a", "и"] * 2 + ["ω"], "word", "in Latin letters, Cyrillic letters."),  # two at most
        (["a b c d e f g h i j", "好"], "word", "them in Latin letters."),  # a tenth is not said
        (["a b c d e f g h i", "好"], "word", "and characters in Chinese"),
    ],
)
def test_the_unit_of_texts_is_found_by_their_script(texts, unit, said):
    assert usual_unit(texts) == unit
    assert said in on_unit(texts) and f"Tokens are {unit}s" in on_unit(texts)


def test_every_text_of_a_few_is_looked_at_and_of_many_some_from_everywhere():
    assert usual_unit(["好"] * 3 + ["one two three"]) == "word"  # the last one counts, too
    assert usual_unit(["好", "one two"]) == "word" and usual_unit(["one two", "好"]) == "word"
    many = ["一二三四"] * 1_999 + ["word " * 200]
    assert usual_unit(many) == "character" and usual_unit(many[::-1]) == "character"
    assert usual_unit([("好" * 999) + " " + "word " * 9_000]) == "character"  # its beginning
