"""Many texts at once: `python -m tests.benchmarks.bulk`."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from poolviz import places
from poolviz.bulk import engines
from poolviz.bulk.blocks import Columns, Reader
from poolviz.bulk.inputs import inputs_of
from poolviz.bulk.run import Run
from poolviz.bulk.texts import Explaining
from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.datasets import load
from poolviz.engine import bulk
from poolviz.engine.texts import Explainer
from poolviz.model.kinds import CLASSIFIER, kinds_of
from poolviz.text.encoding import encode_many
from tests.benchmarks.engine import OUTPUTS, TASK, Exported
from tests.benchmarks.original import untrained
from tests.benchmarks.report import Figure, print_table, rounds_wanted, times

ORIGINAL_TEXTS = 10  # in a round; padded to one width, each costs the same
WARM_UP = 2
TITLES = "thucnews_title"
TITLES_WRITTEN = 100_000
READ_BACK = ("attention: predicted", "attention: weights")


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
    print_table(_of_files())


def _of_files() -> list[Figure]:
    """A file of titles under all heads, written as Parquet, against the engine alone on its ids."""
    checkpoints = choose(list_checkpoints(task=TITLES), TITLES, kinds_of(CLASSIFIER))
    texts = load(TITLES).split("test")["text"].tolist()
    texts = (texts * (TITLES_WRITTEN // len(texts) + 1))[:TITLES_WRITTEN]
    explainers = [Explainer(checkpoint) for checkpoint in checkpoints]
    ids = encode_many(texts, explainers[0].vocabulary)

    def engine_alone() -> None:
        for explainer in explainers:
            for _batch in bulk.run_many(explainer.engine, ids, OUTPUTS):
                pass

    seconds = _seconds((engine_alone, lambda: None), 0)[0]
    with tempfile.TemporaryDirectory() as folder:
        rows, out = Path(folder) / "titles.parquet", Path(folder) / "out"
        pq.write_table(pa.table({"id": range(len(texts)), "text": texts}), rows)
        started = time.perf_counter()
        explain_files(rows, out, checkpoints)
        wall = time.perf_counter() - started
        written = sum(part.stat().st_size for part in out.glob("part-*.parquet"))
        read = rows.stat().st_size
        started = time.perf_counter()
        pd.read_parquet(out, columns=["id", *READ_BACK])
        back = time.perf_counter() - started
    heads, count = len(checkpoints), len(texts)
    return [
        Figure(f"{count:,} titles, {heads} heads: engine alone", f"{seconds:.1f} s"),
        Figure(f"{count:,} titles, {heads} heads: file to files", f"{wall:.1f} s"),
        Figure("file to files: of the engine alone", f"{seconds / wall:.0%}", "≥ 70 %"),
        Figure("file to files: rows per second and core", f"{count / wall / bulk.WORKERS:,.0f}"),
        Figure(
            "file to files: bytes per row in, out", f"{read / count:.0f}, {written / count:.0f}"
        ),
        Figure("ids, classes, one head's weights back in pandas", f"{back:.2f} s"),
    ]


def explain_files(rows: Path, out: Path, checkpoints: Sequence[Checkpoint]) -> None:
    """What `explain --input` does."""
    work = Explaining.of(checkpoints, ("predictions", "weights"), 0)
    run = Run(Reader(inputs_of(str(rows)), Columns()), work, out, {})
    with engines.local(bulk.WORKERS) as engine:
        run(engine)


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
        np.stack([ids[i] for i in batch])
        for batch in bulk.same_length_batches(bulk.lengths_of(ids))
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
