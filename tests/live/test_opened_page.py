"""The live page as a reader has it: a file that is opened, typed into, switched and printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextvars import copy_context
from datetime import date

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.engine.texts import Explainer, explain_each
from poolviz.figures.texts.aligned import aligned_changes_html, aligned_html
from poolviz.language import LANGUAGES, use
from poolviz.live.page import live_page
from poolviz.model.kinds import USUAL
from poolviz.text.encoding import encode
from poolviz.views.changes import compare_texts
from poolviz.views.decisions import named_class
from poolviz.views.doubts import doubts
from poolviz.views.panel import panel
from poolviz.views.view import View

expect.set_options(timeout=30_000)  # milliseconds: other tests run at the same time
SHIPPED = list_checkpoints([places.SHIPPED_CHECKPOINTS])
HOTEL = "chnsenticorp_htl_all"
TEXT = "都说服务好，我们等了四十分钟才办好入住。"
TYPED = "  早餐 <b>很好</b> 𠮷 👍🏽\n但是…"
DAY = date(2026, 1, 2)
# Of a table all that a reader sees: each row's words, and each token with its tint and number.
SEEN = """table => {
    const all = (row, what) => [...row.querySelectorAll(what)]
    const words = (row, what) => all(row, what).map(each => each.textContent).join(' ')
    const LINE = '.pva-text:not(.pva-rows)'
    const stepOf = token => Number(/pva-([np]?)(\\d+)/.exec(token.className)?.slice(1).join('')
        .replace("n", "-").replace("p", "") ?? 0)
    const rows = all(table, '.pva-row').map(row => ({
        head: row.dataset.head ?? '',
        words: row.dataset.head ? words(row, '.pva-name, .pva-decision') : row.textContent,
        bars: all(row, '.pva-axis i').map(
            ({className, style}) => [className.trim(), style.left, style.width]),
        text: row.querySelector(LINE)?.textContent ?? '',
        label: (row.querySelector(LINE)?.getAttribute('aria-label') ?? '').replace(/\u2060/g, ''),
        grey: words(row, LINE + ' .pva-left'),
        tokens: all(row, LINE + ' .pva-t').map(token => ({
            text: token.textContent, step: stepOf(token), value: Number(token.dataset.value ?? 0),
            classes: token.className.replace(/pva-[np]?\\d+/, 'tint')
                .replace(/ pva-(on|near|chosen)/g, ''),
            title: token.title.replace(/ \\S+$|\u2060/g, ''),  // Python keeps ">" harmless
        })),
    }))
    return [...rows, table.className, words(table, '.pva-foot')]
}"""


def checkpoints_of(task: str, readout: str = "linear", heads: tuple[str, ...] | None = None):
    return choose(SHIPPED, task, [USUAL], heads, readout)


@pytest.fixture
def opened(browser, tmp_path) -> Iterator:
    """`opened(content)`: the file in a tab of its own, in which nothing may go wrong."""
    problems, tabs = [], []

    def open_file(content: bytes, **options) -> Page:
        (tmp_path / "page.html").write_bytes(content)
        tab = browser.new_page(**options)
        tabs.append(tab)
        tab.on("console", lambda message: problems.append(message.text))
        tab.on("pageerror", lambda error: problems.append(str(error)))
        tab.on("dialog", lambda dialog: problems.append(dialog.message))
        address = (tmp_path / "page.html").as_uri()
        tab.on("request", lambda asked: asked.url == address or problems.append(asked.url))
        tab.goto(address)
        return tab

    yield open_file
    for tab in tabs:
        tab.close()
    assert not problems


def seen(page: Page) -> list:
    return page.locator(".pva").first.evaluate(SEEN)


@pytest.fixture
def seen_of_python(browser) -> Iterator:
    """`seen_of_python(text, checkpoints, view, language)`: what Compare shows of the text."""
    page = browser.new_page()

    def look(text: str, checkpoints, view: View, language: str, changed: str | None = None) -> list:
        def draw() -> str:
            use(language)
            explainers = [Explainer(checkpoint) for checkpoint in checkpoints]
            found = explain_each(explainers, text)
            shown = panel(found, view)
            target = shown.view.target or named_class(found)
            if changed is None:
                return aligned_html(shown, target)
            changes = compare_texts(found, explain_each(explainers, changed), view)
            return aligned_changes_html(changes, target)

        page.set_content(copy_context().run(draw))
        return seen(page)

    yield look
    page.close()


def assert_same(found: list, wanted: list) -> None:
    assert found[-2:] == wanted[-2:]
    for one, other in zip(found[:-2], wanted[:-2], strict=True):
        pairs = list(zip(one.pop("tokens"), other.pop("tokens"), strict=True))
        assert one == other
        for token, own in pairs:
            step, value = token.pop("step"), token.pop("value")
            assert abs(step - own.pop("step")) <= 1
            assert value == pytest.approx(own.pop("value"), rel=0.011, abs=1e-6)
            assert token == own


VIEWS = [
    View(scale="uniform"),
    View(scale="head"),
    View(scale="shared", spread=True),
    View("contribution"),
    View("contribution", target="负面", scale="head"),
    View("alternative", scale="shared"),
]


@pytest.mark.parametrize("view", VIEWS)
def test_it_looks_as_compare_does(opened, seen_of_python, view):
    checkpoints = checkpoints_of(HOTEL)
    page = opened(live_page(checkpoints, TEXT, view, DAY))
    assert_same(seen(page), seen_of_python(TEXT, checkpoints, view, "en"))
    page.fill("#text", TYPED)
    page.wait_for_function("() => document.querySelector('.pva-t').textContent === '早'")
    assert_same(seen(page), seen_of_python(TYPED, checkpoints, view, "en"))


@pytest.mark.parametrize(
    ("task", "readout", "text"),
    [
        ("bbc_news", "linear", "The striker didn't score 3 goals, and United's fans — they left."),
        (HOTEL, "mlp", TEXT),
        ("weibo_senti_100k", "linear", "[哈哈]今天@某人 好开心！http://t.cn/abc"),
        ("simplifyweibo_4_moods", "linear", "今天好开心！"),
    ],
)
def test_other_data_sets_and_another_language(opened, seen_of_python, task, readout, text):
    checkpoints = checkpoints_of(task, readout)
    view = View("contribution", target=checkpoints[0].classes[0], against=checkpoints[0].classes[1])
    page = opened(live_page(checkpoints, text, view, DAY))
    page.select_option("[name=lang]", "zh_CN")
    assert_same(seen(page), seen_of_python(text, checkpoints, view, "zh_CN"))
    assert page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize("view", [View(scale="head"), View("contribution", target="负面")])
def test_before_and_after_look_as_on_compare(opened, seen_of_python, view):
    checkpoints = checkpoints_of(HOTEL)
    page = opened(live_page(checkpoints, TEXT, view, DAY))
    page.locator('[data-head="max"].pva-t').nth(4).focus()
    page.keyboard.press("Delete")
    changed = TEXT.replace("好，", "，")
    assert_same(seen(page), seen_of_python(TEXT, checkpoints, view, "en", changed))
    page.locator(".pva-stop .pva-t[data-position]").first.click()
    page.locator(".actions input").fill("谁 都")
    page.locator(".actions input").press("Enter")
    changed = f"谁 {changed}"
    assert_same(seen(page), seen_of_python(TEXT, checkpoints, view, "en", changed))
    page.locator("#edits button").nth(2).click()  # go on with this text
    assert page.locator("#text").input_value() == changed
    assert_same(seen(page), seen_of_python(changed, checkpoints, view, "en"))


def test_a_pinned_text_stays_the_one_before(opened, seen_of_python):
    checkpoints = checkpoints_of(HOTEL)
    page = opened(live_page(checkpoints, TEXT, View(), DAY))
    page.locator("#edits button").click()
    page.fill("#text", "床很舒服")
    page.wait_for_function("() => document.querySelector('.pva-new')")
    assert_same(seen(page), seen_of_python(TEXT, checkpoints, View(), "en", "床很舒服"))
    expect(page.locator("#edits")).to_contain_text(TEXT)
    page.locator("#edits button").click()
    assert_same(seen(page), seen_of_python("床很舒服", checkpoints, View(), "en"))


def test_what_cannot_be_taken_out_stays_and_says_so(opened):
    page = opened(live_page(checkpoints_of(HOTEL), "好", View(), DAY))
    page.locator(".pva-t").first.focus()
    page.keyboard.press("Delete")
    expect(page.locator("#said")).to_contain_text("leave at least one")
    expect(page.locator('[data-head="max"].pva-t')).to_have_text(["好"])


def test_every_token_carries_its_numbers_in_full(opened):
    checkpoints = checkpoints_of(HOTEL, heads=("max", "multi-head"))
    page = opened(live_page(checkpoints, TEXT, View(), DAY))
    found = explain_each([Explainer(checkpoint) for checkpoint in checkpoints], TEXT)
    for explanation in found:
        tokens = page.locator(f'.pva-t[data-head="{explanation.head}"]')
        numbers = tokens.evaluate_all(
            "all => all.map(({dataset: d}) => [d.position, d.weight, d.contribution].map(Number))"
        )
        contributions = explanation.contributions.sum(axis=0)[:, 1]
        own = [range(len(explanation.tokens)), explanation.weights.mean(axis=0), contributions]
        np.testing.assert_allclose(np.array(numbers).T, own, atol=1e-5)


def test_a_reader_points_steps_and_opens_rows(opened):
    page = opened(live_page(checkpoints_of(HOTEL), TEXT, View(scale="uniform"), DAY))
    page.locator('[data-head="max"].pva-t').nth(3).hover()
    expect(page.locator(".pva-on")).to_have_count(5)
    expect(page.locator(".numbers")).to_contain_text("position 4 of 20 · Max")
    page.locator("summary").click()
    expect(page.locator(".pva-rows:visible")).to_have_count(4)
    page.locator('[data-head="max"].pva-t').first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("({...document.activeElement.dataset})")
    assert (focused["head"], focused["position"]) == ("average", "1")


def test_a_long_text_is_drawn_around_the_cursor(opened):
    page = opened(live_page(checkpoints_of(HOTEL), "好" * 50 + "房间干净" * 300, View(), DAY))
    expect(page.locator('[data-head="max"].pva-t')).to_have_count(600)
    page.locator("#text").press("Control+Home")
    expect(page.locator('[data-head="max"].pva-t').first).to_have_attribute("data-position", "0")
    expect(page.locator(".pva-foot")).to_contain_text("Tokens 1–600 of 1,250")


def test_the_part_that_is_drawn_moves_on_with_the_cursor(opened):
    """The cells that stay carry what a page has that was opened with the text."""
    checkpoints = checkpoints_of(HOTEL, heads=("max", "multi-head"))
    text = "房间 很干净， 早餐 \n一般。" * 120
    page = opened(live_page(checkpoints, text, View(), DAY))
    box = page.locator("#text")
    for keys in (
        ["好", "x"],
        ["Backspace"] * 5,
        ["ArrowLeft"] * 310,
        ["a", " ", "Backspace", "Delete"],
    ):
        for key in keys:
            box.press(key) if len(key) > 1 else page.keyboard.insert_text(key)
        fresh = opened(live_page(checkpoints, box.input_value(), View(), DAY))
        fresh.locator("#text").evaluate(
            "(box, at) => { box.focus(); box.setSelectionRange(at, at) }",
            box.evaluate("box => box.selectionEnd"),
        )
        expect(fresh.locator(".pva-foot")).to_have_text(page.locator(".pva-foot").inner_text())
        positions = "all => all.map(({dataset: d}) => [d.head, d.position, d.weight])"
        drawn = page.locator(".pva-t").evaluate_all(positions)
        assert drawn == fresh.locator(".pva-t").evaluate_all(positions)
        assert len(drawn) == 2 * 600
        assert_same(seen(page), seen(fresh))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type at least one visible character"),
        (" \u200b\n", "Type at least one visible character"),
        ("好" * 100_001, "shorten it to 100,000"),
    ],
)
def test_a_text_that_cannot_be_read_gets_a_sentence(opened, text, sentence):
    page = opened(live_page(checkpoints_of(HOTEL, heads=("max",)), TEXT, View(), DAY))
    page.fill("#text", text)
    expect(page.locator("#said")).to_contain_text(sentence)
    expect(page.locator(".pva")).to_be_hidden()
    page.fill("#text", "好")
    expect(page.locator(".pva-t")).to_have_count(1)
    expect(page.locator("#said")).to_be_hidden()


@pytest.mark.parametrize(
    ("was", "changed", "sentence"),
    [
        ('"schema":3', '"schema":2', "made for another version"),
        ('"max_tolerance":1e-05', '"max_tolerance":0.9', "computes other numbers"),
        ('"preparation":"as-is-1"', '"preparation":"weibo-1"', "computes other numbers"),
        ('"preparation":"as-is-1"', '"preparation":"unheard-9"', "cannot compute these models"),
        ('"weigh":"max"', '"weigh":"unheard"', "cannot compute these models"),
    ],
)
def test_what_does_not_fit_gives_a_sentence_and_no_picture(opened, was, changed, sentence):
    content = live_page(checkpoints_of(HOTEL, heads=("max",)), TEXT, View(), DAY)
    assert was.encode() in content
    page = opened(content.replace(was.encode(), changed.encode()))
    expect(page.locator("#said")).to_contain_text(sentence)
    expect(page.locator(".pva-t")).to_have_count(0)


@pytest.mark.parametrize(
    ("task", "text"),
    [
        (HOTEL, "The room was clean, and the staff were kind."),
        (HOTEL, "鑫鑫"),
        (HOTEL, "鑫"),
        (HOTEL, "鑫鑫鑫房间"),
        (HOTEL, "鑫房间很干净"),
        (HOTEL, "Номер чистый क्षि ご飯"),
        ("bbc_news", "房间很干净 wifi"),
        ("bbc_news", "The striker scored twice."),
    ],
)
def test_what_the_models_cannot_read_is_said_as_python_says_it(opened, task, text):
    checkpoints = checkpoints_of(task, heads=("max",))
    page = opened(live_page(checkpoints, "好", View(), DAY))
    said = page.locator("#doubts")
    for language in LANGUAGES:
        page.select_option("[name=lang]", language)
        page.fill("#text", text)
        wanted = copy_context().run(doubts_in, language, text, checkpoints[0])
        expect(said).to_have_text(" ".join(wanted))
        expect(said).to_be_visible(visible=bool(wanted))


def doubts_in(language: str, text: str, checkpoint) -> list[str]:
    use(language)
    return doubts(encode(text, checkpoint.read_vocabulary()))


def test_texts_are_never_markup(opened):
    hostile = "<img src=x onerror=alert(1)></textarea></script><script>alert(2)</script>"
    page = opened(live_page(checkpoints_of(HOTEL, heads=("max",)), hostile, View(), DAY))
    assert page.locator("#text").input_value() == hostile
    assert "".join(page.locator(".pva-text").all_text_contents()) == hostile
    assert page.locator("img").count() == 0


def test_the_theme_is_the_one_it_was_made_with(opened):
    content = live_page(checkpoints_of(HOTEL, heads=("max",)), TEXT, View(), DAY, theme="dark")
    page = opened(content, color_scheme="light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 17, 23)"
    page.emulate_media(media="print")
    expect(page.locator("#controls")).to_be_hidden()
    assert json.loads(page.locator("#state").text_content() or "")["text"] == TEXT
