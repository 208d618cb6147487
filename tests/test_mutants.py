"""The command that changes the code: its parts exist, and it leaves annotations alone."""

import pytest

from tests.house import ROOT
from tests.mutants.drawing import PARTS, in_annotations
from tests.mutants.trying import Measured, chosen

SOURCE = "def f(a: int | None, b=1 | 2) -> str | None:\n    c: int | str = a | b\n    return c | 1"


@pytest.mark.parametrize("part", PARTS)
def test_code_and_tests_of_a_part_exist(part):
    assert PARTS[part].modules(ROOT)
    assert all((ROOT / path).exists() for path in (PARTS[part].changed, *PARTS[part].tests))


@pytest.mark.parametrize(
    ("line", "column", "inside"),
    [(1, 13, True), (1, 25, False), (1, 36, True), (2, 11, True), (2, 21, False), (3, 13, False)],
)
def test_annotations_are_known(line, column, inside):
    assert in_annotations(SOURCE, line, column) is inside


TWO_FUNCTIONS = "A = 1\n@d\ndef f():\n    return A\ndef g():\n    return 2\n"
MEASURED = Measured(
    seconds={"a.py::slow": 9, "a.py::f": 2, "a.py::other": 1, "b.py::f": 1, "c.py::g": 1},
    reached={"m.py": {1: [], 4: ["a.py::slow", "a.py::f", "b.py::f"], 6: ["c.py::g"]}},
)


@pytest.mark.parametrize(
    ("line", "tests"),
    [
        (2, ["b.py::f", "a.py::f", "a.py::slow", "a.py::other"]),
        (4, ["b.py::f", "a.py::f", "a.py::slow", "a.py::other"]),
        (6, ["c.py::g"]),
        (1, ["b.py::f", "c.py::g", "a.py::f", "a.py::slow", "a.py::other"]),
    ],
)
def test_tests_that_reach_a_function_quickly_come_first_then_the_rest_of_their_files(line, tests):
    assert chosen(MEASURED, "m.py", TWO_FUNCTIONS, line) == tests


def test_what_no_test_reaches_has_no_tests():
    assert chosen(MEASURED, "m.py", TWO_FUNCTIONS + "def h():\n    return 3\n", 8) == []
