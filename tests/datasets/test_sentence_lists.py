"""Lists of sentences from lines."""

import pytest

from poolviz.datasets import sentence_lists
from poolviz.datasets.sentence_lists import of_lines
from poolviz.errors import DataError


def test_lines_are_distinct_and_hold_something():
    assert of_lines(" 甲 \n\n乙\r\n甲\n\u200b\n") == ("甲", "乙")


def test_too_many_lines_are_refused(monkeypatch):
    monkeypatch.setattr(sentence_lists, "MAX_SENTENCES", 3)
    assert len(of_lines("1\n2\n3")) == 3
    with pytest.raises(DataError, match="4 rows"):
        of_lines("1\n2\n3\n4")
