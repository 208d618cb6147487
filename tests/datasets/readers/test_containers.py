"""Compressed files: what is in them, and a sentence for each kind of damage."""

import gzip
import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviz.datasets.readers import reading
from poolviz.datasets.readers.brought.files import read_path, read_table
from poolviz.datasets.readers.reading import Wanted
from poolviz.errors import ChoiceError, DataError, PoolvizError
from poolviz.watch import Cancelled, Watch

ROWS = "label,review\n正面,房间很干净\n负面,空调太吵\n"


def packed(members, method=zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text, method)
    return content.getvalue()


def texts(found):
    return found.column(found.text)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_one_file_in_a_zip(method):
    found = read_table("a.zip", packed({"folder/A.CSV": ROWS, "读我.md": "好"}, method))
    assert texts(found) == ["房间很干净", "空调太吵"]
    assert (found.how.part, found.name) == ("folder/A.CSV", "a.zip")
    assert not found.findings


def test_what_macos_adds_is_not_read():
    members = {"reviews.csv": ROWS, "__MACOSX/._reviews.csv": b"\0\5\x16\7", ".DS_Store": b"\0"}
    found = read_table("a.zip", packed(members))
    assert len(found) == 2 and not found.findings


def test_of_several_files_one_is_read_and_the_others_are_said():
    content = packed({"data/train.csv": ROWS, "data/test.tsv": "text\tlabel\n好\t1\n"})
    found = read_table("a.zip", content)
    assert (found.how.part, found.how.parts) == (
        "data/train.csv",
        ("data/train.csv", "data/test.tsv"),
    )
    assert [(f.kind, f.count) for f in found.findings] == [("other parts", 1)]
    for name in ("data/test.tsv", "test.tsv"):
        found = read_table("a.zip", content, Wanted(part=name))
        assert texts(found) == ["好"] and not found.findings
    with pytest.raises(ChoiceError, match="holds no file x.csv; choose one of data/train.csv"):
        read_table("a.zip", content, Wanted(part="x.csv"))


def test_names_that_a_chinese_windows_wrote():
    content = bytearray(packed({"1234.csv": ROWS}))
    found = read_table("a.zip", bytes(content).replace(b"1234", "评论".encode("gb18030")))
    assert found.how.part == "评论.csv"


def test_gzip_and_gzip_in_a_zip():
    content = gzip.compress(ROWS.encode("gb18030"))
    found = read_table("rows.csv.gz", content)
    assert (texts(found)[0], found.how.encoding) == ("房间很干净", "gb18030")
    assert len(read_table("a.zip", packed({"rows.csv.gz": content}))) == 2
    assert len(read_table("rows.gz", content + gzip.compress("正面,很好\n".encode("gb18030")))) == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 and nothing more", "damaged or encrypted"),
        (gzip.compress(ROWS.encode())[:-12], "damaged or encrypted"),
        (b"\x1f\x8b" + bytes(40), "damaged or encrypted"),
        (packed({"../evil.csv": ROWS}), "path outside of the archive"),
        (packed({"/etc/evil.csv": ROWS}), "path outside of the archive"),
        (packed({"..\\evil.csv": ROWS}), "path outside of the archive"),
        (packed({"C:\\evil.csv": ROWS}), "path outside of the archive"),
        (packed({"a.csv": ROWS, "a/../../evil.txt": "x"}), "path outside of the archive"),
        (packed({"a.png": b"x"}), "holds no file with rows"),
        (packed({}), "holds no file with rows"),
        (packed({f"{n}.csv": "" for n in range(1_001)}), "more than 1,000 files"),
    ],
)
def test_whatever_is_wrong_is_one_sentence(content, sentence):
    with pytest.raises(DataError, match=sentence) as error:
        read_table("我的.zip", content)
    assert "我的.zip" in str(error.value)


def test_an_encrypted_archive_is_a_sentence():
    content = bytearray(packed({"a.csv": ROWS}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag "encrypted"
        place = content.index(mark) + offset
        content[place : place + 2] = struct.pack("<H", 1)
    with pytest.raises(DataError, match="damaged or encrypted"):
        read_table("a.zip", bytes(content))


@settings(max_examples=400)
@given(
    st.sampled_from(["zip", "bz2", "gz"]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_any_damage_is_rows_or_a_sentence(form, changes):
    method = zipfile.ZIP_BZIP2 if form == "bz2" else zipfile.ZIP_DEFLATED
    whole = gzip.compress(ROWS.encode()) if form == "gz" else packed({"a.csv": ROWS}, method)
    content = bytearray(whole)
    for place, value in changes:
        content[place % len(content)] = value
    try:
        found = read_table("a.bin", bytes(content))
    except PoolvizError as error:
        assert "a.bin" in str(error) or "a.csv" in str(error)
    else:
        assert all(len(column) == len(found) for column in found.columns.values())


@pytest.mark.parametrize("pack", [lambda text: packed({"a.csv": text}), gzip.compress])
def test_what_becomes_too_large_is_not_unpacked_to_its_end(monkeypatch, pack):
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000)
    with pytest.raises(DataError, match="more than 0 MB"):
        read_table("a.zip", pack(ROWS.encode() + b"a,b\n" * 100_000))


def test_unpacking_can_be_stopped():
    content = gzip.compress(b"a,b\n" * 1_000)
    with pytest.raises(Cancelled):
        read_table("a.csv.gz", content, watch=Watch(cancelled=lambda: True))


def test_a_file_that_is_not_there_or_too_large(tmp_path, monkeypatch):
    with pytest.raises(DataError, match="cannot be read"):
        read_path(tmp_path / "none.csv")
    place = tmp_path / "rows.csv"
    place.write_text(ROWS, "utf-8")
    assert len(read_path(place)) == 2
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(DataError, match="more than 0 MB"):
        read_path(place)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_archives_within_each_other(depth):
    content = b"text,label\nhello there,1\n"
    for _ in range(depth):
        content = gzip.compress(content)
    if depth < 4:
        assert read_table("a.csv.gz", content).column("label") == ["1"]
    else:
        with pytest.raises(DataError, match="packed more than 3 times"):
            read_table("a.csv.gz", content)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-1.7\n", "is PDF, of which"),
        (b"{\\rtf1\\ansi", "is RTF"),
        (b"SQLite format 3\0", "is SQLite"),
        (b"\x89PNG\r\n\x1a\n", "is PNG"),
        (b"7z\xbc\xaf\x27\x1c", "packed as 7z"),
        (b"x" * 257 + b"ustar\0", "packed as tar"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE HTML><table>", "is HTML"),
        (b"<?xml version='1.0'?><Workbook>", "is XML"),
    ],
)
@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_files_of_other_kinds_are_named(start, kind, packed):
    with pytest.raises(DataError, match=kind):
        read_table("a.xls", packed(start + b"text,label\na,1\n" * 9))
