"""The pictures of the Heads page: what a browser would see of them."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from poolviz.evaluation.anatomy import divergences, effective_tokens
from poolviz.figures import colours
from poolviz.figures.sheet import COLUMN, LETTERS, PAGE, Sheet
from poolviz.figures.texts.anatomy import MAX_COLUMNS, anatomy_html, letter
from poolviz.figures.texts.anatomy_figure import anatomy_drawing
from poolviz.figures.texts.switched import switched_html
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation
from tests.figures.test_results import Seen

HOSTILE = "<script>alert(1)</script></div><img src=x onerror=alert(2)> \"a\" 'b' --> ]>"
HEADS = ("max", "average", "multi-head")
ROWS = 6


def drawn(text: str = "这家酒店的早餐很好。") -> tuple[Seen, np.ndarray]:
    """What is seen of a text under three heads, and the weights of their six rows."""
    explanations = [fake_explanation(text, head) for head in HEADS]
    weights = np.concatenate([explanation.weights for explanation in explanations])
    return Seen(anatomy_html(panel(explanations, View(scale="uniform")))), weights


def outlines(seen: Seen) -> list[list[float]]:
    """Heights of the bars of each row, from 0 to 1."""
    found = [a["style"] for tag, a in seen.elements if "clip-path" in a.get("style", "")]
    points = [re.findall(r"[\d.]+% ([\d.]+)%", style)[1:-1:2] for style in found]
    return [[1 - float(y) / 100 for y in each] for each in points]


def test_bars_are_the_weights_on_one_scale():
    seen, weights = drawn()
    heights = outlines(seen)
    assert len(heights) == len(weights) == ROWS
    np.testing.assert_allclose(heights, weights / weights.max(), atol=2e-3)


def test_distances_are_tinted_on_their_possible_range():
    seen, weights = drawn()
    cells = [a for tag, a in seen.elements if re.match(r"[A-F] – [A-F]: ", a.get("title", ""))]
    wanted = divergences(weights)[~np.eye(ROWS, dtype=bool)]
    found = [float(a["title"].split(": ")[1]) for a in cells]
    np.testing.assert_allclose(found, wanted, atol=1e-4)
    for cell, distance in zip(cells, wanted, strict=True):
        opacity = re.search(r"rgba\(84,39,136,([\d.]+)\)", cell["style"])
        strength = float(opacity[1]) if opacity else 0
        assert strength == pytest.approx(distance / math.log(2), abs=0.026)
    assert len(seen.having("pvh-own")) == ROWS
    assert "ln 2 = 0.69" in seen.text


def test_it_says_how_spread_out_a_row_is_and_where_it_lies():
    seen, weights = drawn()
    for spread in effective_tokens(weights):
        assert f"{spread:.1f} of {weights.shape[1]}" in seen.text
    heaviest = weights[0].argsort()[::-1][0]
    text = "这家酒店的早餐很好。"
    assert f"|{text[heaviest]} {weights[0][heaviest]:.0%}" in seen.text
    assert "all tokens alike" in seen.text  # of average pooling
    assert "这|家|酒|店" in seen.text


def test_a_long_text_has_several_tokens_in_a_column():
    seen, weights = drawn("好" * 1000)
    heights = outlines(seen)
    assert {len(row) for row in heights} == {math.ceil(1000 / math.ceil(1000 / MAX_COLUMNS))}
    assert "9 tokens per column, their mean." in seen.text
    assert not seen.having("pvh-tokens")


@pytest.mark.parametrize("text", [HOSTILE, "好", "الفندق جميل", "a longer text of words"])
def test_any_text_is_shown_and_does_no_harm(text):
    seen, _weights = drawn(text)
    assert {tag for tag, _a in seen.elements} <= {"div", "style", "span", "small", "i", "b"}
    assert not any(name.startswith("on") for _tag, a in seen.elements for name in a)
    assert len(outlines(seen)) == ROWS


def test_rows_without_room_for_a_name_have_letters():
    assert [letter(n) for n in (0, 25, 26)] == ["A", "Z", "27"]


def test_bars_before_and_after_hold_the_top_classes_of_both():
    explanation = fake_explanation(head="multi-head", classes=tuple("abcdefgh"))
    before = np.array([0.3, 0.25, 0.2, 0.1, 0.06, 0.04, 0.03, 0.02])
    explanation = replace(explanation, probabilities=before)
    seen = Seen(switched_html(explanation, np.roll(before, 1)))
    widths = [
        float(re.search(r"width:([\d.]+)%", a["style"])[1]) for a in seen.having("pvw-before")
    ]
    assert widths == pytest.approx(100 * before[:6])
    assert "2 less probable classes" in seen.text and "Exact:" in seen.text
    assert "30.0% → |2.0%" in seen.text
    estimate = replace(explanation, exact=False)
    assert "Approximate:" in Seen(switched_html(estimate, before)).text


def test_names_of_classes_do_no_harm():
    explanation = fake_explanation(head="multi-head", classes=(HOSTILE, "b"))
    seen = Seen(switched_html(explanation, explanation.probabilities))
    assert {tag for tag, _a in seen.elements} <= {"div", "style", "i", "b"}


def on_paper(text: str, inches: float, titled: bool = True):
    explanations = [fake_explanation(text, head) for head in HEADS]
    shown = panel(explanations, View(scale="uniform"))
    return anatomy_drawing(shown, "A title", Sheet(inches, titled))


@pytest.mark.parametrize("inches", [COLUMN, PAGE])
@pytest.mark.parametrize("text", ["这家酒店的早餐很好。", "好" * 500, "a"])
def test_on_paper_all_stands_within_the_sheet_with_letters_of_8_points(text, inches):
    drawing = on_paper(text, inches)
    assert drawing.width == pytest.approx(inches * 96)
    for rectangle in drawing.rectangles:
        assert rectangle.x >= 0 and rectangle.x + rectangle.width <= drawing.width + 0.01
        assert rectangle.y >= 0 and rectangle.y + rectangle.height <= drawing.height
    for line in drawing.texts:
        assert line.size == LETTERS
        assert 0 <= line.x <= drawing.width and 0 < line.y <= drawing.height
    said = {line.text for line in drawing.texts}
    assert {"A title", "Max"} <= said


@pytest.mark.parametrize("inches", [COLUMN, PAGE])
def test_on_paper_bars_are_the_weights_and_distances_stand_where_there_is_room(inches):
    _seen, weights = drawn()
    drawing = on_paper("这家酒店的早餐很好。", inches, titled=False)
    bars = [r.height for r in drawing.rectangles if r.colour == colours.WEIGHT]
    np.testing.assert_allclose(
        np.reshape(bars, weights.shape) / max(bars), weights / weights.max(), atol=1e-6
    )
    assert len(drawing.dots) == ROWS
    numbers = [line.text for line in drawing.texts if re.fullmatch(r"0\.\d\d", line.text)]
    wanted = divergences(weights)[~np.eye(ROWS, dtype=bool)]
    assert numbers == ([f"{value:.2f}" for value in wanted] if inches == PAGE else [])
    assert "A title" not in {line.text for line in drawing.texts}
    assert drawing.alt.startswith("A title: Max ")
