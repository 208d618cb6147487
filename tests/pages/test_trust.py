"""The Trust page without a browser: a text's curves and tests, the test rows, padding."""

import json
import threading
import time

import numpy as np
import pandas as pd
import pytest

from poolviz import program
from poolviz.export.formats import PARTS
from poolviz.figures.trust.palette import RANKING_COLOURS
from poolviz.model.heads import HEADS
from poolviz.text.encoding import encode
from poolviz.text.tokens import has_visible
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.ablation.model import Model
from poolviz.trust.marks.plausibility import agreement
from poolviz.trust.rows import results
from poolviz.trust.text.measures import MEASURES, measure_text, of_every_text
from poolviz.trust.text.rankings import RANKINGS, SEED
from poolviz.trust.text.reading import STRESS_TESTS, read, read_all
from poolviz.ui.input import brought
from poolviz.ui.trust import marked_files, shapley
from tests.pages_helpers import (
    ALL_HEADS,
    HOSTILE_TEXTS,
    HOTEL,
    address,
    charts,
    copied_checkpoint,
    explainer,
    highlights,
    open_page,
    sentences,
    shared,
    typed,
)
from tests.trust_helpers import erasing_rows, standing_rows

TEXT = "早餐难吃，但是前台态度非常好。"
PAGE = "pages/trust.py"
pytestmark = pytest.mark.usefixtures("nobodys_machine")


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Short texts are measured before the page is drawn, on a slow machine too."""
    monkeypatch.setattr("poolviz.ui.trust.readings.PATIENCE", 60.0)


def expected(head: str, text: str, how: str = "mask"):
    one = explainer(HOTEL, head)
    explanation = one.explain(text)
    ids = encode(text, one.vocabulary).ids
    return measure_text(Model(one), ids, explanation.weights, explanation.contributions, how)


def surveyed(root, rows: int = 400):
    """Invented results beside a copied checkpoint of the task "my_reviews"."""
    checkpoint = copied_checkpoint(root / "checkpoints", "my_reviews", "attention")
    figure = {"value": 0.25, "low": 0.2, "high": 0.3, "n": rows}
    names = [f"{how}.{r}.{m}" for how in ERASURES for r in RANKINGS for m in of_every_text()]
    names += [f"naopc.{r}.{m}" for r in RANKINGS for m in ("comprehensiveness", "sufficiency")]
    undefined = {f"{how}.uniform.tau" for how in ERASURES}
    flips = dict.fromkeys((f"{how}.weight.flip" for how in ERASURES), {**figure, "n": rows - 3})
    summary = {
        "onnx_sha256": checkpoint.onnx_hash,
        "rows": rows,
        "sample": 1_000,
        "seed": SEED,
        "curves": {},
        "in_segments": 0.25,
        "settings": {"most_units": 32, "exact_units": 10, "beam": 5},
        "cost": {"mask": {"passes": 1234, "seconds": 5.0}, "stress": {"passes": 0, "seconds": 1.0}},
        "figures": {name: figure for name in names if name not in undefined} | flips,
        "differences": {
            f"{how}.weight~{other}": {"value": low + 0.05, "low": low, "high": low + 0.1, "n": rows}
            for how, low in zip(ERASURES, (0.05, -0.05, -0.3), strict=True)
            for other in ("random", "contribution")
        },
    }
    lines = dict.fromkeys(names, np.linspace(0, 1, rows))
    keys = np.arange(rows, dtype=np.uint64)
    table = pd.DataFrame({"key": keys, "tokens": 5, "units": 5, **lines})
    results.write(checkpoint, table, summary)
    return checkpoint, summary


def shown_table(at, title: str) -> pd.DataFrame:
    """The first table on the page with a column of this title."""
    return next(element.value for element in at.dataframe if title in element.value)


def picture(at, style: str) -> str:
    """The HTML of one of the page's pictures, by its class; empty where it is not there."""
    return next((html for html in highlights(at) if html.startswith(f'<div class="{style}">')), "")


def erasing(at) -> dict:
    """The rows of the text, by head."""
    return erasing_rows(picture(at, "pve"))


def opened(at, section: str):
    """The page with this section open."""
    return at.segmented_control(key="_trust_section").set_value(section).run()


