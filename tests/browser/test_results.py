"""The Results page in a real browser: one screen, a data set by a click, tables, the link."""

import csv
import io

import pytest
from playwright.sync_api import expect

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from tests.browser.conftest import answered
from tests.browser.driving import button, download, expect_address, keyed, link_of_view, press
from tests.browser.test_looks import assert_readable
from tests.pages_helpers import ALL_HEADS, HOTEL

MOODS = "simplifyweibo_4_moods"
SCREEN = {"width": 1440, "height": 900}


def test_the_answer_stands_on_one_screen(visit):
    page = visit("results", viewport=SCREEN)
    rows = page.locator(".pvs-row[data-head]")
    expect(rows).to_have_count(len(ALL_HEADS))
    accuracies = [
        read(places.SHIPPED_CHECKPOINTS / HOTEL / row.get_attribute("data-head")).card["test"][
            "accuracy"
        ]["value"]
        for row in rows.all()
    ]
    assert accuracies == sorted(accuracies, reverse=True)
    middles = [
        row.locator(".pvs-dot").evaluate(
            "e => { const r = e.getBoundingClientRect(); return r.left + r.width / 2 }"
        )
        for row in rows.all()
    ]
    assert middles == sorted(middles, reverse=True)
    last = keyed(page, "_results_section").bounding_box()
    assert last["y"] + last["height"] <= SCREEN["height"]
    assert page.get_by_test_id("stDataFrame").count() == 0


def test_a_data_set_is_chosen_by_a_click_and_the_link_reproduces_the_view(visit):
    page = visit("results")
    with answered(page):
        button(page, f"pick_{MOODS}").click()
    expect(
        page.get_by_text("Max is shown to be better than Min-variance, Average.")
    ).to_be_visible()
    press(page, "_results_section", 4)
    expect_address(page, dataset=MOODS, results="classes")
    link = link_of_view(page)
    again = visit("results", link)
    expect(again.locator(".pvk td")).to_have_count(16)
    expect(keyed(again, "_results_section").get_by_role("radio").nth(4)).to_be_checked()


def test_a_table_is_a_file(visit):
    page = visit("results", {"results": "tables", "heads": "max,attention"})
    expect(page.get_by_test_id("stDataFrame")).to_have_count(3)
    name, content = download(page, "download_differences")
    assert name == f"{HOTEL}_differences.csv"
    [line] = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (line["head A"], line["head B"]) == ("max", "attention")
    assert 0 <= float(line["p"]) <= float(line["p, Holm"]) <= 1 and line["better head"] == ""
    name, content = download(page, "download_results")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    own = next(line for line in lines if (line["dataset"], line["head"]) == (HOTEL, "max"))
    card = read(places.SHIPPED_CHECKPOINTS / HOTEL / "max").card["test"]["accuracy"]
    assert [float(own[f"accuracy{end}"]) for end in ("", " low", " high")] == list(card.values())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_can_be_read(visit, theme):
    page = visit("results", {"dataset": MOODS, "results": "classes"}, color_scheme=theme)
    assert_readable(page, ".pvs-row > div", ".pvs-foot", ".pvd th", ".pvd td", ".pvk td", ".pvk th")
