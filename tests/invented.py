"""An invented corpus of short reviews whose words give the class away, for tests that train."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from poolviz.datasets import Dataset, PublishedFile, readers
from poolviz.options import TrainingOptions

CLASSES = ("差评", "中评", "好评")
MODEL = {"embedding": 8, "filters": 16}
TRAINING = TrainingOptions(
    epochs=12,
    patience=12,
    learning_rate=0.02,
    token_dropout=0.1,
    texts_per_batch=32,
    min_frequency=1,
)

_FILLER = "这家店的菜和茶，我们今天来过一次。"
_TELLING = (("糟糕", "难吃", "脏乱"), ("一般", "普通", "还行"), ("好吃", "喜欢", "干净"))
_ROWS = 480


def dataset(**changes) -> Dataset:
    """A catalogue entry for one file of `label<TAB>text` lines, split by hash."""
    fields = {
        "key": "invented",
        "title": "Invented reviews",
        "kind": "classification",
        "unit": "character",
        "classes": CLASSES,
        "files": (PublishedFile("invented.txt"),),
        "reader": readers.label_then_text,
        "origin": "Invented for the tests.",
        "terms": "None.",
    }
    return Dataset(**fields | changes)


def write_rows(folder: Path, seed: int = 0) -> Path:
    """Write the corpus' one file: filler of 1 to 40 characters with one telling word in it."""
    random = np.random.default_rng(seed)
    lines = []
    for number in range(_ROWS):
        label = number % len(CLASSES)
        filler = "".join(random.choice(list(_FILLER), size=random.integers(1, 41)))
        place = random.integers(0, len(filler) + 1)
        word = str(random.choice(_TELLING[label]))
        lines.append(f"{CLASSES[label]}\t{filler[:place]}{word}{filler[place:]}\n")
    path = folder / "invented.txt"
    path.write_text("".join(lines), encoding="utf-8")
    return path
