"""The pictures of the Trust page: where heads stand, and a text that is erased step by step."""

import numpy as np
import pytest

from poolviz.figures.trust.erasing import USUAL, Step, erasing_html, flipped
from poolviz.figures.trust.palette import RANKING_COLOURS
from poolviz.figures.trust.standing import standings_html
from poolviz.text.tokens import has_visible
from poolviz.trust.ablation.model import Model
from poolviz.trust.rows.standing import Standing
from poolviz.trust.rows.verdict import Verdict
from poolviz.trust.text.rankings import RANKINGS
from poolviz.trust.text.reading import Reading, read
from poolviz.values.interval import Interval
from tests.pages_helpers import HOSTILE_TEXTS, HOTEL, explainer
from tests.trust_helpers import erasing_rows, standing_rows

TEXT = "早餐难吃，但是前台态度非常好。"


def reading(head: str = "attention", text: str = TEXT) -> Reading:
    return read(Model(explainer(HOTEL, head)), text)


def erased(found: Reading, step: Step, rankings=USUAL):
    return erasing_rows(erasing_html([found], step, rankings))[found.explanation.head]


def test_a_line_has_its_marks_where_the_numbers_are():
    figures = {
        "random": Interval(0.2, 0.18, 0.22),
        "weight": Interval(0.5, 0.4, 0.625),
        "contribution": Interval(0.9, float("nan"), float("nan")),
    }
    standing = Standing("attention", Verdict(100, "mask", "better", "worse"), figures)
    equal = Standing("average", Verdict(100, "mask", "equal", "equal"), figures)
    html = standings_html([standing, equal], ["<b>noted</b>"])
    assert "&lt;b&gt;noted" in html
    rows = standing_rows(html)
    assert rows["attention"].marks == {"random": 20, "weight": 50, "contribution": 90}
    assert rows["attention"].intervals == {"random": (18, 22), "weight": (40, 62.5)}
    assert rows["attention"].sentence == standing.sentence
    assert rows["average"].marks == {"random": 20, "contribution": 90}


def test_a_picture_names_its_numbers_for_those_who_do_not_see_it():
    figures = {"random": Interval(0.2, 0.18, 0.22)}
    html = standings_html([Standing("max", Verdict(9, "mask", None, None), figures)], [])
    assert 'aria-label="random order 0.20 (0.18–0.22)."' in html


@pytest.mark.parametrize("ranking", ["weight", "contribution"])
@pytest.mark.parametrize("inserting", [False, True])
def test_a_step_strikes_out_what_is_gone_and_says_what_is_left(ranking, inserting):
    found = reading()
    count, target = 4, found.explanation.predicted_index
    order = found.trust.orders[ranking][0]
    row = erased(found, Step(ranking, count, inserting))
    assert row.text == TEXT
    gone = sorted(order[count:] if inserting else order[:count])
    assert row.gone == [found.unit_texts()[unit] for unit in gone]
    curves = found.trust.curves[ranking]
    after = (curves.insertion if inserting else curves.deletion)[count]
    before = found.explanation.probabilities[target]
    assert " ".join(row.said).startswith(f"Attention 正面 positive {before:.0%} →  {after:.0%}")


def test_another_class_is_named():
    found = reading()
    steps = [Step("contribution", count) for count in range(found.trust.ablation.count)]
    first = next(step for step in steps if flipped(found, step))
    assert "now 负面 negative" in erased(found, first).said
    before = erased(found, Step("contribution", first.count - 1)).said
    assert not any("now" in words for words in before)


def test_the_curves_are_those_of_the_library():
    found = reading()
    for inserting in (False, True):
        row = erased(found, Step("weight", 2, inserting), list(RANKINGS)[:6])
        assert set(row.curves) == {RANKING_COLOURS[key] for key in list(RANKINGS)[:6]}
        for ranking in USUAL:
            curves = found.trust.curves[ranking]
            wanted = curves.insertion if inserting else curves.deletion
            drawn = row.curves[RANKING_COLOURS[ranking]]
            np.testing.assert_allclose(drawn, wanted, atol=1e-3)


def test_equal_scores_are_said_to_have_several_orders():
    said = "first of several orders"
    for head, several in (("average", True), ("attention", False)):
        assert (said in erasing_html([reading(head)], Step("weight", 2), USUAL)) == several
    assert said in erasing_html([reading()], Step("random", 2), USUAL)


def test_a_long_text_is_erased_in_segments_and_scrolls():
    found = reading(text=TEXT * 40)
    html = erasing_html([found], Step("weight", 5), USUAL)
    assert "600 tokens in 32 equal segments." in html and "pve-long" in html
    row = erasing_rows(html)["attention"]
    assert row.text == TEXT * 40 and len(row.gone) == 5
    assert len(row.curves[RANKING_COLOURS["weight"]]) == 33


@pytest.mark.parametrize("text", filter(has_visible, HOSTILE_TEXTS.values()))
def test_hostile_texts_stay_text(text):
    found = reading(text=text)
    row = erased(found, Step("weight", 1))
    assert row.text == found.explanation.text
    assert len(row.gone) == 1
