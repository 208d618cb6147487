"""The pictures of the Results page: what a browser would see of them."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from poolviz.evaluation.comparison import Comparison
from poolviz.evaluation.standings import Standing
from poolviz.figures.rows.confusion import confusion_html
from poolviz.figures.rows.duels import duels_html, in_words
from poolviz.figures.rows.standings import Axis, standings_html
from poolviz.trust.rows.believed import Believed
from poolviz.values.interval import Interval

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
MAX = Standing("max", "Max", 1561, Interval(0.88, 0.86, 0.9), (0.88, 0.87), 102850, 30.9, 0.743)
LONE = Standing("lone", HOSTILE, 1561, Interval(0.85, 0.83, 0.87), (), 99, 1.0, None)
CHANCE = Interval(0.25, 0.2, 0.3)


class Seen(HTMLParser):
    """Elements with their attributes, and all text outside of styles."""

    def __init__(self, source: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(source)
        assert not self._open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "style" not in self._open:
            self.text += f"{data}|"

    def having(self, name: str) -> list[dict[str, str]]:
        return [a for _tag, a in self.elements if name in a.get("class", "").split()]


def places(found: list[dict[str, str]]) -> list[float]:
    """From 0 to 1, where on the axis marks begin."""
    return [float(re.search(r"left:([\d.]+)%?", a["style"])[1]) / 100 for a in found]


def test_marks_stand_where_the_axis_has_their_accuracies():
    seen = Seen(standings_html([MAX, LONE], {}))
    axis = Axis([MAX, LONE])
    dots = [a for a in seen.having("pvs-dot") if "50%" not in a["style"]]
    assert places(dots) == pytest.approx([axis.place(0.88), axis.place(0.85)], abs=1e-4)
    assert places(seen.having("pvs-range"))[:2] == pytest.approx(
        [axis.place(0.86), axis.place(0.83)], abs=1e-4
    )
    # The other trainings: the model's own is the dot. The last one is the legend's.
    assert places(seen.having("pvs-seed"))[:-1] == pytest.approx([axis.place(0.87)], abs=1e-4)
    ends = [axis.place(end) for end in (0.83, 0.9)]
    assert 0 < ends[0] < 0.1 and 0.9 < ends[1] < 1


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.85, 0.904, ["85%", "86%", "87%", "88%", "89%", "90%"]),
        (0.8655, 0.8757, ["86.6%", "86.8%", "87.0%", "87.2%", "87.4%"]),
        (0.1, 0.9, ["20%", "40%", "60%", "80%"]),
    ],
)
def test_ticks_are_round_and_few(low, high, ticks):
    standing = Standing("max", "Max", 9, Interval(low, low, high), (), 1, 1.0, None)
    assert list(Axis([standing]).ticks.values()) == ticks


def test_one_accuracy_without_width_has_an_axis():
    exact = Standing("max", "Max", 9, Interval(1.0, 1.0, 1.0), (), 1, 1.0, None)
    assert Axis([exact]).place(1.0) == pytest.approx(0.5)
    assert Seen(standings_html([exact], {})).having("pvs-dot")


def test_costs_and_belief_stand_beside_the_accuracy():
    weights = Interval(0.35, 0.33, 0.37)
    believed = {"max": Believed(weights, CHANCE, 200), "lone": Believed(None, CHANCE, 200)}
    seen = Seen(standings_html([MAX, LONE], believed))
    for said in ("88.0 (86.0–90.0)", "102,850", "31 s", "0.74 ms", "0.35", "NAOPC"):
        assert said in seen.text
    own, equal = (a["title"] for a in seen.having("pvs-believed") if "title" in a)
    assert own == "0.35 (0.33–0.37); a random order: 0.25 (0.20–0.30)"
    assert equal.startswith("equal weights rank nothing")
    assert "NAOPC" not in Seen(standings_html([MAX, LONE], {})).text


def test_names_cannot_do_harm():
    comparison = Comparison("max", "lone", 5, 3, 0.5, 0.5)
    names = {"max": "Max", "lone": HOSTILE}
    for source in (
        standings_html([MAX, LONE], {}),
        duels_html(names, [comparison]),
        confusion_html(np.eye(2, dtype=int), ["a", HOSTILE], HOSTILE, HOSTILE),
    ):
        seen = Seen(source)
        assert HOSTILE in seen.text.replace("|", "")
        assert not {"script", "img"} & {tag for tag, _a in seen.elements}
        assert not any(name.startswith("on") for _tag, a in seen.elements for name in a)


class TestDuels:
    NAMES = {"max": "Max", "average": "Average", "attention": "Attention"}
    FOUND = [
        Comparison("max", "average", 86, 57, 0.001, 0.002, "max"),
        Comparison("max", "attention", 9, 3, 0.01, 0.02),
    ]

    def test_a_sign_says_how_the_line_fares_against_the_column(self):
        seen = Seen(duels_html(self.NAMES, self.FOUND))
        cells = [a.get("class", "") for tag, a in seen.elements if tag == "td"]
        assert cells == [
            *("pvd-own", "pvd-better", "pvd-none"),
            *("pvd-worse", "pvd-own", ""),
            *("pvd-none", "", "pvd-own"),
        ]
        assert "no difference shown" in seen.text

    def test_the_small_one_has_the_same_cells_without_names(self):
        large, small = (Seen(duels_html(self.NAMES, self.FOUND, small=s)) for s in (False, True))
        cells = [[a for tag, a in seen.elements if tag == "td"] for seen in (large, small)]
        assert cells[0] == cells[1]
        assert "Average" in large.text and "Average" not in small.text

    def test_it_is_said_with_its_numbers(self):
        assert in_words(self.FOUND[0], self.NAMES) == (
            "Max is shown to be better than Average (only Max right: 86 rows, only Average right: "
            "57, p = 0.002)"
        )
        assert "other trainings do not bear it out" in in_words(self.FOUND[1], self.NAMES)
        alike = Comparison("max", "average", 5, 5, 1.0, 1.0)
        assert in_words(alike, self.NAMES).startswith("Max and Average: no difference shown")


class TestConfusion:
    def test_it_holds_counts_and_shares_of_the_line(self):
        seen = Seen(confusion_html(np.array([[3, 1], [0, 0]]), ["正面", "负面"], "rows", "columns"))
        cells = [a for tag, a in seen.elements if tag == "td"]
        assert [re.search(r"([\d,]+) rows, ([\d.]+)%", a["title"]).groups() for a in cells] == [
            *(("3", "75.0"), ("1", "25.0")),
            *(("0", "0.0"), ("0", "0.0")),
        ]
        assert "正面 positive" in seen.text and "rows" in seen.text

    def test_errors_have_a_colour_of_their_own_as_strong_as_the_worst(self):
        counts = np.array([[90, 10, 0], [5, 95, 0], [0, 0, 7]])
        cells = [
            a["style"]
            for tag, a in Seen(confusion_html(counts, list("abc"), "", "")).elements
            if tag == "td"
        ]
        assert cells[0] != cells[1] != cells[2]
        assert [not style for style in cells] == [
            *(False, False, True),
            *(False, False, True),
            *(True, True, False),
        ]
        # 10 % is the worst error: its tint has full strength, as that of a class always right.
        assert cells[1].count("rgba(170,74,0,1.0)") == 1
        assert cells[8].count("rgba(84,39,136,1.0)") == 1
