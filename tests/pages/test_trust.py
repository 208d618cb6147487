"""The Trust page without a browser: a text's curves and tests, the test rows, padding."""

import threading
import time

import numpy as np
import pandas as pd
import pytest

from poolviz.model.heads import HEADS
from poolviz.text.encoding import encode
from poolviz.text.tokens import has_visible
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.ablation.model import Model
from poolviz.trust.marks.plausibility import agreement
from poolviz.trust.rows import results
from poolviz.trust.text.measures import MEASURES, measure_text, of_every_text
from poolviz.trust.text.rankings import RANKINGS, SEED
from poolviz.trust.text.reading import STRESS_TESTS, read_all
from poolviz.ui.trust import plausibility
from tests.pages_helpers import (
    HOSTILE_TEXTS,
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


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Short texts are measured before the page is drawn, on a slow machine too."""
    monkeypatch.setattr("poolviz.ui.trust.text.PATIENCE", 60.0)


def expected(head: str, text: str, how: str = "mask"):
    one = explainer(HOTEL, head)
    explanation = one.explain(text)
    ids = encode(text, one.vocabulary).ids
    return measure_text(Model(one), ids, explanation.weights, explanation.contributions, how)


def surveyed(root, rows: int = 40):
    """Invented results beside a copied checkpoint of the task "my_reviews"."""
    checkpoint = copied_checkpoint(root / "checkpoints", "my_reviews", "attention")
    figure = {"value": 0.25, "low": 0.2, "high": 0.3, "n": rows}
    names = [f"{how}.{r}.{m}" for how in ERASURES for r in RANKINGS for m in of_every_text()]
    names += [f"naopc.{r}.{m}" for r in RANKINGS for m in ("comprehensiveness", "sufficiency")]
    undefined = {f"{how}.uniform.tau" for how in ERASURES}
    flips = dict.fromkeys((f"{how}.weight.flip" for how in ERASURES), {**figure, "n": rows - 3})
    difference = {"value": 0.1, "n": rows}
    summary = {
        "onnx_sha256": checkpoint.onnx_hash,
        "rows": rows,
        "seed": SEED,
        "in_segments": 0.25,
        "settings": {"most_units": 32, "exact_units": 10, "beam": 5},
        "cost": {"mask": {"passes": 1234, "seconds": 5.0}, "stress": {"passes": 0, "seconds": 1.0}},
        "figures": {name: figure for name in names if name not in undefined} | flips,
        "differences": {
            f"{how}.weight~{other}": {**difference, "low": low, "high": low + 0.1}
            for how, low in zip(ERASURES, (0.05, -0.05, -0.3), strict=True)
            for other in ("random", "contribution")
        },
    }
    lines = dict.fromkeys(names, np.linspace(0, 1, rows))
    table = pd.DataFrame({"key": np.arange(rows, dtype=np.uint64), **lines})
    results.write(checkpoint, table, summary)
    return checkpoint, summary


def shown_table(at, title: str) -> pd.DataFrame:
    """The first table on the page with a column of this title."""
    return next(element.value for element in at.dataframe if title in element.value)


def curves(at) -> dict[str, dict]:
    """The figures of the text; a data set whose rows were measured has others beside them."""
    return {key: figure for key, figure in charts(at).items() if key.startswith("curves_")}


def test_the_curves_are_those_of_the_library_and_the_control_is_among_them():
    at = typed(open_page(PAGE, heads="max,attention"), TEXT)
    drawn = charts(at)
    assert [key for key in drawn if "curves" in key] == [
        f"curves_{head}" for head in ("max", "average", "attention")
    ]
    found = expected("attention", TEXT)
    traces = drawn["curves_attention"]["data"]
    assert [trace["name"] for trace in traces] == list(RANKINGS.values())
    for trace, ranking in zip(traces, RANKINGS, strict=True):
        np.testing.assert_allclose(trace["y"], found.curves[ranking].deletion, atol=1e-6)
    assert ERASURES["mask"] in str(drawn["curves_attention"]["layout"]["title"])
    equal = {key: "Equal weights" in str(drawn[key]["layout"]["title"]) for key in drawn}
    assert [key for key, noted in equal.items() if noted] == ["curves_average"]


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
    noted = [caption.value for caption in at.caption if "random orders" in caption.value]
    assert any(ERASURES["mask"] in note for note in noted)
    of_control = table["Head"] == "Average (trained control)"
    average = table[of_control & (table["Ranking"] == "Weight")].iloc[0]
    assert average["Tau with leave-one-out ↑"] == "n/a"


def test_where_weight_and_contribution_disagree():
    at = typed(open_page(PAGE, heads="max,attention"), TEXT)
    assert shown_table(at, "Heavy, yet adds little")["Head"].tolist() == [
        "Max",
        "Average (trained control)",
        "Attention",
    ]
    found = expected("attention", TEXT)
    at.segmented_control(key="disagreement_head").set_value("attention").run()
    [points] = charts(at)["disagreement"]["data"]
    np.testing.assert_allclose(points["x"], found.scores["weight"][0])
    np.testing.assert_allclose(points["y"], found.scores["contribution"][0])
    at.multiselect(key="_heads").set_value(["min-variance"]).run()
    assert at.segmented_control(key="disagreement_head").value == "min-variance"
    assert charts(at)["disagreement"]["data"][0]["y"] is not None and not at.exception


def test_stress_tests_at_their_buttons():
    at = typed(open_page(PAGE, heads="max,attention"), TEXT)
    for test in STRESS_TESTS:
        at.segmented_control(key="stress").set_value(test).run()
        assert not at.exception
        table = shown_table(at, "Another class")
        assert len(table) == 3
        distances = table.set_index("Head")["Total variation distance"]
        assert (distances[HEADS["max"].title] == "n/a") == (test != "heaviest")
        assert 0 <= float(distances[HEADS["attention"].title]) <= 1


def test_long_texts_say_that_they_are_cut_into_segments():
    at = typed(open_page(PAGE, heads="attention"), "房间很干净。" * 40)
    assert "240 tokens in 32 equal segments" in str(charts(at)["curves_attention"]["layout"])
    assert len(charts(at)["curves_attention"]["data"][0]["y"]) == 33


def test_no_text_no_curves():
    at = typed(open_page(PAGE, heads="attention"), " ")
    assert sentences(at)[0].startswith("Type at least one visible character")
    assert not curves(at)


def test_what_was_not_measured_has_its_command(nobodys_machine):
    copied_checkpoint(nobodys_machine / "checkpoints", "my_reviews", "attention")
    at = open_page(PAGE, dataset="my_reviews")
    assert sentences(at) == ["Not measured yet: Attention. Run this:"]
    words = "--dataset my_reviews --csv ChnSentiCorp_htl_all.csv"
    assert at.code[-1].value == f"python -m poolviz trust {words}"


@pytest.mark.parametrize(
    ("how", "said"),
    [("mask", "better than chance"), ("unknown", "no better and no worse"), ("remove", "worse")],
)
def test_the_test_rows(nobodys_machine, how, said):
    surveyed(nobodys_machine)
    at = open_page(PAGE, dataset="my_reviews", erase=how)
    told = [element.value for element in at.markdown]
    assert told[0].startswith("- **Attention**: On 40 test rows") and said in told[0]
    assert ERASURES[how] in next(c.value for c in at.caption if c.value.startswith("Better"))
    assert "Highest tau with leave-one-out: 0.25" in told[1]
    table = shown_table(at, "NAOPC, comprehensiveness ↑")
    assert table["Ranking"].tolist() == ["Weight", "Contribution", "Random", "Uniform"]
    assert set(table["n, NAOPC"]) == set(table["n, others"]) == {40}
    assert set(table["Ceiling of tau"]) == {"0.250 (0.200–0.300)"}
    flips = table.set_index("Ranking")["Flip share ↓"]
    assert flips["Weight"] == "0.250 (0.200–0.300), n 37"
    assert flips["Random"] == "0.250 (0.200–0.300)"
    cost = shown_table(at, "Passes through the model")
    assert cost["Passes through the model"].tolist() == ["1,234", "n/a"]
    assert set(table["NAOPC, comprehensiveness ↑"]) == {"0.250 (0.200–0.300)"}
    assert table["Tau with leave-one-out ↑"].tolist()[-1] == "n/a"
    assert not any("Not measured" in sentence for sentence in sentences(at))


def test_every_measure_has_its_charts(nobodys_machine):
    surveyed(nobodys_machine)
    at = open_page(PAGE, dataset="my_reviews")
    for measure in MEASURES:
        at.selectbox(key="measure").set_value(measure).run()
        assert not at.exception
        notes = str(charts(at)["rankings"]["layout"]["title"])
        assert ("Defined in 37 to 40 of these rows" in notes) == (measure == "flip")
        assert ("top 1, 5, 10, 20 and 50 %" in notes) == (
            measure in ("comprehensiveness", "sufficiency")
        )


def test_the_padding_check():
    at = typed(open_page(PAGE, heads="attention,average"), TEXT)
    at.button(key="check_padding").click().run()
    table = shown_table(at, "Weight on padding")
    assert len(table) == 10
    assert set(table["Passed"]) == {"yes"}
    assert set(table["Weight on padding"]) == {"0.0e+00"}


def held_up(monkeypatch) -> tuple[threading.Event, threading.Event]:
    """Measuring a text tells that it has begun, and then waits until it may go on."""
    begun, goes_on = threading.Event(), threading.Event()

    def slow(models, text, how, watch):
        begun.set()
        goes_on.wait(60)
        return read_all(models, text, how, watch)

    monkeypatch.setattr("poolviz.ui.trust.text.PATIENCE", 0.0)
    monkeypatch.setattr("poolviz.ui.trust.text.read_all", slow)
    return begun, goes_on


def test_a_text_that_takes_long_has_a_bar_and_can_be_cancelled(monkeypatch):
    begun, goes_on = held_up(monkeypatch)
    at = open_page(PAGE, heads="attention")
    assert begun.wait(60)
    assert len(at.get("progress")) == 1 and not curves(at)
    at.button(key="cancel_trust_text").click().run()
    goes_on.set()
    jobs_end(at)
    assert "Cancelled." in sentences(at) and not curves(at)
    at.button(key="measure_text").click().run()
    jobs_end(at)
    assert curves(at)


def test_what_was_chosen_and_marked_outlives_a_run_that_does_not_show_it(monkeypatch):
    at = typed(open_page(PAGE, heads="max,attention"), TEXT)
    chosen = {"curve": "insertion", "stress": "uniform", "disagreement_head": "attention"}
    for key, value in chosen.items():
        at.segmented_control(key=key).set_value(value)
    at.pills[0].set_value([2, 3])
    at.text_input[0].set_value("前台").run()
    _begun, goes_on = held_up(monkeypatch)
    at.segmented_control(key="_erase").set_value("remove").run()
    assert not curves(at) and not at.pills
    goes_on.set()
    jobs_end(at)
    for _visit in range(2):
        assert {key: at.segmented_control(key=key).value for key in chosen} == chosen
        assert at.pills[0].value == [2, 3] and at.text_input[0].value == "前台"
        assert any("Marked: 4 of 15" in caption.value for caption in at.caption)
        at.switch_page("dashboard.py").run()
        at.switch_page(PAGE).run()


def jobs_end(at) -> None:
    """Run the page until no bar is on it."""
    for _attempt in range(500):
        if not at.run().get("progress"):
            return
        time.sleep(0.02)
    raise AssertionError("the work did not end")


def test_marked_tokens_are_compared_with_the_rankings():
    text = "早餐难吃，床难睡。"
    at = typed(open_page(PAGE, heads="average,attention"), text)
    assert not any("Token IoU ↑" in element.value for element in at.dataframe)
    [pills] = at.pills
    assert pills.options[:4] == [
        "\u2060早\u2060",
        "\u2060餐\u2060",
        "\u2060难\u2060",
        "\u2060吃\u2060",
    ]
    pills.set_value([2, 3]).run()
    at.text_input[0].set_value("床|没有").run()
    assert any("没有" in warning.value for warning in at.warning)
    e = explainer(HOTEL, "attention").explain(text)
    marked = np.isin(np.arange(len(e.tokens)), [2, 3, 5])
    wanted = agreement(e.weights, e.contributions, e.predicted_index, marked)
    table = shown_table(at, "Token IoU ↑")
    assert table["Ranking"].tolist() == ["Weight", "Contribution", "Chance"] * 2
    for place, figures in zip((3, 4, 5), wanted.values(), strict=True):
        assert table["AUPRC ↑"][place] == f"{figures['auprc']:.3f}"
        assert table["Token F1 ↑"][place] == f"{figures['f1']:.3f}"
    typed(at, "另一段")
    assert not any("Token IoU ↑" in element.value for element in at.dataframe)


def test_long_texts_are_marked_by_typing():
    at = typed(open_page(PAGE, heads="attention"), TEXT * 20)
    assert not at.pills
    at.text_input[0].set_value("难吃").run()
    assert any("Marked: 40 of 300" in caption.value for caption in at.caption)


def test_a_file_of_rationales():
    at = open_page(PAGE, heads="attention")
    file = f"text,rationale\n{TEXT},难吃\n房间很好,很好\n".encode()
    at.file_uploader(key="rationales_file").set_value(("r.csv", file, "text/csv")).run()
    jobs_end(at)
    table = at.dataframe[-1].value
    assert table["Ranking"].tolist() == ["Weight", "Contribution", "Chance"]
    assert set(table["n"]) == {2}
    broken = ("r.json", b"{", "application/json")
    at.file_uploader(key="rationales_file").set_value(broken).run()
    assert any("r.json is neither JSON" in sentence for sentence in sentences(at))
    hostile = ("r.csv", b"text,rationale\nx,![x](http://127.0.0.1:9/x.png)\n", "text/csv")
    at.file_uploader(key="rationales_file").set_value(hostile).run()
    assert any("“![x](http" in sentence for sentence in sentences(at))
    assert "![x](" not in at.error[0].value


def test_what_is_not_defined_is_empty_in_the_file_of_texts():
    table = pd.DataFrame({"head": ["max"] * 2, "number": [1, 2], "weight.iou": [0.5, float("nan")]})
    lines = plausibility._texts_to_csv(table).decode("utf-8-sig").splitlines()
    assert lines == ["head,number,weight.iou", "max,1,0.5", "max,2,"]


def test_a_file_of_rationales_can_be_cancelled_and_measured_after_all(monkeypatch):
    goes_on = threading.Event()
    measure = plausibility.over_texts

    def slow(*given):
        goes_on.wait(60)
        return measure(*given)

    monkeypatch.setattr(plausibility, "over_texts", slow)
    monkeypatch.setattr(plausibility, "PATIENCE", 0.0)
    at = open_page(PAGE, heads="attention")
    file = ("r.csv", f"text,rationale\n{TEXT},难吃\n".encode(), "text/csv")
    at.file_uploader(key="rationales_file").set_value(file).run()
    at.button(key="cancel_rationales").click().run()
    goes_on.set()
    jobs_end(at)
    assert "Cancelled." in sentences(at)
    at.button(key="measure_rationales").click().run()
    jobs_end(at)
    assert set(at.dataframe[-1].value["n"]) == {1}


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_hostile_texts_are_measured_or_refused(text):
    at = typed(open_page(PAGE, heads="attention"), text)
    jobs_end(at)
    assert bool(curves(at)) == has_visible(text)
    for pills in at.pills:
        assert len(set(pills.options)) == len(pills.options)
