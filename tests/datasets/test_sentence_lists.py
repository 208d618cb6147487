"""Lists of sentences from lines and from CSV files."""

import pytest

from poolviz.datasets import sentence_lists
from poolviz.datasets.sentence_lists import of_lines, read_columns
from poolviz.errors import DataError


def test_lines_are_distinct_and_hold_something():
    assert of_lines(" 甲 \n\n乙\r\n甲\n\u200b\n") == ("甲", "乙")


def test_too_many_lines_are_refused(monkeypatch):
    monkeypatch.setattr(sentence_lists, "MAX_SENTENCES", 3)
    assert len(of_lines("1\n2\n3")) == 3
    with pytest.raises(DataError, match="4 rows"):
        of_lines("1\n2\n3\n4")


def test_a_file_with_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(sentence_lists, "MAX_SENTENCES", 3)
    assert read_columns("q.csv", b"q\n1\n2\n3\n") == {"q": ["1", "2", "3"]}
    with pytest.raises(DataError, match="5 rows"):
        read_columns("q.csv", b"q\n1\n2\n3\n4\n5\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_columns_by_their_names(encoding):
    content = '编号,问题\n1,"怎么,改"\n2,密码\n'.encode(encoding)
    assert read_columns("q.csv", content) == {"编号": ["1", "2"], "问题": ["怎么,改", "密码"]}


def test_short_rows_are_filled_up_and_names_are_told_apart():
    assert read_columns("q.csv", b"a,a,\n1\n1,2,3\n") == {
        "a": ["1", "1"],
        "a (2)": ["", "2"],
        "3": ["", "3"],
    }


@pytest.mark.parametrize("content", [b"", b"text\n", b"\n\n", b"a\x00b\xff\xff\xff\x81"])
def test_what_is_no_table_gives_a_sentence_with_the_name(content):
    with pytest.raises(DataError, match="q.csv"):
        read_columns("q.csv", content)
