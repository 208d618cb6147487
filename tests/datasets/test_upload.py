"""Files of somebody's own: what is read, and a sentence for whatever is wrong."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.datasets import upload
from poolviz.datasets.upload import read_upload
from poolviz.errors import DataError
from poolviz.text.tokens import MAX_CHARACTERS, has_visible

ROWS = "label,review\n正面,房间很干净\n负面,空调太吵\n"


def packed(members: dict[str, str]) -> bytes:
    """A ZIP with these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return content.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encodings_in_which_such_files_come(encoding):
    found = read_upload("a.csv", ROWS.encode(encoding))
    assert found.texts == ("房间很干净", "空调太吵")
    assert found.labels == ("正面", "负面")
    assert (found.malformed, found.empty) == (0, 0)


def test_a_character_of_four_bytes_in_gb18030():
    assert read_upload("a.csv", "text\n𠮷好㐂\n".encode("gb18030")).texts == ("𠮷好㐂",)


@pytest.mark.parametrize("header", ["text", "Review", " content ", "title", "id,TEXT,other"])
def test_names_of_the_column_of_texts(header):
    line = ",".join(["好"] * len(header.split(",")))
    found = read_upload("a.csv", f"{header}\n{line}\n".encode())
    assert found.texts == ("好",)
    assert found.labels is None


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_and_quotes(line_end):
    text = f'text,label{line_end}"好，""真"", 好{line_end}第二行",1{line_end}'
    assert read_upload("a.csv", text.encode()).texts == ('好，"真", 好\n第二行',)


def test_rows_that_are_left_out_are_counted():
    rows = (
        f"text,label\n好,1\n好\n ,1\n{'长' * (MAX_CHARACTERS + 1)},1\n{'x' * 1_000_000},1\n坏,0\n"
    )
    found = read_upload("a.csv", rows.encode())
    assert found.texts == ("好", "坏")
    assert (found.malformed, found.empty) == (3, 1)


def test_one_csv_in_a_zip():
    assert read_upload("a.zip", packed({"folder/A.CSV": ROWS, "读我.txt": "好"})).texts == (
        "房间很干净",
        "空调太吵",
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no column of texts"),
        (b"\n\n", "no column of texts"),
        (b"label,words\n1,a\n", r"text / review / content / title in the first line"),
        (b"text,label\n", "no row with a text"),
        (b"text\n \n\xe3\x80\x80\n", "no row with a text"),
        (b"\xff\xff\xff\xff\x81", "neither UTF-8 nor GB18030"),
        (b"PK\x03\x04 and nothing more", "cannot be read as CSV or as a ZIP"),
        (b"x" * 1_000_000, "cannot be read as CSV"),
        (packed({"../evil.csv": ROWS}), "path outside of the archive"),
        (packed({"/etc/evil.csv": ROWS}), "path outside of the archive"),
        (packed({"..\\evil.csv": ROWS}), "path outside of the archive"),
        (packed({"C:\\evil.csv": ROWS}), "path outside of the archive"),
        (packed({"a.csv": ROWS, "a/../../evil.txt": "x"}), "path outside of the archive"),
        (packed({"a.csv": ROWS, "b.csv": ROWS}), "holds 2 CSV files"),
        (packed({}), "holds 0 CSV files"),
    ],
)
def test_whatever_is_wrong_is_one_sentence(content, sentence):
    with pytest.raises(DataError, match=sentence) as error:
        read_upload("我的.csv", content)
    assert "我的.csv" in str(error.value)


def test_an_encrypted_archive_is_a_sentence():
    content = bytearray(packed({"a.csv": ROWS}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag "encrypted"
        place = content.index(mark) + offset
        content[place : place + 2] = struct.pack("<H", 1)
    with pytest.raises(DataError, match="cannot be read"):
        read_upload("a.zip", bytes(content))


def test_large_files_are_refused_unpacked_ones_too(monkeypatch):
    monkeypatch.setattr(upload, "MAX_BYTES", 1_000)
    rows = ROWS + "正面,好\n" * 1_000
    for content in (rows.encode(), packed({"a.csv": rows})):
        with pytest.raises(DataError, match="more than 0 MB"):
            read_upload("a.csv", content)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_rows_or_a_sentence(content):
    try:
        found = read_upload("a.csv", b"text\n" + content)
    except DataError:
        return
    assert found.texts
    assert all(has_visible(text) for text in found.texts)
