"""Agreement, rows and tokens as HTML: numbers, places on the axis, and nothing from outside."""

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from poolviz.explore.agreement import agreement
from poolviz.explore.rows import NO_LABEL
from poolviz.figures.rows.agreement import agreement_html
from poolviz.figures.rows.table import SHOWN_CHARACTERS, table_html
from poolviz.figures.rows.tokens import TokenPanel, tokens_html
from poolviz.language import use
from tests.explore_helpers import row_set, survey_of

HOSTILE = "</style><img src=x onerror=alert(1)>\"'&"
HEADS = {"max": "Max", "attention": "Attention", "average": "Average"}
ROWS = row_set("好的", "不好", HOSTILE, "长" * 500, labels=[1, 0, 1, NO_LABEL])
SURVEY = survey_of([[1, 1], [0, 1], [0, 0], [0, 0]], [0.1, 0.2, 0.6, 0.3])


def tags(html: str) -> set[str]:
    return set(re.findall(r"<(\w+)", re.sub("<style>.*?</style>", "", html, flags=re.DOTALL)))


class TestAgreement:
    PREDICTED = np.array([[0, 0, 0], [0, 1, 0], [1, 1, 1], [1, 0, 1]])

    def html(self, labels=(0, 0, 0, -1), **given):
        return agreement_html(agreement(self.PREDICTED, np.array(labels), -1), HEADS, **given)

    def test_the_answer_comes_first(self):
        assert "All 3 heads agree on <b>50.0%</b> of these 4 rows." in self.html()

    def test_of_two_heads_and_of_heads_that_always_agree_nothing_is_said_that_is_not_so(self):
        two = agreement_html(
            agreement(self.PREDICTED[:, :2], np.zeros(4), -1), {"a": "A", "b": "B"}
        )
        assert "Both heads agree on <b>50.0%</b> of these 4 rows." in two
        assert "Click a number" in two
        same = agreement_html(agreement(np.zeros((4, 3)), np.zeros(4), -1), HEADS)
        assert "All 3 heads agree on <b>100.0%</b>" in same
        assert "Click a number" not in same

    def test_right_answers_are_shares_of_the_labelled_rows(self):
        assert re.findall("<b>([0-9.]+%)</b><span", self.html()) == ["66.7%", "33.3%", "66.7%"]
        assert 'title="right on 2 of 3 labelled rows"' in self.html()
        without = self.html(labels=(-1, -1, -1, -1))
        assert "pvg-right" not in without.split("</style>")[1]
        assert "Without labels nothing is right or wrong." in without

    def test_each_pair_is_named_where_it_is_clicked_unless_the_two_always_agree(self):
        html = self.html(pair=(0, 1))
        assert re.findall('data-choose="pair:(.*?)" tabindex=".*?" aria-pressed="(.*?)"', html) == [
            ("max,attention", "true"),
            ("attention,average", "false"),
        ]
        assert re.findall('tabindex="(.*?)"', html) == ["0", "-1"]
        assert "<td>100.0%</td>" in html
        assert "Max and Attention predict the same class for 2 of 4 rows." in html

    def test_the_more_often_two_disagree_the_darker(self):
        predicted = np.array([[0, 0, 1]] * 9 + [[0, 1, 1]])
        html = agreement_html(agreement(predicted, np.zeros(10), -1), HEADS)
        steps = [int(step) for step in re.findall('class="pvg-([0-9]+)"', html)]
        assert steps == [4, 20, 20]  # of 20: a fifth for a tenth of the rows, all from half of them

    def test_names_are_escaped(self):
        html = agreement_html(
            agreement(self.PREDICTED, np.zeros(4), -1), {HOSTILE: HOSTILE, "b": HOSTILE, "c": "c"}
        )
        assert tags(html) == {
            *("div", "p", "b", "table", "thead", "tbody", "tr", "th", "td"),
            *("span", "i", "button"),
        }


