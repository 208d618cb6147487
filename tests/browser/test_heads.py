"""The Heads page in a real browser: one screen, switches, the link, files."""

import csv
import io

import pytest
from playwright.sync_api import expect

from poolviz.evaluation.anatomy import effective_tokens, without_rows
from poolviz.text.tokens import text_hash
from tests.browser.conftest import answered
from tests.browser.driving import download, enter_text, keyed, link_of_view, press, share_menu
from tests.browser.test_looks import assert_readable
from tests.pages_helpers import ALL_HEADS, HOTEL, explain

TEXT = "早餐<难吃>，但是前台态度非常好。"  # written for this test
SCREEN = {"width": 1440, "height": 900}
ROWS = len(ALL_HEADS) + 3  # four of multi-head attention


def test_all_weight_rows_stand_on_one_screen(visit):
    page = visit("heads", viewport=SCREEN)
    rows = page.locator(".pvh-row[data-head]")
    expect(rows).to_have_count(ROWS)
    last = keyed(page, "_heads_section").bounding_box()
    assert last["y"] + last["height"] <= SCREEN["height"]
    enter_text(page, TEXT)
    expect(rows.nth(0).locator(".pvh-spread")).to_contain_text(f"of {len(TEXT)}")
    assert page.locator(".pvh-tokens").inner_text().replace("\n", "") == TEXT
    bars = rows.locator(".pvh-bars i")
    expect(bars).to_have_count(ROWS)
    clips = bars.evaluate_all("all => all.map(e => getComputedStyle(e).clipPath)")
    assert all(clip.startswith("polygon(") for clip in clips)
    assert not page.locator(".js-plotly-plot").count()


def test_a_row_is_switched_off_and_the_link_reproduces_it(visit):
    page = visit("heads")
    enter_text(page, TEXT)
    press(page, "_heads_section", 0)
    press(page, "on_multi-head_2")
    [explanation] = explain(TEXT, HOTEL, ["multi-head"])
    left = without_rows(explanation, [2])
    numbers = page.locator(".pvw-number b")
    for place, k in enumerate((-explanation.probabilities).argsort()):
        expect(numbers.nth(place)).to_have_text(f"{left[k]:.1%}")
    again = visit("heads", link_of_view(page, "text"))
    expect(keyed(again, "on_multi-head_2").locator("input")).not_to_be_checked()
    expect(again.locator(".pvw-number b").first).to_have_text(numbers.first.inner_text())


def test_the_numbers_are_a_file(visit):
    page = visit("heads", {"heads": "max,multi-head"})
    enter_text(page, TEXT)
    with share_menu(page):
        name, content = download(page, "download_anatomy")
    assert name == f"{HOTEL}_2-heads_anatomy_{text_hash(TEXT)}.csv"
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    weights = [
        row
        for explanation in explain(TEXT, HOTEL, ["max", "multi-head"])
        for row in explanation.weights
    ]
    found = [float(line["effective tokens"]) for line in lines]
    assert found == pytest.approx([float(effective_tokens(row)) for row in weights], rel=1e-4)
    assert float(lines[0]["distance from Max"]) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_can_be_read(visit, theme):
    page = visit("heads", {"heads_part": "switches"}, color_scheme=theme)
    with answered(page):
        keyed(page, "on_multi-head_0").locator("label").click()
    assert_readable(
        page,
        ".pvh-name",
        ".pvh-name small",
        ".pvh-spread",
        ".pvh-top",
        ".pvh-cells span",
        ".pvh-foot",
        ".pvw-row > div",
        ".pvw-foot",
    )