def test_the_picture_comes_first_and_says_what_the_numbers_say():
    at = open_page(PAGE)
    assert highlights(at).index(picture(at, "pvs")) < highlights(at).index(picture(at, "pve"))
    assert "Normalised Area Over the Perturbation Curve" in picture(at, "pvs")
    rows = standing_rows(picture(at, "pvs"))
    assert list(rows) == list(ALL_HEADS)
    summary = results.read_summary(explainer(HOTEL, "attention").checkpoint)
    for ranking in ("random", "weight", "contribution"):
        figure = summary["figures"][f"naopc.{ranking}.comprehensiveness"]
        assert rows["attention"].marks[ranking] == pytest.approx(100 * figure["value"], abs=0.06)
        ends = [100 * figure[end] for end in ("low", "high")]
        assert rows["attention"].intervals[ranking] == pytest.approx(ends, abs=0.11)
    assert rows["max"].sentence == "30%: little better than random (23%)"
    assert rows["average"].sentence == "weights all equal: they rank nothing"


def test_shapley_values_stand_beside_contributions_once_asked_for(monkeypatch):
    asked = []
    made = shapley.compare_all
    monkeypatch.setattr(shapley, "PATIENCE", 60.0)
    monkeypatch.setattr(shapley, "compare_all", lambda *given: asked.append(1) or made(*given))
    at = typed(open_page(PAGE, heads="attention"), "早餐难吃")
    assert not asked
    at = opened(at, "shapley")
    html = next(html for html in highlights(at) if "pvp" in html)
    assert ERASURES["mask"] in html and "the parts sum exactly" in html
    table = shown_table(at, "Same sign")
    assert list(table["Erased tokens are"]) == [*ERASURES.values()] * 2
    assert set(table["Largest standard error"]) == {"0.000"}
    linear = table[table["Erased tokens are"] == ERASURES["mask"]]
    assert list(linear["They add up to"]) == list(linear["Contributions add up to"])
    at.segmented_control(key="_erase").set_value("remove").run()
    assert any("pvp" in html and ERASURES["remove"] in html for html in highlights(at))
    assert asked == [1]
    at = typed(at, "好" * 65)
    assert any("64 are the most" in info.value for info in at.info) and asked == [1]


def test_a_closed_section_builds_neither_figures_nor_tables():
    at = open_page(PAGE)
    assert not charts(at) and not at.dataframe and not at.pills


def test_the_curves_are_those_of_the_library_and_the_control_is_among_them():
    at = typed(open_page(PAGE, heads="max,attention"), TEXT)
    rows = erasing(at)
    assert list(rows) == ["max", "average", "attention"]
    found = expected("attention", TEXT)
    assert list(rows["attention"].curves) == [
        RANKING_COLOURS[ranking] for ranking in ("random", "contribution", "weight")
    ]
    for ranking in ("random", "contribution", "weight"):
        drawn = rows["attention"].curves[RANKING_COLOURS[ranking]]
        np.testing.assert_allclose(drawn, found.curves[ranking].deletion, atol=1e-3)
    assert ERASURES["mask"] in picture(at, "pve")
    at.toggle(key="_trust_all").set_value(True).run()
    colours = {RANKING_COLOURS[ranking] for ranking in RANKINGS}
    assert set(erasing(at)["attention"].curves) == colours
    assert at.segmented_control(key="_trust_ranking").options == list(RANKINGS.values())


def test_the_slider_erases_in_the_order_of_the_chosen_ranking():
    at = typed(open_page(PAGE, heads="attention"), TEXT)
    assert at.slider(key="curves_erased").max == len(TEXT)
    assert at.slider(key="curves_erased").value == len(TEXT) // 3
    found = expected("attention", TEXT)
    for ranking in ("weight", "contribution", "random"):
        at.segmented_control(key="_trust_ranking").set_value(ranking)
        at.slider(key="curves_erased").set_value(4).run()
        gone = sorted(found.orders[ranking][0][:4])
        assert erasing(at)["attention"].gone == [TEXT[unit] for unit in gone]
        after = found.curves[ranking].erased[0, 4, found.ablation.target]
        assert f"{after:.0%}" in erasing(at)["attention"].said
    typed(at, "好。")
    assert at.slider(key="curves_erased").value == 2


