"""Workbooks that are not .xlsx: Excel's old and binary format, and OpenDocument."""

import contextlib
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviz.datasets.readers import reading
from poolviz.datasets.readers.brought.files import read_entries, read_table
from poolviz.datasets.readers.reading import Wanted
from poolviz.errors import ChoiceError, DataError, PoolvizError
from poolviz.watch import Cancelled, Watch
from tests.datasets.readers.workbooks.written import (
    compound,
    ods,
    ods_cell,
    ods_row,
    ods_table,
    xls,
    xlsb,
)

CELLS = {
    (0, 0): "text",
    (0, 1): "label",
    (1, 0): "房间很干净",
    (1, 1): 1,
    (2, 0): "空调太吵 👎",
    (2, 1): 0.5,
    (4, 0): "长" * 300,
    (4, 1): True,
    (5, 0): "早餐",
    (5, 1): None,
}


def simple_ods():
    rows = [
        ods_row("text", "label"),
        ods_row("房间很干净", ods_cell("1.00", value_type="float", value="1")),
        ods_row("空调太吵 👎", ods_cell("50 %", value_type="percentage", value="0.5")),
        ods_row(""),
        ods_row("长" * 300, ods_cell("WAHR", value_type="boolean", boolean_value="true")),
        ods_row("早餐", ""),
        ods_row(ods_cell(times=16_384), times=1_048_570),
    ]
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/>'
    tables = (
        ods_table("空"),
        ods_table("码", ods_row("code"), style="ta2"),
        ods_table("评论", *rows),
    )
    return ods("".join(tables), hidden + "</style:style>")


def simple(name):
    sheets = {"空": {}, "码": {(0, 0): "code"}, "评论": CELLS}
    write = {"a.xls": xls, "a.xlsb": xlsb}
    return simple_ods() if name == "a.ods" else write[name](sheets, hidden={"码"})


NAMES = ["a.xls", "a.xlsb", "a.ods"]


@pytest.mark.parametrize("name", NAMES)
class TestFormats:
    def test_texts_and_labels(self, name):
        found = read_table(name, simple(name))
        assert (found.text, found.label, found.how.header) == ("text", "label", True)
        assert found.column("text") == ["房间很干净", "空调太吵 👎", "长" * 300, "早餐"]
        assert found.column("label") == ["1", "0.5", "TRUE", ""]
        assert found.lines.tolist() == [2, 3, 5, 6]

    def test_the_first_sheet_with_rows_that_is_shown_or_the_one_that_is_named(self, name):
        found = read_table(name, simple(name))
        assert (found.how.part, found.how.parts) == ("评论", ("空", "码", "评论"))
        assert [finding.kind for finding in found.findings] == ["other parts"]
        found = read_table(name, simple(name), Wanted(part="码"))
        assert [found.column(column) for column in found.columns] in ([["code"]], [[]])
        with pytest.raises(ChoiceError, match="no sheet 三; choose one of 空, 码, 评论"):
            read_table(name, simple(name), Wanted(part="三"))
        with pytest.raises(DataError, match="no row with a text"):
            read_table(name, simple(name), Wanted(part="空"))

    def test_a_copy_in_an_archive_is_the_same(self, name, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(name, simple(name))
        found = read_table("a.zip", (tmp_path / "a.zip").read_bytes())
        assert found.column("label") == ["1", "0.5", "TRUE", ""]

    def test_it_holds_no_entries(self, name):
        assert read_entries(name, simple(name)) is None

    def test_too_many_rows_are_a_sentence(self, name, monkeypatch):
        monkeypatch.setattr(reading, "MAX_LINES", 2)
        with pytest.raises(DataError, match="3 lines"):
            read_table(name, simple(name))

    def test_reading_can_be_stopped(self, name):
        with pytest.raises(Cancelled):
            read_table(name, simple(name), watch=Watch(cancelled=lambda: True))

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 20_000), st.binary(min_size=1, max_size=4))
    def test_any_damage_is_rows_or_a_sentence(self, name, place, other):
        content = bytearray(simple(name))
        place %= len(content)
        content[place : place + len(other)] = other
        try:
            read_table(name, bytes(content))
        except PoolvizError as error:
            assert name in str(error) or "xl/" in str(error)

    @given(st.integers(0, 20_000))
    def test_a_part_of_it_is_rows_or_a_sentence(self, name, length):
        content = simple(name)
        try:
            read_table(name, content[: max(8, length % len(content))])
        except PoolvizError as error:
            assert name in str(error)


