"""A page that is chosen straight out of a changed text box opens, with what was typed."""

import pytest
from playwright.sync_api import expect

from tests.browser.driving import keyed

TITLES = {"": "Compare", "heads": "Heads", "trust": "Trust"}


@pytest.mark.parametrize(("here", "there"), [("", "trust"), ("heads", "trust"), ("trust", "")])
def test_a_link_out_of_a_changed_box_is_followed(visit, here, there):
    page = visit(here, {"heads": "max", "text": "房间"})
    box = keyed(page, "_text").locator("textarea")
    box.click()
    page.keyboard.press("End")
    page.keyboard.type("很吵")
    page.get_by_role("link", name=TITLES[there], exact=True).click()
    page.wait_for_url(lambda address: address.partition("?")[0].endswith(f"/{there}"))
    expect(box).to_have_value("房间很吵")


def test_a_link_out_of_a_name_of_ones_own_is_followed(visit):
    page = visit("train")
    name = keyed(page, "train_zip_name").locator("input")
    page.get_by_text("Take in models from a ZIP").click()
    name.click()
    page.keyboard.type("theirs")
    page.get_by_role("link", name="Heads", exact=True).click()
    page.wait_for_url("**/heads?**")
