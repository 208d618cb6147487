"""A data set's settings chosen anew on validation rows alone, and what became of it: `chosen.json`.

The file stands beside the shipped checkpoints, whose settings were chosen with test figures in
sight. For each of these it holds the setting with the lowest validation loss, which was frozen
before the test rows were opened, and what a model trained with it does there. No such model is
kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation.comparison import holm, mcnemar
from poolviz.values.interval import Interval

FILE = "chosen.json"
VERSION = 1


@dataclass(frozen=True)
class Chosen:
    """One head under one read-out, chosen anew.

    Parameters
    ----------
    setting : its name.
    accuracy : on the test rows, with its interval over rows.
    p : of the shipped model being as good on the same rows (McNemar), corrected by Holm over all
        models that were chosen anew.
    """

    setting: str
    accuracy: Interval
    p: float


def write(folder: Path, found: Mapping[str, Any]) -> Path:
    """Keep what was found beside a data set's checkpoints.

    Parameters
    ----------
    found : `command`, `settings` (names of all that were tried), `seconds` (of all trainings), and
        `models`: of each `head`, `readout`, `onnx_sha256` of the shipped one, `setting`,
        `validation_loss` (nats), `accuracy`, and how many test rows `only_chosen` and how many
        `only_shipped` gets right.
    """
    return beside.save_json(folder / FILE, VERSION, found)


def read(checkpoints: Sequence[Checkpoint]) -> dict[str, Chosen]:
    """By name of the checkpoint what was chosen in its place; others have none."""
    chosen: dict[str, Chosen] = {}
    for folder in dict.fromkeys(checkpoint.folder.parent for checkpoint in checkpoints):
        models = (beside.load_json(folder / FILE, VERSION) or {}).get("models", [])
        p = holm([mcnemar(each["only_chosen"], each["only_shipped"]) for each in models])
        by_model = {each["onnx_sha256"]: (each, of) for each, of in zip(models, p, strict=True)}
        for checkpoint in checkpoints:
            if checkpoint.onnx_hash in by_model:
                each, of = by_model[checkpoint.onnx_hash]
                accuracy = Interval.read(each["accuracy"])
                chosen[checkpoint.name] = Chosen(each["setting"], accuracy, of)
    return chosen


def lines(checkpoints: Sequence[Checkpoint]) -> list[dict[str, Any]]:
    """The shipped models beside those chosen anew, a line for each that there is one of."""
    found = read(checkpoints)
    return [
        {
            "head": checkpoint.head,
            "readout": checkpoint.readout,
            "accuracy": Interval.read(checkpoint.card["test"]["accuracy"]),
            "setting": new.setting,
            "accuracy, chosen anew": new.accuracy,
            "p, chosen anew": new.p,
        }
        for checkpoint in checkpoints
        if (new := found.get(checkpoint.name))
    ]