class TestOldExcel:
    def test_days_are_written_as_days(self):
        days = {(0, 0): "text", (0, 1): "date"}
        moments = [45_292.0, 45_292.75, -1.0]
        for number, moment in enumerate(moments, 1):
            days |= {(number, 0): f"第{number}次", (number, 1): (moment, 1)}
        found = read_table("a.xls", xls({"S": days}, formats=(0, 14)))
        assert found.column("date")[:2] == ["2024-01-01", "2024-01-01 18:00:00"]
        assert found.column("text") == ["第1次", "第2次", "第3次"]

    def test_a_document_of_another_kind_or_a_locked_one_is_a_sentence(self):
        for title in ("WordDocument", "EncryptedPackage"):
            with pytest.raises(DataError, match="damaged or encrypted"):
                read_table("a.xls", compound(b"x" * 5_000, title))

    def test_cells_far_away_cost_what_they_are_worth(self):
        cells = {(65_535, 0): "text", (0, 255): "x"}
        found = read_table("a.xls", xls({"S": dict(sorted(cells.items()))}))
        assert (len(found), len(found.columns)) in ((1, 256), (2, 256))
        cells = {(number, 255): "x" for number in range(40_000)}
        with pytest.raises(DataError, match="of 256 columns; up to 10,000,000 cells"):
            read_table("a.xls", xls({"S": cells}))

    def test_a_long_string_in_many_cells_is_a_sentence(self):
        cells = {(number, 0): "长" * 4_000 for number in range(13_000)}
        with pytest.raises(DataError, match="more than 50 MB"):
            read_table("a.xls", xls({"S": cells}))

    def test_nothing_is_written_of_what_is_damaged(self, capfd):
        content = bytearray(simple("a.xls"))
        content[600:700] = struct.pack("<I", 7) * 25
        with contextlib.suppress(DataError):
            read_table("a.xls", bytes(content))
        assert capfd.readouterr() == ("", "")


class TestOpenDocument:
    @pytest.mark.parametrize(
        ("rows", "sentence"),
        [
            ("", "no row with a text"),
            (ods_row(ods_cell("x", times=16_384)), "16,384 columns; up to 500"),
            (ods_row("x", times=1_048_576), "1,048,576 lines; up to 1,000,000"),
            (ods_row(ods_cell("x" * 1_000, times=400), times=20_000), "more than 50 MB"),
            (ods_row("a", times=9)[:-1], "damaged"),
        ],
    )
    def test_what_cannot_be_read_is_a_sentence(self, rows, sentence):
        with pytest.raises(DataError, match=sentence):
            read_table("a.ods", ods(ods_table("S", rows)))

    def test_the_text_of_a_cell(self):
        inner = (
            '好<text:s text:c="3"/>的<text:span>房<text:span>间</text:span></text:span><text:tab/>x'
            "</text:p><text:p>第二行<office:annotation><text:p>批注</text:p></office:annotation>"
            "<text:line-break/>完"
        )
        content = ods(ods_table("S", ods_row("text"), ods_row(ods_cell(inner))))
        assert read_table("a.ods", content).column("text") == ["好   的房间\tx\n第二行\n完"]

    def test_cells_and_rows_that_are_repeated(self):
        rows = ods_row("text", "a", "b"), ods_row("好", ods_cell("1", times=2), times=3)
        found = read_table("a.ods", ods(ods_table("S", *rows)))
        assert found.column("text") == ["好"] * 3 and found.column("b") == ["1"] * 3
        assert found.lines.tolist() == [2, 3, 4]

    def test_the_days_and_a_table_in_a_cell(self):
        day = ods_cell("1. Mai", value_type="date", date_value="2024-05-01")
        inside = ods_cell("好</text:p>" + ods_table("T", ods_row("内")) + "<text:p>的")
        content = ods(ods_table("S", ods_row("text", "date"), ods_row(inside, day)))
        found = read_table("a.ods", content)
        assert (found.column("text"), found.column("date")) == (["好\n的"], ["2024-05-01"])
        assert found.how.parts == ("S",)
