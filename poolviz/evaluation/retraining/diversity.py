"""What it does to keep a head's rows of weights apart in training: `diversity.json`.

The file stands beside a data set's checkpoints and holds figures of trainings that are not kept:
of several seeds without the penalty of `--diversity`, and with some weights of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation.anatomy import divergence
from poolviz.evaluation.intervals import mean_difference
from poolviz.values.interval import Interval
from poolviz.values.shapes import PerRowToken

FILE = "diversity.json"
VERSION = 1
# What is measured of each training: how far its rows are apart (nats), its test accuracy, and how
# far its weights can be believed (see `poolviz.trust.rows.believed`).
MEASURES = ("apart", "accuracy", "believed")


@dataclass(frozen=True)
class Effect:
    """One measure under one weight of the penalty.

    Parameters
    ----------
    mean : over the seeds.
    difference : to the trainings without penalty, with its interval over other trainings; None of
        these themselves.
    """

    mean: float
    difference: Interval | None


def rows_apart(weights: PerRowToken) -> float:
    """Mean Jensen-Shannon divergence (nats) of each two rows of a text's weights (H, T)."""
    first, second = np.triu_indices(len(weights), k=1)
    return float(divergence(weights[first], weights[second]).mean())


def write(folder: Path, found: Mapping[str, Any]) -> Path:
    """Keep figures beside a data set's checkpoints.

    Parameters
    ----------
    found : `head`, `rows` and `trust_rows` (how many were tested), `command`, and `trainings`: of
        each weight `diversity`, `seeds`, and each of `MEASURES`, a number for each seed.
    """
    return beside.save_json(folder / FILE, VERSION, found)


def read(checkpoints: Sequence[Checkpoint]) -> dict[str, Any] | None:
    """What `write` wrote beside these checkpoints of one data set; None where there is nothing."""
    for folder in dict.fromkeys(checkpoint.folder.parent for checkpoint in checkpoints):
        found = beside.load_json(folder / FILE, VERSION)
        if found and len(effects(found)) > 1:
            return found
    return None


def effects(found: Mapping[str, Any]) -> dict[float, dict[str, Effect]]:
    """By weight of the penalty, 0 first, what it did to each of `MEASURES`."""
    trainings = sorted(found["trainings"], key=lambda each: each["diversity"])
    return {
        each["diversity"]: {name: _effect(trainings[0], each, name) for name in MEASURES}
        for each in trainings
    }


def _effect(without: Mapping[str, Any], training: Mapping[str, Any], name: str) -> Effect:
    mean = float(np.mean(training[name]))
    if training is without:
        return Effect(mean, None)
    return Effect(mean, mean_difference([(without[name], training[name])]).interval)
