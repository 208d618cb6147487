"""How strongly values are tinted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.figures import colours
from poolviz.views.panel import panel
from poolviz.views.tints import POWER, SEEN, strengths, tint_power
from poolviz.views.view import View
from tests.fakes import fake_explanation

HEADS = ("max", "average", "min-variance", "attention")


def of_heads(view: View, text: str = "这家酒店的早餐很好，房间也干净。"):
    return panel([fake_explanation(text, head) for head in HEADS], view)


@pytest.mark.parametrize("scale", ["uniform", "shared"])
@given(heaviest=st.floats(0.05, 0.99), count=st.integers(3, 300))
def test_twice_the_average_can_be_seen_whatever_the_heaviest(scale, heaviest, count):
    """1.3 : 1 against the page, so that a projector shows it."""
    shown = of_heads(View(scale=scale), "字" * count)
    row = shown.summaries[0]
    rest = (1 - heaviest) / (count - 1)
    weights = np.full(count, rest)
    weights[0] = heaviest
    values = weights * count if scale == "uniform" else weights
    top = float(values.max())
    summaries = tuple(
        type(row)(r.label, r.number, r.explanation, values, r.unit, 0.0, top)
        for r in shown.summaries
    )
    shown = type(shown)(
        shown.view, shown.tokens, summaries, summaries, False, shown.reference, 1, 1
    )
    twice = 2.0 if scale == "uniform" else 2 / count
    if twice >= top:
        return
    strength = (twice / top) ** tint_power(shown)
    assert strength >= SEEN - 1e-9
    step = round(strength * colours.TINT_STEPS)
    for page, background in colours.PAGES.items():
        tinted, _text = colours.tint("weight", step, page)
        assert colours.contrast(tinted, background) >= 1.3


def test_small_values_are_raised_and_signs_are_kept():
    row = of_heads(View("contribution", target="positive")).summaries[0]
    found = strengths(row, POWER)
    assert (np.sign(found) == np.sign(row.values)).all()
    assert (np.abs(found) >= np.abs(row.fractions) - 1e-12).all()
    assert np.abs(found).max() <= 1


def test_the_order_of_values_is_the_order_of_tints():
    row = of_heads(View(scale="uniform")).summaries[3]
    order = np.argsort(row.values, kind="stable")
    assert (np.diff(strengths(row, 0.3)[order]) >= 0).all()


@pytest.mark.parametrize("kind", colours.TINT_ENDS)
@pytest.mark.parametrize("page", colours.PAGES)
def test_text_reads_on_every_tint(kind, page):
    for step in range(1, colours.TINT_STEPS + 1):
        background, text = colours.tint(kind, step, page)
        assert colours.contrast(background, text) >= 4.5