def test_the_way_to_erase_and_the_direction_can_be_chosen():
    at = typed(open_page(PAGE, heads="attention", erase="remove"), TEXT)
    assert address(at)["erase"] == "remove"
    at.segmented_control(key="_trust_curve").set_value("insertion").run()
    drawn = erasing(at)["attention"].curves[RANKING_COLOURS["weight"]]
    found = expected("attention", TEXT, "remove")
    np.testing.assert_allclose(drawn, found.curves["weight"].insertion, atol=1e-3)
    assert len(erasing(at)["attention"].gone) == len(TEXT) - len(TEXT) // 3
    at.segmented_control(key="_erase").set_value("unknown").run()
    assert address(at)["erase"] == "unknown"


def test_the_address_reproduces_every_choice():
    at = open_page(PAGE, heads="max,attention")
    for key in ("curve", "ranking", "section"):
        chosen = {"curve": "insertion", "ranking": "contribution", "section": "disagreement"}[key]
        at.segmented_control(key=f"_trust_{key}").set_value(chosen).run()
    at.segmented_control(key="_trust_head").set_value("attention").run()
    at.slider(key="curves_erased").set_value(9).run()
    at.toggle(key="_trust_all").set_value(True).run()
    said = address(at)
    wanted = {"curve": "insertion", "erase_by": "contribution", "trust": "disagreement"}
    assert wanted.items() <= said.items()
    assert (said["erased"], said["rankings"], said["trust_head"]) == ("9", "1", "attention")
    again = open_page(PAGE, **said)
    assert address(again) == said
    assert picture(again, "pve") == picture(at, "pve")
    assert charts(again).keys() == {"disagreement", "agreement"}
    title = charts(again)["disagreement"]["layout"]["title"]["text"]
    assert title == charts(at)["disagreement"]["layout"]["title"]["text"]
    opened(again, "stress").segmented_control(key="_trust_stress").set_value("uniform").run()
    assert address(again)["stress"] == "uniform"


def test_what_an_address_holds_that_nobody_knows_is_passed_over():
    nonsense = dict.fromkeys(("curve", "erase_by", "erased", "trust", "measure", "stress"), "<i>")
    at = open_page(PAGE, heads="attention", trust_head="x", rankings="x", **nonsense)
    assert at.segmented_control(key="_trust_ranking").value == "weight"
    for section in ("rows", "stress", "disagreement"):
        assert not opened(at, section).exception


def test_an_unknown_way_to_erase_in_the_address_is_masking():
    at = open_page(PAGE, heads="attention", erase="delete")
    assert "erase" not in address(at)


def test_the_numbers_of_the_text():
    at = opened(typed(open_page(PAGE, heads="average,attention"), TEXT), "text")
    [element] = at.dataframe
    table = element.value
    figures = expected("attention", TEXT).figures["weight"]
    line = table[(table["Head"] == "Attention") & (table["Ranking"] == "Weight")].iloc[0]
    assert line["Comprehensiveness ↑"] == f"{figures['comprehensiveness']:.3f}"
    assert line["Tau with leave-one-out ↑"] == f"{figures['tau']:.3f}"
    helped = json.loads(element.proto.columns)
    assert MEASURES["tau"].meaning in helped["Tau with leave-one-out ↑"]["help"]
    assert all(helped[title].get("help") for title in table)
    noted = [caption.value for caption in at.caption if "random orders" in caption.value]
    assert any(ERASURES["mask"] in note for note in noted)
    of_control = table["Head"] == "Average (trained control)"
    average = table[of_control & (table["Ranking"] == "Weight")].iloc[0]
    assert average["Tau with leave-one-out ↑"] == "n/a"


def test_where_weight_and_contribution_disagree():
    at = opened(typed(open_page(PAGE, heads="max,attention"), TEXT), "disagreement")
    assert shown_table(at, "Heavy, yet adds little")["Head"].tolist() == [
        "Max",
        "Average (trained control)",
        "Attention",
    ]
    found = expected("attention", TEXT)
    at.segmented_control(key="_trust_head").set_value("attention").run()
    [points] = charts(at)["disagreement"]["data"]
    np.testing.assert_allclose(points["x"], found.scores["weight"][0])
    np.testing.assert_allclose(points["y"], found.scores["contribution"][0])
    at.multiselect(key="_heads").set_value(["min-variance"]).run()
    assert at.segmented_control(key="_trust_head").value == "min-variance"
    assert charts(at)["disagreement"]["data"][0]["y"] is not None and not at.exception


