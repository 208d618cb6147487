"""Two texts compared: alignment and values by hand, one colour scale, files."""

import csv
import io

import numpy as np
import pytest

from poolviz.export.changes import probabilities_to_csv, tokens_to_csv, with_changes
from poolviz.export.contents import compare_contents
from poolviz.figures.texts.changes import MAX_COLUMNS, change_map
from poolviz.views.captions import number
from poolviz.views.changes import Aligned, compare_texts, values_at
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

BEFORE, AFTER = "早餐很好", "早餐不好吃"
HEADS = ("max", "attention", "multi-head")


def changed(before: str = BEFORE, after: str = AFTER, heads=HEADS, view: View | None = None):
    texts = [[fake_explanation(text, head) for head in heads] for text in (before, after)]
    return compare_texts(*texts, view or View())


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_tokens_are_aligned_by_hand():
    changes = changed()
    assert changes.shared == ((0, 0), (1, 1), (3, 3))
    wanted = [(0, 0), (1, 1), (2, None), (None, 2), (3, 3), (None, 4)]
    assert changes.aligned == tuple(Aligned(*pair) for pair in wanted)
    assert [changes.token(each).text for each in changes.aligned] == list("早餐很不好吃")
    assert changes.texts == (BEFORE, AFTER)


def test_values_before_and_after():
    changes = changed(heads=["attention"])
    before, after = (e.weights[0] for e in changes.heads[0].explained)
    nan = np.nan
    np.testing.assert_array_equal(
        values_at(changes.aligned, *changes.heads[0].summaries),
        [
            [before[0], before[1], before[2], nan, before[3], nan],
            [after[0], after[1], nan, after[2], after[3], after[4]],
        ],
    )


@pytest.mark.parametrize("scale", ["shared", "head"])
def test_both_texts_and_all_heads_have_one_scale(scale):
    changes = changed(heads=["attention", "min-variance"], view=View(scale=scale))
    rows = [row for head in changes.heads for row in head.summaries]
    assert {row.high for row in rows} == {max(float(row.values.max()) for row in rows)}


def test_contributions_go_to_one_class_before_and_after():
    changes = changed(view=View("contribution"))
    assert len({head.explained[0].predicted for head in changes.heads}) == 2
    for head in changes.heads:
        assert {shown.view.target for shown in head.panels} == {"positive"}
        wanted = head.explained[1].contributions[..., 1].sum(axis=0)
        np.testing.assert_allclose(head.summaries[1].values, wanted)
    assert changes.unit == "contribution to “positive”"


def test_contributions_to_a_chosen_class():
    changes = changed(view=View("contribution", target="negative"))
    assert {shown.view.target for head in changes.heads for shown in head.panels} == {"negative"}


def test_texts_too_different_are_not_aligned(monkeypatch):
    monkeypatch.setattr("poolviz.text.subsequence.MAX_CELLS", 3)
    changes = changed()
    assert changes.shared is None


def test_the_map_has_changes_of_kept_tokens_only():
    changes = changed(heads=["attention", "min-variance"])
    figure = change_map(changes).plotly()
    assert list(figure.layout.xaxis.ticktext) == ["早", "餐", "很<br>−", "不<br>+", "好", "吃<br>+"]
    z = np.array(figure.data[0].z, float)
    np.testing.assert_array_equal(np.isnan(z[0]), [False, False, True, True, False, True])
    differences = np.array(
        [np.subtract(*values_at(changes.aligned, *head.summaries)[::-1]) for head in changes.heads]
    )
    top = np.nanmax(np.abs(differences))
    np.testing.assert_allclose(z, differences / top, atol=1e-5)
    assert change_map(changes).alt
    before, after = (head.weights[0, 3] for head in changes.heads[0].explained)
    hover = figure.data[0].customdata[0][4]
    assert f"change: {number(after - before)}" in hover
    assert number(before) in hover and number(after) in hover


def test_a_long_text_has_the_largest_changes_in_order():
    before = "房间很干净，服务不错。" * 20
    changes = changed(before, before[:50] + "不" + before[50:], heads=["attention"])
    figure = change_map(changes).plotly()
    labels = list(figure.layout.xaxis.ticktext)
    assert len(labels) == MAX_COLUMNS
    values = values_at(changes.aligned, *changes.heads[0].summaries)
    size = np.sort(np.abs(np.diff(np.nan_to_num(values), axis=0))[0])[::-1]
    top = np.nanmax(np.abs(values[1] - values[0]))
    drawn = np.abs(np.array(figure.data[0].z[0], float))
    assert np.nanmin(drawn) * top >= size[MAX_COLUMNS] - 1e-6
    assert f"{MAX_COLUMNS} of {len(changes.aligned)} tokens" in figure.layout.title.subtitle.text


def test_kinds_of_weight_have_scales_of_their_own():
    figure = change_map(changed(heads=["max", "attention"], view=View("alternative"))).plotly()
    assert np.nanmax(np.abs(np.array(figure.data[0].z, float)), axis=1) == pytest.approx([1, 1])


def test_nothing_that_changes_is_drawn_too():
    changes = changed(heads=["average"], after=BEFORE)
    assert np.array(change_map(changes).plotly().data[0].z, float).any() == False  # noqa: E712
    assert not any(head.flips for head in changes.heads)


def test_hostile_texts_stay_text():
    hostile = "<b>x</b></span><img src=x onerror=alert(1)>"
    changes = changed(hostile, f"{hostile}<script>好", heads=["attention"])
    hovers = change_map(changes).plotly().data[0].customdata[0]
    assert not any("<img" in hover or "<script" in hover for hover in hovers)
    labels = "".join(change_map(changes).plotly().layout.xaxis.ticktext).replace("<br>+", "")
    assert "&lt;" in labels and "<" not in labels


def test_probabilities_as_a_file():
    changes = changed(heads=["attention"])
    lines = table(probabilities_to_csv(changes))
    before, after = (e.probabilities for e in changes.heads[0].explained)
    assert [line["class"] for line in lines] == ["negative", "positive"]
    for n, line in enumerate(lines):
        values = [float(line[name]) for name in ("before", "after", "change")]
        assert values == pytest.approx([before[n], after[n], after[n] - before[n]])


def test_tokens_as_a_file():
    changes = changed("=1 好", "好 坏", heads=["multi-head"])
    lines = table(tokens_to_csv(changes))
    assert len(lines) == 4 * len(changes.aligned)
    first, _one, kept, new = lines[:4]
    assert first["token"] == "'=" and first["position after"] == first["after"] == ""
    assert (kept["position before"], kept["position after"]) == ("3", "1")
    before, after = (e.weights[0] for e in changes.heads[0].explained)
    assert float(kept["change"]) == pytest.approx(after[0] - before[2])
    assert new["before"] == new["change"] == "" and float(new["after"]) == pytest.approx(after[1])


def test_contents_have_them_beside_the_view():
    changes = changed()
    explanations = [head.explained[0] for head in changes.heads]
    plain = compare_contents(explanations, panel(explanations, View()), None)
    assert with_changes(plain, None) is plain
    both = with_changes(plain, changes)
    new = [figure for figure in both.figures if figure not in plain.figures]
    assert [figure.part for figure in new] == ["changes"]
    assert new[0].picture.figure.data
    assert {t.part for t in both.tables} - {t.part for t in plain.tables} == {
        "changed-probabilities",
        "changed-tokens",
    }
    assert all(t.make() for t in both.tables)
