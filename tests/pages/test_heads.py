"""The Heads page without a browser: weight rows of a text, switches, figures of the test rows."""

import numpy as np
import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.evaluation.anatomy import BINS, divergences, effective_tokens, entropy, without_rows
from poolviz.evaluation.texts import write_anatomy
from poolviz.values.explanation import Explanation
from tests.copies import copied
from tests.pages_helpers import HOTEL, charts, explain, open_page, sentences, typed

TEXT = "早餐难吃，但是前台态度非常好。"
PAGE = "pages/heads.py"
NAMES = [f"Multi-head attention {number}" for number in range(1, 5)]
pytestmark = pytest.mark.usefixtures("nobodys_machine")


def of_ones_own(root, name, **card) -> Checkpoint:
    """A shipped checkpoint's files as a checkpoint of one's own, of the task "my_reviews"."""
    source = read(places.SHIPPED_CHECKPOINTS / HOTEL / name)
    return copied(source, root / "checkpoints", "my_reviews", **card)


def measured(checkpoint: Checkpoint, rows: int) -> None:
    """Write invented figures of the test rows beside a checkpoint."""
    mean = {"value": 0.25, "low": 0.2, "high": 0.3}
    row = {name: mean for name in ("entropy", "effective_tokens", "punctuation")}
    row["unknown"] = {"value": 0, "low": -1e-6, "high": 1e-6}
    profiles = [[number + 0.5] * BINS for number in range(rows)]
    found = [{**row, "position_profile": profile} for profile in profiles]
    content = {"onnx_sha256": checkpoint.onnx_hash, "rows": 1234, "weight_rows": found}
    write_anatomy(checkpoint, content)


def multi_head(text: str) -> Explanation:
    return explain(text, HOTEL, ["multi-head"])[0]


def switched(at) -> list[np.ndarray]:
    """The bars with all weight rows, and with those switched on."""
    return [bars["x"] for bars in charts(at)["switched_multi-head"]["data"]]


def test_the_weight_rows_of_a_text_have_the_explainers_numbers():
    at = typed(open_page(PAGE, dataset=HOTEL), TEXT)
    explanation = multi_head(TEXT)
    drawn = charts(at)
    lines = drawn["lines_multi-head"]["data"]
    assert [line["name"] for line in lines[:4]] == NAMES
    for line, row in zip(lines[:4], explanation.weights, strict=True):
        np.testing.assert_allclose(line["y"], row, atol=1e-6)
    assert np.shape(drawn["heatmap_multi-head"]["data"][0]["z"]) == explanation.weights.shape
    np.testing.assert_allclose(
        drawn["divergences_multi-head"]["data"][0]["z"],
        divergences(explanation.weights),
        atol=1e-6,
    )
    table = at.dataframe[0].value
    assert table.iloc[:, 0].tolist() == NAMES
    assert table.iloc[:, 1].tolist() == [f"{h:.3f}" for h in entropy(explanation.weights)]
    assert table.iloc[:, 2].tolist() == [f"{n:.2f}" for n in effective_tokens(explanation.weights)]


def test_the_text_is_that_of_the_compare_page():
    at = typed(open_page(dataset=HOTEL), TEXT)
    at.switch_page(PAGE).run()
    assert at.text_area(key="_text").value == TEXT
    labels = charts(at)["lines_multi-head"]["layout"]["xaxis"]["ticktext"]
    assert "".join(labels) == TEXT


def test_switching_a_row_off_shows_what_is_left():
    at = typed(open_page(PAGE, dataset=HOTEL), TEXT)
    explanation = multi_head(TEXT)
    order = np.argsort(-explanation.probabilities)
    before, after = switched(at)
    np.testing.assert_allclose(before, explanation.probabilities[order], atol=1e-5)
    np.testing.assert_allclose(after, before, atol=1e-5)
    at.toggle(key="on_multi-head_1").set_value(False).run()
    kept, left = switched(at)
    np.testing.assert_allclose(kept, before)
    np.testing.assert_allclose(left, without_rows(explanation, [1])[order], atol=1e-5)
    assert abs(left - before).max() > 1e-4
    assert any(caption.value.startswith("Exact:") for caption in at.caption)


def test_an_estimate_is_called_approximate(nobodys_machine):
    of_ones_own(nobodys_machine, "multi-head", readout="mlp")
    at = open_page(PAGE, dataset="my_reviews")
    assert at.warning[0].value.startswith("Approximate:")
    assert not any(caption.value.startswith("Exact:") for caption in at.caption)
    assert at.code[-1].value.endswith(".csv --readout mlp --write")


@pytest.mark.parametrize("text", ["", " \n", "好", "<script>alert(1)</script>", "好" * 2000])
def test_any_text_gives_a_view_or_a_sentence(text):
    at = typed(open_page(PAGE, dataset=HOTEL), text)
    assert not at.exception
    if text.strip():
        assert "heatmap_multi-head" in charts(at)
        assert "<script>" not in str(charts(at))
    else:
        assert sentences(at)[0].startswith("Type at least one visible character")


def test_without_a_head_of_several_rows_there_is_a_sentence():
    at = open_page(PAGE, dataset=HOTEL, heads="max,attention")
    assert not any(key.startswith("heatmap") for key in charts(at))
    assert "several weight rows" in sentences(at)[0]


def test_figures_over_the_test_rows_are_shown_as_far_as_measured(nobodys_machine):
    of_ones_own(nobodys_machine, "average")
    measured(of_ones_own(nobodys_machine, "multi-head"), rows=4)
    at = open_page(PAGE, dataset="my_reviews")
    table = at.dataframe[1].value
    assert table.iloc[:, 0].tolist() == NAMES
    assert set(table["On punctuation"]) == {"25.0% (20.0% – 30.0%)"}
    assert set(table["On unknown tokens"]) == {"0.0% (0.0% – 0.0%)"}
    assert set(table["Test rows"]) == {1234}
    profiles = charts(at)["profile"]["data"]
    assert [(line["name"], line["y"][0]) for line in profiles] == [
        (name, number + 0.5) for number, name in enumerate(NAMES)
    ]
    assert sentences(at) == ["Not measured yet: Average. Run this:"]
    words = "--dataset my_reviews --csv ChnSentiCorp_htl_all.csv"
    assert at.code[-1].value == f"python -m poolviz evaluate {words} --write"


def test_where_all_is_measured_no_command_is_shown(nobodys_machine):
    measured(of_ones_own(nobodys_machine, "average"), rows=1)
    at = open_page(PAGE, dataset="my_reviews")
    assert at.dataframe[0].value.iloc[:, 0].tolist() == ["Average"]
    assert not any("Not measured" in sentence for sentence in sentences(at))
