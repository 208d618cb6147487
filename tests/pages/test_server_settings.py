"""What the settings of a server forbid: a sentence on the page where somebody meets it."""

import pytest

from poolviz.errors import ChoiceError, TextError
from poolviz.program import as_command
from poolviz.text.encoding import most_characters
from poolviz.text.tokens import MAX_CHARACTERS
from poolviz.views.pairs import check_sentences
from tests.pages_helpers import open_page, sentences, shared, typed

NO_FILES = "This server takes no files of your own."
LONG = "房间很干净，早餐一般。"


def captions(at):
    return [caption.value for caption in at.caption]


def test_the_longest_text(monkeypatch):
    monkeypatch.setenv("POOLVIZ_MAX_TEXT", "10")
    at = typed(open_page(), LONG)
    assert not at.exception
    assert sentences(at) == ["The text has 11 characters; shorten it to 10 or fewer."]
    at = typed(at, LONG[:10])
    assert not at.exception and not sentences(at)
    with pytest.raises(TextError, match="has 11 characters; shorten it to 10 or fewer"):
        check_sentences("pair", ("好", LONG))
    with as_command():
        assert most_characters() == MAX_CHARACTERS


@pytest.mark.parametrize("said", ["many", "0", "-5"])
def test_a_setting_that_is_no_number(monkeypatch, said):
    monkeypatch.setenv("POOLVIZ_MAX_TEXT", said)
    with pytest.raises(ChoiceError, match="POOLVIZ_MAX_TEXT is '.+'; it takes a whole number"):
        most_characters()


def test_the_most_rows_of_a_file(monkeypatch, nobodys_machine):
    monkeypatch.setenv("POOLVIZ_TRAIN", "shared")
    monkeypatch.setenv("POOLVIZ_MAX_ROWS", "3")
    at = open_page("pages/train.py")
    assert "3 rows" in at.file_uploader(key="train_file").label
    content = "text,label\n好,1\n坏,0\n很好,1\n很坏,0\n".encode()
    at.file_uploader(key="train_file").upload("rows.csv", content, "text/csv").run()
    assert not at.exception
    assert any("up to 3 can be read on a page" in said for said in sentences(at))


def test_no_page_takes_a_file(monkeypatch, nobodys_machine):
    monkeypatch.setenv("POOLVIZ_TRAIN", "shared")
    monkeypatch.setenv("POOLVIZ_UPLOADS", "off")
    for at in (shared(open_page()), open_page("pages/train.py")):
        assert not at.exception and not at.file_uploader
        assert NO_FILES in captions(at)
