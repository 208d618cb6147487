"""From a data set to finished checkpoints: vocabulary, fits over seeds, files, figures, card."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

import poolviz
from poolviz import checkpoints
from poolviz.checkpoints import Checkpoint
from poolviz.datasets import Corpus
from poolviz.engine import Engine
from poolviz.errors import TrainingError
from poolviz.evaluation import Samples, encode_split, test_figures
from poolviz.measurements import mean_weights, weight_distance
from poolviz.models import WINDOW, export_onnx
from poolviz.options import ModelOptions, TrainingOptions, rebuild_command
from poolviz.text import Vocabulary
from poolviz.training import Fit, Progress, fit

LIBRARIES = ("tensorflow", "keras", "tf2onnx", "onnx", "onnxruntime", "numpy")


@dataclass(frozen=True)
class Prepared:
    """A corpus in ids: what every head and seed of one data set is trained and tested on."""

    corpus: Corpus
    vocabulary: Vocabulary
    train: Samples
    validation: Samples
    test: Samples


def prepare(corpus: Corpus, min_frequency: int) -> Prepared:
    """Build the vocabulary on the training rows and encode all splits with it.

    Raises
    ------
    TrainingError : the data set holds sentence pairs, or has no rows to test on.
    """
    if corpus.dataset.kind != "classification":
        raise TrainingError(
            "{dataset} holds sentence pairs; choose a data set for classification.",
            dataset=corpus.dataset.key,
        )
    if corpus.split("test").empty:
        raise TrainingError("There are no rows to test on; add labelled rows.")
    texts = corpus.split("train")["text"]
    vocabulary = Vocabulary.build(texts, corpus.dataset.unit, min_frequency)
    splits = {
        name: encode_split(corpus, name, vocabulary) for name in ("train", "validation", "test")
    }
    return Prepared(corpus, vocabulary, **splits)


def train_checkpoint(
    prepared: Prepared,
    model_options: ModelOptions,
    options: TrainingOptions,
    root: Path,
    seeds: int = 1,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Checkpoint | None:
    """Train one head and write its checkpoint; None where `cancelled()` became True.

    With `seeds` > 1 the same is trained again with the following seeds. Only the first seed's
    files are kept; the card says how the test figures and the weights vary between seeds. The
    checkpoint appears under `root` in one step, when all of this is done. `options.min_frequency`
    gives way to that of the vocabulary that `prepared` holds.

    Raises
    ------
    TrainingError : fewer than one seed, or nothing to train on (see `poolviz.training.fit`).
    """
    if seeds < 1:
        raise TrainingError("{name} must be at least {low}.", name="seeds", low=1)
    options = replace(options, min_frequency=prepared.vocabulary.min_frequency)
    trained = []
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(options.seed, options.seed + seeds):
            checkpoint = _fit_and_save(
                prepared,
                model_options,
                replace(options, seed=seed),
                seeds,
                Path(scratch),
                on_progress,
                cancelled,
            )
            if checkpoint is None:
                return None
            trained.append(checkpoint)
        first, card = trained[0], dict(trained[0].card)
        if seeds > 1:
            card["seeds"] = _spread(trained, prepared.test)
        return checkpoints.write(
            root,
            first.task,
            first.name,
            card,
            lambda folder: _copy_files(first, folder),
        )


def _copy_files(checkpoint: Checkpoint, folder: Path) -> None:
    for file in checkpoints.FILES:
        shutil.copyfile(checkpoint.path(file), folder / file)


def _fit_and_save(
    prepared, model_options, options, seeds, scratch, on_progress, cancelled
) -> Checkpoint | None:
    """Fit one seed, and put its files below `scratch`: all of a checkpoint but `card.json`."""
    dataset = prepared.corpus.dataset
    result = fit(
        prepared.train,
        prepared.validation,
        len(prepared.vocabulary),
        len(dataset.classes),
        model_options,
        options,
        on_progress,
        cancelled,
    )
    if result is None:
        return None
    name = checkpoints.checkpoint_name(model_options.head, model_options.readout, options.seed)
    folder = scratch / name
    folder.mkdir()
    result.model.save(folder / checkpoints.KERAS)
    export_onnx(result.model, folder / checkpoints.ONNX)
    prepared.vocabulary.save(folder / checkpoints.VOCABULARY)
    card = _card(prepared, model_options, options, result, seeds)
    draft = Checkpoint(folder, dataset.key, name, card)
    return replace(draft, card={**card, "test": test_figures(draft, prepared.corpus)})


def _card(
    prepared: Prepared,
    model_options: ModelOptions,
    options: TrainingOptions,
    result: Fit,
    seeds: int,
) -> dict[str, Any]:
    corpus = prepared.corpus
    return {
        "kind": corpus.dataset.kind,
        "head": model_options.head,
        "readout": model_options.readout,
        "seed": options.seed,
        "classes": list(corpus.dataset.classes),
        "unit": corpus.dataset.unit,
        "window": list(WINDOW),
        "data": {
            "files": [_without_path(file) for file in corpus.files],
            "report": corpus.report,
            "origin": corpus.dataset.origin,
            "terms": corpus.dataset.terms,
        },
        "vocabulary": {
            "size": len(prepared.vocabulary),
            "min_frequency": prepared.vocabulary.min_frequency,
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
        },
        "versions": {
            "poolviz": poolviz.__version__,
            "python": platform.python_version(),
            **{name: version(name) for name in LIBRARIES},
        },
        "command": rebuild_command(corpus.dataset.key, model_options, options, seeds),
    }


def _without_path(file: dict[str, Any]) -> dict[str, Any]:
    """Drop where the file lay: that is one machine's business, not a card's."""
    return {key: value for key, value in file.items() if key != "path"}


def _spread(trained: Sequence[Checkpoint], test: Samples) -> dict[str, Any]:
    """How far the same training with other seeds gives other figures and other weights.

    `weight_distance` is the Jensen-Shannon divergence (nats, 0 to ln 2) between two seeds' weights
    of one text, averaged over texts and pairs of seeds (see `measurements.mean_weights`).
    """
    accuracies = [checkpoint.card["test"]["accuracy"]["value"] for checkpoint in trained]
    weights = [mean_weights(Engine(checkpoint), test) for checkpoint in trained]
    distances = [weight_distance(*pair) for pair in combinations(weights, 2)]
    return {
        "seeds": [checkpoint.card["seed"] for checkpoint in trained],
        "accuracy": accuracies,
        "mean_accuracy": float(np.mean(accuracies)),
        "macro_f1": [checkpoint.card["test"]["macro_f1"]["value"] for checkpoint in trained],
        "weight_distance": float(np.mean(distances)),
    }
