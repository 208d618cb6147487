"""The table that every benchmark prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

HEADINGS = ("figure", "measured", "wanted")


class Figure(NamedTuple):
    """One line of the table; `wanted` is "" where there is no goal."""

    name: str
    measured: str
    wanted: str = ""


def print_table(figures: Iterable[Figure]) -> None:
    """Print the figures in three columns."""
    lines = [HEADINGS, *figures]
    first, second, _ = (max(map(len, column)) for column in zip(*lines, strict=True))
    for name, measured, wanted in lines:
        print(f"{name:<{first}}  {measured:>{second}}  {wanted}")


def times(ratio: float) -> str:
    """A ratio as it is read aloud: "230 ×"; one decimal below 100."""
    return f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.1f} ×"
