"""The picture of what a data set holds: all of it is there, and nothing of it is HTML."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from poolviz.datasets.holdings import read_own
from poolviz.figures.rows.holdings import SHOWN_CLASSES, histogram, holdings_html

HOLDINGS = read_own("a.csv", "text,label\n好,a\n很好,b\n不好喝,b\n".encode()).holdings


class Reader(HTMLParser):
    """Collects the texts and the elements."""

    def __init__(self):
        super().__init__()
        self.elements: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        assert not any(name.startswith("on") or name in ("href", "src") for name, _ in attrs)

    def handle_data(self, data):
        self.texts.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def test_classes_lengths_and_rows_are_there():
    found = read(holdings_html(HOLDINGS))
    for text in ("2 classes", "1 · 33.3%", "2 · 66.7%", "不好喝", "No text stands there twice."):
        assert text in found.texts, text
    assert "Characters of a text: 1 at least, 2 in the middle, 3 at most" in found.texts
    assert holdings_html(HOLDINGS).count('<i style="height:100.00%"') == 3


def test_of_many_classes_the_largest_are_shown():
    many = replace(HOLDINGS, classes={f"c{n}": n + 1 for n in range(120)})
    found = read(holdings_html(many))
    assert "120 classes" in found.texts
    assert "c119" in found.texts and "c107" not in found.texts
    assert f"and {120 - SHOWN_CLASSES} more classes" in found.texts


def test_nothing_at_all_is_a_picture_too():
    none = replace(HOLDINGS, classes={}, lengths=np.zeros(0, np.int64), sample=[])
    assert "0 classes" in read(holdings_html(none)).texts


@given(st.text(min_size=1), st.text())
def test_names_and_texts_are_never_html(name, text):
    hostile = f"<script>{name}</script>\"'&"
    found = replace(HOLDINGS, classes={hostile: 3}, sample=[(hostile, text)])
    allowed = {"div", "style", "p", "span", "i", "b", "table", "tbody", "tr", "td"}
    assert read(holdings_html(found)).elements <= allowed


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=200))
def test_every_text_is_in_one_bar(lengths):
    edges, counts = histogram(np.array(lengths))
    assert counts.sum() == len(lengths)
    assert len(edges) == len(counts) + 1 <= 32
    assert edges[0] == min(lengths)
