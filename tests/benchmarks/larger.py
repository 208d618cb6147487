"""Training on a file larger than the memory it may take: `python -m tests.benchmarks.larger`."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from poolviz.checkpoints.checkpoint import read
from tests.benchmarks.report import Figure, print_table

MEGABYTES, LIMIT = 1_500, 1_200  # of the file, and of private memory: half is TensorFlow's
_SMALL = ("--embedding", "8", "--filters", "8", "--epochs", "1", "--unit", "word")
_WORDS, _IN_ROW, _AT_ONCE = 5_000, 120, 10_000  # words in all, in a row; rows written at once


def main() -> None:
    """One epoch of one small model, under a limit that the rows alone would break."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES, help=f"default: {MEGABYTES:,}")
    size = parser.parse_args().megabytes
    with tempfile.TemporaryDirectory() as folder:
        rows, root = Path(folder) / "rows.csv", Path(folder) / "root"
        count = _write(rows, size * 1_000_000)
        words = [
            sys.executable,
            "-m",
            "poolviz",
            "train",
            "--dataset",
            "larger",
            "--csv",
            str(rows),
        ]
        started = time.perf_counter()
        subprocess.run(
            [*words, "--head", "average", *_SMALL, "--output", str(root)],
            check=True,
            preexec_fn=_limit,  # noqa: PLW1509, this process has one thread
        )
        wall = time.perf_counter() - started
        [card] = root.glob("larger/run-*/average/card.json")
        fit = read(card.parent).card["fit"]
    print_table(
        [
            Figure("file", f"{size:,} MB, {count:,} rows"),
            Figure("private memory that the training may take", f"{LIMIT:,} MB"),
            Figure("reading and one epoch", f"{wall:.0f} s"),
            Figure("rows per second while training", f"{fit['samples_per_second']:,.0f}"),
        ]
    )


def _write(path: Path, size: int) -> int:
    """Rows of long invented words, of two classes that a few of them tell apart; how many."""
    random = np.random.default_rng(0)
    words = np.array([f"{'word' * 15}{number}" for number in range(_WORDS)])
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        file.write("text,label\n")
        while file.tell() < size:
            chosen = random.integers(100, _WORDS, (_AT_ONCE, _IN_ROW))
            labels = random.integers(0, 2, _AT_ONCE)
            chosen[:, :5] = random.integers(0, 50, (_AT_ONCE, 5)) + 50 * labels[:, None]
            lines = zip(words[chosen], labels, strict=True)
            file.writelines(f"{' '.join(row)},{label}\n" for row, label in lines)
            count += _AT_ONCE
    return count


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT * 1_000_000, LIMIT * 1_000_000))


if __name__ == "__main__":
    main()
