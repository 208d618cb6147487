"""The Trust page without a browser: a text's curves and tests, the test rows, padding."""

import numpy as np
import pandas as pd
import pytest

from poolviz.heads import HEADS
from poolviz.trust import results
from poolviz.trust.erasure import ERASURES
from poolviz.trust.measures import MEASURES, measure_text
from poolviz.trust.model import Model
from poolviz.trust.rankings import RANKINGS
from poolviz.ui.trust import NORMALISED
from poolviz.ui.trust_text import STRESS_TESTS
from tests.pages_helpers import (
    HOTEL,
    address,
    charts,
    copied_checkpoint,
    explainer,
    open_page,
    sentences,
    typed,
)

TEXT = "早餐难吃，但是前台态度非常好。"
PAGE = "pages/trust.py"
pytestmark = pytest.mark.usefixtures("nobodys_machine")


def expected(head: str, text: str, how: str = "mask"):
    one = explainer(HOTEL, head)
    explanation = one.explain(text)
    ids = one.vocabulary.encode(explanation.tokens)
    return measure_text(Model(one), ids, explanation.weights, explanation.contributions, how)


def surveyed(root, rows: int = 40):
    """Invented results beside a copied checkpoint of the task "my_reviews"."""
    checkpoint = copied_checkpoint(root / "checkpoints", "my_reviews", "attention")
    figure = {"value": 0.25, "low": 0.2, "high": 0.3, "n": rows}
    names = [f"{how}.{r}.{m}" for how in ERASURES for r in RANKINGS for m in MEASURES]
    names += [f"naopc.{r}.{m}" for r in RANKINGS for m in ("comprehensiveness", "sufficiency")]
    undefined = {f"{how}.uniform.tau" for how in ERASURES}
    difference = {"value": 0.1, "n": rows}
    summary = {
        "onnx_sha256": checkpoint.onnx_hash,
        "rows": rows,
        "figures": {name: figure for name in names if name not in undefined},
        "differences": {
            f"{how}.weight~{other}": {**difference, "low": low, "high": low + 0.1}
            for how, low in zip(ERASURES, (0.05, -0.05, -0.3), strict=True)
            for other in ("random", "contribution")
        },
    }
    lines = dict.fromkeys(names, np.linspace(0, 1, rows))
    table = pd.DataFrame({"key": np.arange(rows, dtype=np.uint64), **lines})
    results.write(checkpoint, table, summary)


def test_the_curves_are_those_of_the_library():
    at = typed(open_page(PAGE, heads="max,attention"), TEXT)
    drawn = charts(at)
    assert list(drawn) == ["curves_max", "curves_attention"]
    found = expected("attention", TEXT)
    traces = drawn["curves_attention"]["data"]
    assert [trace["name"] for trace in traces] == list(RANKINGS.values())
    for trace, ranking in zip(traces, RANKINGS, strict=True):
        np.testing.assert_allclose(trace["y"], found.curves[ranking].deletion, atol=1e-6)
    assert ERASURES["mask"] in str(drawn["curves_attention"]["layout"]["title"])


def test_the_way_to_erase_and_the_direction_can_be_chosen():
    at = typed(open_page(PAGE, heads="attention", erase="remove"), TEXT)
    assert address(at)["erase"] == "remove"
    at.segmented_control(key="curve").set_value("insertion").run()
    trace = charts(at)["curves_attention"]["data"][0]
    found = expected("attention", TEXT, "remove")
    np.testing.assert_allclose(trace["y"], found.curves["weight"].insertion, atol=1e-6)
    at.segmented_control(key="_erase").set_value("unknown").run()
    assert address(at)["erase"] == "unknown"


def test_an_unknown_way_to_erase_in_the_address_is_masking():
    at = open_page(PAGE, heads="attention", erase="delete")
    assert "erase" not in address(at)


def test_the_numbers_of_the_text():
    at = typed(open_page(PAGE, heads="average,attention"), TEXT)
    table = at.dataframe[0].value
    figures = expected("attention", TEXT).figures["weight"]
    line = table[(table["Head"] == "Attention") & (table["Ranking"] == "Weight")].iloc[0]
    assert line["Comprehensiveness ↑"] == f"{figures['comprehensiveness']:.3f}"
    assert line["Tau with leave-one-out ↑"] == f"{figures['tau']:.3f}"
    average = table[(table["Head"] == "Average") & (table["Ranking"] == "Weight")].iloc[0]
    assert average["Tau with leave-one-out ↑"] == "n/a"


def test_stress_tests_at_their_buttons():
    at = typed(open_page(PAGE, heads="max,attention"), TEXT)
    for test in STRESS_TESTS:
        at.segmented_control(key="stress").set_value(test).run()
        assert not at.exception
        table = at.dataframe[1].value
        assert table["Head"].tolist() == [HEADS["max"].title, HEADS["attention"].title]
        distances = table["Total variation distance"].tolist()
        assert (distances[0] == "n/a") == (test != "heaviest")
        assert 0 <= float(distances[1]) <= 1


def test_long_texts_say_that_they_are_cut_into_segments():
    at = typed(open_page(PAGE, heads="attention"), "房间很干净。" * 40)
    assert "240 tokens in 32 equal segments" in str(charts(at)["curves_attention"]["layout"])
    assert len(charts(at)["curves_attention"]["data"][0]["y"]) == 33


def test_no_text_no_curves():
    at = typed(open_page(PAGE, heads="attention"), " ")
    assert sentences(at)[0].startswith("Type at least one visible character")
    assert not charts(at)


def test_what_was_not_measured_has_its_command(nobodys_machine):
    copied_checkpoint(nobodys_machine / "checkpoints", "my_reviews", "attention")
    at = open_page(PAGE, dataset="my_reviews")
    assert sentences(at) == ["Not measured yet: Attention. Run this:"]
    assert at.code[-1].value == "python -m poolviz trust --dataset my_reviews"


@pytest.mark.parametrize(
    ("how", "said"),
    [("mask", "better than chance"), ("unknown", "no better and no worse"), ("remove", "worse")],
)
def test_the_test_rows(nobodys_machine, how, said):
    surveyed(nobodys_machine)
    at = open_page(PAGE, dataset="my_reviews", erase=how)
    verdicts = [element.value for element in at.markdown if "On these 40 rows" in element.value]
    assert len(verdicts) == 1 and said in verdicts[0]
    table = at.dataframe[-1].value
    assert table["Ranking"].tolist() == ["Weight", "Contribution", "Random", "Uniform"]
    assert set(table["NAOPC, comprehensiveness ↑"]) == {"0.250 (0.200 – 0.300)"}
    assert table["Tau with leave-one-out ↑"].tolist()[-1] == "n/a"
    assert not any("Not measured" in sentence for sentence in sentences(at))


def test_every_measure_has_its_charts(nobodys_machine):
    surveyed(nobodys_machine)
    at = open_page(PAGE, dataset="my_reviews")
    for measure in (*NORMALISED, *MEASURES):
        at.selectbox(key="measure").set_value(measure).run()
        assert not at.exception


def test_the_padding_check():
    at = typed(open_page(PAGE, heads="attention,average"), TEXT)
    next(button for button in at.button if "padding" in button.label).click().run()
    table = at.dataframe[-1].value
    assert len(table) == 10
    assert set(table["Passed"]) == {"yes"}
    assert set(table["Weight on padding"]) == {"0.0e+00"}
