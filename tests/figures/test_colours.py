"""Colours: text reads on every tint, and all of them stand in one module."""

import re
from pathlib import Path

import numpy as np
import pytest

from poolviz.figures import colours

POOLVIZ = Path(colours.__file__).parent.parent
# Page and panel backgrounds of Streamlit's themes with the text colour on them.
LIGHT = [((255, 255, 255), (49, 51, 63)), ((240, 242, 246), (49, 51, 63))]
DARK = [
    ((14, 17, 23), (250, 250, 250)),
    ((23, 22, 20), (237, 235, 232)),
    ((38, 39, 48), (250, 250, 250)),
]
HUES = {"weight": (1, False), "positive": (1, True), "negative": (-1, True)}


def test_contrast_by_hand():
    assert colours.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert colours.contrast((255, 255, 255), (255, 255, 255)) == 1
    assert colours.contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("page, text", LIGHT + DARK)
@pytest.mark.parametrize("hue", HUES)
def test_text_reads_on_every_tint_of_every_page(page, text, hue):
    sign, diverging = HUES[hue]
    middle = (0, 0, 0) if (page, text) in LIGHT else (255, 255, 255)
    for step in range(colours.STEPS + 1):
        shown = text if step < colours.MIDDLE_FROM else middle
        shown = (0, 0, 0) if step >= colours.STRONG_FROM else shown
        tint = colours.over(sign * step / colours.STEPS, diverging, page)
        assert colours.contrast(tint, shown) >= 4.5, step


@pytest.mark.parametrize("hue", HUES)
def test_black_reads_on_every_tint_of_paper(hue):
    sign, diverging = HUES[hue]
    for fraction in np.linspace(0, sign, 101):
        assert colours.contrast(colours.over(fraction, diverging), (0, 0, 0)) >= 4.5


@pytest.mark.parametrize("page", [page for page, _text in LIGHT + DARK])
@pytest.mark.parametrize("hue", HUES)
def test_more_is_further_from_the_page(page, hue):
    sign, diverging = HUES[hue]
    tints = [colours.over(sign * f, diverging, page) for f in np.linspace(0, 1, 17)]
    distances = [colours.contrast(tint, page) for tint in tints]
    assert distances[0] == 1
    assert np.all(np.diff(distances) > 0)


def test_zero_is_the_page_itself_and_ends_are_symmetric():
    assert colours.over(0, True, (1, 2, 3)) == (1, 2, 3)
    assert colours.over(1, True) == colours.POSITIVE
    assert colours.over(-1, True) == colours.NEGATIVE
    ends = [colours.contrast(c, (255, 255, 255)) for c in (colours.POSITIVE, colours.NEGATIVE)]
    assert ends[0] == pytest.approx(ends[1], rel=0.05)  # no sign looks stronger than the other


def test_the_two_signs_stay_apart_for_red_green_blind_readers():
    """Viénot, Brettel and Mollon 1999: what a deuteranope and a protanope see of linear RGB."""
    for matrix in (
        [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
        [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    ):
        linear = (np.array([colours.POSITIVE, colours.NEGATIVE]) / 255) ** 2.2
        blue, orange = linear @ np.array(matrix).T
        assert np.abs(blue - orange).max() > 0.4


def test_steps_are_rounded_and_end_at_the_last():
    assert [colours.step(f) for f in (0, 0.02, 0.04, -0.5, 1, 1.0000001)] == [0, 0, 1, 8, 16, 16]


def test_scales_on_paper_are_opaque_and_end_in_the_same_hues():
    assert colours.on_white(colours.colorscale(False)) == [
        (0.0, "rgb(255,255,255)"),
        (1.0, colours.css(colours.WEIGHT)),
    ]
    diverging = colours.on_white(colours.colorscale(True))
    assert diverging[0][1] == colours.css(colours.NEGATIVE)
    assert diverging[1][1] == diverging[2][1] == "rgb(255,255,255)"
    assert diverging[3][1] == colours.css(colours.POSITIVE)


def test_no_colour_is_written_elsewhere():
    written = re.compile(r"[\"':;,(]#(?:[0-9a-f]{3}|[0-9a-f]{6})\b|\brgba?\(\s*\d", re.IGNORECASE)
    sources = [path for path in POOLVIZ.rglob("*.py") if path != Path(colours.__file__)]
    assert len(sources) > 100
    assert [path.name for path in sources if written.search(path.read_text("utf-8"))] == []
    assert written.search(Path(colours.__file__).read_text("utf-8"))  # what would be found
