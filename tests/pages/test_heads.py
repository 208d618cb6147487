"""The Heads page without a browser: the picture of a text, switches, figures of the test rows."""

import re

import numpy as np
import pytest

from poolviz import places, program
from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.engine.texts import Explainer
from poolviz.evaluation.anatomy import BINS, differences_in_words, without_rows
from poolviz.evaluation.retraining import diversity
from poolviz.evaluation.texts import write_anatomy
from poolviz.figures.texts.anatomy import anatomy_html
from poolviz.figures.texts.channels import channels_html
from poolviz.figures.texts.switched import switched_html
from poolviz.text.encoding import encode
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.channels import channels
from poolviz.values.explanation import Explanation
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.copies import copied
from tests.pages_helpers import (
    ALL_HEADS,
    HOTEL,
    address,
    charts,
    explain,
    highlights,
    open_page,
    sentences,
    shared,
    typed,
)

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


def picture(at) -> str:
    """The picture of the text; empty where there is none."""
    return next((html for html in highlights(at) if 'class="pvh"' in html), "")


def expected(text: str, heads=ALL_HEADS) -> str:
    return anatomy_html(panel(explain(text, HOTEL, heads), View(scale="uniform")))


def switched(at) -> str:
    [found] = [html for html in highlights(at) if 'class="pvw"' in html]
    return found


def words(at) -> str:
    return re.sub(r"\\(.)", r"\1", "\n".join(markdown.value for markdown in at.markdown))


def test_the_first_screen_says_and_shows_how_heads_differ_on_the_text():
    at = typed(open_page(PAGE, dataset=HOTEL), TEXT)
    assert picture(at) == expected(TEXT)
    explanations = explain(TEXT)
    means = np.array([explanation.weights.mean(axis=0) for explanation in explanations])
    names = ["Max", "Average", "Min-variance", "Attention", "Multi-head attention"]
    for sentence in differences_in_words(names, means):
        assert sentence in words(at)
    assert not charts(at) and not at.dataframe


def test_the_text_is_that_of_the_compare_page():
    at = typed(open_page(dataset=HOTEL), TEXT)
    at.switch_page(PAGE).run()
    assert at.text_area(key="_text").value == TEXT
    assert picture(at) == expected(TEXT)


def test_heatmap_and_lines_of_all_weight_rows_are_drawn_when_opened():
    at = typed(open_page(PAGE, dataset=HOTEL, heads="average,multi-head"), TEXT)
    at.segmented_control(key="_heads_section").set_value("lines").run()
    drawn = charts(at)["lines"]["data"]
    assert [line["name"] for line in drawn[:5]] == ["Average", *NAMES]
    for line, row in zip(drawn[1:5], multi_head(TEXT).weights, strict=True):
        np.testing.assert_allclose(line["y"], row * len(TEXT), rtol=1e-4)
    at.segmented_control(key="_heads_section").set_value("heatmap").run()
    assert np.shape(charts(at)["heatmap"]["data"][0]["z"]) == (5, len(TEXT))
    assert "lines" not in charts(at)


def test_the_channels_of_max_are_drawn_when_opened():
    at = typed(open_page(PAGE, dataset=HOTEL, heads_part="channels"), TEXT)
    [explanation] = explain(TEXT, HOTEL, ["max"])
    model = Model(Explainer(read(places.SHIPPED_CHECKPOINTS / HOTEL / "max")))
    ids = encode(TEXT, model.explainer.vocabulary).ids
    wanted = channels_html(explanation, channels(model.network, ids), explanation.predicted_index)
    assert wanted in highlights(at)
    without = typed(open_page(PAGE, dataset=HOTEL, heads="average,attention"), TEXT)
    assert "channels" not in without.segmented_control(key="_heads_section").options
    assert "Channels of max" in at.segmented_control(key="_heads_section").options


def test_switching_a_row_off_shows_what_is_left_and_the_link_keeps_it():
    at = typed(open_page(PAGE, dataset=HOTEL, heads_part="switches"), TEXT)
    explanation = multi_head(TEXT)
    assert switched(at) == switched_html(explanation, without_rows(explanation, []))
    at.toggle(key="on_multi-head_1").set_value(False).run()
    left = without_rows(explanation, [1])
    assert abs(left - explanation.probabilities).max() > 1e-4
    assert switched(at) == switched_html(explanation, left)
    assert "Exact:" in switched(at)
    at.toggle(key="on_multi-head_3").set_value(False).run()
    assert address(at)["off"] == "multi-head.2,multi-head.4"
    again = typed(open_page(PAGE, **address(at)), TEXT)
    assert switched(again) == switched_html(explanation, without_rows(explanation, [1, 3]))
    again.toggle(key="on_multi-head_1").set_value(True).run()
    again.toggle(key="on_multi-head_3").set_value(True).run()
    assert "off" not in address(again)


