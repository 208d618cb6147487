"""Erasing tokens by the thousand: `python -m tests.benchmarks.trust`."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from poolviz import places
from poolviz.batches import TEXTS_PER_BATCH, TOKENS_PER_BATCH
from poolviz.checkpoints.checkpoint import read
from poolviz.engine.texts import Explainer
from poolviz.model.heads import HEADS
from poolviz.text.encoding import encode
from poolviz.trust.ablation.erasure import ERASURES, erase
from poolviz.trust.ablation.model import Model, engine_probabilities
from poolviz.trust.text.measures import measure_text
from poolviz.trust.text.rankings import text_generator
from tests.benchmarks.engine import Exported
from tests.benchmarks.report import Figure, print_table, rounds_wanted, times

TASK = "chnsenticorp_htl_all"
SENTENCE = "酒店离车站近，房间干净又安静，就是早餐样式少，下次还住这里。"  # 30 characters
LIVE = SENTENCE * 2
MEAN_LENGTH = 130  # characters of a hotel review, about the mean
ABLATIONS = 1_000
ROWS = 1_000


def main() -> None:
    """Time ablations against bare `session.run`, all measures of a text, and a data set's."""
    rounds = rounds_wanted(__doc__, 5)
    models = {
        head: Model(Explainer(read(places.SHIPPED_CHECKPOINTS / TASK / head))) for head in HEADS
    }
    figures = []
    for head, model in models.items():
        figures += _passes(head, model, rounds)
    live = sum(_median(lambda m=m: _measure(m, LIVE), rounds) for m in models.values())
    review = (SENTENCE * 5)[:MEAN_LENGTH]
    row = sum(_median(lambda m=m: _measure(m, review), rounds) for m in models.values())
    figures += [
        Figure(f"all heads, {len(LIVE)} characters, all measures", f"{live:.2f} s", "< 2 s"),
        Figure(
            f"all heads, {ROWS:,} reviews of {MEAN_LENGTH} characters",
            f"{ROWS * row / 60:.1f} min",
            "< 10 min",
        ),
    ]
    print(f"{TASK}, one process, {rounds} rounds, medians; without NAOPC")
    print_table(figures)


def _passes(head: str, model: Model, rounds: int) -> list[Figure]:
    """Ablations per second of one text: in NumPy and through the graph, each against the bare run.

    All three get the same ids, 1,000 ablations of a text with random shares masked, in turns; a
    ratio is the median of the rounds' ratios.
    """
    rng = np.random.default_rng(0)
    text = rng.integers(1, len(model.explainer.vocabulary), MEAN_LENGTH).astype(np.int32)
    ids = erase(text, rng.random((ABLATIONS, MEAN_LENGTH)) < rng.random((ABLATIONS, 1)), "mask")
    session = Exported(model.explainer.checkpoint).session
    size = min(TOKENS_PER_BATCH // MEAN_LENGTH, TEXTS_PER_BATCH)
    batches = [ids[start : start + size] for start in range(0, ABLATIONS, size)]

    def bare() -> None:
        for batch in batches:
            session.run(["probabilities"], {"ids": batch})

    def engine() -> None:
        engine_probabilities(model.explainer.engine, ids)

    works = (bare, engine, lambda: model.probabilities(ids))
    seconds = np.array([[_seconds(work) for work in works] for _ in range(rounds + 1)])[1:]
    plain = ABLATIONS / np.median(seconds[:, 0])
    through_engine, in_numpy = np.median(seconds[:, :1] / seconds[:, 1:], axis=0)
    return [
        Figure(f"{head}: passes per second, session.run", f"{plain:,.0f}"),
        Figure(f"{head}: through the engine", f"{through_engine:.0%}", "≥ 80 %"),
        Figure(f"{head}: only what was touched", times(in_numpy), "≥ 0.8 ×"),
    ]


def _measure(model: Model, text: str) -> None:
    """All measures of a text but NAOPC, for the three ways to erase, as the survey takes them."""
    encoded = encode(text, model.explainer.vocabulary)
    explanation, ids = model.explainer.explain(encoded), encoded.ids
    for how in ERASURES:
        measure_text(model, ids, explanation.weights, explanation.contributions, how)
    tests = model.stress(ids, explanation.weights)
    tests.permuted(text_generator(ids))
    tests.uniform()
    tests.without_heaviest()
    tests.most_different()


def _median(work: Callable[[], None], rounds: int) -> float:
    """Seconds of one call, median over the rounds after one to warm up."""
    return float(np.median([_seconds(work) for _ in range(rounds + 1)][1:]))


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
