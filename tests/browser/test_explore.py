"""The Explore page as a visitor uses it: a file of one's own, its rows opened in Compare."""

from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.driving import choose, keyed

TEXTS = ("房间很干净，早餐也好吃。", "<b>空调</b>太吵，不会再来。")
OWN_FILE = 2  # in the list of sources, after test rows and all rows


def choose_own_file(page, content: bytes) -> None:
    """Leave the reviews that come with the installation for a file of one's own."""
    choose(page, "_explore_source", OWN_FILE)
    keyed(page, "explore_file").locator("input[type=file]").set_input_files(
        {"name": "rows.csv", "mimeType": "text/csv", "buffer": content}
    )
    settle(page)


def test_a_row_of_an_own_file_opens_in_compare_and_the_file_is_still_there(visit):
    page = visit("explore")
    choose_own_file(page, f"label,text\n正面,{TEXTS[0]}\n负面,{TEXTS[1]}\n".encode("gb18030"))
    table = keyed(page, "explore_rows").locator("canvas").first
    below_the_first_row = {"x": 200, "y": 35 * 2 + 17}
    table.click(position=below_the_first_row, force=True)  # a layer above it takes the click
    box = keyed(page, "_text").locator("textarea")
    expect(box).to_have_value(TEXTS[1])
    settle(page)
    assert page.locator(".pva-text").first.text_content() == TEXTS[1]
    assert "text=" not in page.url  # an own text is not put into the address
    page.go_back()
    expect(keyed(page, "explore_rows")).to_be_visible()
    settle(page)
    expect(page.get_by_text("2 of 2 rows")).to_be_visible()


def test_predicting_shows_every_heads_class_and_the_contexts_of_a_token(visit):
    page = visit("explore", {"heads": "max,attention"})
    rows = "".join(f"正面,早餐好吃<i>{number}</i>\n" for number in range(20))
    choose_own_file(page, f"label,text\n{rows}".encode("utf-8-sig"))
    page.get_by_role("button", name="Predict all rows").click()
    button = page.get_by_role("button", name="Predict all rows").or_(
        page.locator('[data-testid="stProgress"]')
    )
    expect(button).to_have_count(0)
    keyed(page, "_explore_view").get_by_role("radio").nth(1).click()
    expect(keyed(page, "_explore_token")).to_be_visible()
    settle(page)
    choose(page, "_explore_token", 0)
    expect(page.locator(".pv-kwic mark")).to_have_count(20)
    settle(page)
    assert "<i>0</i>" in page.locator(".pv-kwic tbody tr").first.inner_text()
