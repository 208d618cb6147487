"""The Match page in a real browser: rows at first look, pointer and keys, links, exports."""

import json

import pytest
from playwright.sync_api import Page, expect

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.engine.pairs import PairExplainer
from poolviz.values.pairs import PairExplanation
from poolviz.views.captions import number
from poolviz.views.pairs import sentence_panels
from poolviz.views.reasons import reason_sentences
from tests.browser.driving import (
    button,
    download,
    enter_text,
    expect_address,
    expect_rows,
    keyed,
    link_of_view,
    names,
    press,
    share_menu,
)
from tests.browser.test_export import (
    ZIP_PATIENCE,
    assert_vectors,
    files_of_zip,
)
from tests.browser.test_looks import PHONE, assert_readable, overflowing
from tests.browser.test_rows import FIRST_LOOK_ON_A_PHONE, SCREENS

PAIRS = "lcqmc"
MATCHERS = ("siamese-max", "siamese-attention")
SENTENCES = ("手机怎么开发票", "发票怎样在手机上开")  # written for this test
ALL_MATCHERS = 8
ROW = ".pva-row[data-head]"
# Of each sentence in each row the places of its tokens, from the corner of the sentences' room.
PLACES = """[...document.querySelectorAll('.pvm-texts')].map(texts => {
    const from = texts.getBoundingClientRect()
    const boxes = [...texts.querySelectorAll('.pva-t')].map(e => e.getBoundingClientRect())
    return boxes.map(box => [box.left - from.left, box.top - from.top].map(Math.round))
})"""


def explained(first: str, second: str) -> list[PairExplanation]:
    checkpoints = [read(places.SHIPPED_CHECKPOINTS / PAIRS / name) for name in MATCHERS]
    return [PairExplainer(checkpoint).explain(first, second) for checkpoint in checkpoints]


def expected(first: str, second: str) -> list[list[str]]:
    """The tokens of both sentences in each row, with their numbers."""
    panels = sentence_panels(explained(first, second), "contribution")
    return [
        names(panel.summaries[index]) for index in range(len(MATCHERS)) for panel in panels.values()
    ]


@pytest.fixture
def page(visit) -> Page:
    page = visit("match", {"pairs": PAIRS, "matchers": ",".join(MATCHERS)})
    for name, text in zip(("_sentence_a", "_sentence_b"), SENTENCES, strict=True):
        enter_text(page, text, name)
    return page


def test_two_sentences_are_compared_swapped_and_linked(page, visit):
    expect_rows(page, expected(*SENTENCES))
    link = link_of_view(page, "sentence_a")
    button(page, "swap").click()
    expect_rows(page, expected(*reversed(SENTENCES)))
    assert SENTENCES[0] not in page.url
    expect_rows(visit(address=link), expected(*SENTENCES))
    expect_address(page, pairs=PAIRS)


def test_the_figure_and_the_cells_are_downloaded(page):
    with share_menu(page):
        name, content = download(page, "download_figure")
        assert name.startswith(PAIRS) and name.endswith(".svg")
        assert set(SENTENCES[0]) <= set(assert_vectors(content))
        name, content = download(page, "download_cells")
    assert name.endswith(".csv")
    lines = content.decode("utf-8-sig").splitlines()
    tokens = [len(sentence) for sentence in expected(*SENTENCES)[:2]]
    assert len(lines) == 1 + len(MATCHERS) * tokens[0] * tokens[1]


def test_everything_of_a_pair_comes_in_one_zip(visit):
    page = visit("match", {"pairs": PAIRS, "matchers": MATCHERS[0]})
    with share_menu(page):
        button(page, "make_zip").click()
        expect(keyed(page, "download_zip")).to_be_visible(timeout=ZIP_PATIENCE)
        content = download(page, "download_zip")[1]
    # Two highlights, what differs on each side, the pairs of tokens, the strongest of them.
    files = files_of_zip(content, figures=6)
    (saved,) = (content for name, content in files.items() if name.endswith(".json"))
    pair = PairExplanation.from_json(json.loads(saved)[0])
    for name, content in files.items():
        # A highlight, and what differs, show one side each.
        if name.endswith(".svg") and not any(part in name for part in ("highlight", "difference")):
            for side in pair.sides:
                assert set(side.text) <= set(assert_vectors(content)), name
    assert len([name for name in files if name.endswith(".csv")]) == 2


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_all_matchers_are_seen_at_first_look(visit, screen, locale):
    viewport = dict(zip(("width", "height"), screen, strict=True))
    page = visit("match", viewport=viewport, locale=locale)
    boxes = [row.bounding_box() for row in page.locator(ROW).all()]
    assert len(boxes) == ALL_MATCHERS
    assert max(box["y"] + box["height"] for box in boxes) < screen[1]
    assert not overflowing(page)
    chosen = page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelectTagsContainer")
    assert chosen.evaluate("e => e.scrollHeight <= e.clientHeight")