def test_stress_tests_at_their_buttons():
    at = opened(typed(open_page(PAGE, heads="max,attention"), TEXT), "stress")
    for test in STRESS_TESTS:
        at.segmented_control(key="_trust_stress").set_value(test).run()
        assert not at.exception
        table = shown_table(at, "Another class")
        assert len(table) == 3
        distances = table.set_index("Head")["Total variation distance"]
        assert (distances[HEADS["max"].title] == "n/a") == (test != "heaviest")
        assert 0 <= float(distances[HEADS["attention"].title]) <= 1
    assert len(shown_table(at, "Decision flips")) == 3 * (len(STRESS_TESTS) + 1)


def test_long_texts_say_that_they_are_cut_into_segments():
    at = typed(open_page(PAGE, heads="attention"), "房间很干净。" * 40)
    assert "240 tokens in 32 equal segments" in picture(at, "pve")
    assert len(erasing(at)["attention"].curves[RANKING_COLOURS["weight"]]) == 33
    assert at.slider(key="curves_erased").max == 32


def test_no_text_no_curves():
    at = typed(open_page(PAGE, heads="attention"), " ")
    assert sentences(at)[0].startswith("Type at least one visible character")
    assert not picture(at, "pve")
    for section in ("text", "disagreement", "stress", "person", "padding"):
        assert not opened(at, section).exception


def test_what_was_not_measured_has_its_command(nobodys_machine):
    copied_checkpoint(nobodys_machine / "checkpoints", "my_reviews", "attention")
    at = open_page(PAGE, dataset="my_reviews")
    assert sentences(at) == ["Not measured yet: Attention. Run this:"]
    words = "trust --dataset my_reviews --csv ChnSentiCorp_htl_all.csv"
    assert at.code[-1].value == program.command(*words.split())


@pytest.mark.parametrize(
    ("how", "said"),
    [("mask", "better than chance"), ("unknown", "not shown to rank tokens"), ("remove", "worse")],
)
def test_the_test_rows(nobodys_machine, how, said):
    surveyed(nobodys_machine)
    at = opened(open_page(PAGE, dataset="my_reviews", erase=how), "measure")
    told = next(e.value for e in at.markdown if e.value.startswith("- **Attention**"))
    assert told.startswith("- **Attention**: On 400 test rows") and said in told
    assert "Tau with leave-one-out: Weight 0.25, Contribution 0.25, Gradient × input 0.25" in told
    assert "stands above" not in told
    assert ERASURES[how] in next(c.value for c in at.caption if c.value.startswith("Rule"))
    assert "AOPC" in at.latex[0].value
    table = shown_table(opened(at, "rows"), "NAOPC, comprehensiveness ↑")
    assert table["Ranking"].tolist() == [
        *("Weight", "Contribution", "Gradient × input", "Random", "Uniform")
    ]
    assert set(table["n, NAOPC"]) == set(table["n, others"]) == {400}
    assert set(table["NAOPC in segments"]) == {"n/a"}
    flips = table.set_index("Ranking")["Flip share ↓"]
    assert flips["Weight"] == "0.250 (0.200–0.300), n 397"
    assert flips["Random"] == "0.250 (0.200–0.300)"
    assert set(table["NAOPC, comprehensiveness ↑"]) == {"0.250 (0.200–0.300)"}
    assert table["Tau with leave-one-out ↑"].tolist()[-1] == "n/a"
    helped = json.loads(at.dataframe[0].proto.columns)
    assert all(helped[title].get("help") for title in table)
    cost = shown_table(opened(at, "cost"), "Passes through the model")
    assert cost["Passes through the model"].tolist() == ["1,234", "n/a"]
    assert not any("Not measured" in sentence for sentence in sentences(at))


def test_the_picture_is_of_masked_tokens_whatever_is_erased_below(nobodys_machine):
    surveyed(nobodys_machine)
    for how in ERASURES:
        at = open_page(PAGE, dataset="my_reviews", erase=how)
        row = standing_rows(picture(at, "pvs"))["attention"]
        assert row.sentence == "25%: better than contributions (25%); their intervals overlap"
        assert ERASURES["mask"] in picture(at, "pvs")


