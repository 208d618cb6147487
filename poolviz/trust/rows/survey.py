"""The measures over many test rows of a data set: a line for each row, and a summary.

Nothing here holds a text: rows are known by their hashes.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import Corpus
from poolviz.datasets.split import row_keys
from poolviz.engine import bulk
from poolviz.engine.texts import Explainer
from poolviz.errors import DataError
from poolviz.text.encoding import encode_many
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.ablation.model import Model
from poolviz.trust.rows.summary import on_grid, summarise
from poolviz.trust.text.agreement import mean_tau
from poolviz.trust.text.bounds import bounds
from poolviz.trust.text.measures import MEASURES, TextTrust, column, measure_text
from poolviz.trust.text.rankings import SEED, text_generator
from poolviz.trust.text.reading import EncoderCost, encoder_cost
from poolviz.values.shapes import Ids, PerClass, PerRowToken, PerRowTokenClass
from poolviz.watch import QUIET, Watch

NORMALISED_ROWS = 200


@dataclass(frozen=True, eq=False)
class TestRow:
    """One sampled test row and what the graph says of it; shapes as in `Explanation`."""

    key: int
    ids: Ids
    weights: PerRowToken
    contributions: PerRowTokenClass
    probabilities: PerClass


class Cost:
    """Passes through the model and seconds that each group of measures took."""

    def __init__(self):
        self.seconds: dict[str, float] = defaultdict(float)
        self.passes: dict[str, int] = defaultdict(int)

    @contextmanager
    def of(self, measure: str) -> Iterator[None]:
        """Count the seconds of a `with` block."""
        started = time.perf_counter()
        yield
        self.seconds[measure] += time.perf_counter() - started

    def to_json(self) -> dict[str, dict[str, float]]:
        """For each group of measures its passes and seconds."""
        return {
            name: {"passes": self.passes[name], "seconds": round(seconds, 2)}
            for name, seconds in self.seconds.items()
        }


def survey(
    checkpoint: Checkpoint, corpus: Corpus, sample: int, watch: Watch = QUIET
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Measure a checkpoint on seeded test rows.

    Parameters
    ----------
    sample : how many test rows; all where there are fewer.
    watch : looked at before each row; counts rows.

    Returns
    -------
    A line for each row, whose columns `poolviz.trust.rows.summary` explains, and the summary, ready
    for JSON and marked with the model's hash.

    Raises
    ------
    CheckpointError : the checkpoint is damaged, or its two models disagree.
    DataError : the corpus has no test rows.
    """
    model = Model(Explainer(checkpoint))
    rows = _sampled(model, corpus, sample)
    normalised = rows_to_normalise([len(row.ids) for row in rows])
    cost, lines, curves = Cost(), [], defaultdict(list)
    for number, row in enumerate(rows):
        watch.check()
        line, found = measure_row(model, row, number in normalised, cost)
        lines.append(line)
        for key, curve in found.items():
            curves[key].append(curve)
        watch.progress(number + 1, len(rows))
    table = pd.DataFrame(lines)
    found = summarise(table, curves)
    settings = {
        "sample": sample,
        "seed": SEED,
        "window": checkpoint.card["window"],
        "cost": cost.to_json(),
    }
    return table, {**beside.provenance(checkpoint, corpus), **settings, **found}


def drawn(count: int, sample: int) -> np.ndarray:
    """Numbers of the rows that are measured, rising: drawn from so many with a fixed seed.

    >>> drawn(3, 5).tolist(), len(drawn(100, 5))
    ([0, 1, 2], 5)
    """
    return np.sort(np.random.default_rng(SEED).permutation(count)[:sample])


def rows_to_normalise(lengths: Sequence[int]) -> set[int]:
    """Numbers of the rows on which AOPC is normalised: drawn at random, seeded, of any length.

    Rows of more than 32 tokens are measured in 32 segments; one token has a single order.

    Parameters
    ----------
    lengths : tokens of each row.
    """
    numbers = [number for number, length in enumerate(lengths) if length >= 2]
    drawn_of_them = np.random.default_rng(SEED).permutation(numbers)[:NORMALISED_ROWS]
    return set(drawn_of_them.tolist())


def read_texts(model: Model, texts: Iterable[str], keys: Sequence[int]) -> list[TestRow]:
    """Texts with what the graph says of them.

    Raises
    ------
    TextError : one cannot be read.
    """
    ids = encode_many(texts, model.explainer.vocabulary)
    found: list[Any] = [None] * len(ids)
    names = ["weights", "contributions", "probabilities"]
    for batch, outputs in bulk.run_many(model.explainer.engine, ids, names):
        for place, number in enumerate(batch):
            found[number] = TestRow(
                int(keys[number]), ids[number], *(outputs[name][place] for name in names)
            )
    return found


