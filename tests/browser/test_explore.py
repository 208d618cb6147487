"""The Explore page as a visitor uses it: agreement, filters, rows as a file, rows in Compare."""

import csv
import io
import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import answered, settle
from tests.browser.driving import button, choose, download, keyed

TEXTS = ("房间很干净，早餐也好吃。", "<b>空调</b>太吵，不会再来。", "一般般<script>。")
OWN_FILE = 2  # in the list of sources, after test rows and all rows
PHONE = {"viewport": {"width": 400, "height": 850}}


def choose_own_file(page: Page, content: bytes) -> None:
    """Leave the reviews that come with the installation for a file of one's own."""
    choose(page, "_explore_source", OWN_FILE)
    keyed(page, "explore_file").locator("input[type=file]").set_input_files(
        {"name": "rows.csv", "mimeType": "text/csv", "buffer": content}
    )
    expect(page.get_by_role("heading", name="rows.csv")).to_be_visible()
    settle(page)


def predict(page: Page) -> None:
    """Have all rows predicted, unless they are."""
    start = page.get_by_role("button", name="Predict all rows")
    if start.count():
        start.click()
    expect(page.locator(".pvg-answer")).to_be_visible()
    settle(page)


def pair(page: Page, names: str):
    return page.locator(f'[data-choose="pair:{names}"]')


def lines(page: Page):
    return page.locator(".pvr tbody tr")


def test_ten_reviews_on_which_two_heads_disagree_are_a_file_after_three_clicks(visit):
    page = visit("explore", {"heads": "max,attention,average"})
    predict(page)
    with answered(page):
        pair(page, "max,attention").click()
    with answered(page):
        button(page, "share_menu").click()
    name, content = download(page, "download_10_rows_csv")
    assert name.endswith(".csv")
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(table) == 10
    for line in table:
        assert line["max: predicted"] != line["attention: predicted"]
        tokens, weights = json.loads(line["tokens"]), line["max: weights"].split(" ")
        assert len(tokens) == len(weights)
        assert sum(map(float, weights)) == pytest.approx(1, abs=0.01)
        assert len(line["text"]) == int(line["characters"])
        assert float(line["max: 正面"]) + float(line["max: 负面"]) == pytest.approx(1, abs=1e-4)


def test_a_filter_is_a_chip_in_the_address_that_goes_with_one_click(visit):
    page = visit("explore", {"heads": "max,attention,average"})
    predict(page)
    with answered(page):
        pair(page, "average,attention").click()
    chip = button(page, "chip_explore_pair")
    expect(chip).to_contain_text("Average and Attention disagree")
    expect(pair(page, "average,attention")).to_have_attribute("aria-pressed", "true")
    left = keyed(page, "chips").locator("strong").inner_text()
    page.reload()
    settle(page)
    expect(keyed(page, "chips").locator("strong")).to_have_text(left)
    with answered(page):
        chip.click()
    expect(chip).to_have_count(0)
    expect(page.get_by_text("7,033 of 7,033 rows")).to_be_visible()
    assert "disagree=" not in page.url


def test_a_row_of_an_own_file_opens_in_compare_and_the_next_one_is_a_step_away(visit):
    page = visit("explore")
    rows = "".join(f"正面,{text}\n" for text in TEXTS)
    choose_own_file(page, f"label,text\n{rows}".encode("gb18030"))
    assert not page.locator(".pvr b, .pvr script").count()
    lines(page).nth(1).click(position={"x": 5, "y": 5})
    box = keyed(page, "_text").locator("textarea")
    expect(box).to_have_value(TEXTS[1])
    settle(page)
    assert page.locator(".pva-text").first.text_content() == TEXTS[1]
    assert "text=" not in page.url  # an own text is not put into the address
    expect(page.get_by_text("2 of 3", exact=True)).to_be_visible()
    with answered(page):
        button(page, "walk_on").click()
    expect(box).to_have_value(TEXTS[2])
    expect(button(page, "walk_on")).to_be_disabled()
    page.get_by_role("link", name="Explore").click()
    expect(page.get_by_text("3 of 3 rows")).to_be_visible()
    settle(page)


def test_a_row_is_found_and_opened_with_the_keyboard_alone(visit):
    page = visit("explore")
    rows = "".join(f"正面,{text}\n" for text in TEXTS)
    choose_own_file(page, f"label,text\n{rows}".encode())
    lines(page).nth(0).get_by_role("button").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(keyed(page, "_text").locator("textarea")).to_have_value(TEXTS[2])
    settle(page)


def test_a_file_that_is_taken_away_is_gone(visit):
    page = visit("explore")
    choose_own_file(page, f"text\n{TEXTS[0]}\n".encode())
    expect(lines(page)).to_have_count(1)
    with answered(page):
        keyed(page, "explore_file").get_by_role("button", name="Remove").click()
    expect(lines(page)).to_have_count(0)
    expect(page.get_by_role("heading", name="rows.csv")).to_have_count(0)
    page.get_by_role("link", name="Compare").click()
    settle(page)
    page.get_by_role("link", name="Explore").click()
    settle(page)
    expect(lines(page)).to_have_count(0)
    expect(keyed(page, "explore_file_gone")).to_have_count(0)


def test_the_contexts_of_a_token_are_a_click_on_it_away(visit):
    page = visit("explore", {"heads": "max,attention"})
    rows = "".join(f"正面,早餐好吃<i>{number}</i>\n" for number in range(20))
    choose_own_file(page, f"label,text\n{rows}".encode("utf-8-sig"))
    predict(page)
    with answered(page):
        keyed(page, "_explore_view").get_by_role("radio").nth(1).click()
    with answered(page):
        page.locator('.pvk [data-choose="token:餐"]').first.click()
    expect(page.locator(".pv-kwic mark")).to_have_count(20)
    assert "<i>0</i>" in page.locator(".pv-kwic tbody tr").first.inner_text()


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_nothing_of_the_table_is_cut_off(visit, options):
    page = visit("explore", **options)
    predict(page)
    inside = page.evaluate("""() => {
        const box = document.querySelector('.pvr')
        const cells = [...box.querySelectorAll('tbody td')].filter(cell => cell.offsetParent)
        const end = box.getBoundingClientRect().right
        return cells.every(cell => cell.getBoundingClientRect().right <= end + 1)
            && box.scrollWidth <= box.clientWidth + 1
    }""")
    assert inside
    text = lines(page).first.locator(".pvr-text").bounding_box()
    assert text["width"] >= 300