def test_the_first_matcher_is_seen_at_first_look_on_a_phone(visit):
    page = visit("match", viewport=PHONE)
    box = page.locator(ROW).first.bounding_box()
    assert box["y"] + box["height"] < FIRST_LOOK_ON_A_PHONE
    for part in range(5):
        press(page, "_match_section", part)
        assert not overflowing(page)


@pytest.mark.parametrize("width", [1440, 1000, 400])
def test_all_thresholds_and_every_token_stand_below_themselves(visit, width):
    page = visit("match", {"pairs": PAIRS}, viewport={"width": width, "height": 900})
    lefts = page.locator(f"{ROW} .pva-middle").evaluate_all(
        "all => all.map(e => Math.round(e.getBoundingClientRect().left))"
    )
    assert len(lefts) == ALL_MATCHERS and len(set(lefts)) == 1
    first, *others = page.evaluate(PLACES)
    assert first and all(other == first for other in others)


def test_pointing_at_a_token_marks_it_in_the_same_sentence_of_all_rows(page):
    expect_rows(page, expected(*SENTENCES))
    page.locator(f"{ROW} [data-of='1'] [data-position='2']").first.hover()
    marked = page.locator(".pva-on").evaluate_all(
        "all => all.map(e => [e.closest('.pva-text').dataset.of, e.dataset.position])"
    )
    assert marked == [["1", "2"]] * len(MATCHERS)
    said = page.locator(".numbers")
    expect(said).to_contain_text(f"“{SENTENCES[1][2]}” · position 3 of {len(SENTENCES[1])}")
    for row in list(sentence_panels(explained(*SENTENCES), "contribution").values())[1].summaries:
        expect(said).to_contain_text(f"{row.label} {number(row.values[2])}")
    expect(page.locator(".actions")).to_be_hidden()


def focused(page: Page) -> list:
    """The matcher, the number of the sentence, and the position of the token with the focus."""
    return page.evaluate(
        """(e => [e.closest('.pva-row').dataset.head, e.closest('.pva-text').dataset.of,
            Number(e.dataset.position)])(document.activeElement)"""
    )


def test_a_row_is_one_stop_for_tab_and_arrows_lead_through_both_sentences(page):
    expect_rows(page, expected(*SENTENCES))
    first, second = MATCHERS
    last = len(SENTENCES[0]) - 1
    page.locator(f"{ROW} .pva-t").first.focus()
    for key, wanted in (
        ("ArrowRight", [first, "0", 1]),
        ("ArrowDown", [second, "0", 1]),
        ("ArrowUp", [first, "0", 1]),
        ("End", [first, "1", len(SENTENCES[1]) - 1]),
        ("Home", [first, "0", 0]),
        *[("ArrowRight", [first, "0", place]) for place in range(1, last + 1)],
        ("ArrowRight", [first, "1", 0]),
        ("ArrowDown", [second, "1", 0]),
        ("Shift+Tab", [first, "1", 0]),
        ("Tab", [second, "1", 0]),
    ):
        page.keyboard.press(key)
        assert focused(page) == wanted, key
        stops = page.locator(f"{ROW} .pvm-texts").evaluate_all(
            "all => all.map(e => e.querySelectorAll('[tabindex=\"0\"]').length)"
        )
        assert stops == [1] * len(MATCHERS)


@pytest.mark.parametrize("choosing", ["click", "keyboard"])
def test_the_reasons_are_those_of_the_row_that_is_chosen(page, choosing):
    expect_rows(page, expected(*SENTENCES))
    first, second = (reason_sentences(pair)[0] for pair in explained(*SENTENCES))
    expect(page.get_by_text(first)).to_be_visible()
    if choosing == "click":
        page.locator(f"{ROW} .pva-name").nth(1).click()
    else:
        page.locator(f"{ROW} .pva-t").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    expect(page.get_by_text(second)).to_be_visible()
    expect(page.get_by_text(first)).to_have_count(0)
    expect(page.locator(".pva-row-chosen")).to_have_attribute("data-head", MATCHERS[1])
    expect_address(page, matrix=MATCHERS[1])
    assert page.locator(".pvl i").count() > 3
    if choosing == "keyboard":  # goes on where they were
        assert focused(page) == [MATCHERS[1], "0", 0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_readable(visit, scheme):
    page = visit("match", {"pairs": PAIRS, "mode": "triplet"}, color_scheme=scheme)
    expect(page.locator(".pvm")).to_have_count(2)
    texts = (".pva-name", ".pva-decision", ".pvm-accuracy", ".pva-head > div", ".pva-foot")
    assert_readable(page, ".pva-t", ".pvl span", ".pvl-note", ".pvm-count", *texts)
