"""The Train page in a browser: a file dropped, a model trained, its curves, Compare."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import answered, settle
from tests.browser.driving import button, keyed
from tests.datasets.readers.workbooks.test_xlsx import pairs_sheet, workbook

TRAINING = 240_000  # milliseconds: TensorFlow takes long to load on a busy machine
GOOD, BAD = ("很好喝", "服务热情", "味道不错"), ("太难喝", "服务很差", "等了很久")


def rows() -> bytes:
    lines = [
        f"{words[n % 3]}，{words[(n // 3) % 3]}，第{n}次来,{label}"
        for n in range(60)
        for words, label in ((GOOD, "好"), (BAD, "坏"))
    ]
    return "\n".join(["评论,标签", *lines]).encode("gb18030")


def give(page: Page, name: str) -> None:
    files = [{"name": f"{name}.csv", "mimeType": "text/csv", "buffer": rows()}]
    with answered(page):
        keyed(page, "train_file").locator("input[type=file]").set_input_files(files)
    expect(page.locator(".pvh")).to_contain_text("120 rows of 120")


def test_a_workbook_takes_the_place_of_a_file_with_an_encoding(visit):
    page = visit("train")
    give(page, "drinks")
    rows = pairs_sheet(*[(f"房间很干净，第{n}次来", n % 2) for n in range(60)])
    files = [{"name": "rooms.xlsx", "mimeType": "", "buffer": workbook({"评论": rows})}]
    with answered(page):
        keyed(page, "train_file").locator("input[type=file]").set_input_files(files)
    expect(page.locator(".pvh")).to_contain_text("60 rows of 60")
    settle(page)


def only(page: Page, *heads: str) -> None:
    """Take the other heads away."""
    chosen = keyed(page, "train_heads_classification")
    for head in ("Max", "Average", "Min-variance", "Attention", "Multi-head attention"):
        if head not in heads:
            with answered(page):
                chosen.get_by_role("button", name=f"Remove {head}", exact=True).click()


def test_a_file_becomes_a_model_that_compare_shows(visit):
    page = visit("train")
    give(page, "drinks")
    expect(page.locator(".pvh-lengths i").first).to_be_visible()
    only(page, "Max")
    with answered(page):
        field = keyed(page, "train_epochs_classification").locator("input")
        field.fill("40")
        field.press("Enter")
    button(page, "train_start").click()
    training = page.locator('[class*="st-key-training_"]').first
    expect(training).to_contain_text("drinks")
    # It goes on without this tab, and its curves are there while it runs, or when it has ended.
    page.reload()
    expect(training.get_by_role("link", name="Compare")).to_be_visible(timeout=TRAINING)
    training.get_by_text("Curves and log").click()
    expect(training.locator(".pvc img").first).to_be_visible()
    expect(training).to_contain_text("Max 100.0%")
    expect(page.get_by_text("Models of my own")).to_be_visible()
    training.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("What does each pooling head look at?")).to_be_visible()
    settle(page)
    assert "dataset=drinks" in page.url
    expect(keyed(page, "_dataset").locator("input")).to_have_value("drinks")
    expect(page.locator(".pva-text").first).to_be_visible()


def test_one_that_runs_can_be_cancelled_and_taken_off_the_list(visit):
    page = visit("train")
    give(page, "cancelled")
    button(page, "train_start").click()
    training = page.locator('[class*="st-key-training_"]', has_text="cancelled").first
    training.get_by_role("button", name="Cancel").click()
    expect(training.get_by_role("button", name="Resume")).to_be_visible(timeout=TRAINING)
    settle(page)
    with answered(page):
        training.get_by_role("button", name="Take off the list").click()
    expect(page.locator('[class*="st-key-training_"]', has_text="cancelled")).to_have_count(0)
