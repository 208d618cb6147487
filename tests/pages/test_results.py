"""The Results page and its charts."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from poolviz import places
from poolviz.checkpoints.checkpoint import list_checkpoints, read
from poolviz.evaluation import exactness
from poolviz.figures.rows.results import accuracy_chart, confusion_chart
from poolviz.model.kinds import MATCHER, kinds_of
from poolviz.values.interval import Interval
from tests.pages_helpers import open_page

TASK = "chnsenticorp_htl_all"


@pytest.fixture
def page(nobodys_machine) -> AppTest:
    return open_page("pages/results.py")


@pytest.fixture
def own_root(tmp_path, monkeypatch) -> Path:
    """A copy of the shipped hotel checkpoints as all there is."""
    shutil.copytree(places.SHIPPED_CHECKPOINTS / TASK, tmp_path / "shipped" / TASK)
    monkeypatch.setattr(places, "SHIPPED_CHECKPOINTS", tmp_path / "shipped")
    return tmp_path / "shipped"


def words(page: AppTest) -> str:
    return "\n".join(markdown.value for markdown in page.markdown)


def differences(page: AppTest) -> pd.DataFrame:
    (table,) = [table.value for table in page.dataframe if "Head A" in table.value]
    return table


def test_one_table_has_every_data_set_and_head(page):
    assert not page.exception
    table = page.dataframe[0].value
    shipped = [c for c in list_checkpoints([places.SHIPPED_CHECKPOINTS]) if c.readout == "linear"]
    assert len(table) == len(shipped)
    for checkpoint in shipped:
        accuracy = checkpoint.card["test"]["accuracy"]["value"]
        lines = table[table["Parameters"] == checkpoint.card["parameters"]]
        assert lines["Accuracy, %"].str.startswith(f"{100 * accuracy:.1f} (").any()
    assert (table["Explain, ms"] > 0).all()


def test_every_data_set_has_its_findings(page):
    found = words(page)
    sets = {c.task for c in list_checkpoints([places.SHIPPED_CHECKPOINTS])}
    assert found.count("retraining does") >= len(sets)
    assert "**Hotel reviews**" in found and "**BBC news**" in found


def test_every_pair_of_heads_has_a_test(page):
    all_pairs = differences(page)
    assert len(all_pairs) == 10
    page.multiselect(key="_heads").set_value(["average", "attention"]).run()
    shown = all_pairs[(all_pairs["Head A"] == "Average") & (all_pairs["Head B"] == "Attention")]
    # The correction is for all pairs, whatever is shown.
    assert differences(page).to_dict("records") == shown.to_dict("records")


def test_long_rows_are_told_apart(page):
    (table,) = [t.value for t in page.dataframe if "Accuracy on long rows" in t.value]
    assert len(table) == 5
    assert "33 of 1,561 test rows have more than 512 tokens" in words(page)


def match_table(page):
    (table,) = [t.value for t in page.dataframe if "Matcher" in t.value]
    return table


def test_every_matcher_stands_beside_counted_characters(page):
    table = match_table(page)
    shipped = [
        c for c in list_checkpoints([places.SHIPPED_CHECKPOINTS]) if c.kind in kinds_of(MATCHER)
    ]
    of_pairs = table[table["Data set"] == "LCQMC question pairs"]
    assert len(table) == len(shipped) + 2
    assert {"cosine of character counts", "regression on character n-grams"} < set(table["Matcher"])
    card = next(c.card for c in shipped if c.name == "siamese-attention")
    line = of_pairs[of_pairs["Matcher"] == "Siamese · Attention"].iloc[0]
    assert line["ROC-AUC"].startswith(f"{card['test']['roc_auc']['value']:.3f} (")
    assert line["Unseen, %"].startswith(f"{100 * card['test_unseen']['accuracy']['value']:.1f} (")
    assert "7 of 7 matchers beat the cosine of character counts" in words(page)


def test_matchers_that_are_worth_nothing_are_said_to_be(nobodys_machine, monkeypatch):
    monkeypatch.setattr("poolviz.evaluation.pair_verdict.beats_baseline", lambda card: False)
    assert "No matcher beats the cosine" in words(open_page("pages/results.py"))


def test_what_exactness_costs_is_said_in_words(nobodys_machine, own_root):
    pairs = {}
    for head, gain in (("max", 0.02), ("attention", 0.024)):
        linear = read(own_root / TASK / head)
        sides = {}
        for readout, plus in (("linear", 0.0), ("mlp", gain)):
            accuracy = [0.88 + plus, 0.881 + plus, 0.879 + plus]
            sides[readout] = {
                "seeds": {"accuracy": accuracy},
                "command": f"train {head} --readout {readout}",
                "onnx_sha256": linear.onnx_hash if readout == "linear" else "another",
            }
        pairs[head] = sides
    (own_root / TASK / exactness.FILE).unlink()
    exactness.update(own_root / TASK, pairs)
    page = open_page("pages/results.py")
    (table,) = [t.value for t in page.dataframe if "MLP − linear, points" in t.value]
    assert list(table["Head"]) == ["Max", "Attention", "Mean of the heads"]
    assert list(table["MLP"]) == ["90.0%", "90.4%", "90.2%"]
    assert table["MLP − linear, points"][2].startswith("+2.2 (+2.1")
    assert words(page).count("Exactness costs accuracy: MLP − linear is +2.2 (+2.1") == 2
    assert any("train max --readout mlp" in code.value for code in page.code)


def test_what_was_not_measured_is_named_with_the_command(nobodys_machine, own_root):
    for file in (own_root / TASK).glob("*/measured.json"):
        file.unlink()
    page = open_page("pages/results.py")
    assert any("Max" in info.value for info in page.info)
    assert any("evaluate --dataset" in code.value for code in page.code)
    assert "retraining does" not in words(page)


def test_of_heads_trained_once_none_is_said_to_be_no_better_across_seeds(nobodys_machine, own_root):
    for file in (own_root / TASK).glob("*/card.json"):
        card = json.loads(file.read_text(encoding="utf-8"))
        del card["seeds"]
        file.write_text(json.dumps(card), encoding="utf-8")
    page = open_page("pages/results.py")
    assert len(differences(page)) == 10
    assert "across seeds" not in words(page)


def test_a_head_against_another(page):
    heads = page.selectbox(key="confusion_head")
    page.selectbox(key="confusion_against").select("attention")
    page.run()
    assert not page.exception
    assert heads.value == "max"


def test_one_head_alone(page):
    page.multiselect(key="_heads").set_value(["attention"]).run()
    assert not page.exception
    assert not any("Head A" in table.value for table in page.dataframe)


def test_confusion_chart_holds_counts_and_shares_of_the_row():
    chart = confusion_chart(np.array([[3, 1], [0, 0]]), ["a", "b"], "rows", "columns").to_dict()
    (cells,) = chart["datasets"].values()
    assert [cell["count"] for cell in cells] == [3, 1, 0, 0]
    assert [cell["share"] for cell in cells] == [0.75, 0.25, 0, 0]


@pytest.mark.parametrize(("count", "slanted"), [(10, True), (40, False)])
def test_names_of_many_classes_do_not_lie_over_each_other(count, slanted):
    names = [f"a class of some name, number {number}" for number in range(count)]
    chart = confusion_chart(np.eye(count, dtype=int), names, "rows", "columns").to_dict()
    angle = chart["layer"][0]["encoding"]["x"]["axis"]["labelAngle"]
    assert (angle > -90) == slanted


def test_accuracy_chart_keeps_the_order_of_heads():
    figure = Interval(0.8, 0.7, 0.9)
    chart = accuracy_chart(["b", "a"], [figure, figure], [[0.8, 0.7], []]).to_dict()
    heads, trainings = chart["datasets"].values()
    assert [row["head"] for row in heads] == ["b", "a"]
    assert trainings == [{"head": "b", "value": 0.8}, {"head": "b", "value": 0.7}]
