"""Files that the export section gives: opened, read, and compared with the numbers."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from poolviz.export.formats import FORMATS, figure_formats
from poolviz.text.tokens import text_hash
from poolviz.values.explanation import Explanation
from tests.browser.driving import button, choose, download, keyed, share_menu, type_text
from tests.pages_helpers import HOTEL, explain

TEXT = "早餐<难吃>，但是前台态度非常好。"
HEADS = ["max", "multi-head"]
ZIP_PATIENCE = 120_000  # milliseconds


@pytest.fixture
def page(visit) -> Page:
    """A view of a text under two heads."""
    page = visit(address={"heads": ",".join(HEADS)})
    type_text(page, TEXT)
    return page


def figure(page: Page, kind: int, image_format: str) -> bytes:
    """One figure by its place in the list of figures, as downloaded."""
    choose(page, "export_figure", kind)
    picture = "highlight" if kind < 2 else "chart"
    formats = [name for name in figure_formats() if picture in FORMATS[name].kinds]
    choose(page, "export_format", formats.index(image_format))
    name, content = download(page, "download_figure")
    assert name.startswith(HOTEL) and name.endswith(f"{text_hash(TEXT)}.{image_format}")
    return content


def assert_picture(content: bytes) -> None:
    """A PNG that is large enough to print and not blank."""
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "PNG"
        assert min(image.size) >= 150 and max(image.size) >= 800
        assert len(image.convert("RGB").getcolors(1 << 24)) > 20


def assert_vectors(content: bytes) -> str:
    """An SVG without bitmaps; returns its text."""
    root = ElementTree.fromstring(content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not list(root.iter("{http://www.w3.org/2000/svg}image"))
    return "".join(root.itertext())


def files_of_zip(content: bytes, figures: int) -> dict[str, bytes]:
    """The files of a sound archive with so many figures, each in every format, none blank."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    files = {name: archive.read(name) for name in archive.namelist()}
    for kind in ("png", "svg", "pdf", "html"):
        drawn = [name for name in files if name.startswith(f"{kind}/") and name.endswith(kind)]
        assert len(drawn) == figures
    for name, content in files.items():
        if name.endswith(".png"):
            with Image.open(io.BytesIO(content)) as image:
                assert len(image.convert("RGB").getcolors(1 << 24)) > 20
        elif name.endswith(".svg"):
            assert_vectors(content)
        elif name.endswith(".pdf"):
            assert content.startswith(b"%PDF")
    return files


@pytest.mark.parametrize("place", [0, 1])
def test_the_highlights_as_png_svg_and_page(page, place):
    with share_menu(page):
        assert_picture(figure(page, place, "png"))
        assert set(TEXT) <= set(assert_vectors(figure(page, place, "svg")))
        html = figure(page, place, "html").decode("utf-8")
    assert "难" in html and "<难吃>" not in html


def test_a_figure_for_one_column_without_title(page):
    with share_menu(page):
        choose(page, "export_width", 1)
        keyed(page, "export_titled").locator("label").click()
        drawn = figure(page, 0, "svg")
    assert float(ElementTree.fromstring(drawn).attrib["width"]) == pytest.approx(3.3 * 96)
    words = assert_vectors(drawn)
    assert set(TEXT) <= set(words) and "read-out" not in words


def test_the_heatmap_as_svg_and_pdf(page):
    with share_menu(page):
        assert "早" in assert_vectors(figure(page, 2, "svg"))
        assert figure(page, 2, "pdf").startswith(b"%PDF")


def test_the_numbers_are_the_explainers(page):
    explanations = explain(TEXT, HOTEL, HEADS)
    with share_menu(page):
        name, content = download(page, "download_explanations")
        assert name.endswith(".json")
        assert_same_numbers(json.loads(content), explanations)
        name, content = download(page, "download_numbers")
    assert name.endswith(".csv")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    weights = np.concatenate([row for e in explanations for row in e.weights])
    np.testing.assert_allclose([float(line["weight"]) for line in lines], weights, atol=1e-6)
    assert "".join(line["token"] for line in lines[: len(TEXT)]) == TEXT


def assert_same_numbers(saved: list, explanations: list[Explanation]) -> None:
    assert [entry["head"] for entry in saved] == HEADS
    for entry, wanted in zip(saved, explanations, strict=True):
        found = Explanation.from_json(entry)
        assert (found.text, found.predicted) == (TEXT, wanted.predicted)
        for name in ("weights", "contributions", "probabilities", "bias"):
            np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), atol=1e-6)


def test_everything_comes_in_one_zip(page):
    with share_menu(page):
        button(page, "make_zip").click()
        expect(keyed(page, "cancel_zip")).to_be_visible()
        expect(page.locator('[data-testid="stProgress"]')).to_be_visible()
        expect(keyed(page, "download_zip")).to_be_visible(timeout=ZIP_PATIENCE)
        name, content = download(page, "download_zip")
    assert name.startswith(HOTEL) and name.endswith(f"{text_hash(TEXT)}.zip")
    # Highlights, heatmap and lines of all heads, highlight and probabilities of each.
    files = files_of_zip(content, figures=3 + 2 * len(HEADS))
    (saved,) = (content for name, content in files.items() if name.endswith(".json"))
    assert_same_numbers(json.loads(saved), explain(TEXT, HOTEL, HEADS))
    assert any(name.endswith(".csv") for name in files)
    type_text(page, "另一段文字")  # the ZIP of another view has to be made anew
    with share_menu(page):
        expect(keyed(page, "make_zip")).to_be_visible()
        expect(keyed(page, "download_zip")).to_have_count(0)


def test_a_zip_can_be_cancelled(page):
    with share_menu(page):
        button(page, "make_zip").click()
        button(page, "cancel_zip").click()
        expect(keyed(page, "make_zip")).to_be_visible(timeout=ZIP_PATIENCE)
        expect(keyed(page, "cancel_zip")).to_have_count(0)
        expect(keyed(page, "download_zip")).to_have_count(0)
