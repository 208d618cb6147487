"""Invented pairs in words of the tiny encoder: a match says the same of a room or of the food."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from poolviz.datasets import Dataset
from poolviz.model.options import MatchingOptions
from tests import invented_pairs

TRAINING = MatchingOptions(
    epochs=3, patience=3, learning_rate=0.05, token_dropout=0.0, texts_per_batch=32
)
_TELLING = ("bad", "clean", "good", "unknown")
_FILLER = ("the", "room", "food", "was", "playing", "cafe", ".", "wasn't", "房间")
_ROWS = 160


def dataset() -> Dataset:
    """A catalogue entry for one file of `a<TAB>b<TAB>label` lines, split by hash."""
    return invented_pairs.dataset(
        key="invented_english_pairs", title="Invented English pairs", unit="word"
    )


def write_rows(folder: Path) -> Path:
    """Write the one file: filler with one telling word in it, the same in both of a match."""
    random = np.random.default_rng(0)
    lines = []
    for number in range(_ROWS):
        label = number % 2
        first, second = random.choice(_TELLING, size=2, replace=False)
        texts = [_sentence(random, word) for word in (first, first if label else second)]
        lines.append("\t".join([*texts, str(label)]) + "\n")
    path = folder / "pairs.tsv"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _sentence(random: np.random.Generator, telling: str) -> str:
    words = list(random.choice(_FILLER, size=random.integers(3, 8)))
    words.insert(random.integers(0, len(words) + 1), telling)
    return " ".join(words)
