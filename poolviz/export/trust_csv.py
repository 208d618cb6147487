"""The numbers of the Trust page as CSV; keys, not titles, so that they read the same everywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from poolviz.export.files import csv_file
from poolviz.trust.text.measures import of_every_text
from poolviz.trust.text.rankings import RANKINGS
from poolviz.trust.text.reading import STRESS_TESTS, Reading

_WHOSE = ("dataset", "checkpoint", "head", "class")


def measures_to_csv(readings: Sequence[Reading]) -> bytes:
    """A line for each head and ranking, a column for each measure; empty where not defined."""
    measures = of_every_text()
    header = [*_WHOSE, "erasure", "tokens", "units", "ranking", *measures]
    return csv_file(
        header,
        (
            [*_whose(r), r.how, len(r.explanation.tokens), r.trust.ablation.count, ranking]
            + [_cell(figures.get(name, math.nan)) for name in measures]
            for r in readings
            for ranking, figures in r.trust.figures.items()
        ),
    )


def curves_to_csv(readings: Sequence[Reading]) -> bytes:
    """A line for each step of each ranking: the class's probability after it."""
    header = [*_WHOSE, "erasure", "ranking", "step", "share", "deletion", "insertion"]
    return csv_file(
        header,
        (
            [*_whose(r), r.how, ranking, step, step / r.trust.ablation.count, deleted, inserted]
            for r in readings
            for ranking, found in r.trust.curves.items()
            for step, (deleted, inserted) in enumerate(
                zip(found.deletion.tolist(), found.insertion.tolist(), strict=True)
            )
        ),
    )


def scores_to_csv(readings: Sequence[Reading]) -> bytes:
    """A line for each unit of a text: what every ranking gives it. Units count from 1."""
    found = {name for reading in readings for name in reading.trust.scores}
    names = [name for name in RANKINGS if name in found - {"random"}]
    header = [*_WHOSE, "erasure", "unit", "text", *names]
    return csv_file(
        header,
        (
            [*_whose(r), r.how, number + 1, text]
            + [float(r.score(n)[number]) if n in r.trust.scores else "" for n in names]
            for r in readings
            for number, text in enumerate(r.unit_texts())
        ),
    )


def stress_to_csv(readings: Sequence[Reading]) -> bytes:
    """A line for each head and stress test; empty where a test has no meaning."""
    header = [*_WHOSE, "test", "before", "after", "distance", "flips", "divergence"]
    return csv_file(
        header,
        ([*_whose(r), test, *_outcome(r, test)] for r in readings for test in STRESS_TESTS),
    )


def rows_to_csv(summaries: Mapping[str, Mapping[str, Any]]) -> bytes:
    """A line for each head and figure of the survey: mean, 95 % interval, and rows it is of."""
    return csv_file(
        ["head", "figure", "value", "low", "high", "n"],
        (
            [head, name, *(figure[key] for key in ("value", "low", "high", "n"))]
            for head, summary in summaries.items()
            for group in ("figures", "differences")
            for name, figure in summary[group].items()
        ),
    )


def _whose(reading: Reading) -> list[str]:
    e = reading.explanation
    return [e.dataset, e.checkpoint, e.head, e.predicted]


def _outcome(reading: Reading, test: str) -> list[object]:
    outcome, explanation = reading.stress[test], reading.explanation
    if outcome is None:
        return [""] * 5
    target = explanation.predicted_index
    return [
        float(explanation.probabilities[target]),
        float(outcome.probabilities[target]),
        outcome.distance,
        outcome.flips,
        _cell(outcome.divergence),
    ]


def _cell(value: float) -> float | str:
    return "" if math.isnan(value) else value
