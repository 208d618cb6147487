"""The Trust page in a real browser: its pictures, a text erased, stressed, marked, taken away."""

import csv
import io

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from poolviz.export.formats import FORMATS, figure_formats
from poolviz.text.tokens import text_hash
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.reading import STRESS_TESTS, Reading, read
from poolviz.ui.trust.sections import SECTIONS
from tests.browser.conftest import answered, settle
from tests.browser.driving import choose, download, enter_text, keyed, press, share_menu
from tests.browser.test_export import assert_picture
from tests.browser.test_looks import assert_readable
from tests.pages_helpers import HOTEL, explainer

TEXT = "早餐<难吃>，但是前台态度非常好。"  # written for this test
HEADS = ("max", "attention")


@pytest.fixture
def page(visit) -> Page:
    page = visit("trust", {"heads": ",".join(HEADS)})
    enter_text(page, TEXT)
    # A bar stands in the place of the rows where this machine is slow.
    expect(page.locator(".pve-text").first).to_have_text(TEXT)
    settle(page)
    return page


def measured(head: str = "attention") -> Reading:
    return read(Model(explainer(HOTEL, head)), TEXT)


def open_section(page: Page, section: str) -> None:
    press(page, "_trust_section", list(SECTIONS).index(section))


def row(page: Page, head: str = "attention"):
    return page.locator(f'.pve-row[data-head="{head}"]')


def test_the_pictures_are_drawn_and_nothing_else(page):
    expect(page.locator(".pvs-row[data-head]")).to_have_count(3)
    left, weight, right = (
        page.locator(f'.pvs-row[data-head="attention"] b.pvs-{ranking}').bounding_box()["x"]
        for ranking in ("random", "weight", "contribution")
    )
    assert left < weight < right
    for head in HEADS:
        width = row(page, head).locator("img").evaluate("image => image.naturalWidth")
        assert width > 0, "the curves are a picture that the browser can read"
    assert not page.locator(".js-plotly-plot, [data-testid=stDataFrame]").count()


def test_the_slider_erases_by_keyboard_and_says_what_is_left(page):
    slider = keyed(page, "curves_erased").get_by_role("slider")
    order = measured().trust.orders["weight"][0]
    struck = row(page).locator("s")
    count = len(TEXT) // 3
    expect(struck).to_have_count(count)
    for erased in (count + 1, count + 2):
        with answered(page):
            slider.press("ArrowRight")
        expect(struck).to_have_count(erased)
    wanted = [TEXT[unit] for unit in sorted(order[: count + 2])]
    assert struck.all_text_contents() == wanted
    curves = measured().trust.curves["weight"]
    expect(row(page)).to_contain_text(f"{curves.deletion[count + 2]:.0%}")
    page.reload()
    expect(struck).to_have_count(count + 2)


def test_a_text_is_stressed_and_marked(page):
    open_section(page, "stress")
    for number in (*range(1, len(STRESS_TESTS)), 0):
        press(page, "_trust_stress", number)
        expect(keyed(page, "_trust_stress").get_by_role("radio").nth(number)).to_be_checked()
    open_section(page, "padding")
    expect(page.get_by_text("passed on 5 of 5")).to_be_visible()
    open_section(page, "person")
    tables = page.get_by_test_id("stDataFrame")
    marks = keyed(page, f"marks_{text_hash(TEXT)}_{len(TEXT)}")
    tokens = marks.locator("button[data-variant]")
    expect(tokens).to_have_count(len(TEXT))
    for wanted in (1, 0):  # marked, and no longer
        with answered(page):
            tokens.nth(3).click()
        expect(tables).to_have_count(wanted)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pictures_are_readable(visit, scheme):
    page = visit("trust", {"erased": "20"}, color_scheme=scheme)
    expect(page.locator(".pve-other").first).to_be_visible()
    of_heads = (".pvs-lead", ".pvs-head span", ".pvs-name", ".pvs-said", ".pvs-foot")
    of_text = (".pve-name", ".pve-other", ".pve-text", ".pve-text s", ".pve-foot")
    assert_readable(page, *of_heads, *of_text)


def test_a_phone_has_no_sideways_scroll(visit):
    page = visit("trust", viewport={"width": 400, "height": 850})
    expect(page.locator(".pve-row[data-head]")).to_have_count(5)
    first = page.locator(".pvs-row[data-head]").first.bounding_box()
    assert first["y"] + first["height"] < 850
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")


def test_a_figure_and_the_curves_are_downloaded(page):
    with share_menu(page):
        choose(page, "export_figure", 2)
        choose(page, "export_head", 2)  # the control stands between the two
        formats = [name for name in figure_formats() if "chart" in FORMATS[name].kinds]
        choose(page, "export_format", formats.index("png"))
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
    np.testing.assert_allclose(lines, measured().trust.curves["weight"].deletion, atol=1e-6)
