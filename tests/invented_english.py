"""An invented corpus in words of the tiny encoder, one of which gives the class away."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from poolviz.datasets import Dataset, PublishedFile
from poolviz.datasets.readers import published
from poolviz.model.options import TrainingOptions

CLASSES = ("poor", "fine")
TRAINING = TrainingOptions(
    epochs=8, learning_rate=0.05, token_dropout=0.0, texts_per_batch=16, patience=8
)
_FILLER = ("the", "room", "food", "was", "playing", "cafe", "unknown", ".", "wasn't", "房间")
_TELLING = ("bad", "clean")
_ROWS = 160


def dataset() -> Dataset:
    """A catalogue entry for one file of `label<TAB>text` lines, split by hash."""
    return Dataset(
        key="invented_english",
        title="Invented English",
        kind="classification",
        unit="word",
        classes=CLASSES,
        files=(PublishedFile("invented_english.txt"),),
        reader=published.label_then_text,
        origin="Invented for the tests.",
        terms="None.",
    )


def write_rows(folder: Path) -> Path:
    """Write the corpus' one file: filler of 1 to 8 words with one telling word in it."""
    random = np.random.default_rng(0)
    lines = []
    for number in range(_ROWS):
        label = number % len(CLASSES)
        words = list(random.choice(_FILLER, size=random.integers(1, 9)))
        words.insert(random.integers(0, len(words) + 1), _TELLING[label])
        lines.append(f"{CLASSES[label]}\t{' '.join(words)}\n")
    path = folder / "invented_english.txt"
    path.write_text("".join(lines), encoding="utf-8")
    return path
