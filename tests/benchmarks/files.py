"""Files to files, `explain --input`: `python -m tests.benchmarks.files`."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from poolviz.bulk import engines
from poolviz.bulk.reading.blocks import MOST_ROWS, Columns, Reader
from poolviz.bulk.reading.inputs import inputs_of
from poolviz.bulk.run import Run
from poolviz.bulk.texts import Explaining
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.datasets import load
from poolviz.engine import bulk
from poolviz.engine.texts import Explainer
from poolviz.model.kinds import CLASSIFIER, kinds_of
from poolviz.text.encoding import encode_many
from tests.benchmarks.engine import OUTPUTS
from tests.benchmarks.report import Figure, print_table, times

TITLES = "thucnews_title"
ROWS, FEWER_ROWS = 1_000_000, 200_000
READ_BACK = ("id", "attention: predicted", "attention: weights")


@dataclass(frozen=True)
class Took:
    """Seconds on the wall, and of processors: this process' and those that it started."""

    wall: float
    processor: float


def main() -> None:
    """A file of titles under all heads beside the engine alone, and one Dask worker beside two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"default: {ROWS:,}")
    count = parser.parse_args().rows
    checkpoints = choose(list_checkpoints(task=TITLES), TITLES, kinds_of(CLASSIFIER))
    texts = load(TITLES).split("test")["text"].tolist()
    texts = (texts * (count // len(texts) + 1))[:count]
    print(f"{count:,} titles under {len(checkpoints)} heads, classes and weights")
    with tempfile.TemporaryDirectory() as folder:
        print_table(_here(texts, checkpoints, Path(folder)))
        print_table(_reading(texts[:FEWER_ROWS], Path(folder)))
        print_table(_on_dask(texts[:FEWER_ROWS], checkpoints, Path(folder)))


def _here(texts: list[str], checkpoints: Sequence[Checkpoint], folder: Path) -> list[Figure]:
    count = len(texts)
    alone = _engine_alone(texts, checkpoints)
    rows, out = _written(texts, folder), folder / "out"
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:  # without what is held here
        took, reads, works = fresh.submit(explained, rows, out, checkpoints).result()
    size = sum(part.stat().st_size for part in out.glob("part-*.parquet"))
    back = _took(lambda: pd.read_parquet(out, columns=list(READ_BACK)))
    return [
        Figure("engine alone: wall, processor", _seconds(alone)),
        Figure("file to files: wall, processor", _seconds(took)),
        Figure("of the engine alone, by wall", f"{alone.wall / took.wall:.0%}", "≥ 70 %"),
        Figure("of the engine alone, by processor", f"{alone.processor / took.processor:.0%}"),
        Figure("rows per second and core, by wall", f"{count / took.wall / bulk.WORKERS:,.0f}"),
        Figure("rows per second of processor", f"{count / took.processor:,.0f}"),
        Figure("largest process that works", f"{works:,.0f} MB", "< 600 MB"),
        Figure("the process that reads", f"{reads:,.0f} MB"),
        Figure("bytes a row in, out", f"{rows.stat().st_size / count:.0f}, {size / count:.0f}"),
        Figure("ids, classes, one head's weights back in pandas", f"{back.wall:.2f} s", "< 5 s"),
    ]


def _reading(texts: list[str], folder: Path) -> list[Figure]:
    """What the one process does that reads: rows become blocks, which travel packed."""
    table = pd.DataFrame({"id": range(len(texts)), "text": texts})
    table.to_csv(folder / "titles.csv", index=False)
    table.to_json(folder / "titles.jsonl", orient="records", lines=True, force_ascii=False)
    found = []
    for path in (_written(texts, folder), folder / "titles.csv", folder / "titles.jsonl"):
        started = time.process_time()
        size = sum(len(block.pack()) for block in Reader(inputs_of(str(path)), Columns()))
        rate = len(texts) / (time.process_time() - started)
        kind = path.suffix.removeprefix(".")
        found.append(Figure(f"rows read a second of processor, {kind}", f"{rate:,.0f}"))
    return [*found, Figure("bytes a row that travel to a worker", f"{size / len(texts):.0f}")]


def _on_dask(texts: list[str], checkpoints: Sequence[Checkpoint], folder: Path) -> list[Figure]:
    """One worker beside two; each has loaded the models before its time is taken."""
    rows = _written(texts, folder)
    first = _written(texts[: 4 * MOST_ROWS], folder / "first")
    found, largest = [], 0.0
    for workers in (1, 2):
        with engines.dask(processes=workers) as engine:
            _run(first, folder / f"first-{workers}", checkpoints)(engine)
            started = time.perf_counter()
            _run(rows, folder / f"dask-{workers}", checkpoints)(engine)
            found.append(time.perf_counter() - started)
            largest = max(largest, _largest_child())
    count, (one, two) = len(texts), found
    return [
        Figure(f"Dask, {count:,} titles: one worker", f"{one:.1f} s"),
        Figure(f"Dask, {count:,} titles: two workers", f"{two:.1f} s"),
        Figure("two Dask workers: faster than one", times(one / two), "≥ 1.7 ×"),
        Figure("largest Dask worker", f"{largest:,.0f} MB", "< 600 MB"),
    ]


def explained(
    rows: Path, out: Path, checkpoints: Sequence[Checkpoint]
) -> tuple[Took, float, float]:
    """What `explain --input` does, its processes being started and ended.

    Returns
    -------
    What it took, and the most megabytes of this process and of one of those.
    """
    works = 0.0

    def run() -> None:
        nonlocal works
        with engines.local(bulk.WORKERS) as engine:
            _run(rows, out, checkpoints)(engine)
            works = _largest_child()

    return _took(run), _peak("self"), works


def _run(rows: Path, out: Path, checkpoints: Sequence[Checkpoint]) -> Run:
    work = Explaining.of(checkpoints, ("predictions", "weights"))
    return Run(Reader(inputs_of(str(rows)), Columns()), work, out, {})


def _engine_alone(texts: list[str], checkpoints: Sequence[Checkpoint]) -> Took:
    """The models on ids that are there."""
    explainers = [Explainer(checkpoint) for checkpoint in checkpoints]
    ids = encode_many(texts, explainers[0].vocabulary)

    def run() -> None:
        for explainer in explainers:
            for _batch in bulk.run_many(explainer.engine, ids, OUTPUTS):
                pass

    return _took(run)


def _written(texts: list[str], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"titles-{len(texts)}.parquet"
    pq.write_table(pa.table({"id": range(len(texts)), "text": texts}), path)
    return path


def _largest_child() -> float:
    """Megabytes that a process of multiprocessing has had at most, of those that run."""
    return max(_peak(child.pid) for child in active_children())


def _peak(process: int | str | None) -> float:
    """Megabytes; what `getrusage` says of children counts what their parent held, too."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(peak) * 1_024 / 1e6


def _took(work: Callable[[], object]) -> Took:
    started, before = time.perf_counter(), _processor()
    work()
    return Took(time.perf_counter() - started, _processor() - before)


def _processor() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _seconds(took: Took) -> str:
    return f"{took.wall:.1f} s, {took.processor:.1f} s"


if __name__ == "__main__":
    main()
