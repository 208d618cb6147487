"""What was measured of heads and matchers, as lines of tables: raw numbers under plain names.

Pages and files show the same lines: a page writes them for readers, a file splits each `Interval`
into three columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation import exactness, measurements
from poolviz.evaluation.anatomy import divergences, effective_tokens, entropy
from poolviz.evaluation.comparison import Comparison
from poolviz.evaluation.measurements import Spread
from poolviz.evaluation.shifted import Shift
from poolviz.values.interval import Interval

Lines = list[dict[str, Any]]
MEAN = "mean"  # stands for a head where a line is of all of them


def head_lines(checkpoints: Iterable[Checkpoint]) -> Lines:
    """Test figures and costs, a line for each classifier."""
    return [_head_line(checkpoint) for checkpoint in checkpoints]


def difference_lines(comparisons: Iterable[Comparison]) -> Lines:
    """McNemar's test, a line for each pair of heads."""
    return [
        {
            "head A": each.first,
            "head B": each.second,
            "only A right": each.only_first,
            "only B right": each.only_second,
            "p": each.p,
            "p, Holm": each.adjusted,
            "models differ": each.differ,
            "better head": each.better,
        }
        for each in comparisons
    ]


def weight_lines(spread: Spread) -> Lines:
    """How far weights lie apart, a line for each head whose weights training changes."""
    return [
        {
            "head": head,
            "to other heads": spread.to_other_heads(head),
            "between its seeds": between,
        }
        for head, between in spread.between_seeds.items()
    ]


def readout_lines(pairs: Mapping[str, Any]) -> Lines:
    """Both read-outs, a line for each head and one, whose head is `MEAN`, for the mean of all.

    `pairs` as `poolviz.evaluation.exactness.read` gives them.
    """
    costs = {**exactness.costs(pairs), MEAN: exactness.mean_cost(pairs)}
    return [
        {
            "head": head,
            "linear": cost.exact,
            "mlp": cost.estimate,
            "mlp - linear": cost.difference,
        }
        for head, cost in costs.items()
    ]


def long_lines(checkpoints: Iterable[Checkpoint]) -> Lines:
    """Accuracy on the long test rows, a line for each classifier of which it was measured."""
    return [
        {
            "head": checkpoint.head,
            "long rows": figures["rows"],
            "accuracy on long rows": Interval.read(figures["accuracy"]),
            "accuracy": _figure(checkpoint, "accuracy"),
        }
        for checkpoint in checkpoints
        if (figures := (measurements.read(checkpoint) or {}).get("long_rows"))
    ]


def shifted_lines(checkpoints: Iterable[Checkpoint], shift: Shift) -> Lines:
    """Test figures on rows of another sample beside the own ones, a line for each head."""
    return [
        {
            "head": checkpoint.head,
            "accuracy": _figure(checkpoint, "accuracy"),
            "accuracy elsewhere": shift.accuracy[checkpoint.head],
            "macro-F1 elsewhere": shift.macro_f1[checkpoint.head],
        }
        for checkpoint in checkpoints
        if checkpoint.head in shift.accuracy
    ]


def shifted_difference_lines(own: Iterable[Comparison], shift: Shift) -> Lines:
    """McNemar's test on rows of another sample, a line for each pair of heads.

    Parameters
    ----------
    own : the heads' comparisons on their own test rows.
    """
    better = {frozenset((each.first, each.second)): each.better for each in own}
    return [
        {
            "head A": each.first,
            "head B": each.second,
            "only A right": each.only_first,
            "only B right": each.only_second,
            "p, Holm": each.adjusted,
            "ahead": each.ahead if each.differ else None,
            "better on own rows": better.get(frozenset((each.first, each.second))),
        }
        for each in shift.comparisons
    ]


def class_lines(checkpoint: Checkpoint) -> Lines:
    """Precision, recall and F1, a line for each class."""
    names = ("class", "rows", "precision", "recall", "f1")
    return [{name: one[name] for name in names} for one in checkpoint.card["test"]["per_class"]]


def confusion_lines(counts: np.ndarray, classes: Sequence[str]) -> Lines:
    """How often each class was taken for each, a line for each row of (K, K) counts."""
    return [
        {"class": name, **dict(zip(classes, row, strict=True))}
        for name, row in zip(classes, counts.tolist(), strict=True)
    ]


def matcher_lines(matchers: Sequence[Checkpoint]) -> Lines:
    """Test figures of one data set's matchers, then of what counts characters beside them."""
    baselines: Mapping[str, Any] = matchers[0].card.get("baselines", {})
    found = [(c.title, c.card) for c in matchers] + list(baselines.items())
    return [_matcher_line(matchers[0].task, name, figures) for name, figures in found]


def anatomy_lines(names: Sequence[str], weights: np.ndarray) -> Lines:
    """How weight rows (R, T) divide their weight over one text, a line for each of them."""
    distances = divergences(weights)
    return [
        {
            "weight row": name,
            "entropy": float(entropy(row)),
            "effective tokens": float(effective_tokens(row)),
            **{f"distance from {o}": float(d) for o, d in zip(names, far, strict=True)},
        }
        for name, row, far in zip(names, weights, distances, strict=True)
    ]


def _head_line(checkpoint: Checkpoint) -> dict[str, Any]:
    card = checkpoint.card
    explain = (measurements.read(checkpoint) or {}).get("explain", {})
    return {
        "dataset": checkpoint.task,
        "head": checkpoint.head,
        "readout": checkpoint.readout,
        "test rows": card["test"]["rows"],
        "accuracy": _figure(checkpoint, "accuracy"),
        "macro-F1": _figure(checkpoint, "macro_f1"),
        "mean of seeds": card.get("seeds", {}).get("mean_accuracy"),
        "parameters": card["parameters"],
        "training s": card["fit"]["seconds"],
        "explaining ms": explain.get("milliseconds"),
        "median tokens": explain.get("tokens"),
    }


def _matcher_line(task: str, name: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    test, unseen = figures["test"], figures.get("test_unseen", {})
    return {
        "dataset": task,
        "matcher": name,
        "accuracy": Interval.read(test["accuracy"]),
        "f1 or macro-F1": Interval.read(test.get("f1") or test["macro_f1"]),
        "roc auc": Interval.read(test["roc_auc"]) if "roc_auc" in test else None,
        "unseen accuracy": Interval.read(unseen["accuracy"]) if unseen else None,
    }


def _figure(checkpoint: Checkpoint, name: str) -> Interval:
    return Interval.read(checkpoint.card["test"][name])
