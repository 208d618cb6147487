"""The Trust page in a real browser: a text measured, stressed, marked, and taken away."""

import csv
import io

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from poolviz.text.tokens import text_hash
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.rankings import RANKINGS
from poolviz.trust.text.reading import STRESS_TESTS, read
from tests.browser.conftest import answered, settle
from tests.browser.driving import choose, download, enter_text, keyed, press, share_menu
from tests.browser.test_export import assert_picture
from tests.pages_helpers import HOTEL, explainer

TEXT = "早餐<难吃>，但是前台态度非常好。"  # written for this test
HEADS = ("max", "attention")


@pytest.fixture
def page(visit) -> Page:
    page = visit("trust", {"heads": ",".join(HEADS)})
    enter_text(page, TEXT)
    # A bar stands in the place of the curves where this machine is slow.
    expect(keyed(page, "disagreement_head")).to_be_visible()
    settle(page)
    return page


def test_a_text_is_measured_stressed_and_marked(page):
    for head in HEADS:
        lines = keyed(page, f"curves_{head}").locator(".scatterlayer .trace")
        expect(lines).to_have_count(len(RANKINGS))
    for number in (*range(1, len(STRESS_TESTS)), 0):
        press(page, "stress", number)
        expect(keyed(page, "stress").get_by_role("radio").nth(number)).to_be_checked()
    tables = page.get_by_test_id("stDataFrame")
    before = tables.count()
    with answered(page):
        keyed(page, "check_padding").locator("button").click()
    expect(tables).to_have_count(before + 1)
    tokens = keyed(page, f"marks_{text_hash(TEXT)}_{len(TEXT)}").locator("button")
    expect(tokens).to_have_count(len(TEXT))
    for wanted in (before + 2, before + 1):  # marked, and no longer
        with answered(page):
            tokens.nth(3).click()
        expect(tables).to_have_count(wanted)


def test_a_figure_and_the_curves_are_downloaded(page):
    with share_menu(page):
        choose(page, "export_figure", 2)
        choose(page, "export_head", 2)  # the control stands between the two
        name, content = download(page, "download_figure")
        assert name == f"{HOTEL}_attention_disagreement_{text_hash(TEXT)}.png"
        assert_picture(content)
        name, content = download(page, "download_trust-curves")
    assert name.endswith(f"{text_hash(TEXT)}.csv")
    lines = [
        float(line["deletion"])
        for line in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        if (line["head"], line["ranking"]) == ("attention", "weight")
    ]
    wanted = read(Model(explainer(HOTEL, "attention")), TEXT).trust.curves["weight"].deletion
    np.testing.assert_allclose(lines, wanted, atol=1e-6)
