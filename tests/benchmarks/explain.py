"""Explaining one text: `python -m tests.benchmarks.explain`."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from poolviz import places
from poolviz.checkpoints import checkpoint as checkpoints
from poolviz.engine.texts import Explainer
from poolviz.model.heads import HEADS
from tests.benchmarks.original import Original, untrained
from tests.benchmarks.report import Figure, print_table, rounds_wanted, times

TASK = "chnsenticorp_htl_all"
TEXT = "酒店离车站近，房间干净又安静，就是早餐样式少，下次还住这里。"  # 30 characters
WARM_UP = 3
WANTED = "≥ 200 ×"


def main() -> None:
    """Explain the same text under every head by the original procedure and by poolviz, in turns."""
    rounds = rounds_wanted(__doc__, 30)
    explainers = {
        head: Explainer(checkpoints.read(places.SHIPPED_CHECKPOINTS / TASK / head))
        for head in HEADS
    }
    originals = {head: untrained(explainer) for head, explainer in explainers.items()}
    theirs, ours, first = [], [], []  # rows of seconds: a round × a head
    for number in range(WARM_UP + rounds):
        # The first head after other work pays for cold caches: each head is first in its turn.
        order = np.roll(list(HEADS), number).tolist()
        theirs.append(_seconds(originals, order))
        ours.append(_seconds(explainers, order))
        first.append(ours[-1][list(HEADS).index(order[0])])
    print(f"{len(TEXT)} characters, {TASK}, {rounds} rounds; medians unless said")
    print_table(_figures(*(1_000 * np.array(rows[WARM_UP:]) for rows in (theirs, ours, first))))


def _seconds(procedures: Mapping[str, Explainer | Original], order: list[str]) -> list[float]:
    """Explain once under every head in the given order; seconds in the order of `HEADS`."""
    seconds = {}
    for head in order:
        started = time.perf_counter()
        procedures[head].explain(TEXT)
        seconds[head] = time.perf_counter() - started
    return [seconds[head] for head in HEADS]


def _figures(theirs: np.ndarray, ours: np.ndarray, first: np.ndarray) -> list[Figure]:
    """The table's lines from milliseconds: (rounds, heads), (rounds, heads), (rounds,)."""
    together = ours.sum(axis=1)
    figures = [
        Figure("all five heads", f"{np.median(together):.2f} ms", "< 5 ms"),
        Figure("all five heads, p95", f"{np.percentile(together, 95):.2f} ms", "< 5 ms"),
        Figure("the first of them, after other work", f"{np.median(first):.3f} ms"),
        Figure("all five heads: faster", times(np.median(theirs.sum(axis=1) / together)), WANTED),
    ]
    for column, head in enumerate(HEADS):
        figures += [
            Figure(f"{head}: original", f"{np.median(theirs[:, column]):.1f} ms"),
            Figure(f"{head}: poolviz", f"{np.median(ours[:, column]):.3f} ms"),
            Figure(f"{head}: faster", times(np.median(theirs / ours, axis=0)[column]), WANTED),
        ]
    return figures


if __name__ == "__main__":
    main()
