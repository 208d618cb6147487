"""Workbooks of Excel (.xlsx)."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviz.datasets.readers import reading
from poolviz.datasets.readers.brought.files import read_table
from poolviz.datasets.readers.reading import Wanted
from poolviz.errors import ChoiceError, DataError, PoolvizError
from poolviz.watch import Cancelled, Watch

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def cell(place, value, kind="inlineStr"):
    inner = f"<is><t>{value}</t></is>" if kind == "inlineStr" else f"<v>{value}</v>"
    return f'<c r="{place}" t="{kind}">{inner}</c>'


def row(number, *cells):
    return f'<row r="{number}">{"".join(cells)}</row>'


def pairs_sheet(*pairs):
    rows = [("text", "label"), *pairs]
    return "".join(
        row(n, cell(f"A{n}", text), cell(f"B{n}", label)) for n, (text, label) in enumerate(rows, 1)
    )


def workbook(sheets, strings=None, prefix="", head="", hidden=(), styles="", settings=""):
    """A workbook with these sheets, each given as the XML of its rows."""
    content = io.BytesIO()
    numbered = list(enumerate(sheets.items(), 1))
    mark = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        names = "".join(
            f'<{prefix}sheet name="{title}" sheetId="{n}" r:id="r{n}"'
            f"{' state=' + chr(34) + 'hidden' + chr(34) if title in hidden else ''}/>"
            for n, (title, _rows) in numbered
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<{prefix}workbook {mark}="{MAIN}" xmlns:r="{OFFICE}">{settings}'
            f"<{prefix}sheets>{names}"
            f"</{prefix}sheets></{prefix}workbook>",
        )
        links = "".join(
            f'<Relationship Id="r{n}" Type="x" Target="worksheets/sheet{n}.xml"/>'
            for n, _sheet in numbered
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        for n, (_title, rows) in numbered:
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
            )
        if strings is not None:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        if styles:
            archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
    return content.getvalue()


SIMPLE = pairs_sheet(("房间很干净", "1"), ("空调太吵", "0"))


class TestWorkbooks:
    @pytest.mark.parametrize("prefix", ["", "x:"])
    def test_texts_and_labels(self, prefix):
        found = read_table("a.xlsx", workbook({"评论": SIMPLE}, prefix=prefix))
        assert (found.text, found.label, found.how.part) == ("text", "label", "评论")
        assert found.column("text") == ["房间很干净", "空调太吵"]
        assert found.lines.tolist() == [2, 3]
        assert not found.findings

    def test_the_kinds_of_cells(self):
        strings = (
            "<si><t>text</t></si><si><r><t>好</t></r><r><t xml:space='preserve'> 的</t></r>"
            "<rPh><t>hao</t></rPh></si><si><t>a_x000D_b</t></si>"
        )
        rows = (
            row(1, cell("A1", 0, "s"), cell("B1", "label"), cell("C1", "n"))
            + row(3, cell("A3", 1, "s"), cell("B3", 1, "b"), cell("C3", "1.50", "n"))
            + row(7, cell("A7", 2, "s"), cell("C7", "x&amp;y", "str"))
            + '<row><c t="inlineStr"><is><t>没有编号</t></is></c><c t="e"><v>#N/A</v></c></row>'
        )
        found = read_table("a.xlsx", workbook({"S": rows}, strings))
        assert found.column("text") == ["好 的", "a\rb", "没有编号"]
        assert found.column("label") == ["TRUE", "", ""]
        assert found.column("n") == ["1.50", "x&y", ""]
        assert found.lines.tolist() == [3, 7, 8]

    def test_the_first_sheet_with_rows_or_the_one_that_is_named(self):
        other = pairs_sheet(("另一张表", "2"))
        content = workbook({"空": "", "一": SIMPLE, "二": other})
        found = read_table("a.xlsx", content)
        assert (found.how.part, found.how.parts) == ("一", ("空", "一", "二"))
        assert [finding.kind for finding in found.findings] == ["other parts"]
        found = read_table("a.xlsx", content, Wanted(part="二"))
        assert found.column("text") == ["另一张表"] and not found.findings
        with pytest.raises(ChoiceError, match="no sheet 三; choose one of 空, 一, 二"):
            read_table("a.xlsx", content, Wanted(part="三"))

    def test_a_sheet_without_names_of_columns(self):
        rows = "".join(
            row(n, cell(f"A{n}", f"第{n}次来，很好"), cell(f"B{n}", n % 2, "n"))
            for n in range(1, 7)
        )
        found = read_table("a.xlsx", workbook({"S": rows}))
        assert (len(found), found.how.header, found.text, found.label) == (6, False, "1", "2")

    @pytest.mark.parametrize(
        ("rows", "sentence"),
        [
            ("", "no row with a text"),
            (row(1, cell("XFD1", "x")), "16,384 columns; up to 500"),
            (row(1, cell("A1", "text")) + row(2, cell("ZZ2", "x")), "702 columns"),
            ("<row>", "damaged"),
        ],
    )
    def test_what_cannot_be_read_is_a_sentence(self, rows, sentence):
        with pytest.raises(DataError, match=sentence):
            read_table("a.xlsx", workbook({"S": rows}))

    def test_a_workbook_without_a_sheet_is_a_sentence(self):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
        with pytest.raises(DataError, match="a.xlsx holds no row with a text"):
            read_table("a.xlsx", content.getvalue())

    def test_sheets_that_are_not_there_are_damage(self):
        with pytest.raises(DataError, match="damaged"):
            read_table("a.xlsx", workbook({"S": SIMPLE}).replace(b"sheet1.xml", b"sheet9.xml"))

    def test_a_cell_far_away_costs_nothing(self):
        rows = row(1, cell("A1", "text")) + row(9_999_999, cell("A9999999", "好"))
        found = read_table("a.xlsx", workbook({"S": rows}))
        assert found.column("text") == ["好"] and found.lines.tolist() == [9_999_999]

    def test_a_document_type_is_refused(self):
        head = '<!DOCTYPE a [<!ENTITY b "好好好好">]>'
        with pytest.raises(DataError, match="damaged"):
            read_table("a.xlsx", workbook({"S": row(1, cell("A1", "&b;"))}, head=head))

    def test_too_many_rows_and_bytes_are_a_sentence(self, monkeypatch):
        monkeypatch.setattr(reading, "MAX_LINES", 2)
        with pytest.raises(DataError, match="3 lines"):
            read_table("a.xlsx", workbook({"S": SIMPLE}))
        monkeypatch.setattr(reading, "MAX_BYTES", 2_000)
        with pytest.raises(DataError, match="more than 0 MB"):
            read_table("a.xlsx", workbook({"S": SIMPLE * 200}))

    def test_reading_can_be_stopped(self):
        with pytest.raises(Cancelled):
            read_table("a.xlsx", workbook({"S": SIMPLE}), watch=Watch(cancelled=lambda: True))

    def test_a_sheet_that_is_not_shown_comes_last(self):
        content = workbook({"码表": SIMPLE, "一": pairs_sheet(("另一张表", "2"))}, hidden={"码表"})
        assert read_table("a.xlsx", content).how.part == "一"
        assert len(read_table("a.xlsx", content, Wanted(part="码表"))) == 2
        assert read_table("a.xlsx", workbook({"S": SIMPLE}, hidden={"S"})).how.part == "S"

    def test_one_long_string_in_many_cells_is_a_sentence(self):
        strings = f"<si><t>{'长' * 60_000}</t></si>"
        rows = "".join(row(n, cell(f"A{n}", 0, "s")) for n in range(1, 1_000))
        with pytest.raises(DataError, match="more than 50 MB"):
            read_table("a.xlsx", workbook({"S": rows}, strings))

    @settings(max_examples=150)
    @given(st.integers(0, 2_000), st.binary(min_size=1, max_size=3))
    def test_any_damage_is_rows_or_a_sentence(self, place, other):
        content = bytearray(workbook({"S": SIMPLE}))
        place %= len(content)
        content[place : place + len(other)] = other
        try:
            read_table("a.xlsx", bytes(content))
        except PoolvizError as error:
            assert "a.xlsx" in str(error) or "xl/" in str(error)
