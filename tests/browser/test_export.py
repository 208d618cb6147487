"""Downloads of the Compare page, opened as their readers would."""

import io
import json
import xml.etree.ElementTree as ElementTree
import zipfile

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.driving import choose, download, keyed
from tests.pages_helpers import HOTEL, explain

TEXT = "早餐难吃，但是前台态度非常好。"
HEADS = ["max", "attention"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def page(visit):
    return visit(address={"heads": ",".join(HEADS), "text": TEXT})


def _choose_format(page, number: int) -> None:
    choose(page, "export_format", number)
    settle(page)


def test_a_png_has_colours_and_size(page):
    name, content = download(page, "download_figure")
    assert name.endswith(".png")
    assert HOTEL in name
    image = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    assert min(image.shape[:2]) > 100
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 20


def test_an_svg_holds_the_text_as_text_and_no_bitmap(page):
    _choose_format(page, 1)
    name, content = download(page, "download_figure")
    assert name.endswith(".svg")
    tree = ElementTree.fromstring(content)
    words = "".join("".join(text.itertext()) for text in tree.iter(f"{SVG}text"))
    assert all(character in words for character in TEXT)
    assert not list(tree.iter(f"{SVG}image"))


def test_the_numbers_are_those_of_the_explanation(page):
    _name, content = download(page, "download_json")
    explanations = explain(TEXT, HOTEL, HEADS)
    saved = json.loads(content)
    assert [entry["head"] for entry in saved] == HEADS
    for entry, explanation in zip(saved, explanations, strict=True):
        assert np.allclose(entry["weights"], explanation.weights)
        assert np.allclose(entry["head_contributions"], explanation.contributions)
    _name, content = download(page, "download_csv")
    lines = content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + sum(e.weights.size for e in explanations)


def test_everything_in_one_zip(page):
    keyed(page, "make_zip").locator("button").click()
    expect(keyed(page, "download_zip")).to_be_visible(timeout=180_000)
    name, content = download(page, "download_zip")
    assert name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    endings = {name.rsplit(".", 1)[-1] for name in files}
    assert {"png", "svg", "pdf", "html", "csv", "json", "txt"} <= endings
    for name, data in files.items():
        if name.endswith(".pdf"):
            assert data.startswith(b"%PDF")
        if name.endswith(".png"):
            Image.open(io.BytesIO(data)).verify()


def test_a_zip_can_be_cancelled(page):
    keyed(page, "make_zip").locator("button").click()
    keyed(page, "cancel_zip").locator("button").click()
    expect(keyed(page, "make_zip")).to_be_visible(timeout=60_000)
    expect(keyed(page, "download_zip")).to_have_count(0)
