"""What exactness costs: the `linear` read-out against `mlp`, head by head, over training seeds.

`readouts.json` beside a data set's checkpoints holds what the cards of both read-outs say of the
heads that were trained with both, so that it can be read where one of them is not at hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import UNASKED, Which, choose
from poolviz.evaluation import predictions
from poolviz.evaluation.comparison import holm
from poolviz.evaluation.intervals import mean_difference
from poolviz.model.heads import HEADS
from poolviz.model.kinds import CLASSIFIER, kinds_of
from poolviz.model.options import ADDED_LATER
from poolviz.values.interval import Interval

FILE = "readouts.json"
VERSION = 1
EXACT, ESTIMATE = "linear", "mlp"
ROW_ERROR = "row_error"  # in the entry of the estimate; 0 is as good as none
_FROM_CARD = (
    "head",
    "readout",
    "parameters",
    "model",
    "vocabulary",
    "training",
    "seeds",
    "command",
)


@dataclass(frozen=True)
class Cost:
    """Test accuracy of one head, or the mean over several, under both read-outs.

    Parameters
    ----------
    exact, estimate : means over the seeds, from 0 to 1.
    seeds : trainings of each head under each read-out.
    difference : estimate − exact: what exactness costs, with its interval over other trainings.
    rows_too : whether the interval and p speak of other rows, too, and not of these alone: where
        the predictions of both read-outs were at hand.
    p : of there being no difference, see `poolviz.evaluation.intervals.mean_difference`.
    """

    exact: float
    estimate: float
    seeds: int
    difference: Interval
    rows_too: bool
    p: float


def collect(
    present: Sequence[Checkpoint], task: str, which: Which = UNASKED
) -> dict[str, dict[str, dict[str, Any]]]:
    """By head and read-out what the cards say, for heads trained alike under both read-outs.

    Raises
    ------
    ChoiceError : no such run.
    """
    sides: dict[str, dict[str, Checkpoint]] = {}
    for readout in (EXACT, ESTIMATE):
        chosen = choose(present, task, kinds_of(CLASSIFIER), None, readout, which)
        sides[readout] = {checkpoint.head: checkpoint for checkpoint in chosen}
    found = {}
    for head in sides[EXACT]:
        pair = {readout: side[head] for readout, side in sides.items() if head in side}
        if len(pair) == 2 and _trained_alike(*pair.values()):
            found[head] = {readout: _entry(checkpoint) for readout, checkpoint in pair.items()}
            if error := _row_error(pair):
                found[head][ESTIMATE][ROW_ERROR] = error
    return found


def update(folder: Path, found: Mapping[str, Any]) -> Path | None:
    """Put what `collect` found into the file of a data set's folder, heads not found stay.

    Nothing is written where nothing was found.
    """
    if not found:
        return None
    heads = {**_kept(folder), **found}
    order = dict.fromkeys([*HEADS, *sorted(heads)])
    content = {"heads": {head: heads[head] for head in order if head in heads}}
    return beside.save_json(folder / FILE, VERSION, content)


def read(checkpoints: Sequence[Checkpoint]) -> dict[str, Any]:
    """What `update` wrote beside these checkpoints, but for heads that were trained anew since."""
    result = {}
    for folder in dict.fromkeys(checkpoint.folder.parent for checkpoint in checkpoints):
        result |= _kept(folder)
    hashes = {(c.head, c.readout): c.onnx_hash for c in checkpoints}
    return {
        head: pair
        for head, pair in result.items()
        if all(
            hashes.get((head, r), side["onnx_sha256"]) == side["onnx_sha256"]
            for r, side in pair.items()
        )
    }


def costs(pairs: Mapping[str, Any]) -> dict[str, Cost]:
    """By head what exactness costs; `pairs` as `read` gives them."""
    return {head: _cost([pair]) for head, pair in pairs.items()}


def mean_cost(pairs: Mapping[str, Any]) -> Cost:
    """What exactness costs on average over all heads of `pairs`, of which there is at least one."""
    return _cost(list(pairs.values()))


def adjusted(by_task: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """By data set the p-value of `mean_cost`, after Holm's correction over these data sets.

    Parameters
    ----------
    by_task : `pairs` of each data set as `read` gives them, none of them empty.
    """
    values = holm([mean_cost(pairs).p for pairs in by_task.values()])
    return dict(zip(by_task, values, strict=True))


def _kept(folder: Path) -> dict[str, Any]:
    return (beside.load_json(folder / FILE, VERSION) or {}).get("heads", {})


def _cost(pairs: Sequence[Mapping[str, Any]]) -> Cost:
    exact = [pair[EXACT]["seeds"]["accuracy"] for pair in pairs]
    estimate = [pair[ESTIMATE]["seeds"]["accuracy"] for pair in pairs]
    errors = [pair[ESTIMATE].get(ROW_ERROR, 0.0) for pair in pairs]
    # The heads are tested on the same rows: at most, their errors go the same way.
    row_error = float(np.mean(errors)) if all(errors) else 0.0
    found = mean_difference(list(zip(exact, estimate, strict=True)), row_error)
    return Cost(
        exact=float(np.mean([np.mean(values) for values in exact])),
        estimate=float(np.mean([np.mean(values) for values in estimate])),
        seeds=min(map(len, exact + estimate)),
        difference=found.interval,
        rows_too=row_error > 0,
        p=found.p,
    )


def _entry(checkpoint: Checkpoint) -> dict[str, Any]:
    card = checkpoint.card
    return {name: card[name] for name in _FROM_CARD} | {"onnx_sha256": checkpoint.onnx_hash}


def _row_error(pair: Mapping[str, Checkpoint]) -> float | None:
    """Standard error over test rows of the difference between the first trainings."""
    tables = {readout: predictions.read(checkpoint) for readout, checkpoint in pair.items()}
    exact, estimate = tables[EXACT], tables[ESTIMATE]
    if exact is None or estimate is None or not exact["key"].equals(estimate["key"]):
        return None
    right = [(table["label"] == table["predicted"]).to_numpy(float) for table in (exact, estimate)]
    differences = right[1] - right[0]
    return float(differences.std(ddof=1) / len(differences) ** 0.5)


def _trained_alike(first: Checkpoint, second: Checkpoint) -> bool:
    """Whether both were trained with several seeds, on the same files, with the same options.

    What is to be exact must have been found to be.
    """
    if not first.exact:
        return False
    if not all(len(c.card.get("seeds", {}).get("accuracy", ())) > 1 for c in (first, second)):
        return False
    return _setting(first.card) == _setting(second.card)


def _setting(card: Mapping[str, Any]) -> list[Any]:
    files = [file["sha256"] for file in card["data"]["files"]]
    model = {**ADDED_LATER, **card["model"], "readout": None}
    return [files, model, card["training"], card["vocabulary"], card["seeds"]["seeds"]]
