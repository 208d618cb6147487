"""Pairs explained and lists ranked: `python -m tests.benchmarks.matching`."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.engine import ranking
from poolviz.engine.pairs import PairExplainer
from poolviz.model.kinds import MATCHER, kinds_of
from tests.benchmarks.report import Figure, print_table, rounds_wanted, times

TASK = "lcqmc"
PAIR = ("去火车站坐几路公交车最方便？", "请问到火车站应该坐哪一路公交车")
CHARACTERS = "怎么去哪里买什么好吃的水果手机电影医院天气学校工作今天明天多少钱"
SENTENCES = 10_000
ALONE = 200  # pairs that are scored one by one
WARM_UP = 3


def main() -> None:
    """Explain a pair under every matcher, and rank a list by each, in one go and pair by pair."""
    rounds = rounds_wanted(__doc__, 30)
    listed = choose(list_checkpoints([places.SHIPPED_CHECKPOINTS]), TASK, kinds_of(MATCHER))
    explainers = {checkpoint.name: PairExplainer(checkpoint) for checkpoint in listed}
    sentences = _sentences()
    figures = [_one_pair(explainers, rounds)]
    for name, explainer in explainers.items():
        figures += _ranking(name, explainer, sentences)
    print(
        f"{len(explainers)} matchers of {TASK}; {SENTENCES:,} made-up sentences of 5 to 30 tokens"
    )
    print_table(figures)


def _one_pair(explainers: dict[str, PairExplainer], rounds: int) -> Figure:
    def all_of_them() -> None:
        for explainer in explainers.values():
            explainer.explain(*PAIR)

    seconds = [_seconds(all_of_them) for _ in range(WARM_UP + rounds)][WARM_UP:]
    return Figure("one pair, all matchers", f"{1_000 * np.median(seconds):.1f} ms", "< 20 ms")


def _ranking(name: str, explainer: PairExplainer, sentences: list[str]) -> list[Figure]:
    ranked = _seconds(lambda: ranking.rank(explainer, PAIR[0], sentences))
    alone = _seconds(lambda: [explainer.explain(PAIR[0], text) for text in sentences[:ALONE]])
    ratio = alone / ALONE * SENTENCES / ranked
    return [
        Figure(f"{name}: {SENTENCES:,} ranked", f"{ranked:.2f} s", "< 10 s"),
        Figure(f"{name}: faster than pair by pair", times(ratio)),
    ]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _sentences() -> list[str]:
    random = np.random.default_rng(0)
    letters = list(CHARACTERS)
    return ["".join(random.choice(letters, random.integers(5, 31))) for _ in range(SENTENCES)]


if __name__ == "__main__":
    main()
