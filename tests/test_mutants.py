"""The command that changes the code: its parts exist, and it leaves annotations alone."""

import pytest

from tests.house import ROOT
from tests.mutants import PARTS, in_annotations

SOURCE = "def f(a: int | None, b=1 | 2) -> str | None:\n    c: int | str = a | b\n    return c | 1"


@pytest.mark.parametrize("part", PARTS)
def test_code_and_tests_of_a_part_exist(part):
    changed, tests = PARTS[part]
    assert all((ROOT / path).exists() for path in (changed, *tests.split()))


@pytest.mark.parametrize(
    ("line", "column", "inside"),
    [(1, 13, True), (1, 25, False), (1, 36, True), (2, 11, True), (2, 21, False), (3, 13, False)],
)
def test_annotations_are_known(line, column, inside):
    assert in_annotations(SOURCE, line, column) is inside
