"""`retraining.json` beside a data set's checkpoints: heads trained alike, several times each.

It holds what `apart` found of their weights, and what `duels` found of their accuracies.
"""

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
from poolviz.evaluation.retraining.duels import Duel, duels
from poolviz.json_types import is_object
from poolviz.model.options import ADDED_LATER

FILE = "retraining.json"
VERSION = 1


@dataclass(frozen=True)
class Retraining:
    """How far heads lie apart, and which are more accurate over their trainings.

    Parameters
    ----------
    rows, trainings : on how many rows, of how many trainings of each head weights were compared.
    heads : how far their weights lie apart.
    duels : of each two heads, on all test rows; empty where accuracies were not compared.
    seeds : of the trainings whose accuracies were compared.
    seconds : that they took all together; None where that was not kept.
    """

    rows: int
    trainings: int
    heads: Mapping[str, Apart]
    duels: Sequence[Duel] = ()
    seeds: tuple[int, ...] = ()
    seconds: float | None = None


def update(folder: Path, checkpoints: Sequence[Checkpoint]) -> Path | None:
    """Measure the heads of which the weights of several trainings were kept; None where too few.

    Heads whose weights no training changes (average pooling) have no distances.
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
        "accuracy": {
            c.head: {"setting": _setting(c)}
            | {name: c.card["seeds"].get(name, []) for name in ("seeds", "seconds")}
            for c in checkpoints
            if "seeds" in c.card
        },
        "duels": [duel.to_json() for duel in duels(checkpoints)],
    }
    return beside.save_json(folder / FILE, VERSION, content)


def read(checkpoints: Sequence[Checkpoint]) -> Retraining | None:
    """What `update` wrote of these heads; None where nothing was, or of other trainings.

    It speaks of how the heads are trained, so a head counts that was trained in the same way,
    whatever its seed.
    """
    for folder in dict.fromkeys(checkpoint.folder.parent for checkpoint in checkpoints):
        found = beside.load_json(folder / FILE, VERSION)
        if not found:
            continue
        heads = {
            c.head: Apart.read(each)
            for c in checkpoints
            if (each := found["heads"].get(c.head)) and _alike(each, c)
        }
        if heads:
            return Retraining(
                found["rows"], found["trainings"], heads, **_accuracies(found, checkpoints)
            )
    return None


def _accuracies(found: Mapping[str, Any], checkpoints: Sequence[Checkpoint]) -> dict[str, Any]:
    """What the file says of the accuracies of these heads, as `Retraining` holds it."""
    of = found.get("accuracy", {})
    alike = {c.head for c in checkpoints if c.head in of and _alike(of[c.head], c)}
    every = [Duel.read(each) for each in found.get("duels", ())]
    shown = [duel for duel in every if {duel.first, duel.second} <= alike]
    fought = {head for duel in shown for head in (duel.first, duel.second)}
    seconds = [of[head]["seconds"] for head in fought]
    return {
        "duels": shown,
        "seeds": tuple(sorted({seed for head in fought for seed in of[head]["seeds"]})),
        "seconds": sum(map(sum, seconds)) if seconds and all(seconds) else None,
    }


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


def duel_lines(found: Retraining) -> list[dict[str, Any]]:
    """Accuracies over the trainings, with intervals, and what they show: a line for each pair."""
    return [
        {
            "head A": each.first,
            "head B": each.second,
            "A - B": each.difference,
            "p, duels": each.p,
            "better over trainings": each.better,
        }
        for each in found.duels
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


def _alike(found: Mapping[str, Any], checkpoint: Checkpoint) -> bool:
    """Whether what the file has of a head is of trainings like this one, but for the seed."""
    return _seedless(found["setting"]) == _seedless(_setting(checkpoint))


def _seedless(setting: Mapping[str, Any]) -> dict[str, Any]:
    training = setting.get("training")
    if not is_object(training):
        return dict(setting)
    return {**setting, "training": {k: v for k, v in training.items() if k != "seed"}}


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