def test_an_estimate_is_called_approximate(nobodys_machine):
    of_ones_own(nobodys_machine, "multi-head", readout="mlp")
    at = open_page(PAGE, dataset="my_reviews", heads_part="switches")
    assert "Approximate:" in switched(at) and "Exact:" not in switched(at)
    at.segmented_control(key="_heads_section").set_value("survey").run()
    assert at.code[-1].value.endswith(".csv --readout mlp --write")


@pytest.mark.parametrize("text", ["", " \n", "好", "<script>alert(1)</script>", "好" * 2000])
def test_any_text_gives_a_view_or_a_sentence(text):
    at = typed(open_page(PAGE, dataset=HOTEL), text)
    assert not at.exception
    if text.strip():
        assert picture(at) == expected(text)
        assert "<script>" not in picture(at)
    else:
        assert not picture(at)
        assert sentences(at)[0].startswith("Type at least one visible character")
        # Those that speak of no text.
        assert at.segmented_control(key="_heads_section").options == [
            "Over all test rows",
            *["Rows kept apart"] * (places.SHIPPED_CHECKPOINTS / HOTEL / diversity.FILE).exists(),
        ]


def test_what_keeping_rows_apart_does_is_told_where_it_was_tried():
    at = open_page(PAGE, dataset="thucnews_title", heads_part="diversity")
    assert "rows of Multi-head attention are 0.69 nats apart instead of 0.12" in words(at)
    assert "Test accuracy falls" in words(at)
    (table,) = (each.value for each in at.dataframe if "Weight of the penalty" in each.value)
    assert list(table["Weight of the penalty"]) == ["0", "1"]
    untried = open_page(PAGE, dataset="bbc_news").segmented_control(key="_heads_section")
    assert "Rows kept apart" not in untried.options


def test_without_a_head_of_several_rows_nothing_can_be_switched_off():
    at = open_page(PAGE, dataset=HOTEL, heads="max,attention", heads_part="switches")
    assert at.segmented_control(key="_heads_section").value is None
    assert "Switch weight rows off" not in at.segmented_control(key="_heads_section").options
    assert "Max and Attention are" in words(at)


def test_one_head_alone():
    at = typed(open_page(PAGE, dataset=HOTEL, heads="attention"), TEXT)
    assert picture(at) == expected(TEXT, ["attention"])
    assert f"of {len(TEXT)} tokens, as if they had equal weights." in words(at)


def test_figures_over_the_test_rows_are_shown_as_far_as_measured(nobodys_machine):
    of_ones_own(nobodys_machine, "average")
    measured(of_ones_own(nobodys_machine, "multi-head"), rows=4)
    at = open_page(PAGE, dataset="my_reviews", heads_part="survey")
    table = at.dataframe[0].value
    assert table.iloc[:, 0].tolist() == NAMES
    assert set(table["On punctuation"]) == {"25.0% (20.0% – 30.0%)"}
    assert set(table["On unknown tokens"]) == {"0.0% (0.0% – 0.0%)"}
    assert set(table["Test rows"]) == {1234}
    profiles = charts(at)["profile"]["data"]
    assert [(line["name"], line["y"][0]) for line in profiles] == [
        (name, number + 0.5) for number, name in enumerate(NAMES)
    ]
    assert sentences(at) == ["Not measured yet: Average. Run this:"]
    words = "evaluate --dataset my_reviews --csv ChnSentiCorp_htl_all.csv --write"
    assert at.code[-1].value == program.command(*words.split())


def test_where_all_is_measured_no_command_is_shown(nobodys_machine):
    measured(of_ones_own(nobodys_machine, "average"), rows=1)
    at = open_page(PAGE, dataset="my_reviews", heads_part="survey")
    assert at.dataframe[0].value.iloc[:, 0].tolist() == ["Average"]
    assert not any("Not measured" in sentence for sentence in sentences(at))


def test_the_menu_offers_the_link_and_the_files():
    at = shared(typed(open_page(PAGE, dataset=HOTEL, heads_part="lines"), TEXT))
    assert not at.exception
    assert any("heads_part=lines" in code.value and "text=" in code.value for code in at.code)
    offered = {button.proto.label for button in at.get("download_button")}
    assert {"Anatomy (CSV)", "Numbers (CSV)", "Download figure"} <= offered
