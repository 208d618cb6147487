import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.figures.colours import TINT_ENDS
from poolviz.figures.grid import lay_out
from poolviz.figures.heaviest import HEAVIEST
from poolviz.figures.layout import broken
from poolviz.figures.paper import for_paper
from poolviz.figures.sheet import COLUMN, LETTERS, PAGE, Sheet
from poolviz.figures.texts.heatmap import MAX_COLUMNS, heatmap
from poolviz.figures.texts.highlight import highlight_html
from poolviz.figures.texts.highlight_figure import highlight_drawing
from poolviz.figures.texts.lines import lines
from poolviz.figures.texts.probabilities import probabilities
from poolviz.language import listed
from poolviz.text.tokens import Token, tokenize
from poolviz.text.width import width_units
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

HEADS = ("max", "average", "min-variance", "attention", "multi-head")
HOSTILE = "<u>under</u><sup>&amp;</sup> <a href='x'>link</a>"
TOPICS = (
    "财经",
    "彩票",
    "房产",
    "股票",
    "家居",
    "教育",
    "科技",
    "社会",
    "时尚",
    "时政",
    *"甲乙丙丁",
)


def shown(text="这家酒店的早餐很好，房间也干净。", view=None, heads=HEADS, **options):
    return panel([fake_explanation(text, head, **options) for head in heads], view or View())