def measure_row(
    model: Model, row: TestRow, normalised: bool, cost: Cost
) -> tuple[dict[str, Any], dict[tuple[str, str], np.ndarray]]:
    """One row's line, and its curves by erasure and ranking, see `summary.on_grid`.

    Raises
    ------
    CheckpointError : the checkpoint's two models disagree.
    """
    model.check_probabilities(row.ids, row.probabilities)
    line, curves = {"key": np.uint64(row.key), "tokens": len(row.ids)}, {}
    for how in ERASURES:
        with cost.of(how):
            found = measure_text(model, row.ids, row.weights, row.contributions, how)
            line |= _figures(found) | {f"{how}.saturated": float(found.saturated)}
        cost.passes[how] += found.ablation.passes
        line["units"] = found.ablation.count
        curves |= {(how, ranking): on_grid(each) for ranking, each in found.curves.items()}
        if how == "mask":
            line |= _agreement(found)
            if normalised:
                line |= _normalised(found, len(row.ids), cost)
    with cost.of("stress"):
        line |= _stress(model, row)
    return line, curves


def survey_cost(checkpoint: Checkpoint, corpus: Corpus, sample: int) -> EncoderCost | None:
    """About what a survey costs before a pretrained encoder; None for a model without one.

    Raises
    ------
    CheckpointError : the encoder is not on this machine, or damaged.
    """
    if not checkpoint.on_encoder:
        return None
    ids = encode_many(corpus.split("test")["text"][:sample], checkpoint.read_vocabulary())
    return encoder_cost(checkpoint, [len(text) for text in ids], len(ERASURES))


def _sampled(model: Model, corpus: Corpus, sample: int) -> list[TestRow]:
    """Seeded test rows with the graph's outputs; the same rows for every head."""
    rows = corpus.split("test")
    if rows.empty:
        raise DataError(
            "The files of {dataset} hold no row to test on; give more rows.",
            dataset=corpus.dataset.key,
        )
    rows = rows.iloc[drawn(len(rows), sample)]
    return read_texts(model, rows["text"], row_keys(rows).tolist())


def _figures(found: TextTrust) -> dict[str, float]:
    """Every measure of every ranking."""
    return {
        column(key, ranking, found.ablation.how): value
        for ranking, figures in found.figures.items()
        for key, value in figures.items()
    }


def _agreement(found: TextTrust) -> dict[str, float]:
    """Tau between the head's own numbers: does it contribute where it looks?"""
    weight = found.scores["weight"][0]
    return {
        f"agreement.{name}": mean_tau(found.scores[name], weight)
        for name in ("absolute", "contribution")
    }


def _normalised(found: TextTrust, tokens: int, cost: Cost) -> dict[str, float]:
    before = found.ablation.passes
    with cost.of("naopc"):
        limits = bounds(found.ablation)
    cost.passes["naopc"] += found.ablation.passes - before
    aopcs = ("aopc_comprehensiveness", "aopc_sufficiency")
    limits = limits.widened(figures[key] for figures in found.figures.values() for key in aopcs)
    normalised = {key: measure for key, measure in MEASURES.items() if measure.normalised}
    return {
        "naopc.exact": float(limits.exact),
        "naopc.in_segments": float(tokens > found.ablation.count),
        **{
            column(key, ranking, found.ablation.how): limits.normalise(
                measure.function(found, ranking)
            )
            for ranking in found.scores
            for key, measure in normalised.items()
        },
    }


def _stress(model: Model, row: TestRow) -> dict[str, float]:
    """The stress tests' numbers, NaN where one has no meaning; a random token is the control."""
    tests = model.stress(row.ids, row.weights)
    if tests is None:
        return {}
    rng = text_generator(row.ids)
    outcomes = {
        "permuted": tests.permuted(rng),
        "uniform": tests.uniform(),
        "heaviest": tests.without_heaviest(),
        "random": tests.without_one(int(rng.integers(len(row.ids)))),
        "different": tests.most_different(),
    }
    line = {}
    for name, outcome in outcomes.items():
        line[f"stress.{name}.distance"] = outcome.distance if outcome else math.nan
        line[f"stress.{name}.flips"] = float(outcome.flips) if outcome else math.nan
        line[f"stress.{name}.divergence"] = outcome.divergence if outcome else math.nan
    return line
