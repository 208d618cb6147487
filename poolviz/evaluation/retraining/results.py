"""`retraining.json` beside a data set's checkpoints: what `apart` found of heads trained alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation.retraining import kept
from poolviz.evaluation.retraining.apart import FEWEST_TRAININGS, Apart, apart
from poolviz.model.options import ADDED_LATER

FILE = "retraining.json"
VERSION = 1


@dataclass(frozen=True)
class Retraining:
    """How far heads lie apart, and how many rows and trainings of each that was measured on."""

    rows: int
    trainings: int
    heads: Mapping[str, Apart]


def update(folder: Path, checkpoints: Sequence[Checkpoint]) -> Path | None:
    """Measure the heads of which the weights of several trainings were kept; None where too few.

    Heads whose weights no training changes (average pooling) are left out.
    """
    found = [(each, weights) for each in checkpoints if (weights := _moved(each))]
    if len(found) < 2:
        return None
    first = found[0][1]
    found = [(each, of) for each, of in found if np.array_equal(of.keys, first.keys)]
    if len(found) < 2:
        return None
    heads = apart({checkpoint.head: weights.by_seed for checkpoint, weights in found})
    content = {
        "rows": len(first.keys),
        "trainings": min(len(weights.by_seed) for _checkpoint, weights in found),
        "heads": {
            checkpoint.head: {"setting": _setting(checkpoint)} | heads[checkpoint.head].to_json()
            for checkpoint, _weights in found
        },
    }
    return beside.save_json(folder / FILE, VERSION, content)


def read(checkpoints: Sequence[Checkpoint]) -> Retraining | None:
    """What `update` wrote of these heads; None where nothing was, or of other trainings.

    It speaks of how the heads are trained, so a head counts that was trained in the same way.
    """
    for folder in dict.fromkeys(checkpoint.folder.parent for checkpoint in checkpoints):
        found = beside.load_json(folder / FILE, VERSION)
        if not found:
            continue
        heads = {
            c.head: Apart.read(each)
            for c in checkpoints
            if (each := found["heads"].get(c.head)) and each["setting"] == _setting(c)
        }
        if heads:
            return Retraining(found["rows"], found["trainings"], heads)
    return None


def apart_lines(found: Retraining) -> list[dict[str, Any]]:
    """How far weights lie apart, with intervals, and what they show: a line for each head."""
    return [
        {
            "head": head,
            "to other heads, interval": each.to_others,
            "between its seeds, interval": each.to_retrained,
            "difference of distances": each.difference,
            "p, heads": each.p,
            "further": each.further,
        }
        for head, each in found.heads.items()
    ]


def _moved(checkpoint: Checkpoint) -> kept.KeptWeights | None:
    weights = kept.read(checkpoint)
    seeds = checkpoint.card.get("seeds", {})
    if (
        weights is None
        or len(weights.by_seed) < FEWEST_TRAININGS
        or not seeds.get("weight_distance")
    ):
        return None
    return weights


def _setting(checkpoint: Checkpoint) -> dict[str, Any]:
    """By which it is known that two models were trained in the same way on the same rows."""
    card = checkpoint.card
    model = card.get("model") or {}
    return {
        "files": [file.get("sha256") for file in card.get("data", {}).get("files", ())],
        # As older cards say it: an option that they do not have is what it was without it.
        "model": {k: v for k, v in model.items() if k not in ADDED_LATER or v != ADDED_LATER[k]},
        **{name: card.get(name) for name in ("training", "vocabulary")},
    }