def test_every_measure_has_its_charts(nobodys_machine):
    surveyed(nobodys_machine)
    at = opened(open_page(PAGE, dataset="my_reviews"), "rows")
    for measure in MEASURES:
        at.selectbox(key="_trust_measure").set_value(measure).run()
        assert not at.exception
        notes = str(charts(at)["rankings"]["layout"]["title"])
        assert ("Defined in 397 to 400 of these rows" in notes) == (measure == "flip")
        assert ("top 1, 5, 10, 20 and 50 %" in notes) == (
            measure in ("comprehensiveness", "sufficiency")
        )
    at.toggle(key="_trust_spread").set_value(True).run()
    assert charts(at).keys() == {"spread"}
    assert (address(at)["measure"], address(at)["rows_spread"]) == ("flip", "1")


def test_the_padding_check():
    at = opened(typed(open_page(PAGE, heads="attention"), TEXT), "padding")
    line = "- **Average, Attention**: passed on 5 of 5 padded lengths."
    assert line in [element.value for element in at.markdown]


def held_up(monkeypatch) -> tuple[threading.Event, threading.Event]:
    """Measuring a text tells that it has begun, and then waits until it may go on."""
    begun, goes_on = threading.Event(), threading.Event()

    def slow(models, text, how, watch, reader):
        begun.set()
        goes_on.wait(60)
        return read_all(models, text, how, watch, reader)

    monkeypatch.setattr("poolviz.ui.trust.readings.SHORT", 0)
    monkeypatch.setattr("poolviz.ui.trust.readings.PATIENCE", 0.0)
    monkeypatch.setattr("poolviz.ui.trust.readings.read_all", slow)
    return begun, goes_on


def test_a_text_that_takes_long_has_a_bar_and_can_be_cancelled(monkeypatch):
    begun, goes_on = held_up(monkeypatch)
    at = open_page(PAGE, heads="attention")
    assert begun.wait(60)
    assert len(at.get("progress")) == 1 and not picture(at, "pve")
    at.button(key="cancel_trust_text").click().run()
    goes_on.set()
    jobs_end(at)
    assert "Cancelled." in sentences(at) and not picture(at, "pve")
    at.button(key="measure_text").click().run()
    jobs_end(at)
    assert picture(at, "pve")


def test_what_was_chosen_and_marked_outlives_a_run_that_does_not_show_it(monkeypatch):
    at = opened(typed(open_page(PAGE, heads="max,attention"), TEXT), "person")
    at.segmented_control(key="_trust_curve").set_value("insertion")
    at.slider(key="curves_erased").set_value(2)
    at.pills[0].set_value([2, 3])
    at.text_input[0].set_value("前台").run()
    _begun, goes_on = held_up(monkeypatch)
    at.segmented_control(key="_erase").set_value("remove").run()
    assert not picture(at, "pve") and not at.pills
    goes_on.set()
    jobs_end(at)
    for _visit in range(2):
        assert at.segmented_control(key="_trust_curve").value == "insertion"
        assert at.slider(key="curves_erased").value == 2
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
    at = opened(typed(open_page(PAGE, heads="average,attention"), text), "person")
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
        assert table["Average precision ↑"][place] == f"{figures['auprc']:.3f}"
        assert table["Token F1 ↑"][place] == f"{figures['f1']:.3f}"
    typed(at, "另一段")
    assert not any("Token IoU ↑" in element.value for element in at.dataframe)


def test_long_texts_are_marked_by_typing():
    at = opened(typed(open_page(PAGE, heads="attention"), TEXT * 20), "person")
    assert not at.pills
    at.text_input[0].set_value("难吃").run()
    assert any("Marked: 40 of 300" in caption.value for caption in at.caption)


def test_a_file_of_rationales():
    at = opened(open_page(PAGE, heads="attention"), "person")
    file = f"text,rationale\n{TEXT},难吃\n房间很好,很好\n".encode()
    at.file_uploader(key="rationales_file").set_value(("r.csv", file, "text/csv")).run()
    jobs_end(at)
    table = at.dataframe[-1].value
    assert table["Ranking"].tolist() == ["Weight", "Contribution", "Chance"]
    assert set(table["n"]) == {2}
    assert any("<mark>难吃</mark>" in html.proto.body for html in at.html)
    broken = ("r.json", b"{", "application/json")
    at.file_uploader(key="rationales_file").set_value(broken).run()
    assert any("r.json is no JSON" in sentence for sentence in sentences(at))
    assert not at.dataframe, "of the file before"
    hostile = ("r.csv", b"text,rationale\nx,![x](http://127.0.0.1:9/x.png)\n", "text/csv")
    at.file_uploader(key="rationales_file").set_value(hostile).run()
    assert any("“![x](http" in sentence for sentence in sentences(at))
    assert "![x](" not in at.error[0].value


