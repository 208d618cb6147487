"""What an edit costs the server: `python -m tests.benchmarks.pages` (Linux: reads /proc).

Each page beside an empty one, a text box whose text is shown five times, edited in turns in one
run. What is counted is the processor's time of the server, with all that it does beside the page
until its figures are there, and the seconds until the page has run.
"""

from __future__ import annotations

import os
import platform
import random
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests.benchmarks.report import Figure, print_table, rounds_wanted, times
from tests.benchmarks.startup import server, write_empty_page
from tests.benchmarks.visitor import Visitor

WARM_UP = 2
_CALM = 0.3  # seconds after an edit in which a server may still be at work
_TICKS = os.sysconf("SC_CLK_TCK")
_WORDS = ("房间很小", "但是干净", "位置不错", "服务员态度很差", "早餐没有选择", "离地铁站十分钟")


@dataclass(frozen=True)
class Page:
    """A page with its switches as the address says them, and what is edited on it.

    Parameters
    ----------
    wanted : the most that an edit may cost, as a multiple of the empty page's.
    box : the key of what is typed into, or chosen from.
    """

    name: str
    page: str
    query: str
    wanted: float
    box: str = "_text"


_HEAVY = "show=contribution&words=1&spread=1"
PAGES = (
    Page("Compare", "", "", 1.7),
    Page("Compare, contributions of words, heatmap open", "", f"{_HEAVY}&open=heatmap", 1.7),
    Page("Match", "match", "", 2.0, "_sentence_a"),
    Page("Match, every pair of tokens open", "match", "mode=matrix", 2.0, "_sentence_a"),
    Page("Heads", "heads", "", 2.0),
    Page("Heads, contributions of words", "heads", _HEAVY, 2.0),
    Page("Explore", "explore", "", 2.0, "_explore_search"),
    Page("Trust, with its curves", "trust", "", 3.0),
    Page("Trust, all rankings", "trust", "rankings=1", 3.0),
    Page("Results, another data set", "results", "", 2.0, "_dataset"),
)


@dataclass
class Cost:
    """Seconds of single edits: of the processor, and on the clock."""

    processor: list[float]
    clock: list[float]


def main() -> None:
    """Edit every page and the empty one in turns."""
    rounds = rounds_wanted(__doc__, 12)
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python "
        f"{platform.python_version()}, Streamlit {version('streamlit')}; {rounds} edits a page"
    )
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        empty = stack.enter_context(_empty_page(home))
        figures: list[Figure] = []
        for page in PAGES:
            # A server of its own, since what was loaded for one page costs the next nothing.
            with server(home) as (process, address):
                served = (process.pid, int(address.rstrip("/").rpartition(":")[2]))
                figures += _figures(page, *_costs(page, served, empty, rounds))
    print_table(figures)


@contextmanager
def _empty_page(home: str) -> Iterator[tuple[int, int]]:
    with server(home, write_empty_page(Path(home))) as (process, address):
        yield process.pid, int(address.rstrip("/").rpartition(":")[2])


def _costs(
    page: Page, served: tuple[int, int], empty: tuple[int, int], rounds: int
) -> tuple[Cost, Cost]:
    """What edits of the page cost, and those of the empty one."""
    ours, theirs = Visitor(served[1], page.page, page.query), Visitor(empty[1])
    both = ((ours, served[0], page.box), (theirs, empty[0], "_text"))
    costs = (Cost([], []), Cost([], []))
    draw = random.Random(3)
    for number in range(-WARM_UP, rounds):
        for (visitor, pid, box), cost in zip(both, costs, strict=True):
            visitor.type(box, _edit(visitor, box, number, draw))
            before = processor_seconds(pid)
            seconds = visitor.run()
            time.sleep(_CALM)
            if number >= 0:
                cost.processor.append(processor_seconds(pid) - before)
                cost.clock.append(seconds)
    ours.close()
    theirs.close()
    return costs


def _edit(visitor: Visitor, box: str, number: int, draw: random.Random) -> str:
    if box == "_dataset":
        options = visitor.options(box)
        return options[number % len(options)]
    if box == "_explore_search":
        return draw.choice(_WORDS)[:2]
    return "，".join(draw.choices(_WORDS, k=5)) + f"{number}。"


def processor_seconds(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / _TICKS


def _figures(page: Page, ours: Cost, theirs: Cost) -> Iterable[Figure]:
    processor = sum(ours.processor) / sum(theirs.processor)
    clock = median(ours.clock) / median(theirs.clock)
    wanted = f"≤ {page.wanted} ×"
    milliseconds = 1_000 * sum(ours.processor) / len(ours.processor)
    return (
        Figure(
            f"{page.name}: the server's processor for an edit, against an empty page",
            f"{times(processor)} ({milliseconds:.0f} ms)",
            wanted,
        ),
        Figure(
            f"{page.name}: until it has run, against an empty page",
            f"{times(clock)} ({1_000 * median(ours.clock):.0f} ms)",
            wanted,
        ),
    )


if __name__ == "__main__":
    main()
