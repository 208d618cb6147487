"""Explaining one text: `python -m tests.benchmarks.explain`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.engine.texts import Explainer, explain_each
from poolviz.model.heads import HEADS
from poolviz.text.encoding import encode
from tests.benchmarks.engine import TASK, TEXT, Exported
from tests.benchmarks.original import Original, untrained
from tests.benchmarks.report import Figure, print_table, rounds_wanted, times

WARM_UP = 3
WANTED = "≥ 500 ×"
AGAIN = 5  # poolviz explains as often in a row; the original's 90 ms need no second look
BARE_ROUNDS = 50  # for one of the others: they are short, and what is compared lies close together


def main() -> None:
    """Explain the same text under every head by the original procedure and by poolviz, in turns."""
    rounds = rounds_wanted(__doc__, 30)
    explainers = {head: Explainer(read(places.SHIPPED_CHECKPOINTS / TASK / head)) for head in HEADS}
    originals = {head: untrained(explainer) for head, explainer in explainers.items()}
    theirs, ours, first = [], [], []  # rows of seconds: a round × a head, a round × a head, a round
    for number in range(WARM_UP + rounds):
        # The first head after other work pays for cold caches: each is first in its turn, and told
        # apart.
        order = np.roll(list(HEADS), number).tolist()
        theirs.append(_seconds(originals, order))
        first.append(_seconds(explainers, order[:1])[0])
        ours.append(np.median([_seconds(explainers, order) for _ in range(AGAIN)], axis=0))
    print(f"{len(TEXT)} characters, {TASK}, {rounds} rounds; medians unless said")
    print_table(_figures(*(1_000 * np.array(rows[WARM_UP:]) for rows in (theirs, ours, first))))
    print_table(_against_bare_runs(list(explainers.values()), BARE_ROUNDS * rounds))


def _seconds(procedures: Mapping[str, Explainer | Original], order: list[str]) -> list[float]:
    """Explain once under each head named, in that order; seconds in the order of `HEADS`."""
    seconds = {}
    for head in order:
        started = time.perf_counter()
        procedures[head].explain(TEXT)
        seconds[head] = time.perf_counter() - started
    return [seconds[head] for head in HEADS if head in seconds]


def _against_bare_runs(explainers: list[Explainer], rounds: int) -> list[Figure]:
    """Explaining under all heads against `session.run` of the exported graphs alone, in turns."""
    ids = encode(TEXT, explainers[0].vocabulary).ids[None]
    sessions = [Exported(explainer.checkpoint).session for explainer in explainers]

    def bare() -> None:
        for session in sessions:
            session.run(None, {"ids": ids})

    procedures = (bare, lambda: explain_each(explainers, TEXT))
    seconds = np.zeros((rounds, len(procedures)))
    for number in range(-WARM_UP, rounds):
        # Whoever comes second finds its graphs in the caches: each does every other time.
        for column in (0, 1) if number % 2 else (1, 0):
            seconds[max(number, 0), column] = _seconds_of(procedures[column])
    alone, explained = 1_000 * np.median(seconds, axis=0)
    return [
        Figure("all five heads: session.run alone", f"{alone:.3f} ms"),
        Figure("all five heads by explain_each", f"{explained:.3f} ms"),
        Figure("all five heads: against session.run", f"{explained / alone:.2f} ×", "≤ 1.25 ×"),
    ]


def _seconds_of(procedure: Callable[[], object]) -> float:
    started = time.perf_counter()
    procedure()
    return time.perf_counter() - started


def _figures(theirs: np.ndarray, ours: np.ndarray, first: np.ndarray) -> list[Figure]:
    """The table's lines from milliseconds: (rounds, heads), (rounds, heads), (rounds,)."""
    together = ours.sum(axis=1)
    figures = [
        Figure("all five heads", f"{np.median(together):.2f} ms", "≤ 1.2 ms"),
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