def strings(value) -> list[str]:
    """All strings in a figure's JSON."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [s for item in value for s in strings(item)] if isinstance(value, list) else []


def figures(view_panel, **probability_options):
    yield heatmap(view_panel)
    yield lines(view_panel)
    for row in view_panel.summaries:
        yield probabilities(row.explanation, **probability_options)


def test_the_heatmap_has_a_row_per_weight_row_and_a_column_per_token():
    figure = heatmap(shown("的人的")).plotly()
    assert np.asarray(figure.data[0].z).shape == (8, 3)
    assert list(figure.layout.xaxis.ticktext) == ["的", "人", "的"]
    assert len(set(figure.layout.xaxis.tickvals)) == 3
    assert list(figure.layout.yaxis.ticktext)[-1] == "Multi-head attention 4"


def test_heatmap_cells_and_hover_hold_the_values():
    view_panel = shown()
    trace = heatmap(view_panel).plotly().data[0]
    for row, cells, texts in zip(view_panel.rows, trace.z, trace.customdata, strict=True):
        np.testing.assert_allclose(cells, row.values / row.high, atol=1e-5)
        assert texts[4].endswith(f"weight: {row.values[4]:.3g}")
        assert row.label in texts[4] and "的 · position 5" in texts[4]


def test_the_colour_bar_prints_numbers_where_all_rows_share_them():
    view_panel = shown()
    bar = heatmap(view_panel).plotly().data[0].colorbar
    assert bar.ticktext[-1] == f"{view_panel.rows[0].high:.3g}"
    bar = heatmap(shown(view=View(scale="head"))).plotly().data[0].colorbar
    assert bar.ticktext[-1].strip() == "100%"
    assert "relative" in bar.title.text


def test_a_scale_of_zeros_has_one_number():
    view = View("contribution", target="positive", against="positive")
    assert heatmap(shown(view=view)).plotly().data[0].colorbar.ticktext == ("0",)
    last = [text.text for text in drawing_of(shown(view=view), 0).texts[-2:]]
    assert last == ["。", "0"]


def test_labels_that_do_not_fit_side_by_side_are_turned():
    assert heatmap(shown("短文。")).plotly().layout.xaxis.tickangle == 0
    assert heatmap(shown("好" * 80)).plotly().layout.xaxis.tickangle == 0
    words = "The breakfast was unforgettable and the room was clean"
    assert heatmap(shown(words, unit="word")).plotly().layout.xaxis.tickangle == -90


def test_contributions_have_a_scale_around_zero():
    trace = heatmap(shown(view=View("contribution"))).plotly().data[0]
    assert (trace.zmin, trace.zmax) == (-1, 1)
    assert trace.colorbar.ticktext[2] == "0"


@pytest.mark.parametrize("count", [119, 120, 121, 2000, 10_000])
def test_long_texts_are_binned_and_say_so(count):
    figure = heatmap(shown("好" * count, heads=("attention",))).plotly()
    columns = np.asarray(figure.data[0].z).shape[1]
    assert columns <= MAX_COLUMNS
    assert (columns < count) == ("tokens per column" in (figure.layout.xaxis.title.text or ""))
    assert (columns < count) == ("tokens per column" in figure.layout.title.subtitle.text)
    assert f"{count}<br>" in figure.data[0].customdata[0][-1]  # the last column reaches the end


def test_lines_have_a_trace_per_row_and_the_level_of_average_pooling():
    view_panel = shown()
    figure = lines(view_panel).plotly()
    assert [trace.name for trace in figure.data[:-1]] == [row.label for row in view_panel.rows]
    np.testing.assert_allclose(figure.data[0].y, view_panel.rows[0].values)
    np.testing.assert_allclose(figure.data[-1].y, 1 / len(view_panel.tokens))
    assert figure.data[-1].line.dash == "dot"


def test_lines_differ_by_more_than_colour():
    styles = {(t.line.dash, t.marker.symbol) for t in lines(shown()).plotly().data}
    assert len(styles) == 9


def test_contribution_lines_are_compared_with_zero():
    level = lines(shown(view=View("contribution"))).plotly().data[-1]
    assert level.name == "zero"
    np.testing.assert_array_equal(level.y, 0)


def test_other_definitions_of_weight_have_no_level_to_compare_with():
    assert len(lines(shown(view=View("alternative"))).plotly().data) == 8


def test_lines_of_very_long_texts_are_binned_and_say_so():
    figure = lines(shown("好" * 10_000, heads=("attention",))).plotly()
    assert len(figure.data[0].y) == 1000
    assert "10 tokens per column" in figure.layout.title.subtitle.text


def bars(figure) -> dict[str, float]:
    return dict(zip(figure.layout.yaxis.ticktext, figure.data[0].x, strict=True))


def test_few_classes_all_have_a_bar_in_the_order_of_the_classes():
    for classes in (("positive", "negative"), ("negative", "positive")):
        e = fake_explanation(classes=classes)
        found = bars(probabilities(e).plotly())
        marked = [f"<b>{name}</b>" if name == e.predicted else name for name in classes]
        assert list(found) == marked
        assert list(found.values()) == pytest.approx(e.probabilities.tolist())


def test_many_classes_are_five_and_others():
    e = fake_explanation(classes=TOPICS)
    found = bars(probabilities(e).plotly())
    assert len(found) == 6
    assert list(found)[-1] == "9 others"
    assert sum(found.values()) == pytest.approx(1)


def test_a_single_other_class_is_shown_by_name():
    found = bars(probabilities(fake_explanation(classes=TOPICS[:6])).plotly())
    assert len(found) == 6
    assert not any("others" in name for name in found)


@pytest.mark.parametrize("rank", [0, 3, 13])
def test_the_known_label_is_always_there_marked_right_or_wrong(rank):
    e = fake_explanation(classes=TOPICS)
    known = e.classes[np.argsort(-e.probabilities)[rank]]
    marked = [name for name in bars(probabilities(e, known=known).plotly()) if known in name]
    assert len(marked) == 1
    assert marked[0].endswith("✓" if rank == 0 else "✗")
    assert sum(bars(probabilities(e, known=known).plotly()).values()) == pytest.approx(1)


def drawing_of(view_panel, index, sheet=None):
    return highlight_drawing(view_panel, [view_panel.summaries[index]], sheet)


def tokens_of(drawing) -> list[str]:
    return [text.text for text in drawing.texts if text.fixed]


def test_highlight_drawings_hold_every_token_and_its_tint():
    view_panel = shown("早餐很好。\n房间 clean", heads=("attention",))
    drawing = drawing_of(view_panel, 0)
    assert tokens_of(drawing) == [t.text for t in view_panel.tokens]
    darkest = int(np.argmax(view_panel.summaries[0].values))
    assert drawing.rectangles[darkest].colour == TINT_ENDS["weight"]["light"]
    first, *_others, last = drawing.rectangles[: len(view_panel.tokens)]
    assert last.y - first.y == pytest.approx(1.8 * LETTERS)  # a line further down
    for tint, text in zip(drawing.rectangles, [t for t in drawing.texts if t.fixed], strict=False):
        assert tint.x + tint.width / 2 == pytest.approx(text.x)
        assert tint.y < text.y < tint.y + tint.height


def test_highlight_drawings_underline_unknown_tokens():
    view_panel = shown(heads=("attention",))
    unknown = sum(not token.known for token in view_panel.summaries[0].explanation.tokens)
    assert unknown and len(drawing_of(view_panel, 0).dots) == unknown


def test_highlight_drawings_say_what_they_show_and_how():
    view_panel = shown(readout="mlp")
    for index, row in enumerate(view_panel.summaries):
        drawing = drawing_of(view_panel, index)
        assert drawing.texts[0].text == f"{row.label}: weight"
        assert "mlp read-out, approximate" in " ".join(text.text for text in drawing.texts)
        assert row.label in drawing.alt


@pytest.mark.parametrize("inches", [COLUMN, PAGE])
def test_all_heads_stand_below_each_other_in_letters_of_eight_points(inches):
    view_panel = shown("早餐很好，" * 12)
    drawing = highlight_drawing(view_panel, view_panel.summaries, Sheet(inches, titled=False))
    assert drawing.width == pytest.approx(inches * 96)
    assert {text.size for text in drawing.texts} == {8 / 72 * 96}
    assert tokens_of(drawing) == [t.text for t in view_panel.tokens] * len(HEADS)
    said = [text.text for text in drawing.texts if not text.fixed]
    for row in view_panel.summaries:
        share = f"{row.explanation.predicted} {row.explanation.probabilities.max():.0%}"
        both = f"{row.label}: {share}"
        assert both in said if inches == COLUMN else {row.label, share} <= set(said)
    tops = [text.y for text in drawing.texts if text.fixed]
    per_head = len(tops) // len(HEADS)
    lasts, firsts = tops[per_head - 1 :: per_head], tops[per_head::per_head]
    assert all(last < first for last, first in zip(lasts, firsts, strict=False))
    rows_of_first_line = {text.y for text in drawing.texts if text.fixed and text.y == tops[0]}
    assert len(rows_of_first_line) == 1


def test_a_sheet_without_title_holds_texts_names_and_scale_alone():
    view_panel = shown()
    titled, plain = (
        highlight_drawing(view_panel, view_panel.summaries, Sheet(titled=on))
        for on in (True, False)
    )
    words = " ".join(text.text for text in plain.texts)
    assert "read-out" not in words and "colour scale" not in words
    assert "All heads: weight" in titled.texts[0].text
    assert plain.height < titled.height
    assert len(plain.rectangles) == len(titled.rectangles)


def test_texts_of_more_than_a_page_make_the_drawing_wider():
    short, long = (drawing_of(shown("早" * count, heads=("max",)), 0) for count in (400, 9000))
    assert short.width == pytest.approx(PAGE * 96)
    assert long.width > 1.5 * short.width and long.height < 2 * long.width


def test_nothing_of_a_highlight_drawing_lies_outside():
    for text in ("早" * 400, "word " * 200, "a" * 500, "כן " * 60):
        drawing = drawing_of(shown(text, heads=("max",), unit="word"), 0)
        for one in (*drawing.rectangles, *drawing.texts):
            assert 0 <= one.x <= drawing.width and 0 <= one.y <= drawing.height
        for one in drawing.rectangles:
            assert one.x + one.width <= drawing.width and one.y + one.height <= drawing.height


def test_pictures_say_their_heaviest_tokens_to_those_who_do_not_see_them():
    drawn = shown(heads=("max", "attention"))
    for index, row in enumerate(drawn.summaries):
        order = np.argsort(-np.abs(row.values), kind="stable")[:HEAVIEST]
        said = listed(row.explanation.tokens[number].text for number in order)
        assert f"most: {said}." in drawing_of(drawn, index).alt
        assert f"most: {said}." in highlight_html(drawn, index)
        assert all(f"{row.label} (most: {said})" in draw(drawn).alt for draw in (heatmap, lines))


def test_long_texts_say_single_tokens_though_columns_hold_several():
    drawn = shown("好" * (MAX_COLUMNS + 1), heads=("max",))
    assert heatmap(drawn).data[0]["z"].shape[1] <= MAX_COLUMNS
    assert "Max (most: 好, 好, 好)" in heatmap(drawn).alt


def test_every_figure_says_method_and_carries_alt_text():
    for figure in figures(shown(readout="mlp")):
        assert "mlp read-out, approximate" in figure.plotly().layout.title.subtitle.text
        assert len(figure.alt) > 20
        assert figure.plotly().layout.height > 0


def test_texts_and_class_names_never_become_plotly_markup():
    tokens = (Token(HOSTILE, 0, len(HOSTILE)),)
    e = fake_explanation("好", classes=(HOSTILE, "<i>other</i>"))
    hostile = type(e)(**(vars(e) | {"text": HOSTILE, "tokens": tokens, "dataset": "<i>set</i>"}))
    view_panel = panel([hostile], View("contribution"))
    for figure in figures(view_panel, known=HOSTILE):
        written = json.loads(figure.plotly().to_json())
        for text in strings(written):
            # Bold, line breaks and the empty second hover box are the figures' own.
            assert set(re.findall(r"</?(\w+)", text)) <= {"b", "br", "extra"}, text
            assert "&amp;</" not in text


UNUSUAL = ("好", "😀👍🏽🇨🇳", "كان الفندق نظيفا", "\u200b好\u200b", "a" * 500)


@pytest.mark.parametrize("text", UNUSUAL)
@pytest.mark.parametrize("view", [View(), View("contribution", scale="head", words=True)])
def test_unusual_texts_give_figures_that_serialise(text, view):
    for figure in figures(shown(text, view)):
        json.loads(figure.plotly().to_json())


def test_captions_break_into_lines():
    assert broken("one two three", 8) == "one two<br>three"
    assert broken("酒店的早餐", 4) == "酒店<br>的早<br>餐"
    assert broken("x < y", 80) == "x &lt; y"


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("a", 1),
        ("餐", 2),
        ("é", 1),
        ("e\u0301", 1),
        ("👍🏽", 2),
        ("🇨🇳", 2),
        ("❤️", 2),
        ("👨\u200d👩\u200d👧", 2),
        ("a\u200bb", 2),
        ("a\tb\0", 4),
        ("", 0),
    ],
)
def test_width_counts_wide_characters_and_emoji_twice(text, width):
    assert width_units(text) == width


def test_a_mark_without_a_letter_has_room_of_its_own():
    text = "\u0301 餐"
    tokens = (Token("\u0301", 0, 1), Token("餐", 2, 3))
    cells = [cell for cell in lay_out(text, tokens, 80, 60).cells if cell.index is not None]
    assert [(cell.start, cell.units) for cell in cells] == [(0, 1), (2, 2)]


TEXTS = st.text("早餐，a1 b\n كן👍\U0001f3fd\u3000", min_size=1, max_size=300)


@given(
    TEXTS.filter(lambda text: tokenize(text, "character")), st.sampled_from(["character", "word"])
)
def test_the_grid_places_every_token_once_and_nothing_overlaps(text, unit):
    tokens = tokenize(text, unit)
    grid = lay_out(text, tokens, 80, 60)
    parts: dict[int, str] = {}
    for cell in sorted(grid.cells, key=lambda c: c.line):
        if cell.index is not None:
            parts[cell.index] = parts.get(cell.index, "") + cell.text
    assert [parts[i] for i in range(len(tokens))] == [t.text for t in tokens]
    taken = [(c.line, unit) for c in grid.cells for unit in range(c.start, c.start + c.units)]
    assert len(taken) == len(set(taken))
    assert all(0 <= place < grid.units and 0 <= line < grid.lines for line, place in taken)


def row_of(text: str) -> str:
    """The grid's first line as one reads it from left to right."""
    grid = lay_out(text, tokenize(text, "word"), 80, 60)
    cells = sorted((c for c in grid.cells if c.line == 0), key=lambda c: c.start)
    return "|".join(c.text for c in cells if c.text != " ")


