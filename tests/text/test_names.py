"""Names: of any script, and what holds for each of them wherever it is written."""

import shlex
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.errors import ChoiceError
from poolviz.export.names import file_stem
from poolviz.text.names import (
    LONGEST,
    MAX_BYTES,
    as_name,
    can_be_name,
    check_distinct,
    check_name,
    normal,
)

GOOD = (
    *("酒店评论", "Отзывы", "my reviews 2", "a", "7", "a.b", "a..b", "x-", "x_", "חוות דעת"),
    *(
        "تعليقات",
        "समीक्षा",
        "รีวิวโรงแรม",
        "နေကောင်းလားမြွှေ့",
        "ホテル・レビュー".replace("・", " "),
        "리뷰",
    ),
    *("caf\u00e9", "console", "com10", "aux1", "名" * LONGEST),
)
BAD = {
    "nothing": "",
    "a path": "a/b",
    "a path of Windows": "a\\b",
    "a drive": "c:x",
    "the folder above": "..",
    "a hidden folder": ".x",
    "a flag": "-x",
    "a space before it": " x",
    "a space behind it": "x ",
    "two spaces": "x  y",
    "a space of another kind": "x\u00a0y",
    "a dot behind it": "x.",
    "a line end": "x\n",
    "a control character": "x\x07y",
    "nothing visible within": "x\u200by",
    "another direction": "x\u202ey",
    "a letter that draws nothing": "\u3164",
    "a selector": "x\ufe0f",
    "a joiner": "\u0646\u200c\u0638",
    "half a character": "x\ud800",
    "a letter of nobody": "\ue000",
    "an emoji": "👍",
    "HTML": "<b>",
    "an entity": "a&amp;b",
    "Markdown": "a*b*",
    "a quotation mark": "a'b",
    "a variable of a shell": "$HOME",
    "a list": "a,b",
    "accents that stand apart": "cafe\u0301",
    "many accents on one letter": "x" + "\u0335" * 9,
    "an accent on nothing": "\u0301x",
    "a device": "aux",
    "a device in capitals": "CON",
    "a device with an ending": "com1.reviews",
    "a device in high digits": "lpt\u00b2",
    "too many letters": "x" * (LONGEST + 1),
    "too many bytes": "\U00020000" * LONGEST,
}
PIECES = "aé名\u0301\u200b ._-/:CON"
anything = st.text(st.characters(codec=None), max_size=80) | st.text(PIECES, max_size=80)
letters = st.characters(categories=["L", "M", "N", "Zs"], include_characters="._- ")
names = st.text(letters, min_size=1).map(lambda text: as_name(text, "rows"))


@pytest.mark.parametrize("name", GOOD)
def test_what_can_be_a_name(name):
    check_name(name)
    assert as_name(name, "") == name.strip("-_")


@pytest.mark.parametrize("name", BAD.values(), ids=BAD)
def test_what_cannot(name):
    with pytest.raises(ChoiceError, match="cannot be a name") as caught:
        check_name(name)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 1_000


@given(anything)
def test_every_text_has_a_nearest_name(text):
    name = as_name(text, "rows")
    assert can_be_name(name) and as_name(name, "") == name
    assert not can_be_name(text) or name == text.strip("._-")


@given(anything | names)
def test_what_is_a_name_is_safe_everywhere(name):
    if can_be_name(name):
        _is_safe(name)


@pytest.mark.parametrize("name", GOOD)
def test_these_are_safe_everywhere(name):
    _is_safe(name)


def _is_safe(name):
    assert Path(name).name == name and Path("root", name).parent == Path("root")
    assert not set(name) & set("/\\:*?\"<>|&'`$;,#%{}[]()!~=+@^\x00") and name[0] not in "-. "
    assert len(name) <= LONGEST and len(name.encode()) <= MAX_BYTES
    assert normal(name) == name and name.isprintable()
    assert all(unicodedata.category(letter)[0] in "LMN" or letter in "._- " for letter in name)
    assert shlex.split(shlex.join(["--dataset", name])) == ["--dataset", name]
    assert parse_qs(urlencode({"dataset": name})) == {"dataset": [name]}
    assert quote(name, safe="").isascii()


@given(names, names)
def test_file_names_hold_it_and_fit_every_system(name, other):
    stem = file_stem(name, [other], "highlight", "0" * 12)
    assert stem.endswith("_highlight_000000000000") and " " not in stem
    assert len(f"{stem}.explanations.json".encode()) <= 255
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(stem, b"")
    assert zipfile.ZipFile(content).namelist() == [stem]


@given(st.text("ab cдежñéöλß2", min_size=1).map(lambda text: as_name(text, "rows")))
def test_names_that_differ_in_capitals_alone_are_said(name):
    check_distinct(name, [name])
    for other in {name.upper(), name.lower(), name.title()} - {name}:
        with pytest.raises(ChoiceError, match="for the same"):
            check_distinct(other, ["another", name])


@pytest.mark.parametrize(
    ("bytes_", "good"), [(MAX_BYTES - 1, True), (MAX_BYTES, True), (MAX_BYTES + 1, False)]
)
def test_a_name_has_as_many_bytes_as_a_file_name_can_hold(bytes_, good):
    four, rest = divmod(bytes_, 4)  # bytes of a letter outside of the first plane
    assert can_be_name("\U00010400" * four + "a" * rest) is good


def test_a_letter_has_up_to_eight_marks():
    assert can_be_name("a" + "\u0316" * 8) and not can_be_name("a" + "\u0316" * 9)


def test_a_long_name_is_said_in_part():
    with pytest.raises(ChoiceError) as raised:
        check_name("x" * 500, 10)
    assert f"{'x' * 20!r} cannot be a name; use up to 10" in str(raised.value)


def test_names_are_the_same_in_capitals_and_else_are_not():
    for others in (["Alpha", "Reviews"], ["Reviews", "zz"], ["Reviews"]):
        with pytest.raises(ChoiceError, match="Reviews"):
            check_distinct("reviews", others)
    check_distinct("reviews", ["reviews", "review", "a", "z", "".join(["rev", "iews"])])


def test_a_name_of_a_long_text_is_its_beginning():
    assert as_name("x" * 100, "rows") == "x" * LONGEST
    assert as_name("\U00010400" * 60, "rows") == "\U00010400" * (MAX_BYTES // 4)
    assert as_name("a" * 63 + "\U00010400" * 2 + "b", "rows") == "a" * 63 + "\U00010400"
