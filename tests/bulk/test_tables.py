"""Files of any size, part by part: the same rows, lines and findings as read at once."""

import gzip
import io
import json
import zipfile

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from poolviz.bulk.reading import tables
from poolviz.bulk.reading.blocks import Bad, Columns, Reader, unpacked
from poolviz.bulk.reading.inputs import inputs_of
from poolviz.datasets.readers import sentences
from poolviz.errors import ChoiceError, DataError

LONG = 6_000  # rows, of which a part holds a few hundred


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of some kilobytes, so that small files have many."""
    monkeypatch.setattr(tables, "PART", 20_000)
    monkeypatch.setattr("poolviz.bulk.reading.lines._MOST", 80_000)
    monkeypatch.setattr("poolviz.bulk.reading.lines._SAMPLED", 50)
    monkeypatch.setattr("poolviz.datasets.readers.tables.SAMPLED", 50)


def read(place, *texts, **columns):
    """Everything of the files: rows as (file, line, id, text …), bad rows, what is said."""
    reader = Reader(inputs_of(str(place)), Columns(texts or (None,), **columns))
    rows, bad = [], []
    for block in reader:
        block = unpacked(block.pack())
        rows += [tuple(row.values()) for row in block.rows.to_pylist()]
        bad += block.bad
    said = [s for findings in reader.findings.values() for s in sentences.sentences(findings)]
    return rows, bad, said


def lines_of_csv(count, quoted=7, wide=1_001):
    """Rows of a CSV: some cells hold a line end, some rows have a cell too many."""
    for number in range(count):
        text = f"第{number}条，还行"
        if number % quoted == 0:
            text = f'"他说""好"",\n第二行 {number}"'
        yield f"没有号码 {number},{text},多" if number % wide == 5 else f"{number},{text}"


class TestText:
    def test_many_parts_are_read_as_one(self, tmp_path, small_parts):
        path = tmp_path / "rows.csv"
        path.write_text("id,text\n" + "\n".join(lines_of_csv(LONG)) + "\n", encoding="utf-8")
        rows, bad, _said = read(path)
        wide = [n for n in range(LONG) if n % 1_001 == 5]
        expected = [n for n in range(LONG) if n not in wide]
        assert [int(row[2]) for row in rows] == expected
        content = path.read_text(encoding="utf-8").split("\n")
        for _file, line, number, text in rows:
            assert content[line - 1].startswith(f"{number},") and str(int(number)) in text
        for each, number in zip(bad, wide, strict=True):
            assert content[each.line - 1].startswith(f"没有号码 {number},")
            assert "more cells" in each.reason

    def test_a_part_border_in_a_quoted_cell_moves(self, tmp_path, small_parts):
        path = tmp_path / "rows.csv"
        cells = [f'"{"长" * 60}\n{"文" * 60} {n}",x' for n in range(2_000)]
        path.write_text("text,label\n" + "\n".join(cells), encoding="utf-8")
        rows, bad, _said = read(path)
        assert [row[2].split()[-1] for row in rows] == [str(n) for n in range(2_000)]
        assert not bad

    def test_other_encodings_and_line_ends(self, tmp_path, small_parts):
        path = tmp_path / "rows.tsv"
        lines = [f"标签\t第{n}条评论，房间很干净" for n in range(3_000)]
        path.write_bytes("\r\n".join(["label\ttext", *lines]).encode("gb18030"))
        rows, bad, said = read(path)
        assert [(row[1], row[2]) for row in rows] == [
            (n + 2, f"第{n}条评论，房间很干净") for n in range(3_000)
        ]
        assert not bad and any("GB18030" in each for each in said)

    def test_utf_16_and_gzip(self, tmp_path, small_parts):
        lines = [f"第{n}条评论，房间很干净" for n in range(3_000)]
        path = tmp_path / "rows.txt.gz"
        path.write_bytes(gzip.compress("\n".join(lines).encode("utf-16")))
        rows, _bad, said = read(path)
        assert not said and [(row[0], row[1], row[2]) for row in rows] == [
            ("rows.txt.gz", n, line) for n, line in enumerate(lines, 1)
        ]

    @pytest.mark.parametrize("number", [0, 1_500])
    def test_a_line_that_is_no_json_is_a_bad_row(self, tmp_path, small_parts, number):
        path = tmp_path / "rows.jsonl"
        lines = [json.dumps({"id": n, "text": f"text {n}"}) for n in range(3_000)]
        lines[number] = '{"id": 1500, "text": '
        path.write_text("\n".join(lines), encoding="utf-8")
        rows, bad, _said = read(path)
        expected = [n for n in range(3_000) if n != number]
        assert [(row[1], int(row[2])) for row in rows] == [(n + 1, n) for n in expected]
        assert bad == [Bad("rows.jsonl", number + 1, "", "The line is no JSON.")]


class TestOtherFormats:
    def test_parquet_keeps_numbers_of_rows_and_ids(self, tmp_path):
        path = tmp_path / "rows.parquet"
        table = pa.table({"uid": range(10_000), "评论": [f"第{n}条" for n in range(10_000)]})
        pq.write_table(table, path, row_group_size=3_000)
        rows, bad, _said = read(path, id="uid")
        assert rows == [("rows.parquet", n + 1, str(n), f"第{n}条") for n in range(10_000)]
        assert not bad

    def test_what_the_one_reader_takes_is_read_as_a_whole(self, tmp_path):
        (tmp_path / "list.json").write_text('[{"text": "一"}, {"text": "二"}]', encoding="utf-8")
        with zipfile.ZipFile(tmp_path / "packed.csv.zip", "w") as archive:
            archive.writestr("rows.csv", "text,label\n好,1\n坏,0\n")
        rows, _bad, _said = read(tmp_path)
        assert [(row[0], row[2]) for row in rows] == [
            *(("list.json", text) for text in "一二"),
            *(("packed.csv.zip", text) for text in "好坏"),
        ]

    def test_a_damaged_file_is_said_so(self, tmp_path):
        (tmp_path / "rows.parquet").write_bytes(b"PAR1 and nothing")
        with pytest.raises(DataError, match=r"rows\.parquet is damaged"):
            read(tmp_path)


class TestInputs:
    @pytest.fixture
    def folder(self, tmp_path):
        for name in ("b.csv", "a.csv", "sub/c.csv", "_manifest.json", ".hidden.csv", "notes.md"):
            path = tmp_path / "rows" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"text,label\n{path.stem},x\n", encoding="utf-8")
        return tmp_path / "rows"

    @pytest.mark.parametrize(
        ("place", "names"),
        [
            ("", ["a.csv", "b.csv", "sub/c.csv"]),
            ("*.csv", ["a.csv", "b.csv"]),
            ("**/*.csv", ["a.csv", "b.csv", "sub/c.csv"]),
            ("sub/c.csv", ["c.csv"]),
        ],
    )
    def test_files_of_a_place(self, folder, place, names):
        found = [file.name for file in inputs_of(f"{folder}/{place}".rstrip("/"))]
        assert [name for name in found if "hidden" not in name] == names

    def test_a_name_with_the_signs_of_a_pattern(self, tmp_path):
        (tmp_path / "rows[1].csv").write_text("text\n好\n坏\n", encoding="utf-8")
        assert [row[2] for row in read(tmp_path / "rows[1].csv")[0]] == ["好", "坏"]

    def test_any_url_that_fsspec_knows(self):
        with fsspec.open("memory://bulk/rows.csv", "w", encoding="utf-8") as file:
            file.write("text,label\n远处,1\n")
        assert [row[2] for row in read("memory://bulk/rows.csv")[0]] == ["远处"]

    def test_no_name_at_all_is_no_folder(self):
        with pytest.raises(ChoiceError, match="no file, no folder"):
            inputs_of("")

    @pytest.mark.parametrize("place", ["nothing.csv", "*.nothing", "strange://place/rows.csv"])
    def test_what_is_not_there(self, tmp_path, place):
        with pytest.raises((ChoiceError, DataError), match=r"strange|nothing"):
            inputs_of(place if "://" in place else str(tmp_path / place))

    def test_a_file_without_texts(self, tmp_path):
        (tmp_path / "rows.csv").write_text("", encoding="utf-8")
        with pytest.raises(DataError, match="no row with a text"):
            read(tmp_path / "rows.csv")


def test_blocks_are_bounded_and_the_same_every_time(tmp_path, monkeypatch):
    monkeypatch.setattr("poolviz.bulk.reading.blocks.MOST_ROWS", 100)
    monkeypatch.setattr("poolviz.bulk.reading.blocks.MOST_CHARACTERS", 500)
    content = io.StringIO()
    for number in range(1_000):
        content.write(f"{'长' * (1 + number % 40 * (number % 2))}\n")
    (tmp_path / "rows.txt").write_text("text\n" + content.getvalue(), encoding="utf-8")
    blocks = list(Reader(inputs_of(str(tmp_path)), Columns()))
    for block in blocks:
        texts = block.rows["text"].to_pylist()
        assert len(texts) <= 100 and (sum(map(len, texts)) <= 500 or len(texts) == 1)
    again = [b.pack() for b in Reader(inputs_of(str(tmp_path)), Columns())]
    assert [block.pack() for block in blocks] == again
    assert sum(block.rows.num_rows for block in blocks) == 1_000
    assert blocks[-1].read == (tmp_path / "rows.txt").stat().st_size


def test_a_file_without_rows_among_others_is_passed_over(tmp_path):
    for name, content in {"a.csv": "", "b.csv": "text\n好\n", "c.csv": "text,label\n"}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    reader = Reader(inputs_of(str(tmp_path)), Columns())
    assert sum(block.rows.num_rows for block in reader) == 1
    assert reader.empty == ["a.csv", "c.csv"]


def test_two_texts_and_labels_are_found_as_of_pairs_to_train_on(tmp_path):
    path = tmp_path / "pairs.csv"
    lines = ["label,text2,text1", *(f"{n % 2},第二句更长 {n},第一句 {n}" for n in range(9))]
    path.write_text("\n".join(lines), encoding="utf-8")
    reader = Reader(inputs_of(str(path)), Columns((None, None)), ("one", "other"), labelled=True)
    [block] = reader
    first = block.rows.slice(0, 1).to_pylist()[0]
    assert (first["one"], first["other"], first["label"]) == ("第一句 0", "第二句更长 0", "0")
