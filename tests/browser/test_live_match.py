"""Match follows each key in both boxes, under the matchers that the browser knows."""

import pytest
from playwright.sync_api import Locator, Page, expect

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.engine.pairs import PairExplainer
from poolviz.values.pairs import PairExplanation
from poolviz.views.matchers import pair_row
from poolviz.views.pairs import sentence_panels
from tests.browser.conftest import answered
from tests.browser.driving import (
    button,
    expect_rows,
    go_to_box,
    hand_over,
    hold_pauses,
    keyed,
    names,
    pause,
)

PAIRS = "lcqmc"
MATCHERS = ("siamese-max", "siamese-multi-head", "interactive-additive")
SENTENCES = ("怎么开发票", "发票怎么")
LIVE = ".pva-live"


@pytest.fixture
def page(visit) -> Page:
    """Match, its matchers in the browser and the cursor at the end of the second sentence."""
    page = visit("match", address_of(*SENTENCES))
    hold_pauses(page)
    go_to_box(page, "_sentence_b")
    return page


def address_of(first: str, second: str) -> dict[str, str]:
    chosen = {"pairs": PAIRS, "matchers": ",".join(MATCHERS)}
    return {**chosen, "sentence_a": first, "sentence_b": second}


def box(page: Page, name: str) -> Locator:
    return keyed(page, f"_sentence_{name}").locator("textarea")


def explained(first: str, second: str, matchers=MATCHERS) -> list[PairExplanation]:
    checkpoints = [read(places.SHIPPED_CHECKPOINTS / PAIRS / name) for name in matchers]
    return [PairExplainer(checkpoint).explain(first, second) for checkpoint in checkpoints]


def shown(pairs: list[PairExplanation]) -> list[list[str]]:
    panels = sentence_panels(pairs, "contribution")
    return [
        names(panel.summaries[index]) for index in range(len(pairs)) for panel in panels.values()
    ]


def test_rows_follow_the_keys_and_show_what_python_says(page):
    sent = page.evaluate("traffic.sent")
    page.keyboard.type("开")
    live = page.locator(LIVE)
    decisions = live.locator(".pva-decision")
    expect(decisions).to_have_count(len(MATCHERS))
    known = explained("怎么开发票", "发票怎么开", MATCHERS[:2])
    assert live.locator(".pva-text").evaluate_all(
        "all => all.map(line => [...line.querySelectorAll('.pva-t')].map("
        "token => `${token.textContent}, ${token.dataset.value}`))"
    ) == shown(known)
    for decision, pair in zip(decisions.all(), known, strict=False):
        row = pair_row(pair)
        assert decision.inner_text().strip() == f"{row.verdict} · {row.standing}"
    expect(decisions.nth(2)).to_have_text("answers when you pause")
    says = sum(pair.matches for pair in known)
    expect(live.locator(".pvm-count")).to_have_text(f"{says} of 2 say match.")
    assert page.evaluate("traffic.sent") == sent
    hand_over(page)
    expect(live).to_have_count(0)
    expect_rows(page, shown(explained("怎么开发票", "发票怎么开")))
    expect(page.locator(".live-note")).to_be_hidden()


def test_both_boxes_keep_what_is_typed_while_python_answers(page):
    for name, letters in (("b", "开呢吗"), ("a", "在手机上")):
        box(page, name).click()
        page.keyboard.press("End")
        for letter in letters:
            page.keyboard.type(letter)
            expect(page.locator(LIVE)).to_have_count(1)
            if letter in "呢机":
                assert pause(page)
    hand_over(page)
    expect(box(page, "a")).to_have_value("怎么开发票在手机上")
    expect(box(page, "b")).to_have_value("发票怎么开呢吗")
    expect_rows(page, shown(explained("怎么开发票在手机上", "发票怎么开呢吗")))
    expect(page.locator(LIVE)).to_have_count(0)


def test_swapping_while_typing_takes_what_was_typed(page):
    page.keyboard.type("开")
    expect(page.locator(LIVE)).to_have_count(1)
    button(page, "swap").click()
    expect_rows(page, shown(explained("发票怎么开", "怎么开发票")))
    expect(box(page, "a")).to_have_value("发票怎么开")
    expect(page.locator(LIVE)).to_have_count(0)


def test_matchers_that_all_wait_are_not_followed(visit):
    page = visit("match", {**address_of(*SENTENCES), "matchers": MATCHERS[2]})
    hold_pauses(page)
    with answered(page):
        box(page, "b").click()
    page.keyboard.press("End")
    page.keyboard.type("开")
    assert not pause(page)
    expect(page.locator(LIVE)).to_have_count(0)
    with answered(page):
        page.keyboard.press("Control+Enter")
    expect_rows(page, shown(explained("怎么开发票", "发票怎么开", MATCHERS[2:])))


def test_what_the_matchers_cannot_read_is_said_at_each_key(page):
    said, of_python = page.locator(".pva-doubts"), page.locator(".st-key-doubts")
    box(page, "b").fill("The room was clean")
    expect(said).to_contain_text("Sentence B: This text is written in Latin letters")
    box(page, "a").fill("Nobody knows")
    expect(said).to_contain_text("Sentence A, Sentence B: This text is written in Latin letters")
    expect(of_python).to_be_hidden()
    hand_over(page)
    expect(said).to_have_count(0)
    expect(of_python).to_contain_text("Sentence A, Sentence B: This text is written")
