"""Long texts on the Compare page: the strip, the slider, and the jumps."""

import json

import pytest

from poolviz.figures.texts.minimap import MAX_COLUMNS
from poolviz.views.passages import PART, heaviest_sentence
from poolviz.views.view import View
from tests.pages_helpers import expected_panel, open_page, rows, typed

QUIET = "房间在六楼，窗户对着马路。"
LOUD = "早餐非常糟糕，再也不会来了！"
LONG_TEXT = QUIET * 60 + LOUD + QUIET * 60  # written for this test


@pytest.fixture(scope="module")
def page():
    return typed(open_page(heads="max,attention"), LONG_TEXT)


def strips(at) -> list[dict]:
    charts = [json.loads(chart.proto.spec)["layout"] for chart in at.get("plotly_chart")]
    return [layout for layout in charts if "shapes" in layout]


def jumps(at) -> list:
    return [button for button in at.button if (button.key or "").startswith("jump_")]


def test_a_short_text_is_shown_whole_without_a_strip():
    at = typed(open_page(heads="max"), QUIET)
    assert not strips(at) and not jumps(at)
    assert rows(at)[0].line.text == QUIET


def test_a_long_text_is_shown_from_its_beginning(page):
    assert len(strips(page)) == 1
    for source in rows(page):
        assert source.line.text == LONG_TEXT[:PART]


def test_the_slider_moves_the_part_and_the_address_keeps_it(page):
    page.select_slider(key="_position").set_value(400).run()
    assert rows(page)[0].line.text == LONG_TEXT[400 : 400 + PART]
    assert page.query_params["position"] == "400"
    [strip] = strips(page)
    frame, per_column = strip["shapes"][0], -(-len(LONG_TEXT) // MAX_COLUMNS)
    assert frame["x0"] == pytest.approx(400 / per_column - 0.5)


def test_a_jump_leads_to_the_heaviest_sentence(page):
    summaries = expected_panel(page, View(scale="uniform")).summaries
    assert len(jumps(page)) == len(summaries)
    for row, button in zip(summaries, jumps(page), strict=True):
        sentence, share = heaviest_sentence(row)
        assert button.label == f"{row.label} · {share:.1%}"
        page = button.click().run()
        first = min(sentence.start, len(LONG_TEXT) - PART)
        assert rows(page)[0].line.text == LONG_TEXT[first : first + PART]
    sentence, _share = heaviest_sentence(summaries[0])
    assert LONG_TEXT[sentence.start : sentence.stop] == LOUD


def test_another_text_is_shown_from_its_beginning(page):
    page.select_slider(key="_position").set_value(400).run()
    typed(page, LONG_TEXT[1:])
    assert rows(page)[0].line.text == LONG_TEXT[1 : PART + 1]


@pytest.mark.parametrize("position", ["999999", "-1", "nonsense", "²"])
def test_a_position_that_is_not_there_is_no_error(position):
    at = open_page(heads="max", position=position, text="早" * 700)
    assert rows(at)[0].line.text == "早" * PART
