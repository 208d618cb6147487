"""Heads on a pretrained encoder, and without one: `python -m tests.benchmarks news`.

A part of bbc_news: the first 500 characters of 300 rows to train on, 100 to validate and 300 to
test on, drawn with a fixed seed. The rows go once through all-MiniLM-L6-v2, which the commands that
`encoders.py` begins with add as `minilm`; their token vectors stay in `$POOLVIZ_HOME`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from poolviz.datasets import Corpus, load
from poolviz.datasets.samples import Samples
from poolviz.encoders.encoder import Encoder, find
from poolviz.engine.poolings import pooled
from poolviz.engine.vectors import vectors_of
from poolviz.errors import ChoiceError
from poolviz.model.heads import HEADS
from poolviz.model.kinds import USUAL
from poolviz.model.options import ModelOptions, TrainingOptions
from poolviz.model.poolings import POOLINGS
from poolviz.training import recipe
from poolviz.training.kinds import recipes
from poolviz.values.interval import Interval
from tests.benchmarks.encoders import NAME
from tests.benchmarks.report import Figure, print_table

ROWS = {"train": 300, "validation": 100, "test": 300}
CHARACTERS = 500


def main() -> None:
    """Train every head twice, and put texts to the nearest class under every pooling."""
    try:
        encoder = find(NAME)
    except ChoiceError as error:
        raise SystemExit(f"{error}\n{__doc__}") from error
    corpus = part_of(load("bbc_news"))
    with tempfile.TemporaryDirectory() as root:
        figures = [
            *_trained(corpus, NAME, Path(root)),
            *_trained(corpus, "", Path(root)),
            *_nearest(corpus, encoder),
        ]
    print(
        f"bbc_news, {CHARACTERS:,} characters of " + ", ".join(f"{n} {k}" for k, n in ROWS.items())
    )
    print_table(figures)


def part_of(corpus: Corpus) -> Corpus:
    """The rows that are taken, cut to their beginnings."""
    random = np.random.default_rng(0)
    parts: list[pd.DataFrame] = []
    for split, count in ROWS.items():
        rows = corpus.split(split)
        parts.append(rows.iloc[np.sort(random.permutation(len(rows))[:count])])
    rows = pd.concat(parts, ignore_index=True)
    return replace(corpus, rows=rows.assign(text=rows["text"].str[:CHARACTERS]))


def _trained(corpus: Corpus, encoder: str, root: Path) -> Iterator[Figure]:
    """Test accuracies of all heads, on an encoder or, without its name, on vectors of their own."""
    options = TrainingOptions()
    prepared = recipes.prepare(corpus, USUAL, options.min_frequency, encoder=encoder)
    for head in HEADS:
        made = recipe.train_checkpoint(prepared, ModelOptions(head, encoder=encoder), options, root)
        accuracy = Interval.read(made.card["test"]["accuracy"]).as_share()
        yield Figure(f"{head}, {encoder or 'no encoder'}", accuracy)


def _nearest(corpus: Corpus, encoder: Encoder) -> Iterator[Figure]:
    """Nothing trained: the class whose mean vector has the greatest cosine with a text's."""
    prepared = recipes.prepare(corpus, USUAL, 1, encoder=encoder.name)
    for pooling in POOLINGS:
        train, test = (_units(part, encoder, pooling) for part in (prepared.train, prepared.test))
        labels = prepared.train.labels
        means = np.stack([train[labels == k].mean(axis=0) for k in np.unique(labels)])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        share = float(((test @ means.T).argmax(axis=1) == prepared.test.labels).mean())
        yield Figure(f"nearest class under {pooling}, untrained", f"{share:.1%}")


def _units(samples: Samples, encoder: Encoder, pooling: str) -> np.ndarray:
    """(texts, channels) pooled vectors of length 1."""
    vectors = vectors_of(encoder).of(samples.ids)
    found = np.stack([pooled(pooling, each.astype(np.float32)) for each in vectors])
    return found / np.linalg.norm(found, axis=1, keepdims=True)


if __name__ == "__main__":
    main()
