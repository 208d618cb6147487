"""The figures of pairs of tokens."""

from dataclasses import replace

import numpy as np
import pytest

from poolviz.figures.pairs.lines import pair_lines
from poolviz.figures.pairs.matrix import MAX_SIDE, pair_matrix
from poolviz.figures.pairs.token_places import LINES, MAX_TOKENS, can_draw
from poolviz.figures.paper import for_paper
from poolviz.figures.sheet import Sheet
from poolviz.figures.texts.highlight import highlights_html
from poolviz.views.pairs import sentence_panels, strongest
from tests.fakes import fake_pair, fake_triplet
from tests.figures.test_texts import HOSTILE, strings
from tests.pages_helpers import read_highlight

NAMES = ("A", "B")


def cells_of(figure) -> np.ndarray:
    """The cells in units of the score."""
    [heat] = [trace for trace in figure.data if trace.type == "heatmap"]
    top = float(heat.colorbar.ticktext[-1])
    return np.asarray(heat.z, float) * top


def test_the_matrix_has_the_cells_and_the_weights_at_its_edges():
    pair = fake_pair("的人的", "人的人民")
    figure = pair_matrix(pair, NAMES).plotly()
    heat, above, beside = figure.data
    np.testing.assert_allclose(cells_of(figure), pair.cells, rtol=0.01, atol=1e-4)
    np.testing.assert_allclose(above.y, pair.sides[1].weights.mean(axis=0))
    np.testing.assert_allclose(beside.x, pair.sides[0].weights.mean(axis=0))
    assert "的 · position 3" in heat.customdata[2][3] and "民 · position 4" in heat.customdata[2][3]
    assert (above.xaxis, heat.xaxis, beside.yaxis, heat.yaxis) == ("x", None, "y", None)
    assert (above.yaxis, beside.xaxis) == ("y2", "x2")
    layout = figure.layout
    assert layout.yaxis.domain[1] < layout.yaxis2.domain[0]
    assert layout.xaxis.domain[1] < layout.xaxis2.domain[0]


@pytest.mark.parametrize("draw", [pair_matrix, pair_lines])
def test_figures_say_which_sentences_they_are_of(draw):
    told = draw(fake_pair(), ("Anchor", "Negative")).plotly().layout.title.subtitle.text
    assert told.startswith("Anchor – Negative<br>")


@pytest.mark.parametrize("count", [MAX_SIDE, MAX_SIDE + 1, 1000])
def test_long_sentences_are_summed_and_say_so(count):
    pair = fake_pair("长" * count, "短句子")
    figure = pair_matrix(pair, NAMES).plotly()
    found = cells_of(figure)
    assert found.shape[0] <= MAX_SIDE and found.shape[1] == 3
    assert found.sum() == pytest.approx(pair.cells.sum(), abs=0.02 * np.abs(pair.cells).sum())
    told = figure.layout.title.subtitle.text
    assert ("tokens per row" in told) == (count > MAX_SIDE)


def test_exact_and_estimated_cells_are_told_apart():
    exact, estimate = fake_pair(), fake_pair(readout="dense", rest=0.25)
    for draw in (pair_matrix, pair_lines):
        assert "add up exactly" in draw(exact, NAMES).plotly().layout.title.subtitle.text
        told = draw(estimate, NAMES).plotly().layout.title.subtitle.text.replace("<br>", " ")
        assert "Estimate" in told and "0.25" in told and "Exact" not in told


def test_a_matrix_of_zeros_has_one_number():
    pair = fake_pair("甲", "乙")
    pair.cells[:] = 0
    assert pair_matrix(pair, NAMES).plotly().data[0].colorbar.ticktext == ("0",)


def test_common_tokens_are_marked_where_each_has_a_cell():
    marks = pair_matrix(fake_pair("甲乙", "乙甲"), NAMES, [(1, 0)]).plotly().data[-1]
    assert (list(marks.x), list(marks.y)) == ([0], [1])
    long = pair_matrix(fake_pair("甲" * 100, "甲"), NAMES, [(0, 0)]).plotly()
    assert len(long.data) == 3


def test_lines_join_the_strongest_pairs():
    pair = fake_pair()
    figure = pair_lines(pair, NAMES).plotly()
    drawn = [trace for trace in figure.data if trace.mode == "lines"]
    wanted = strongest(pair.cells, LINES)
    assert len(drawn) == len(wanted) == LINES
    upper, lower = figure.data[-2:]
    for trace, (i, j) in zip(drawn, wanted, strict=True):
        assert (trace.x[0], trace.x[-1]) == (upper.x[i], lower.x[j])
        assert f"{pair.cells[i, j]:.3g}" in trace.hovertext
    widths = [trace.line.width for trace in drawn]
    assert widths == sorted(widths, reverse=True)


def test_boxes_tell_shared_tokens_from_others():
    figure = pair_lines(fake_pair("甲乙", "乙丙丁"), NAMES, [(1, 0)]).plotly()
    shared, different, *_others = figure.data
    assert len(shared.x) == 2 and len(different.x) == 3
    assert shared.name != different.name


@pytest.mark.parametrize("draw", [pair_matrix, pair_lines])
def test_the_heaviest_pairs_are_said(draw):
    pair = fake_pair("甲乙", "丙丁戊")
    cells = np.array([[0.1, -0.9, 0.0], [0.5, 0.2, 0.3]])
    assert "most: 甲 – 丁, 乙 – 丙, 乙 – 戊." in draw(replace(pair, cells=cells), NAMES).alt


def test_lines_are_for_short_sentences():
    assert can_draw(fake_pair("甲" * MAX_TOKENS, "乙"))
    assert not can_draw(fake_pair("甲" * (MAX_TOKENS + 1), "乙"))


@pytest.mark.parametrize("draw", [pair_matrix, pair_lines])
def test_texts_are_only_text(draw):
    figure = draw(fake_pair(HOSTILE, "<b>乙</b>", seed=3), ("<i>A</i>", "B"), [])
    texts = strings(figure.plotly().to_plotly_json())
    assert not any("<a " in text or "<u>" in text for text in texts if "Heatmap" not in text)
    assert figure.alt


def test_files_hold_vectors_at_the_place_of_the_cells():
    paper = for_paper(pair_matrix(fake_pair("甲乙", "丙丁"), NAMES), Sheet()).plotly()
    assert {trace.type for trace in paper.data} == {"bar"}
    assert [trace.yaxis for trace in paper.data] == [None, None, "y2", "y"]


def test_highlights_of_a_triplet_have_three_texts_and_one_legend():
    triplet = fake_triplet("忘记<b>密码", "密码忘了", "注册")
    panels = sentence_panels([triplet])
    parts = [range(len(panel.tokens)) for panel in panels.values()]
    html = highlights_html(panels, 0, parts)
    assert read_highlight(html).text == "忘记<b>密码密码忘了注册"
    assert html.count('class="pv-legend"') == 1
    assert [name in html for name in ("Anchor", "Positive", "Negative")] == [True] * 3