class TestTable:
    def html(self, shown=(0, 1, 2, 3), rows=ROWS, survey=SURVEY):
        return table_html(rows, np.array(shown), ("负面", "正面"), survey, ["Max", HOSTILE])

    def test_the_share_of_unknown_tokens_stands_beside_the_predictions(self):
        survey = survey_of([[1, 1]] * 4, [0.1] * 4, unknown=[0.19, 0.2, 1, 0])
        html = table_html(ROWS, np.arange(4), ("负面", "正面"), survey, ["a", "b"])
        found = re.findall(r'<td class="pvr-unknown"[^>]*>([^<]*)</td>', html)
        assert found == ["", "20%", "100%", ""]
        assert html.count("<th ") == 7
        few = table_html(ROWS, np.array([0, 3]), ("负面", "正面"), survey, ["a", "b"])
        assert '<td class="pvr-unknown' not in few and few.count("<th ") == 6

    def test_a_line_names_its_row_and_one_of_them_is_a_stop_for_tab(self):
        html = self.html(shown=(3, 1))
        assert re.findall('<tr data-choose="row:([0-9]+)"', html) == ["3", "1"]
        assert re.findall('<button .*?tabindex="(-?[0-9])" data-choose="row:([0-9]+)"', html) == [
            ("0", "3"),
            ("-1", "1"),
        ]

    def test_nothing_of_a_text_or_a_name_becomes_html(self):
        assert tags(self.html()) == {
            *("div", "table", "thead", "tbody", "tr", "th", "td"),
            *("button", "bdi", "small", "span"),
        }
        assert self.html().count("&lt;img") >= 2

    def test_classes_are_in_the_readers_language(self):
        assert "negative</bdi>" in self.html() and "负面</bdi>" not in self.html()
        use("zh_CN")
        try:
            assert "负面</bdi>" in self.html() and "negative" not in self.html()
        finally:
            use("en")

    def test_wrong_answers_and_heads_against_the_majority_are_marked(self):
        cells = re.findall('<td class="pvr-head(.*?)" data-head.*?>(.*?)<bdi', self.html())
        against, wrong = (
            [bool(each) for each, _mark in cells],
            ["✗" in mark for _each, mark in cells],
        )
        assert against == [False, False, True, True, False, False, False, False]
        assert wrong == [False, False, False, True, True, True, False, False]

    def test_the_head_that_stands_alone_is_marked(self):
        probabilities = np.eye(2)[[[1, 0, 1]]]
        survey = replace(SURVEY, probabilities=probabilities)
        html = table_html(ROWS, np.array([0]), ("负面", "正面"), survey, ["a", "b", "c"])
        assert re.findall('<td class="pvr-head( pvr-against)?"', html) == ["", " pvr-against", ""]

    def test_without_labels_and_predictions_there_are_no_such_columns(self):
        html = table_html(row_set("a", labels=[NO_LABEL]), np.array([0]), ("负面", "正面"))
        assert re.findall("<th .*?>(.*?)</th>", html) == ["Text", "Characters"]
        assert "None" not in html

    def test_long_texts_are_cut_and_their_length_is_told(self):
        html = self.html(shown=(3,))
        assert "长" * (SHOWN_CHARACTERS - 1) + "…<" in html
        assert ">500</td>" in html


def tokens(*values: float, reach: float = 0.1, name: str = "好") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"name": name, "value": v, "low": v - reach, "high": v + reach}
            | {"rows": 20, "occurrences": 30}
            for v in values
        ]
    )


class TestTokens:
    def places(self, html: str) -> list[float]:
        return [float(x) for x in re.findall(r'pvk-point" style="left:(-?[0-9.]+)%"', html)]

    def test_all_heads_share_one_axis(self):
        html = tokens_html(
            [TokenPanel("A", tokens(0.9, 0.4)), TokenPanel("B", tokens(0.4))], "Contribution", 0
        )
        assert self.places(html) == pytest.approx([90, 40, 40])
        assert "the same axis from 0 to 1" in html

    def test_the_axis_has_the_value_that_makes_no_difference_and_all_intervals(self):
        html = tokens_html([TokenPanel("A", tokens(3.0, 2.0, reach=1.0))], "Weight", 1)
        assert re.findall(r'pvk-zero" style="left:(.*?)%"', html) == ["0.0", "0.0"]
        assert re.findall(r'pvk-reach" style="left:(.*?)%;width:(.*?)%"', html) == [
            ("33.3", "66.7"),
            ("0.0", "66.7"),
        ]

    def test_few_rows_have_a_point_and_no_interval(self):
        few = tokens(3.0).assign(low=math.nan, high=math.nan)
        html = tokens_html([TokenPanel("A", few), TokenPanel("B", tokens(2.0))], "Weight", 1)
        assert html.count("pvk-point") == html.count("pvk-reach") + 1
        assert "3.000 (n/a)" in html and "nan" not in html

    def test_a_head_without_tokens_says_why(self):
        html = tokens_html([TokenPanel("A", tokens(), instead="Nothing here.")], "Weight", 1)
        assert "Nothing here." in html and not self.places(html)

    def test_tokens_and_names_are_escaped(self):
        html = tokens_html([TokenPanel(HOSTILE, tokens(1.0, name=HOSTILE))], HOSTILE, 0)
        assert tags(html) == {"div", "section", "h4", "button", "bdi", "span", "i", "p"}
