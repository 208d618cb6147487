"""The Match page in a real browser: two sentences, exported; a phone."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import settle
from tests.browser.driving import download, keyed
from tests.browser.test_export import assert_picture
from tests.browser.test_looks import PHONE, overflowing

PAIRS = "lcqmc"
MATCHERS = ("siamese-max", "siamese-attention")
SENTENCES = ("手机怎么<开>发票", "发票怎样在手机上开")  # written for this test


@pytest.fixture
def page(visit) -> Page:
    page = visit("match", {"pairs": PAIRS, "matchers": ",".join(MATCHERS)})
    for name, text in zip(("_sentence_a", "_sentence_b"), SENTENCES, strict=True):
        box = keyed(page, name).locator("textarea")
        box.fill(text)
        box.press("Control+Enter")
        settle(page)
    return page


def test_the_figure_and_the_cells_are_downloaded(page):
    name, content = download(page, "download_figure")
    assert name.startswith(PAIRS) and name.endswith(".png")
    assert_picture(content)
    name, content = download(page, "download_pairs")
    assert name.endswith(".csv")
    lines = content.decode("utf-8-sig").splitlines()
    first, second = map(len, SENTENCES)  # each character is a token
    assert len(lines) == 1 + len(MATCHERS) * first * second


def test_the_page_does_not_overflow_a_phone(visit):
    assert not overflowing(visit("match", {"pairs": PAIRS}, viewport=PHONE))
