"""What a card says of a training: its data, options, course, versions, and other seeds."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from itertools import combinations
from typing import Any

import numpy as np

from poolviz.checkpoints.card import ENCODER
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import Corpus
from poolviz.encoders.vocabulary import encoder_of
from poolviz.evaluation.measurements import weight_distance
from poolviz.model import own_heads
from poolviz.model.kinds import KINDS
from poolviz.model.options import MatcherOptions, ModelOptions, TrainingOptions, rebuild_command
from poolviz.text.vocabulary import Vocabulary
from poolviz.training.epochs import Fit
from poolviz.version import __version__

LIBRARIES = ("tensorflow", "keras", "tf2onnx", "onnx", "onnxruntime", "numpy")


def card_entry(
    corpus: Corpus,
    vocabulary: Vocabulary,
    model_options: ModelOptions | MatcherOptions,
    options: TrainingOptions,
    result: Fit,
    seeds: int,
) -> dict[str, Any]:
    """All of a card that is known once a model is fitted."""
    head = KINDS[model_options.kind].heads[model_options.head]
    encoder = encoder_of(vocabulary)
    return {
        "kind": model_options.kind,
        "head": model_options.head,
        **({own_heads.FIELD: own_heads.as_fields(head)} if head.own else {}),
        "readout": model_options.readout,
        "seed": options.seed,
        "classes": list(corpus.dataset.classes),
        "unit": corpus.dataset.unit,
        "preparation": vocabulary.preparation.name,
        **({ENCODER: {"name": encoder.name, "hash": encoder.hash}} if encoder else {}),
        "data": {
            "files": [without_path(file) for file in corpus.files],
            "report": corpus.report,
            "origin": corpus.dataset.origin,
            "terms": corpus.dataset.terms,
        },
        "vocabulary": {
            "size": len(vocabulary),
            "min_frequency": vocabulary.min_frequency,
        },
        "model": asdict(model_options),
        "training": asdict(options),
        "parameters": result.model.count_params(),
        "fit": {
            "epochs": len(result.history),
            "best_epoch": result.best_epoch,
            "seconds": round(result.seconds, 1),
            "samples_per_second": round(result.samples_per_second),
            "history": list(result.history),
            **({"stopped": True} if result.stopped else {}),
        },
        "versions": {
            "poolviz": __version__,
            "python": platform.python_version(),
            **{name: _version(name) for name in LIBRARIES},
        },
        "command": rebuild_command(
            with_plugin(f"{shlex.quote(corpus.dataset.key)} {corpus.dataset.flags}", head.file),
            model_options,
            options,
            seeds,
        ),
    }


def between_seeds(
    trained: Sequence[Checkpoint], weights: Sequence[Sequence[np.ndarray]]
) -> dict[str, Any]:
    """How far the same training with other seeds gives other figures and other weights.

    `weight_distance` is the Jensen-Shannon divergence (nats, 0 to ln 2) between two seeds' weights
    of one text, averaged over texts and pairs of seeds (see `measurements.mean_weights`).

    Parameters
    ----------
    weights : for each of the trained ones `Prepared.mean_weights`.
    """
    figures = [checkpoint.card["test"] for checkpoint in trained]
    named = [name for name in ("accuracy", "macro_f1", "f1", "roc_auc") if name in figures[0]]
    distances = [weight_distance(*pair) for pair in combinations(weights, 2)]
    return {
        "seeds": [checkpoint.card["seed"] for checkpoint in trained],
        **{name: [figure[name]["value"] for figure in figures] for name in named},
        "seconds": [checkpoint.card["fit"]["seconds"] for checkpoint in trained],
        "mean_accuracy": float(np.mean([figure["accuracy"]["value"] for figure in figures])),
        "weight_distance": float(np.mean(distances)),
    }


def with_plugin(flags: str, file: str) -> str:
    """The flags of a data set, and that of a head's own file where there is one."""
    plugin = f"--plugin {shlex.quote(file)}" if file else ""
    return flags.strip() if plugin in flags else f"{flags.strip()} {plugin}"


def _version(library: str) -> str:
    """Its version; what it says of itself, where another distribution brings it."""
    try:
        return version(library)
    except PackageNotFoundError:  # as tensorflow-cpu does
        return str(getattr(import_module(library), "__version__", "unknown"))


def without_path(file: dict[str, Any]) -> dict[str, Any]:
    """Drop where the file lay: that is one machine's business, not a card's."""
    return {key: value for key, value in file.items() if key != "path"}
