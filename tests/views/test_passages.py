"""Long texts in parts, and sentences."""

from dataclasses import replace

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from poolviz.figures.texts.minimap import MAX_COLUMNS, minimap
from poolviz.views import passages
from poolviz.views.panel import Row, panel
from poolviz.views.passages import LONG, PART, heaviest_sentence, part_at
from poolviz.views.view import View
from tests.fakes import fake_explanation


def row_of(text: str, values, **options) -> Row:
    explanation = fake_explanation(text, **options)
    assert len(explanation.tokens) == len(values)
    return Row("Max", 0, explanation, np.array(values, dtype=float), "weight")


def sentence_text(row: Row) -> str:
    sentence, _share = heaviest_sentence(row)
    tokens = row.explanation.tokens[sentence.start : sentence.stop]
    return row.explanation.text[tokens[0].start : tokens[-1].end]


@pytest.mark.parametrize("count", [1, PART, LONG])
def test_a_text_that_is_not_long_is_one_part(count):
    assert part_at(0, count) == range(count) == part_at(count, count)


@given(st.integers(-10, 10**6), st.integers(LONG + 1, 10**5))
def test_a_part_lies_inside_the_text_and_holds_the_position(position, count):
    part = part_at(position, count)
    assert len(part) == PART and part.start >= 0 and part.stop <= count
    assert min(max(position, 0), count - 1) in part


@pytest.mark.parametrize(
    ("text", "values", "sentence", "share"),
    [
        ("好。坏坏！", [1, 1, 1, 4, 1], "坏坏！", 0.75),
        ("好。坏坏！", [-9, 1, 1, 4, 1], "好。", 10 / 16),
        ("甲乙", [1, 3], "甲乙", 1),
        ("甲。乙。", [1, 1, 1, 1], "甲。", 0.5),
        ("甲\n乙", [1, 2], "乙", 2 / 3),
        ("甲？”乙", [0, 0, 5, 1], "甲？”", 5 / 6),
        ("。。甲", [1, 1, 1], "。。", 2 / 3),
        ("\n甲。", [1, 1], "甲。", 1),
    ],
)
def test_the_heaviest_sentence(text, values, sentence, share):
    row = row_of(text, values)
    assert sentence_text(row) == sentence
    assert heaviest_sentence(row)[1] == pytest.approx(share)


def test_a_point_inside_a_number_ends_no_sentence():
    row = row_of("it cost 3.5 pounds. he left", [1, 1, 1, 1, 1, 1, 1, 9, 1], unit="word")
    assert sentence_text(row) == "he left"
    row = row_of("it cost 3.5 pounds. he left", [1, 1, 1, 1, 1, 1, 0, 1, 1], unit="word")
    assert sentence_text(row) == "it cost 3.5 pounds."


def test_without_any_weight_the_first_sentence_has_a_share_of_nothing():
    assert heaviest_sentence(row_of("甲。乙。", [0, 0, 0, 0])) == (range(2), 0.0)


@given(st.text("甲乙。！\n .", min_size=1, max_size=60).filter(lambda text: text.strip()))
def test_the_share_of_the_heaviest_sentence_is_a_share(text):
    explanation = fake_explanation(text)
    values = np.arange(1.0, len(explanation.tokens) + 1)
    sentence, share = heaviest_sentence(Row("Max", 0, explanation, values, "weight"))
    assert 0 < share <= 1
    assert values[sentence.start : sentence.stop].sum() / values.sum() == pytest.approx(share)


@pytest.mark.parametrize("view", [View(), View("contribution")])
def test_the_strip_has_every_head_and_frames_the_part(view):
    explanations = [
        fake_explanation("早餐很好。" * 400, head=head) for head in ("max", "attention")
    ]
    shown = panel(explanations, view)
    figure = minimap(shown, range(500, 900)).plotly()
    assert np.shape(figure.data[0].z) == (2, -(-2000 // 7)) and MAX_COLUMNS > 2000 // 7
    [frame] = figure.layout.shapes
    assert (frame.x0, frame.x1) == pytest.approx((500 / 7 - 0.5, 900 / 7 - 0.5))
    assert np.abs(figure.data[0].z).max() <= 1
    assert "501" in figure.layout.title.subtitle.text and "900" in figure.layout.title.subtitle.text


def test_a_head_without_a_choice_is_pale_in_the_strip():
    shown = panel([fake_explanation("早餐很好。" * 400, head="average")], View())
    even = np.full(2000, 1 / 2000)
    rows = tuple(Row(r.label, 0, r.explanation, even, r.unit, 0, even[0]) for r in shown.summaries)
    strip = minimap(replace(shown, summaries=rows), range(400)).plotly()
    np.testing.assert_allclose(strip.data[0].z, 1 / 3, atol=1e-4)


@pytest.mark.parametrize(
    "text", ["." * 200_000, ".好" * 100_000, "。" * 200_000, "!?" * 100_000 + "a"]
)
def test_sentences_are_found_in_time_linear_in_the_text(text):
    # At the square of its length a text would take minutes.
    assert sum(1 for _end in passages._END.finditer(text, timeout=30)) <= len(text)


@given(st.text(st.sampled_from(".!?。 a\n”")))
def test_sentences_end_where_the_plain_pattern_says(text):
    plain = regex.compile(r"[。！？…]+[”’」』）]*|[.!?]+(?=\s|$)|\n+")
    ends = [end.span() for end in passages._END.finditer(text)]
    assert ends == [end.span() for end in plain.finditer(text)]
