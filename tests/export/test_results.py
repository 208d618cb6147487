"""The Results page's picture and tables as files."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.evaluation import predictions
from poolviz.evaluation.comparison import compare
from poolviz.evaluation.standings import standings
from poolviz.export.formats import FORMATS, figure_formats
from poolviz.export.results import results_contents
from poolviz.figures.sheet import COLUMN, PAGE, Sheet
from poolviz.trust.rows.believed import believed
from poolviz.trust.rows.results import read_summaries

HOTEL = "chnsenticorp_htl_all"
HEADS = ("max", "average", "min-variance", "attention", "multi-head")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def contents():
    checkpoints = [read(places.SHIPPED_CHECKPOINTS / HOTEL / head) for head in HEADS]
    found = standings(checkpoints)
    trust = {head: believed(each) for head, each in read_summaries(checkpoints).items()}
    right = predictions.right_on_same_rows(checkpoints)
    compared = compare(right, {standing.head: standing.seeds for standing in found})
    return results_contents(checkpoints, found, trust, compared, "Hotel <reviews>")


def svg(contents, sheet: Sheet) -> ElementTree.Element:
    [figure] = contents.figures
    return ElementTree.fromstring(figure.picture.on(sheet).svg(None))


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def lines(contents, part: str) -> list[dict[str, str]]:
    [table] = [table for table in contents.tables if table.part == part]
    return list(csv.DictReader(io.StringIO(table.make().decode("utf-8-sig"))))


@pytest.mark.parametrize("inches", [COLUMN, PAGE])
def test_the_picture_fits_its_sheet_with_letters_of_8_points(contents, inches):
    root = svg(contents, Sheet(inches))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert width == pytest.approx(inches * 96, abs=0.01)
    for element in root.iter(f"{SVG}text"):
        assert float(element.attrib["font-size"]) == pytest.approx(8 / 72 * 96, abs=0.01)
        assert 0 <= float(element.attrib["x"]) <= width
        assert 0 < float(element.attrib["y"]) <= height
    for element in root.iter(f"{SVG}rect"):
        assert float(element.attrib.get("x", 0)) >= 0
    for said in ("Multi-head attention", "88.5 (86.9–90.1)", "Test accuracy: Hotel <reviews>"):
        assert any(said in text for text in texts(root))
    assert ("102,850" in texts(root)) == (inches == PAGE)


def test_title_and_notes_can_be_left_out(contents):
    with_title, without = (texts(svg(contents, Sheet(titled=titled))) for titled in (True, False))
    assert len(without) < len(with_title)
    assert not any("Hotel" in text or "interval" in text for text in without)
    assert "Max" in without


def test_squares_stand_in_the_order_of_the_accuracies(contents):
    squares = [
        float(e.attrib["x"])
        for e in svg(contents, Sheet()).iter(f"{SVG}rect")
        if e.attrib["fill"] == "#542788"
    ]
    assert len(squares) == len(HEADS) and squares == sorted(squares, reverse=True)


def test_every_format_but_png_is_written_without_a_browser(contents):
    [figure] = contents.figures
    for name in figure_formats():
        form = FORMATS[name]
        if form.kinds.get(figure.picture.kind) is False:
            assert len(form.draw(figure.picture, None)) > 1000
            assert re.fullmatch(r"[\w-]+\.[\w.]+", figure.file_name(name))
    page = figure.picture.page().decode()
    assert "Hotel &lt;reviews&gt;" in page and page.count("data-head=") == len(HEADS)


def test_tables_hold_the_raw_numbers(contents):
    found = {line["head"]: line for line in lines(contents, "results")}
    card = read(places.SHIPPED_CHECKPOINTS / HOTEL / "max").card["test"]["accuracy"]
    accuracy = [float(found["max"][f"accuracy{end}"]) for end in ("", " low", " high")]
    assert accuracy == list(card.values())
    assert float(found["attention"]["naopc"]) > float(found["attention"]["naopc of chance high"])
    assert found["average"]["naopc"] == "" and float(found["average"]["naopc of chance"]) > 0
    assert len(lines(contents, "differences")) == 10


def test_a_readme_can_say_what_was_found_and_of_which_models(contents):
    assert contents.about["Answer"][0].startswith("No head is shown to be better")
    assert len(contents.models) == len(HEADS) and all(HOTEL in line for line in contents.models)
