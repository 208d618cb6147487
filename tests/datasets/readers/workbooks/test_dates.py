"""Numbers that are days by the format of their cell, in Excel's workbooks."""

import pytest

from poolviz.datasets.readers.brought.files import read_table
from poolviz.datasets.readers.workbooks.dates import day, is_day, plain
from tests.datasets.readers.workbooks.test_xlsx import cell, row, workbook
from tests.datasets.readers.workbooks.written import xlsb

OWN = 164  # the first number of a format that a workbook spells out


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        "dd/mm/yyyy hh:mm",
        'yyyy"年"m"月"d"日"',
        "[$-409]d-mmm-yy;@",
        "[Red]mmm",
        "h:mm AM/PM",
    ],
)
def test_formats_of_days(code):
    assert is_day(OWN, {OWN: code})


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0.00",
        '#,##0 "days"',
        "0.00E+00",
        "[h]:mm:ss",
        "@",
        '0;"yes"',
        "[Red]0",
        "\\d0",
        "_d0",
        "",
    ],
)
def test_formats_of_other_numbers(code):
    assert not is_day(OWN, {OWN: code})


def test_formats_that_no_workbook_spells_out():
    assert all(is_day(number, {}) for number in (14, 22, 31, 57))
    assert not any(is_day(number, {}) for number in (-1, 0, 1, 13, 23, 37, 46, 49, 59))
    assert not is_day(14, {14: "0.0"})


def test_days_by_hand():
    assert day(45_292, 0) == "2024-01-01"
    assert day(45_292.75, 0) == "2024-01-01 18:00:00"
    assert day(43_830, 1) == "2024-01-01"
    assert (day(0.5, 0), day(0.0, 1)) == ("12:00:00", "1904-01-01")
    assert day(-1.0, 0) == "-1"
    assert day(1e9, 0) == "1000000000"
    assert (plain(3.0), plain(0.5)) == ("3", "0.5")


FORMATS, SPELLED = (0, 14, OWN), ((OWN, "yyyy-mm-dd hh:mm"),)
VALUES = [(45_292, 1), (45_292.75, 2), (45_292, 0)]
SHOWN = ["2024-01-01", "2024-01-01 18:00:00", "45292"]


def dated_xlsx(since_1904=False):
    rows = [row(1, cell("A1", "text"), cell("B1", "seen"))]
    for number, (value, style) in enumerate(VALUES, 2):
        dated = f'<c r="B{number}" s="{style}"><v>{value}</v></c>'
        rows.append(row(number, cell(f"A{number}", f"第{number}次"), dated))
    styles = "".join(f'<numFmt numFmtId="{n}" formatCode="{code}"/>' for n, code in SPELLED)
    styles += '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    styles += "".join(f'<xf numFmtId="{number}"/>' for number in FORMATS) + "</cellXfs>"
    settings = '<workbookPr date1904="1"/>' if since_1904 else ""
    return workbook({"S": "".join(rows)}, styles=styles, settings=settings)


def dated_xlsb(since_1904=False):
    cells = {(0, 0): "text", (0, 1): "seen"}
    for number, value in enumerate(VALUES, 1):
        cells |= {(number, 0): f"第{number}次", (number, 1): value}
    return xlsb({"S": cells}, formats=FORMATS, spelled_out=SPELLED, since_1904=since_1904)


@pytest.mark.parametrize(("name", "written"), [("a.xlsx", dated_xlsx), ("a.xlsb", dated_xlsb)])
class TestWorkbooks:
    def test_days_are_written_as_days_and_numbers_as_numbers(self, name, written):
        assert read_table(name, written()).column("seen") == SHOWN

    def test_some_count_from_1904_on(self, name, written):
        found = read_table(name, written(since_1904=True)).column("seen")
        assert found == ["2028-01-02", "2028-01-02 18:00:00", "45292"]
