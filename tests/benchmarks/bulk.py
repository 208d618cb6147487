"""Many texts at once: `python -m tests.benchmarks.bulk`."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from poolviz import places
from poolviz.batches import same_length_batches
from poolviz.checkpoints.checkpoint import read
from poolviz.datasets import load
from poolviz.engine import bulk
from poolviz.engine.texts import Explainer
from poolviz.text.encoding import encode_many
from tests.benchmarks.engine import OUTPUTS, TASK, Exported
from tests.benchmarks.original import untrained
from tests.benchmarks.report import Figure, print_table, rounds_wanted, times

ORIGINAL_TEXTS = 10  # in a round; padded to one width, each costs the same
WARM_UP = 2


def main() -> None:
    """Predict the test rows by bare runs, by poolviz and by the original procedure, in turns."""
    rounds = rounds_wanted(__doc__, 15)
    texts = load(TASK).split("test")["text"].tolist()
    print(
        f"{TASK}: classes and weights of {len(texts):,} test rows on {bulk.WORKERS} cores, "
        f"medians of {rounds} rounds"
    )
    for head in ("max", "attention", "multi-head"):
        explainer = Explainer(read(places.SHIPPED_CHECKPOINTS / TASK / head))
        print_table(_figures(head, explainer, texts, rounds))


def _figures(head: str, explainer: Explainer, texts: list[str], rounds: int) -> list[Figure]:
    original = untrained(explainer)
    ids = encode_many(texts, explainer.vocabulary)

    def poolviz() -> None:
        for _batch in bulk.run_many(explainer.engine, ids, OUTPUTS):
            pass

    def poolviz_from_texts() -> None:
        encoded = encode_many(texts, explainer.vocabulary)
        for _batch in bulk.run_many(explainer.engine, encoded, OUTPUTS):
            pass

    def one_by_one() -> None:
        for text in texts[:ORIGINAL_TEXTS]:
            original.explain(text)

    procedures = (_bare(explainer, ids), poolviz, poolviz_from_texts, one_by_one)
    seconds = np.array([_seconds(procedures, turn) for turn in range(WARM_UP + rounds)])[WARM_UP:]
    bare, ours, from_texts = len(texts) / seconds[:, :3].T  # texts per second
    theirs = ORIGINAL_TEXTS / seconds[:, 3]
    return [
        Figure(f"{head}: original, texts per second", f"{np.median(theirs):,.1f}"),
        Figure(f"{head}: bare runs of ideal batches", f"{np.median(bare):,.0f}"),
        Figure(f"{head}: poolviz", f"{np.median(ours):,.0f}"),
        Figure(f"{head}: of bare runs", f"{np.median(ours / bare):.0%}", "≥ 80 %"),
        Figure(f"{head}: faster", times(np.median(ours / theirs)), "≥ 300 ×"),
        Figure(f"{head}: faster, texts cut into tokens too", times(np.median(from_texts / theirs))),
    ]


def _bare(explainer: Explainer, ids: list[np.ndarray]) -> Callable[[], None]:
    """Nothing but runs of the exported graph, on batches made beforehand, on all cores at once."""
    session = Exported(explainer.checkpoint).session
    batches = [
        np.stack([ids[i] for i in batch]) for batch in same_length_batches(bulk.lengths_of(ids))
    ]

    def run_one(batch: np.ndarray) -> None:
        session.run(OUTPUTS, {"ids": batch})

    def run() -> None:
        with ThreadPoolExecutor(bulk.WORKERS) as pool:
            for _nothing in pool.map(run_one, batches):
                pass

    return run


def _seconds(procedures: tuple[Callable[[], None], ...], turn: int) -> list[float]:
    """Seconds of each procedure; each is first in its turn."""
    seconds = [0.0] * len(procedures)
    for number in np.roll(np.arange(len(procedures)), turn):
        started = time.perf_counter()
        procedures[number]()
        seconds[number] = time.perf_counter() - started
    return seconds


if __name__ == "__main__":
    main()
