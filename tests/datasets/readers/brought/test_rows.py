"""Texts and labels of people's files: nothing vanishes, and what is odd is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz import language, program
from poolviz.datasets.readers import labels, reading, sentences
from poolviz.datasets.readers.brought.rows import read_rows
from poolviz.datasets.readers.reading import Finding, Wanted
from poolviz.errors import DataError
from poolviz.text.tokens import MAX_CHARACTERS, has_visible


def said(rows):
    return {finding.kind: finding for finding in rows.findings}


def labelled(cells, **wanted):
    lines = [f"第{n}次来，房间很干净,{cell}" for n, cell in enumerate(cells)]
    return read_rows("a.csv", "\n".join(["text,label", *lines]).encode(), Wanted(**wanted))


def test_rows_that_are_left_out_are_counted_with_their_lines():
    long = "长" * (MAX_CHARACTERS + 1)
    text = f"text,label\n好,1\n ,1\n{long},1\n\u200b,0\n坏,0\n, 1\n,0\n差,0,0,0\n"
    rows = read_rows("a.csv", text.encode())
    assert rows.texts[:2] == ("好", "坏")
    assert rows.left_out == {"too many columns": 0, "empty": 4, "too long": 1}
    assert rows.read == len(rows.texts) + 5
    assert (said(rows)["empty"].count, said(rows)["empty"].lines) == (4, (3, 5, 7))
    assert said(rows)["too long"].lines == (4,)
    assert rows.lines.tolist()[:2] == [2, 6]
    assert "in lines 3, 5, 7 …" in sentences.sentence(said(rows)["empty"])


def test_rows_without_a_label_stay_and_are_counted():
    rows = labelled(["1", "", "nan", "NULL", "0", "#N/A"])
    assert rows.labels == ("1", "", "", "", "0", "")
    assert (said(rows)["unlabelled"].count, said(rows)["unlabelled"].lines) == (4, (3, 4, 5))
    assert rows.classes == {"0": 1, "1": 1}


def test_labels_that_differ_in_form_alone_are_named_and_can_be_joined():
    cells = ["1", "1.0", "1"] * 8 + ["Positive", "positive ", "POSITIVE"] * 4 + ["bad"] * 20
    rows = labelled(cells)
    assert said(rows)["labels alike"].count == 2
    assert "“1” = “1.0”; “Positive” = “positive”" in sentences.sentence(said(rows)["labels alike"])
    joined = labelled(cells, join_labels=True)
    assert joined.classes == {"1": 24, "Positive": 12, "bad": 20}
    assert "labels alike" not in said(joined) and said(joined)["labels joined"].count == 2


@given(st.lists(st.sampled_from(["1", "1.0", "01", "a", "A ", "ａ", "b", "", "1,0"]), min_size=1))
def test_joined_labels_are_never_alike(cells):
    found, findings = labels.read(cells, range(len(cells)), True)
    assert not labels.alike(dict.fromkeys(filter(None, found)))
    assert len(found) == len(cells)
    assert "labels alike" not in {finding.kind for finding in findings}


def test_labels_that_look_like_several_are_named():
    cells = ["服务"] * 12 + ["位置"] * 12 + ['"服务,位置"'] * 12 + ["服务|卫生"] * 12
    assert said(labelled(cells))["several labels"].count == 2
    assert "several labels" not in said(labelled(["good, but"] * 12 + ["bad"] * 12))


def test_classes_with_too_few_rows_are_named():
    assert "“c”" in sentences.sentence(said(labelled(["a", "b"] * 20 + ["c"]))["few rows"])
    assert "few rows" not in said(labelled(["a", "b"] * 20))
    assert set(said(labelled(["a"] * 20))) == {"one label"}
    assert not labelled(["a", "b"] * 20).findings


def test_the_first_rows_are_shown_as_they_were_decoded():
    rows = read_rows("a.csv", "text;label\nI don’t;0\nIt’s;1\nYou’re;0\nx;1\n".encode("cp1252"))
    assert rows.sample == [("0", "I don’t"), ("1", "It’s"), ("0", "You’re")]
    assert sentences.of_reading(rows.how) == (
        "CSV · Windows-1252 (ISO-8859-1) · separated by ; · the first row names the columns"
    )


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"text,label\n", b"text\n \n\xe3\x80\x80\n", b"text,label\n,1\n"]
)
def test_a_file_without_a_text_is_a_sentence(content):
    with pytest.raises(DataError, match="我的.csv holds no row with a text"):
        read_rows("我的.csv", content)


def test_a_file_of_numbers_has_no_column_of_texts():
    content = "\n".join(["id,label", *(f"{n},{n % 2}" for n in range(50))]).encode()
    with pytest.raises(DataError, match=r"No column of a.csv looks like texts \(id, label\)"):
        read_rows("a.csv", content)
    named = read_rows("a.csv", content, Wanted(text="id"))
    assert named.texts[:2] == ("0", "1")


def test_texts_that_are_all_too_long_are_a_sentence():
    long = "长" * (MAX_CHARACTERS + 1)
    with pytest.raises(DataError, match="Each text of a.csv has more than 100,000 characters"):
        read_rows("a.csv", f"text,label\n{long},1\n".encode())


@pytest.mark.parametrize("labels", [["pos", "neg"] * 4, ["1", "0"] * 4, ["好"]])
def test_empty_texts_are_told_of_and_not_of_labels(labels):
    content = "\n".join(["text,label", *(f",{label}" for label in labels)])
    with pytest.raises(DataError, match="its column text is empty in all rows"):
        read_rows("a.csv", content.encode())


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_rows_or_a_sentence(content):
    try:
        rows = read_rows("a.csv", b"text,label\n" + content)
    except DataError:
        return
    assert rows.texts and all(map(has_visible, rows.texts))
    assert rows.read == len(rows.texts) + sum(rows.left_out.values())
    assert all(sentences.sentences(rows.findings))


@pytest.mark.parametrize("spoken", language.LANGUAGES)
@pytest.mark.parametrize("kind", sentences.SENTENCES)
def test_each_finding_has_its_sentence(kind, spoken):
    values = {"encoding": "Big5", "labels": "“a”", "part": "a.csv"}
    values |= {"column": "split", "name": "b.csv", "label": "same", "first": "q1", "second": "q2"}
    values |= {"third": "q3", "matching": "“1”", "others": "“0”"}
    language.use(spoken)
    try:
        for count, lines in ((1, (7,)), (4_000, (7, 8, 9))):
            found = sentences.sentence(Finding(kind, count, lines, values))
            assert "{" not in found
    finally:
        language.use("en")


def test_what_is_too_large_for_a_page_is_read_by_a_command(monkeypatch):
    cells = "ab" * 10
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    with pytest.raises(DataError, match=r"more than 0 MB, .* with a command: .*train --csv a.csv"):
        labelled(cells)
    with program.as_command():
        assert len(labelled(cells).texts) == 20
        with pytest.raises(DataError, match="holds more than 0 MB; split it"):
            labelled(cells * 5)
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(reading, "MAX_LINES", 10)
    with pytest.raises(DataError, match="20 lines; up to 10 .* with a command"):
        labelled(cells)
    with program.as_command():
        assert len(labelled(cells).texts) == 20


def test_ten_thousand_columns_are_a_sentence():
    wide = ",".join(f"c{n}" for n in range(10_000))
    content = f"{wide}\n{wide}".encode()
    with pytest.raises(
        DataError, match="10,000 columns; up to 500 .* reads up to 5,000: .* train --csv a.csv"
    ):
        read_rows("a.csv", content)
    with program.as_command(), pytest.raises(DataError, match="up to 5,000 can be read, so leave"):
        read_rows("a.csv", content)


def test_other_columns_of_labels_are_named():
    lines = [f"第{n}句,{'ab'[n % 2]},{'xyz'[n % 3]},{n}" for n in range(30)]
    content = "\n".join(["text,sentiment,topic,id", *lines]).encode()
    rows = read_rows("a.csv", content)
    assert said(rows)["other labels"].values["labels"] == "“topic”"
    assert "topic" in sentences.sentence(said(rows)["other labels"])
    assert "other labels" not in said(read_rows("a.csv", content, Wanted(label="topic")))


@pytest.mark.parametrize(
    ("cells", "several"),
    [
        (["a", "b", "a|b"], ["a|b"]),
        (["a|b", "c"], ["a|b"]),
        (["a,b", "b,c", "c,a"], ["a,b", "b,c", "c,a"]),
        (['["a"; "b"]', '["c"]', '["d"]'], ['["a"; "b"]']),
        (["Arts, Crafts", "Home, Garden"], []),
        (["a", "b"], []),
    ],
)
def test_lists_of_labels_are_told(cells, several):
    found, findings = labels.read(cells, range(len(cells)), False)
    assert found == tuple(cells)  # never joined or cut
    named = [f.values["labels"] for f in findings if f.kind == "several labels"]
    assert named == ([", ".join(f"“{label}”" for label in several)] if several else [])
