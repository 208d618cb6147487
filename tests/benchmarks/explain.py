"""Explaining one text: `python -m tests.benchmarks.explain`."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from poolviz import checkpoints, places
from poolviz.explain import Explainer
from poolviz.heads import HEADS
from tests.benchmarks.original import Original, Vocabulary
from tests.benchmarks.report import Figure, print_table, times

TASK = "chnsenticorp_htl_all"
TEXT = "酒店离车站近，房间干净又安静，就是早餐样式少，下次还住这里。"  # 30 characters
REPEATS = 10  # of all five heads in a round; one takes no longer than the clock's own noise
WARM_UP = 3


def main() -> None:
    """Explain the same text by the original procedure and by poolviz, in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--root",
        type=Path,
        default=places.SHIPPED_CHECKPOINTS,
        help="folder of checkpoints (default: the shipped ones)",
    )
    parser.add_argument("--rounds", type=int, default=30, help="default: 30")
    arguments = parser.parse_args()
    explainers = {head: Explainer(checkpoints.read(arguments.root / TASK / head)) for head in HEADS}
    originals = {head: _original(explainer) for head, explainer in explainers.items()}

    def explain_all() -> None:
        for explainer in explainers.values():
            explainer.explain(TEXT)

    for _ in range(WARM_UP):
        explain_all()
        for original in originals.values():
            original.explain(TEXT)
    every_head = []
    pairs = {head: [] for head in HEADS}  # (seconds of the original, of poolviz), round by round
    for _ in range(arguments.rounds):
        every_head += [_seconds(explain_all) for _ in range(REPEATS)]
        for head in HEADS:
            theirs = _seconds(lambda head=head: originals[head].explain(TEXT))
            ours = _seconds(lambda head=head: explainers[head].explain(TEXT))
            pairs[head].append((theirs, ours))
    print(f"{len(TEXT)} characters, {TASK}, {arguments.rounds} rounds; medians unless said")
    print_table(_figures(every_head, {head: np.array(pair) for head, pair in pairs.items()}))


def _original(explainer: Explainer) -> Original:
    """An untrained original of the same head: what it has learned does not change its speed."""
    content = json.loads(explainer.checkpoint.path(checkpoints.VOCABULARY).read_text("utf-8"))
    classes = len(explainer.checkpoint.classes)
    return Original(explainer.checkpoint.head, Vocabulary(content["entries"]), classes)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _figures(every_head: list[float], pairs: dict[str, np.ndarray]) -> list[Figure]:
    milliseconds = 1_000 * np.array(every_head)
    figures = [
        Figure("all five heads", f"{np.median(milliseconds):.2f} ms", "< 5 ms"),
        Figure("all five heads, p95", f"{np.percentile(milliseconds, 95):.2f} ms", "< 5 ms"),
    ]
    for head, pair in pairs.items():
        theirs, ours = 1_000 * np.median(pair, axis=0)
        figures += [
            Figure(f"{head}: original", f"{theirs:.1f} ms"),
            Figure(f"{head}: poolviz", f"{ours:.3f} ms"),
            Figure(f"{head}: faster", times(np.median(pair[:, 0] / pair[:, 1])), "≥ 200 ×"),
        ]
    return figures


if __name__ == "__main__":
    main()