def test_right_to_left_paragraphs_run_from_the_right_with_foreign_words_in_order():
    assert row_of("אב גד") == "גד|אב"
    assert row_of("אב two words גד") == "גד|two|words|אב"
    assert row_of("one אב גד two") == "one|גד|אב|two"
    grid = lay_out("אב", tokenize("אב", "word"), 80, 60)
    assert grid.cells[0].start + grid.cells[0].units == grid.units


def test_lines_of_the_grid_break_where_the_text_does():
    text = "第一行\r\n第二行\n\n第四行"
    lines_of = {c.text: c.line for c in lay_out(text, tokenize(text, "character"), 80, 60).cells}
    assert (lines_of["一"], lines_of["二"], lines_of["四"]) == (0, 1, 3)


def test_paper_figures_have_bars_for_heatmap_cells():
    view_panel = shown()
    paper = for_paper(heatmap(view_panel), Sheet()).plotly()
    assert {trace.type for trace in paper.data} == {"bar"}
    assert len(paper.data) == len(view_panel.rows)
    np.testing.assert_allclose(paper.data[0].marker.color, view_panel.rows[0].fractions, atol=1e-5)
    assert sum(bool(trace.marker.showscale) for trace in paper.data) == 1
    assert paper.layout.paper_bgcolor == "white"


