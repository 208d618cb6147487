"""Invented question pairs: the same wish said in two ways, or two wishes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from poolviz.datasets import Dataset, PublishedFile
from poolviz.datasets.readers import published
from poolviz.model.options import MatchingOptions

CLASSES = ("不匹配", "匹配")
MODEL = {"width": 16, "dropout": 0.0}
TRAINING = MatchingOptions(
    epochs=6,
    patience=6,
    learning_rate=0.01,
    token_dropout=0.0,
    texts_per_batch=32,
    min_frequency=1,
)

# Each wish in words that its other forms do not share, so that characters alone do not do.
_WISHES = (
    ("去机场", "坐飞机", "航班出发"),
    ("吃火锅", "涮羊肉", "毛肚锅底"),
    ("看电影", "影院放映", "买片票"),
    ("学游泳", "下水练习", "泳池课"),
    ("修手机", "屏幕碎", "换电池"),
    ("租房子", "找住处", "公寓月付"),
)
_FRAMES = ("请问怎么{}", "想{}该找谁", "{}要多少钱", "哪里能{}呢", "帮我{}吧", "最近{}方便吗")
_ROWS = 600


def dataset(**changes) -> Dataset:
    """A catalogue entry for one file of `a<TAB>b<TAB>label` lines, split by hash."""
    fields = {
        "key": "invented_pairs",
        "title": "Invented pairs",
        "kind": "matching",
        "unit": "character",
        "classes": CLASSES,
        "labels": ("0", "1"),
        "files": (PublishedFile("pairs.tsv"),),
        "reader": published.tab_separated(2, 0, 1),
        "origin": "Invented for the tests.",
        "terms": "None.",
    }
    return Dataset(**fields | changes)


def write_rows(folder: Path, seed: int = 0) -> Path:
    """Write the one file; numbers keep sentences apart, so that they do not all hang together."""
    random = np.random.default_rng(seed)
    lines = []
    for number in range(_ROWS):
        label = number % 2
        first, second = random.choice(len(_WISHES), size=2, replace=False)
        texts = [
            str(random.choice(_FRAMES)).format(random.choice(_WISHES[wish])) + f"{number * 2 + i}"
            for i, wish in enumerate((first, first if label else second))
        ]
        lines.append("\t".join([*texts, str(label)]) + "\n")
    path = folder / "pairs.tsv"
    path.write_text("".join(lines), encoding="utf-8")
    return path
