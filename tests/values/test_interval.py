"""A figure with its interval: read, written, and told from 0."""

import math
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz import language
from poolviz.values.interval import Interval, as_chance

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.builds(Interval, NUMBERS, NUMBERS, NUMBERS))
def test_what_is_written_to_a_file_is_read_again(interval):
    assert Interval.read(asdict(interval)) == interval
    assert Interval.read({**asdict(interval), "n": 3}) == interval


@pytest.mark.parametrize(
    "odd", [None, [], 1, {}, {"value": 1, "low": 0}, {"value": "a", "low": 0, "high": 1}]
)
def test_what_is_no_interval_is_refused(odd):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Interval.read(odd)


@pytest.mark.parametrize(
    ("interval", "number", "share", "percent", "points"),
    [
        (
            Interval(0.8714, 0.866, 0.8757),
            "0.871 (0.866–0.876)",
            "87.1% (86.6% – 87.6%)",
            "87.1 (86.6–87.6)",
            "+87.1 (+86.6 – +87.6)",
        ),
        (
            Interval(-0.0001, -0.25, 0.5),
            "0.000 (−0.250 – 0.500)",
            "0.0% (−25.0% – 50.0%)",
            "0.0 (−25.0 – 50.0)",
            "+0.0 (−25.0 – +50.0)",
        ),
        (
            Interval(0.25, math.nan, math.nan),
            "0.250 (n/a)",
            "25.0% (n/a)",
            "25.0 (n/a)",
            "+25.0 (n/a)",
        ),
    ],
)
def test_it_is_written_as_what_it_is(interval, number, share, percent, points):
    assert interval.as_number() == number
    assert interval.as_share() == share
    assert interval.as_percent() == percent
    assert interval.as_points() == points


def test_numbers_have_as_many_digits_as_are_asked_for():
    assert Interval(1.25, 1, 1.5).as_number(1) == "1.2 (1.0–1.5)"


def test_brackets_are_those_of_the_language():
    before = language.current()
    language.use("zh_CN")
    try:
        assert Interval(0.5, 0.25, 0.75).as_number() == "0.500（0.250–0.750）"
        assert Interval(0.5, math.nan, math.nan).as_share() == f"50.0%（{language._('n/a')}）"
    finally:
        language.use(before)


def test_an_end_that_is_not_known_is_null_in_a_file():
    assert Interval(0.5, 0.25, 0.75).to_json() == {"value": 0.5, "low": 0.25, "high": 0.75}
    unknown = Interval(0.5, math.nan, math.nan)
    assert unknown.to_json() == {"value": 0.5, "low": None, "high": None}
    found = Interval.read(unknown.to_json())
    assert found.value == 0.5 and math.isnan(found.low) and math.isnan(found.high)


@pytest.mark.parametrize(
    ("p", "said"),
    [(1.0, "p = 1.000"), (0.0124, "p = 0.012"), (0.001, "p = 0.001"), (0.00099, "p < 0.001")],
)
def test_chances_are_not_said_to_be_zero(p, said):
    assert as_chance(p) == said
