"""Cost against length: `python -m tests.benchmarks.length` (Linux: memory is read from /proc).

Each head explains texts of growing length, and nothing is cut. A process of its own for each head
and length reads the CPU's time, which a busy machine does not stretch, and the peak of its memory
above what it held with the model loaded and warm. The Compare page is given such texts, too: the
processor's time of its server for all heads explained and drawn. A slope is that of the logarithm
of the time over that of the length: 1 where twice the text takes twice the time.
"""

from __future__ import annotations

import multiprocessing
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.engine.texts import Explainer
from poolviz.model.heads import HEADS
from tests.benchmarks.pages import processor_seconds
from tests.benchmarks.report import Figure, print_table
from tests.benchmarks.startup import server
from tests.benchmarks.visitor import Visitor

TASK = "chnsenticorp_htl_all"
LENGTHS = (100, 1_000, 5_000, 10_000, 50_000, 100_000)
SENTENCE = "酒店离车站近，房间干净又安静，就是早餐样式少，下次还住这里。"
CHARACTERS_TO_TIME = 200_000  # short texts are explained more often
FEWEST_RUNS = 5
DRAWINGS = 3  # of each length
STEEPEST = "≤ 1.1"


def main() -> None:
    """Measure every head at every length."""
    print(f"{TASK}; medians of {FEWEST_RUNS} runs or more; per 1,000 characters in brackets")
    figures = []
    for head in HEADS:
        times = []
        for length in LENGTHS:
            with multiprocessing.get_context("spawn").Pool(1) as process:
                measured = process.apply(_cost, (places.SHIPPED_CHECKPOINTS / TASK / head, length))
            figures.append(_line(head, length, *measured))
            times.append(measured[0])
        figures.append(Figure(f"{head}, slope", f"{slope(times):.2f}", STEEPEST))
    print_table(figures)
    drawn = _drawings()
    print_table(
        [
            *(
                Figure(f"Compare page, {length:,} characters", f"{milliseconds:.0f} ms")
                for length, milliseconds in zip(LENGTHS, drawn, strict=True)
            ),
            Figure("Compare page, slope", f"{slope(drawn):.2f}", STEEPEST),
        ]
    )


def slope(times: Sequence[float]) -> float:
    """By which power the times for `LENGTHS` grow with the length."""
    return float(np.polyfit(np.log(LENGTHS), np.log(times), 1)[0])


def _drawings() -> list[float]:
    """Milliseconds of the processor of the Compare page's server, for each length."""
    found = []
    with tempfile.TemporaryDirectory() as home, server(home) as (process, address):
        visitor = Visitor(int(address.rstrip("/").rpartition(":")[2]))
        for length in LENGTHS:
            seconds = []
            for number in range(DRAWINGS):
                # A text of its own each time: what was explained once is remembered.
                visitor.type("_text", f"{number}{_text(length - 1)}")
                before = processor_seconds(process.pid)
                visitor.run()
                seconds.append(processor_seconds(process.pid) - before)
            found.append(1_000 * float(np.median(seconds)))
        visitor.close()
    return found


def _text(length: int) -> str:
    return (SENTENCE * (length // len(SENTENCE) + 1))[:length]


def _line(head: str, length: int, milliseconds: float, megabytes: float) -> Figure:
    thousands = length / 1_000
    time_part = f"{milliseconds:8.2f} ms ({milliseconds / thousands:5.2f})"
    memory_part = f"{megabytes:6.1f} MB ({megabytes / thousands:5.2f})"
    return Figure(f"{head}, {length:,} characters", f"{time_part}  {memory_part}")


def _cost(folder: Path, length: int) -> tuple[float, float]:
    """CPU milliseconds and peak megabytes (10⁶ bytes) of explaining one text."""
    text = _text(length)
    explainer = Explainer(read(folder))
    explainer.explain(SENTENCE)
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew from here
    explainer.explain(text)
    peak = _memory("VmHWM")
    seconds = []
    for _run in range(max(CHARACTERS_TO_TIME // length, FEWEST_RUNS)):
        started = time.process_time()
        explainer.explain(text)
        seconds.append(time.process_time() - started)
    return 1_000 * float(np.median(seconds)), peak - before


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) * 1_024 / 1e6


if __name__ == "__main__":
    main()