def test_a_figure_stays_as_it_is_when_it_goes_to_paper():
    figure = heatmap(shown())
    before = figure.plotly().to_json()
    for_paper(figure, Sheet())
    assert figure.plotly().to_json() == before


@pytest.mark.parametrize("inches", [COLUMN, PAGE])
def test_all_letters_of_a_chart_on_paper_have_eight_points(inches):
    for figure in (heatmap(shown()), lines(shown()), probabilities(fake_explanation())):
        paper = for_paper(figure, Sheet(inches)).plotly()
        assert paper.layout.width == pytest.approx(inches * 96)
        sizes = set(re.findall(r'"[a-z]*font": \{[^{}]*?"size": ([0-9.]+)', json_of(paper)))
        assert sizes == {str(LETTERS)}


def json_of(figure) -> str:
    return json.dumps(json.loads(figure.to_json()))


def test_the_title_and_notes_of_a_chart_can_be_left_out():
    figure = heatmap(shown())
    titled, plain = (for_paper(figure, Sheet(titled=on)).plotly() for on in (True, False))
    assert titled.layout.title.text and titled.layout.title.subtitle.text
    assert not plain.layout.title.text and not plain.layout.title.subtitle.text
    assert plain.layout.height < titled.layout.height


def test_labels_without_room_on_a_narrow_sheet_become_numbers():
    figure = heatmap(shown("早餐很好，" * 6))
    wide, narrow = (
        for_paper(figure, Sheet(inches)).plotly().layout.xaxis for inches in (PAGE, COLUMN)
    )
    assert "早" in wide.ticktext
    assert narrow.ticktext[:2] == ("1", "5") and narrow.title.text == "position"
    assert narrow.tickvals[1] == 4


def test_plotly_looks_at_every_property():
    figure = lines(shown())
    figure.data[0]["line"]["colour"] = "red"
    with pytest.raises(ValueError, match="colour"):
        figure.plotly()
