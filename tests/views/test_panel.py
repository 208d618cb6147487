import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from poolviz.errors import ChoiceError, PoolvizError
from poolviz.figures.binning import binned
from poolviz.views.captions import caption
from poolviz.views.panel import panel, top_tokens
from poolviz.views.quantities import spread
from poolviz.views.view import QUANTITIES, SCALES, View
from tests.fakes import fake_explanation

HEADS = ("max", "average", "min-variance", "attention", "multi-head")


def explanations(text="这家酒店的早餐很好，房间也干净。", **options):
    return [fake_explanation(text, head, **options) for head in HEADS]


@pytest.mark.parametrize("head", HEADS)
def test_fake_explanations_keep_the_rules_of_real_ones(head):
    e = fake_explanation(head=head, classes=("a", "b", "c"))
    np.testing.assert_allclose(e.weights.sum(axis=1), 1)
    np.testing.assert_allclose(e.contributions.sum(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(e.probabilities, np.exp(e.logits) / np.exp(e.logits).sum())
    if e.values is not None:
        np.testing.assert_allclose(e.weights[..., None] * e.values, e.contributions)
    assert all(t.text == e.text[t.start : t.end] for t in e.tokens)


def test_a_row_for_each_weight_row_and_a_summary_for_each_head():
    shown = panel(explanations(), View())
    assert len(shown.summaries) == 5
    assert [row.label for row in shown.rows] == [
        "Max",
        "Average",
        "Min-variance",
        "Attention",
        *(f"Multi-head attention {n}" for n in (1, 2, 3, 4)),
    ]
    assert [row.number for row in shown.rows] == [0, 0, 0, 0, 0, 1, 2, 3]


def test_summaries_are_means_of_weights_and_sums_of_contributions():
    multi = fake_explanation(head="multi-head")
    weights = panel([multi], View()).summaries[0].values
    np.testing.assert_allclose(weights, multi.weights.mean(axis=0))
    contributions = panel([multi], View("contribution", target="positive")).summaries[0].values
    np.testing.assert_allclose(contributions, multi.contributions[..., 1].sum(axis=0))


def test_contributions_go_to_the_predicted_class_unless_told():
    e = fake_explanation()
    by_default = panel([e], View("contribution"))
    named = panel([e], View("contribution", target=e.predicted))
    np.testing.assert_array_equal(by_default.rows[0].values, named.rows[0].values)
    assert e.predicted in by_default.unit


def test_class_against_class_is_the_difference():
    e = fake_explanation(classes=("a", "b", "c"))
    values = panel([e], View("contribution", target="a", against="c")).rows[0].values
    np.testing.assert_allclose(values, e.contributions[0, :, 0] - e.contributions[0, :, 2])


def test_alternative_is_the_weight_where_a_head_has_no_other():
    biggest, attention = fake_explanation(head="max"), fake_explanation(head="attention")
    shown = panel([biggest, attention], View("alternative"))
    np.testing.assert_array_equal(shown.rows[0].values, biggest.alternative[0])
    np.testing.assert_array_equal(shown.rows[1].values, attention.weights[0])
    assert [row.unit for row in shown.rows] == ["activation", "weight"]


def test_shared_scale_is_one_for_all_rows():
    shown = panel(explanations(), View())
    largest = max(row.values.max() for row in shown.rows)
    assert {(row.low, row.high) for row in shown.rows} == {(0.0, largest)}
    assert shown.one_scale


def test_values_of_different_kinds_share_no_scale():
    shown = panel(explanations(), View("alternative"))
    assert len({(row.unit, row.high) for row in shown.rows}) == 3
    assert not shown.one_scale
    for row in shown.rows:
        assert f"{row.unit}: 0 – {row.high:.3g}" in caption(shown)


def test_per_head_scale_ends_at_each_rows_largest_value():
    for row in panel(explanations(), View(scale="head")).rows:
        assert row.high == row.values.max()
        assert row.fractions.max() == 1


def test_contributions_lie_on_a_scale_symmetric_around_zero():
    shown = panel(explanations(), View("contribution"))
    assert shown.diverging
    assert all(row.low == -row.high < 0 for row in shown.rows)


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("spread_out", [False, True])
def test_average_pooling_is_1_relative_to_uniform(words, spread_out):
    view = View(scale="uniform", words=words, spread=spread_out)
    shown = panel([fake_explanation(head="average")], view)
    np.testing.assert_allclose(shown.rows[0].values, 1)
    np.testing.assert_array_equal(shown.reference, 1)
    assert shown.rows[0].fractions.max() <= 0.5  # uniform weights are no glaring end of a scale


def test_weights_relative_to_uniform_are_weights_times_tokens():
    e = fake_explanation()
    values = panel([e], View(scale="uniform")).rows[0].values
    np.testing.assert_allclose(values, e.weights[0] * len(e.tokens))


def test_contributions_fall_back_to_the_shared_scale():
    shared = panel(explanations(), View("contribution"))
    uniform = panel(explanations(), View("contribution", scale="uniform"))
    for one, other in zip(shared.rows, uniform.rows, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
        assert one.high == other.high
    assert caption(uniform) == caption(shared)


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("text", ["好", "hello", "的人的", "😀"])
def test_every_view_of_short_texts_is_finite(quantity, scale, text):
    view = View(quantity, scale=scale, spread=True, words=True)
    for row in panel(explanations(text), view).rows:
        assert np.isfinite(row.values).all()
        assert np.abs(row.fractions).max() <= 1


def test_a_class_against_itself_is_zero_without_a_division_by_zero():
    shown = panel(explanations(), View("contribution", target="positive", against="positive"))
    assert all((row.fractions == 0).all() for row in shown.rows)
    assert {row.ends for row in shown.rows} == {(0.0,)}


def test_the_caption_prints_the_range():
    e = fake_explanation()
    assert f"0 – {e.weights.max():.3g}" in caption(panel([e], View()))
    top = np.abs(e.contributions).max()
    assert f"{-top:.3g} – {top:.3g}" in caption(panel([e], View("contribution")))


def test_contributions_go_to_one_class_where_heads_disagree():
    one = fake_explanation(head="max", seed=0)
    other = next(
        e
        for e in (fake_explanation(head="attention", seed=n) for n in range(50))
        if e.predicted != one.predicted
    )
    shown = panel([one, other], View("contribution"))
    assert {row.unit for row in shown.rows} == {"contribution to “positive”"}
    for row, explanation in zip(shown.summaries, (one, other), strict=True):
        np.testing.assert_array_equal(row.values, explanation.contributions[0, :, 1])
    shown = panel([one, other], View("contribution", against="negative"))
    assert shown.unit == "contribution to “positive” against “negative”"


def test_names_that_would_be_alike_carry_their_checkpoint():
    both = panel([fake_explanation(), fake_explanation(readout="mlp")], View())
    assert [row.label for row in both.rows] == [
        "Attention (attention)",
        "Attention (attention-mlp)",
    ]


def test_wrong_choices_are_named():
    with pytest.raises(ChoiceError, match="loudness"):
        View(quantity="loudness")
    with pytest.raises(ChoiceError, match="log"):
        View(scale="log")
    with pytest.raises(ChoiceError, match="neutral"):
        panel([fake_explanation()], View("contribution", target="neutral"))
    with pytest.raises(ChoiceError, match="neutral"):
        panel([fake_explanation()], View("contribution", against="neutral"))


def test_texts_and_cuts_must_be_the_same():
    with pytest.raises(PoolvizError, match="different texts"):
        panel([fake_explanation("早餐"), fake_explanation("晚餐")], View())
    with pytest.raises(PoolvizError, match="cut"):
        words, characters = (fake_explanation("a cat", unit=u) for u in ("word", "character"))
        panel([words, characters], View())
    with pytest.raises(PoolvizError, match="at least one"):
        panel([], View())


def test_top_tokens_are_sorted_by_absolute_value_and_keep_repeated_tokens_apart():
    row = panel([fake_explanation("的人的")], View("contribution")).rows[0]
    top = top_tokens(row, 10)
    assert sorted(item["position"] for item in top) == [1, 2, 3]
    assert [abs(item["value"]) for item in top] == sorted(np.abs(row.values), reverse=True)
    assert all("的人的"[item["position"] - 1] == item["token"] for item in top)


def test_top_tokens_of_equal_values_come_in_reading_order():
    row = panel([fake_explanation(head="average")], View()).rows[0]
    assert [item["position"] for item in top_tokens(row, 3)] == [1, 2, 3]


def test_spread_by_hand():
    values = np.array([3.0, 0.0, 0.0, 6.0])
    np.testing.assert_allclose(spread(values, (1, 1)), [1.5, 1.5, 3.0, 3.0])
    np.testing.assert_allclose(spread(values, (0, 1)), [1.5, 1.5, 0.0, 6.0])
    np.testing.assert_allclose(spread(values, (2, 0)), [3.0, 2.0, 2.0, 2.0])
    np.testing.assert_allclose(spread(values, (0, 0)), values)


@given(
    arrays(np.float64, st.tuples(st.integers(1, 3), st.integers(1, 20)), elements=st.floats(-5, 5)),
    st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
def test_spread_keeps_the_sum(values, window):
    result = spread(values, window)
    assert result.shape == values.shape
    np.testing.assert_allclose(result.sum(axis=-1), values.sum(axis=-1), atol=1e-9)


def test_the_spread_view_keeps_each_rows_sum():
    plain = panel(explanations(), View("contribution"))
    wide = panel(explanations(), View("contribution", spread=True))
    for one, other in zip(plain.rows, wide.rows, strict=True):
        np.testing.assert_allclose(one.values.sum(), other.values.sum())
        assert not np.allclose(one.values, other.values)


def test_short_panels_are_not_binned():
    shown = panel(explanations(), View())
    assert binned(shown, len(shown.tokens)) is shown


def test_bins_hold_means_of_weights_and_sums_of_contributions():
    text = "早餐很好" * 62 + "。"  # 249 tokens
    weight = panel(explanations(text), View())
    short = binned(weight, 100)
    assert (len(short.tokens), short.per_column) == (83, 3)
    np.testing.assert_allclose(short.rows[0].values[0], weight.rows[0].values[:3].mean())
    assert short.rows[0].high == max(row.values.max() for row in short.rows)
    assert "3 tokens per column, their mean" in caption(short)

    contribution = panel(explanations(text), View("contribution"))
    short = binned(contribution, 100)
    np.testing.assert_allclose(short.rows[3].values.sum(), contribution.rows[3].values.sum())
    assert "their sum" in caption(short)


@given(st.integers(1, 300), st.integers(1, 150))
def test_binned_columns_cover_the_text_once(count, columns):
    shown = panel([fake_explanation("好" * count)], View())
    short = binned(shown, columns)
    assert len(short.tokens) <= columns
    assert "".join(token.text for token in short.tokens) == shown.rows[0].explanation.text