def test_what_is_not_defined_is_empty_in_the_file_of_texts():
    table = pd.DataFrame({"head": ["max"] * 2, "number": [1, 2], "weight.iou": [0.5, float("nan")]})
    lines = marked_files._texts_to_csv(table).decode("utf-8-sig").splitlines()
    assert lines == ["head,number,weight.iou", "max,1,0.5", "max,2,"]


def test_a_file_of_rationales_can_be_cancelled_and_measured_after_all(monkeypatch):
    goes_on = threading.Event()
    measure = marked_files.over_texts

    def slow(*given):
        goes_on.wait(60)
        return measure(*given)

    monkeypatch.setattr(marked_files, "over_texts", slow)
    monkeypatch.setattr(marked_files, "PATIENCE", 0.0)
    at = opened(open_page(PAGE, heads="attention"), "person")
    file = ("r.csv", f"text,rationale\n{TEXT},难吃\n".encode(), "text/csv")
    at.file_uploader(key="rationales_file").set_value(file).run()
    at.button(key="cancel_rationales").click().run()
    goes_on.set()
    jobs_end(at)
    assert "Cancelled." in sentences(at)
    at.button(key="measure_rationales").click().run()
    jobs_end(at)
    assert set(at.dataframe[-1].value["n"]) == {1}


def test_a_file_of_rationales_is_read_beside_the_page_and_that_can_be_cancelled(monkeypatch):
    goes_on = threading.Event()
    read = marked_files.read_rationales

    def slow(name, content, wanted, watch):
        goes_on.wait(60)
        return read(name, content, wanted, watch)

    monkeypatch.setattr(marked_files, "read_rationales", slow)
    monkeypatch.setattr(brought, "PATIENCE", 0.0)
    at = opened(open_page(PAGE, heads="attention"), "person")
    file = ("r.csv", f"text,rationale\n{TEXT},难吃\n".encode("gb18030"), "text/csv")
    at.file_uploader(key="rationales_file").set_value(file).run()
    assert not any("<mark>" in html.proto.body for html in at.html)
    at.button(key="cancel_read_rationales_file").click().run()
    goes_on.set()
    jobs_end(at)
    assert "Cancelled." in sentences(at)
    at.button(key="rationales_file_again").click().run()
    jobs_end(at)
    assert set(at.dataframe[-1].value["n"]) == {1}
    assert any("GB18030" in expander.label for expander in at.expander)
    at.selectbox(key="rationales_file_as_encoding").set_value("big5").run()
    jobs_end(at)
    assert any("Big5" in expander.label for expander in at.expander)
    assert not any("难吃" in html.proto.body for html in at.html)


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_hostile_texts_are_measured_or_refused(text):
    at = opened(typed(open_page(PAGE, heads="attention"), text), "person")
    jobs_end(at)
    assert bool(picture(at, "pve")) == has_visible(text)
    for pills in at.pills:
        assert len(set(pills.options)) == len(pills.options)


def test_the_share_menu_has_every_figure_and_the_marks():
    at = opened(typed(open_page(PAGE, heads="attention"), TEXT), "person")
    at.pills[0].set_value([2, 3]).run()
    shared(opened(at, "cost"))
    drawn = ("deletion", "insertion", "disagreement", "agreement", "rankings", "spread")
    assert at.selectbox(key="export_figure").options == [PARTS[part] for part in drawn]
    parts = {"trust-measures", "trust-curves", "trust-scores", "trust-stress", "trust-rows"}
    keys = {element.key for element in at.get("download_button")}
    assert {f"download_{part}" for part in parts | {"trust-marks"}} <= keys


def test_a_text_is_measured_once_for_everybody(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "poolviz.ui.trust.readings.read", lambda *given: asked.append(given[1].text) or read(*given)
    )
    text = "只有这个测试才有的一段话。"
    for _visitor in range(2):
        at = typed(open_page(PAGE, heads="attention"), text)
        assert erasing(at)["attention"].text == text
        assert asked.count(text) == 2  # under the head and the control
