"""Texts that hold separators which nobody put in quotes: some of them, most of them, all."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from poolviz.datasets.readers.brought.files import read_table
from poolviz.datasets.readers.brought.rows import read_rows
from poolviz.errors import DataError

ORDERS = [
    ("text", "label"),
    ("label", "text"),
    ("id", "text", "label"),
    ("label", "id", "text"),
    ("text", "label", "date"),
    ("id", "date", "text", "label"),
    ("label", "author", "id", "text"),
]
WORDS = st.sampled_from(["很好", "太吵了", "really", "早餐 一般", "clean rooms", "隔音差！", "ok"])
LABELS = st.sampled_from(["好", "坏", "neutral"])


def texts(least, most):
    """Texts of several parts, between which a separator is to stand."""
    return st.lists(WORDS, min_size=least + 1, max_size=most + 1)


@st.composite
def files(draw, order, separator, rows, least=0, labels=LABELS):
    """Lines of a file, without one that names its columns, and its texts and labels."""
    lines, found = [], []
    for number in range(draw(rows)):
        # The number keeps texts apart, as people's are.
        text = f"第{number}次" + separator.join(draw(texts(least, 5)))
        cells = {
            "text": text,
            "label": draw(labels),
            "id": str(1_000 + number),
            "date": f"2024-01-{number % 28 + 1:02}",
            "author": f"user {number % 3}",
        }
        lines.append(separator.join(cells[name] for name in order))
        found.append((text, cells["label"]))
    return lines, found


def pairs(table):
    return list(zip(table.column(table.text), table.column(table.label), strict=True))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("order", ORDERS)
@given(st.data())
def test_columns_with_names_keep_their_cells(order, separator, data):
    least = data.draw(st.integers(0, 2))
    lines, wanted = data.draw(files(order, separator, st.integers(1, 12), least))
    found = read_table("a.csv", "\n".join([separator.join(order), *lines]).encode())
    assert pairs(found) == wanted
    wide = [n for n, (text, _label) in enumerate(wanted, 2) if separator in text]
    said = [(f.count, f.lines) for f in found.findings if f.kind == "joined"]
    assert said == ([(len(wide), tuple(wide[:3]))] if wide else [])


@pytest.mark.parametrize("order", ORDERS[:4])
@given(st.data())
def test_columns_without_names_are_counted_from_the_edges(order, data):
    labels = st.sampled_from(data.draw(st.sampled_from([["0", "1"], ["好", "坏"]])))
    lines, wanted = data.draw(files(order, ",", st.just(30), labels=labels))
    whole = [text for text, _label in wanted if "," not in text]
    assume(len(whole) > 1)  # else nothing tells a part of a text from a column
    assume(wanted[0][1] in [label for _text, label in wanted[1:]])  # else it may be a name
    assert pairs(read_table("a.csv", "\n".join(lines).encode())) == wanted


def test_names_that_nobody_knows():
    lines = [f"很好{n},干净,第{n}次,{'赞' if n % 2 else '踩'}" for n in range(20)]
    found = read_table("a.csv", "\n".join(["words,colour", *lines]).encode())
    assert (found.text, found.label, len(found)) == ("words", "colour", 20)
    assert found.column("words")[3] == "很好3,干净,第3次"


def test_a_column_that_is_wanted_takes_the_surplus():
    lines = [f"{n % 2},好{n},坏{n},完" for n in range(20)]
    content = "\n".join(["label,comment,text", *lines]).encode()
    assert read_rows("a.csv", content).texts[0] == "坏0,完"


def test_rows_that_end_in_empty_cells_are_whole():
    lines = [f"很好{n},{n % 2},,," for n in range(20)]
    found = read_table("a.csv", "\n".join(["text,label", *lines]).encode())
    assert (len(found), found.findings) == (20, ())
    assert set(found.column("label")) == {"0", "1"}


def test_texts_without_labels_are_no_columns():
    lines = [f"I like room {n}, or hall {n + 7}{f', and {n}' * (n % 3)}" for n in range(20)]
    found = read_table("a.csv", "\n".join(lines).encode())
    assert (found.how.separator, found.column(found.text)) == (None, lines)


def test_a_cell_that_is_no_label_moves_no_other():
    lines = [f"第{n}次来,{n % 2}" for n in range(30)]
    lines[7] = "又来了,1,前台说明天再来"
    rows = read_rows("a.csv", "\n".join(["text,label", *lines]).encode())
    assert rows.left_out["too many columns"] == 1
    assert rows.classes == {"0": 15, "1": 14}


def test_a_file_of_rows_too_wide_says_so():
    lines = [f"好{n},坏{n},中{n}" for n in range(20)]
    with pytest.raises(DataError, match="a.csv has more columns in each row than its first line"):
        read_rows("a.csv", "\n".join(["title,content", *lines]).encode())
