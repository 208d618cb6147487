import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.errors import TextError
from poolviz.text.encoding import encode, encode_many
from poolviz.text.preparation import AS_IS, PREPARATIONS
from poolviz.text.vocabulary import Vocabulary

NEWS = Vocabulary.build(
    ["the company said its profit did not rise ! he can do it"] * 2,
    "word",
    preparation=PREPARATIONS["letters-1"],
)
POSTS = Vocabulary.build(["今天太好了", "开心"], "character", preparation=PREPARATIONS["weibo-1"])
MIXED = st.text("ab n't’'sTN12[]@:/. !？!`好太\n哈·?_-", max_size=60)


def words(text: str, vocabulary: Vocabulary = NEWS) -> list[str]:
    return [token.text for token in encode(text, vocabulary).tokens]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The company's profit didn't rise", ["The", "company", "profit", "did", "n't", "rise"]),
        ("It’s said he’ll do it, isn’t it?", ["It", "said", "he", "do", "it", "is", "n’t", "it"]),
        ("CAN'T DIDN'T", ["CAN", "'T", "DID", "N'T"]),
        ("3.5% of £2m (2004) in box-office!", ["of", "in", "box", "office", "!"]),
        ("the dogs' home 'said'", ["the", "dogs", "home", "said"]),
        ("G8 B2B x", ["x"]),
        ("a `b`", ["a", "`", "b", "`"]),
    ],
)
def test_english_is_read_without_marks_numbers_and_short_forms(text, read):
    assert words(text) == read


def test_a_short_not_is_looked_up_as_not():
    for text in ("didn't", "didn’t", "DIDN'T", "can't"):
        encoded = encode(text, NEWS)
        assert NEWS.token_of(int(encoded.ids[1])) == "not"
        assert all(token.known for token in encoded.tokens)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("太好了[哈哈] @小明 http://t.cn/abc 开心", "太好了开心"),
        ("开心//@小明:太好了[哈", "开心太好了"),
        ("a.b@c.org 好", "好"),
        ("t.cn/R2x 好 www.x.org/y", "好"),
    ],
)
def test_posts_are_read_without_codes_names_and_addresses(text, read):
    assert "".join(words(text, POSTS)) == read


@pytest.mark.parametrize("vocabulary", [NEWS, POSTS])
@given(text=MIXED)
def test_spans_are_those_of_the_original(vocabulary, text):
    try:
        encoded = encode(text, vocabulary)
    except TextError:
        return
    assert encoded.text == text
    for token in encoded.tokens:
        assert text[token.start : token.end] == token.text
    starts = [token.start for token in encoded.tokens]
    assert starts == sorted(set(starts))
    [ids] = encode_many([text], vocabulary)
    assert ids.tolist() == encoded.ids.tolist()


@given(text=MIXED)
def test_texts_that_are_prepared_already_stay_as_they_are(text):
    prepared = PREPARATIONS["letters-1"].blanked(text)
    assert PREPARATIONS["letters-1"].blanked(prepared) == prepared
    assert AS_IS.blanked(text) == text


@pytest.mark.parametrize("name", [name for name in PREPARATIONS if name != AS_IS.name])
def test_a_text_of_which_nothing_is_left_says_so(name):
    vocabulary = Vocabulary.build(["好"], "word", preparation=PREPARATIONS[name])
    text = {"letters-1": "12 34", "no-brackets-1": "（图） [组图]"}.get(name, "@小明 ")
    for read in (lambda: encode(text, vocabulary), lambda: encode_many([text], vocabulary)):
        with pytest.raises(TextError, match="Nothing of this text is left"):
            read()


def test_titles_without_what_stands_in_brackets():
    titles = PREPARATIONS["no-brackets-1"]
    assert titles.blanked("【组图】新房(图)开盘（a[b]c") == "    新房   开盘（a   c"
    vocabulary = Vocabulary.build(["新房开盘"], "character", preparation=titles)
    assert [token.text for token in encode("【图】新房(图)", vocabulary).tokens] == ["新", "房"]


def test_vocabularies_of_two_preparations_are_two():
    others = [
        Vocabulary(NEWS.unit, 1, NEWS.entries, PREPARATIONS[name])
        for name in ("as-is-1", "weibo-1")
    ]
    assert len({each.identity for each in (NEWS, *others)}) == 3
    encoded = encode("didn't", NEWS)
    assert [token.text for token in encode(encoded, others[0]).tokens] == ["didn't"]


@pytest.mark.parametrize("name", list(PREPARATIONS))
@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "a." * 100_000 + "@",
        "@" * 200_000,
        "//" * 100_000,
        "[" * 200_000,
        "[ " * 100_000,
        "@a " * 70_000,
        "n't" * 70_000,
    ],
)
def test_reading_is_linear_in_any_text(name, text):
    # At the square of its length a text would take minutes.
    for pattern in PREPARATIONS[name]._patterns:
        pattern.sub(" ", text, timeout=30)
