"""What benchmarks share: how often to measure, the table they print, and where it is kept."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

KEPT = Path(__file__).with_name("measured.json")
HEADINGS = ("figure", "measured", "wanted")


class Figure(NamedTuple):
    """One line of the table; `wanted` is "" where there is no goal."""

    name: str
    measured: str
    wanted: str = ""


printed: list[Figure] = []  # all that this process has printed


def rounds_wanted(description: str, default: int) -> int:
    """What the command line says of `--rounds`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=default, help=f"default: {default}")
    return parser.parse_args().rounds


def print_table(figures: Iterable[Figure]) -> None:
    """Print the figures in three columns, and remember them."""
    figures = list(figures)
    printed.extend(figures)
    lines = [HEADINGS, *figures]
    first, second, _ = (max(map(len, column)) for column in zip(*lines, strict=True))
    for name, measured, wanted in lines:
        print(f"{name:<{first}}  {measured:>{second}}  {wanted}")


def times(ratio: float) -> str:
    """A ratio as it is read aloud: "230 ×"; one decimal below 100."""
    return f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.1f} ×"


def read() -> dict[str, dict[str, Any]]:
    """What is kept of each benchmark: `machine`, and `figures` as `Figure` has them."""
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def write(kept: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what `read` gives."""
    KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
