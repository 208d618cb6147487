"""The Match page in a real browser: two sentences, swapped, linked, exported."""

import json

import pytest
from playwright.sync_api import Page, expect

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.engine.pairs import PairExplainer
from poolviz.values.pairs import PairExplanation
from poolviz.views.pairs import sentence_panels
from tests.browser.driving import (
    button,
    download,
    enter_text,
    expect_address,
    expect_highlights,
    keyed,
    link_of_view,
    names,
    share_menu,
)
from tests.browser.test_export import (
    ZIP_PATIENCE,
    assert_picture,
    assert_vectors,
    files_of_zip,
)
from tests.browser.test_looks import PHONE, overflowing

PAIRS = "lcqmc"
MATCHERS = ("siamese-max", "siamese-attention")
SENTENCES = ("手机怎么开发票", "发票怎样在手机上开")  # written for this test


def expected(first: str, second: str) -> list[list[str]]:
    """The accessible names of the tokens of both sentences in each card."""
    checkpoints = [read(places.SHIPPED_CHECKPOINTS / PAIRS / name) for name in MATCHERS]
    explained = [PairExplainer(checkpoint).explain(first, second) for checkpoint in checkpoints]
    panels = sentence_panels(explained, "weight")
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
    expect_highlights(page, expected(*SENTENCES))
    link = link_of_view(page, "sentence_a")
    button(page, "swap").click()
    expect_highlights(page, expected(*reversed(SENTENCES)))
    assert SENTENCES[0] not in page.url
    expect_highlights(visit(address=link), expected(*SENTENCES))
    expect_address(page, pairs=PAIRS)


def test_the_figure_and_the_cells_are_downloaded(page):
    with share_menu(page):
        name, content = download(page, "download_figure")
        assert name.startswith(PAIRS) and name.endswith(".png")
        assert_picture(content)
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
    # Two highlights, the pairs of tokens, the strongest of them.
    files = files_of_zip(content, figures=4)
    (saved,) = (content for name, content in files.items() if name.endswith(".json"))
    pair = PairExplanation.from_json(json.loads(saved)[0])
    for name, content in files.items():
        if name.endswith(".svg") and "highlight" not in name:
            for side in pair.sides:
                assert set(side.text) <= set(assert_vectors(content)), name
    assert len([name for name in files if name.endswith(".csv")]) == 2


def test_the_page_does_not_overflow_a_phone(visit):
    assert not overflowing(visit("match", {"pairs": PAIRS}, viewport=PHONE))
