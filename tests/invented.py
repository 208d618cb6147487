"""An invented corpus of short reviews whose words give the class away, and an invented card."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from poolviz.datasets import Dataset, PublishedFile
from poolviz.datasets.readers import published
from poolviz.model.options import TrainingOptions

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

# The least a card says; `checkpoints.write` adds the files.
CARD_FIELDS = {
    "kind": "classification",
    "head": "max",
    "readout": "linear",
    "classes": ["负面", "正面"],
    "unit": "character",
    "window": [1, 1],
    "seed": 0,
    "parameters": 17,
    "fit": {"seconds": 1.5},
    "test": {
        "rows": 3,
        "accuracy": {"value": 1, "low": 1, "high": 1},
        "macro_f1": {"value": 0.5, "low": 0.2, "high": 0.9},
        "per_class": [
            {"class": name, "rows": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5}
            for name in ("负面", "正面")
        ],
        "confusion": [[2, 0], [1, 0]],
    },
    "command": "python -m poolviz train",
    "note": "任何其他内容",
}

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
        "reader": published.label_then_text,
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
