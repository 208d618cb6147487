"""What benchmarks share: how often to measure, and the table they print."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import NamedTuple

HEADINGS = ("figure", "measured", "wanted")


class Figure(NamedTuple):
    """One line of the table; `wanted` is "" where there is no goal."""

    name: str
    measured: str
    wanted: str = ""


def rounds_wanted(description: str, default: int) -> int:
    """What the command line says of `--rounds`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=default, help=f"default: {default}")
    return parser.parse_args().rounds


def print_table(figures: Iterable[Figure]) -> None:
    """Print the figures in three columns."""
    lines = [HEADINGS, *figures]
    first, second, _ = (max(map(len, column)) for column in zip(*lines, strict=True))
    for name, measured, wanted in lines:
        print(f"{name:<{first}}  {measured:>{second}}  {wanted}")


def times(ratio: float) -> str:
    """A ratio as it is read aloud: "230 ×"; one decimal below 100."""
    return f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.1f} ×"
