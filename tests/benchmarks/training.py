"""Training on the hotel reviews: `python -m tests.benchmarks.training`."""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.datasets import Corpus, load
from poolviz.model.options import ModelOptions, TrainingOptions
from poolviz.training.fit import fit
from poolviz.training.recipe import PreparedTexts, prepare_texts
from tests.benchmarks.original import (
    BATCH,
    VALIDATION_SHARE,
    Original,
    Vocabulary,
    min_frequency,
)
from tests.benchmarks.report import Figure, print_table, times

TASK = "chnsenticorp_htl_all"
HEADS = ("attention", "multi-head", "max")  # the heads that the original trained
BATCHES = 20  # of the original in a round; padded to one width, every batch costs the same
EPOCHS = 5  # of poolviz in a round, the building of its graph included
ORIGINAL_EPOCHS = 3  # of the accuracy that poolviz is compared with


def main() -> None:
    """Train by the original procedure and by poolviz, in turns; or compare test accuracies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="default: 3")
    parser.add_argument(
        "--accuracy",
        action="store_true",
        help="train the original for 3 epochs and compare test accuracies instead of speeds",
    )
    parser.add_argument("--seeds", type=int, default=1, help="of the original's accuracy")
    parser.add_argument(
        "--root",
        type=Path,
        default=places.SHIPPED_CHECKPOINTS,
        help="folder of checkpoints whose accuracy is compared (default: the shipped ones)",
    )
    arguments = parser.parse_args()
    corpus = load(TASK)
    if arguments.accuracy:
        print(f"{TASK}: accuracy on {len(corpus.split('test')):,} test rows ± standard error")
        figures = [
            figure
            for head in HEADS
            for figure in _accuracies(corpus, head, arguments.seeds, arguments.root / TASK / head)
        ]
    else:
        print(f"{TASK}: samples per second, medians of {arguments.rounds} rounds, no validation")
        prepared = prepare_texts(corpus, TrainingOptions().min_frequency, ())
        figures = [figure for head in HEADS for figure in _speeds(prepared, head, arguments.rounds)]
    print_table(figures)


def _speeds(prepared: PreparedTexts, head: str, rounds: int) -> list[Figure]:
    rows = _shuffled(prepared.corpus, seed=0)[: BATCHES * BATCH]
    original, ids, labels = _original(rows, head, seed=0)
    original.fit(ids[:BATCH], labels[:BATCH], epochs=1)  # builds its graph: not counted
    pairs = []
    for _ in range(rounds):
        started = time.perf_counter()
        original.fit(ids, labels, epochs=1)
        pairs.append((len(ids) / (time.perf_counter() - started), _poolviz_speed(prepared, head)))
    theirs, ours = np.array(pairs).T
    return [
        Figure(f"{head}: original", f"{np.median(theirs):,.0f}"),
        Figure(f"{head}: poolviz", f"{np.median(ours):,.0f}"),
        Figure(f"{head}: faster", times(np.median(ours / theirs)), "≥ 10 ×"),
    ]


def _poolviz_speed(prepared: PreparedTexts, head: str) -> float:
    result = fit(
        prepared.train,
        prepared.validation,
        len(prepared.vocabulary),
        len(prepared.corpus.dataset.classes),
        ModelOptions(head),
        TrainingOptions(epochs=EPOCHS, patience=EPOCHS),
    )
    return result.samples_per_second


def _accuracies(corpus: Corpus, head: str, seeds: int, folder: Path) -> list[Figure]:
    checkpoint = read(folder)
    if checkpoint.damage:
        raise checkpoint.damage
    ours = checkpoint.card["seeds"]
    theirs = [_original_accuracy(corpus, head, seed) for seed in range(seeds)]
    mean = float(np.mean(theirs))
    error = math.sqrt(mean * (1 - mean) / len(corpus.split("test")))
    return [
        Figure(f"{head}: original, {seeds} seeds of {ORIGINAL_EPOCHS} epochs", _share(mean, error)),
        Figure(
            f"{head}: poolviz, {len(ours['seeds'])} seeds",
            _share(ours["mean_accuracy"], error),
            f"≥ {mean - error:.3f}",
        ),
    ]


def _original_accuracy(corpus: Corpus, head: str, seed: int) -> float:
    original, ids, labels = _original(_shuffled(corpus, seed), head, seed)
    original.fit(ids, labels, ORIGINAL_EPOCHS, VALIDATION_SHARE)
    test = corpus.split("test")
    return original.accuracy(test["text"], test["label"].to_numpy())


def _original(rows, head: str, seed: int) -> tuple[Original, np.ndarray, np.ndarray]:
    """A new original for these rows, with their padded ids and their labels."""
    vocabulary = Vocabulary.build(rows["text"], min_frequency(head))
    original = Original(head, vocabulary, rows["label"].nunique(), seed)
    return original, vocabulary.encode(rows["text"]), rows["label"].to_numpy()


def _shuffled(corpus: Corpus, seed: int):
    """Training rows in random order: the file is sorted by class, and Keras splits off its end."""
    return corpus.split("train").sample(frac=1, random_state=seed)


def _share(value: float, error: float) -> str:
    return f"{value:.3f} ± {error:.3f}"


if __name__ == "__main__":
    main()
