"""The Results page and its charts."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from poolviz.figures.results import accuracy_chart, confusion_chart

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def page(nobodys_machine) -> AppTest:
    at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    at.query_params["dataset"] = "chnsenticorp_htl_all"
    return at.switch_page("pages/results.py").run()


def test_every_head_has_a_line_and_every_pair_a_test(page):
    assert not page.exception
    assert len(page.dataframe[0].value) == 5
    differences = page.dataframe[1].value
    assert len(differences) == 10


def test_a_head_against_another(page):
    heads = page.selectbox(key="confusion_head")
    page.selectbox(key="confusion_against").select("attention")
    page.run()
    assert not page.exception
    assert heads.value == "max"


def test_one_head_alone(page):
    page.multiselect(key="_heads").set_value(["attention"]).run()
    assert not page.exception
    assert len(page.dataframe[0].value) == 1


def test_confusion_chart_holds_counts_and_shares_of_the_row():
    chart = confusion_chart(np.array([[3, 1], [0, 0]]), ["a", "b"], "rows", "columns").to_dict()
    (cells,) = chart["datasets"].values()
    assert [cell["count"] for cell in cells] == [3, 1, 0, 0]
    assert [cell["share"] for cell in cells] == [0.75, 0.25, 0, 0]


def test_accuracy_chart_keeps_the_order_of_heads():
    figure = {"value": 0.8, "low": 0.7, "high": 0.9}
    chart = accuracy_chart(["b", "a"], [figure, figure]).to_dict()
    (rows,) = chart["datasets"].values()
    assert [row["head"] for row in rows] == ["b", "a"]
