"""What `--diversity` does to multi-head: `python docs/heads/diversity.py --lines FILE`.

Trains with several seeds under each weight of the penalty, and writes `diversity.json` beside the
shipped checkpoints of the data set, for the Heads page. No model is kept; figures that stand in the
file of `--lines` are not measured again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.datasets import Corpus, load
from poolviz.engine import bulk
from poolviz.engine.runtime import Engine
from poolviz.evaluation.retraining import diversity
from poolviz.model.options import ModelOptions, TrainingOptions
from poolviz.text.encoding import encode_many
from poolviz.training.recipe import prepare_texts, train_checkpoint
from poolviz.trust.rows.believed import believed
from poolviz.trust.rows.survey import NORMALISED_ROWS, survey

HEAD = "multi-head"
TASKS = ("chnsenticorp_htl_all", "thucnews_title")


def main() -> None:
    """Train, measure and write, one data set after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", default=TASKS, help=f"default: {' '.join(TASKS)}")
    parser.add_argument("--weights", type=float, nargs="+", default=(0.0, 1.0))
    parser.add_argument("--seeds", type=int, default=3, help="default: 3")
    parser.add_argument("--lines", type=Path, required=True, help="a line for each training")
    arguments = parser.parse_args()
    for task in arguments.tasks:
        folder = places.SHIPPED_CHECKPOINTS / task
        options = TrainingOptions(**read(folder / HEAD).card["training"])
        corpus = load(task)
        for weight in arguments.weights:
            for seed in range(arguments.seeds):
                known = {"task": task, "diversity": weight, "seed": seed}
                if not any(known.items() <= line.items() for line in _lines(arguments.lines)):
                    found = _measured(corpus, replace(options, seed=seed), weight)
                    with open(arguments.lines, "a", encoding="utf-8") as file:
                        file.write(json.dumps({**known, **found}) + "\n")
        content = {
            "head": HEAD,
            "rows": len(corpus.split("test")),
            "trust_rows": NORMALISED_ROWS,
            "command": f"python docs/heads/diversity.py {task} --lines FILE",
            "trainings": [
                _together(_lines(arguments.lines), task, weight, range(arguments.seeds))
                for weight in arguments.weights
            ],
        }
        print(diversity.write(folder, content), flush=True)


def _lines(place: Path) -> list[dict[str, Any]]:
    if not place.exists():
        return []
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]


def _together(
    lines: Sequence[Mapping[str, Any]], task: str, weight: float, seeds: Sequence[int]
) -> dict[str, Any]:
    """The figures of all seeds under one weight of the penalty."""
    by_seed = {
        line["seed"]: line for line in lines if (line["task"], line["diversity"]) == (task, weight)
    }
    figures = {name: [by_seed[seed][name] for seed in seeds] for name in diversity.MEASURES}
    return {"diversity": weight, "seeds": list(seeds), **figures}


def _measured(corpus: Corpus, options: TrainingOptions, weight: float) -> dict[str, float]:
    """The figures of one training."""
    prepared = prepare_texts(corpus, options.min_frequency, ())
    with tempfile.TemporaryDirectory() as root:
        model = ModelOptions(HEAD, diversity=weight)
        return _figures(train_checkpoint(prepared, model, options, Path(root)), corpus)


def _figures(checkpoint: Checkpoint, corpus: Corpus) -> dict[str, float]:
    ids = encode_many(corpus.split("test")["text"], checkpoint.read_vocabulary())
    apart = [
        diversity.rows_apart(weights)
        for _rows, outputs in bulk.run_many(Engine(checkpoint), ids, ["weights"])
        for weights in outputs["weights"]
    ]
    _rows, summary = survey(checkpoint, corpus, NORMALISED_ROWS)
    found = believed(summary)
    assert found is not None and found.weights is not None, "these weights differ within a text"
    return {
        "apart": round(float(np.mean(apart)), 5),
        "accuracy": checkpoint.card["test"]["accuracy"]["value"],
        "believed": found.weights.value,
    }


if __name__ == "__main__":
    main()
