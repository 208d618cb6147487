"""From a data set to finished checkpoints: vocabulary, fits over seeds, files, figures, card."""

from __future__ import annotations

import platform
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from itertools import combinations
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from poolviz.checkpoints import own_rows
from poolviz.checkpoints.card import ENCODER
from poolviz.checkpoints.checkpoint import (
    KERAS,
    ONNX,
    VOCABULARY,
    Checkpoint,
    files_of,
)
from poolviz.checkpoints.identity import RUN, run_entry
from poolviz.checkpoints.names import checkpoint_name
from poolviz.checkpoints.runs import write_new
from poolviz.datasets import Corpus
from poolviz.datasets.samples import Samples, encode_split
from poolviz.datasets.trainable import check_trainable
from poolviz.encoders.vocabulary import encoder_of
from poolviz.engine.runtime import Engine
from poolviz.errors import TrainingError
from poolviz.evaluation.measurements import mean_weights, weight_distance
from poolviz.evaluation.retraining import kept
from poolviz.evaluation.sums import sums
from poolviz.evaluation.texts import figures_on_test_rows
from poolviz.model import own_heads
from poolviz.model.kinds import KINDS
from poolviz.model.options import (
    MatcherOptions,
    ModelOptions,
    TrainingOptions,
    rebuild_command,
)
from poolviz.scratch import scratch
from poolviz.text.tokens import Vocabulary
from poolviz.training.classifier import WINDOW, export_onnx
from poolviz.training.course.standing import course_of
from poolviz.training.fit import Fit, fit
from poolviz.version import __version__
from poolviz.watch import QUIET, Cancelled, Watch
from poolviz.writing import room_for

LIBRARIES = ("tensorflow", "keras", "tf2onnx", "onnx", "onnxruntime", "numpy")


class Prepared(Protocol):
    """A data set in ids: what every head and seed is trained and tested on."""

    @property
    def corpus(self) -> Corpus:
        """The rows."""
        ...

    @property
    def others(self) -> tuple[Corpus, ...]:
        """The data sets whose rows are trained on as well."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """Of the training rows."""
        ...

    def fit(self, model_options, options, watch: Watch = QUIET) -> Fit:
        """Train one model."""
        ...

    def export(self, model: keras.Model, folder: Path) -> None:
        """Write the model's ONNX graphs."""
        ...

    def fields(self, draft: Checkpoint) -> dict[str, Any]:
        """What the card says of this kind of model, `test` among it, once its files are there."""
        ...

    def mean_weights(self, checkpoint: Checkpoint) -> list[np.ndarray]:
        """Weights (tokens,) of test texts, averaged over the head's rows, to compare seeds by."""
        ...


@dataclass(frozen=True)
class PreparedTexts:
    """A data set for classification in ids."""

    corpus: Corpus
    vocabulary: Vocabulary
    train: Samples
    validation: Samples
    test: Samples

    @property
    def others(self) -> tuple[Corpus, ...]:
        """None: a class is one of one data set."""
        return ()

    def fit(self, model_options, options, watch: Watch = QUIET) -> Fit:
        """Train one classifier."""
        return fit(
            self.train,
            self.validation,
            len(self.vocabulary),
            len(self.corpus.dataset.classes),
            model_options,
            options,
            watch,
        )

    def export(self, model: keras.Model, folder: Path) -> None:
        """Write the classifier's graph."""
        export_onnx(model, folder / ONNX)

    def fields(self, draft: Checkpoint) -> dict[str, Any]:
        """The window that a position has read, and the test figures."""
        return {"window": list(WINDOW), "test": figures_on_test_rows(draft, self.corpus)}

    def mean_weights(self, checkpoint: Checkpoint) -> list[np.ndarray]:
        """Weights of all test texts."""
        return mean_weights(Engine(checkpoint), self.test)


def prepare_texts(corpus: Corpus, min_frequency: int, others: Sequence[Corpus]) -> PreparedTexts:
    """Build the vocabulary on the training rows and encode all splits with it.

    Raises
    ------
    TrainingError : there are other data sets, whose classes are others; or rows are lacking.
    """
    refuse_others(others)
    check_trainable(corpus)
    texts = corpus.split("train")["text"]
    vocabulary = Vocabulary.build(
        texts, corpus.dataset.unit, min_frequency, corpus.dataset.preparation
    )
    splits = {
        name: encode_split(corpus, name, vocabulary) for name in ("train", "validation", "test")
    }
    return PreparedTexts(corpus, vocabulary, **splits)


def refuse_others(others: Sequence[Corpus]) -> None:
    """Check that there are no data sets to train on as well: a class is one of one data set.

    Raises
    ------
    TrainingError : there are.
    """
    if others:
        raise TrainingError("Classes are those of one data set; leave out --together.")


def train_checkpoint(
    prepared: Prepared,
    model_options: ModelOptions | MatcherOptions,
    options: TrainingOptions,
    root: Path,
    seeds: int = 1,
    watch: Watch = QUIET,
) -> Checkpoint:
    """Train one head and write its checkpoint; nothing is written where `watch` is stopped.

    `prepared` comes from `poolviz.training.recipes.prepare`, with options of its kind.

    With `seeds` > 1 the same is trained again with the following seeds. Only the first seed's
    files are kept; the card says how the test figures and the weights vary between seeds. The
    checkpoint appears in its run under `root` in one step, when all of this is done, and replaces
    no other training (see `poolviz.checkpoints.runs.write_new`). `options.min_frequency` gives way
    to that of the vocabulary that `prepared` holds. Where a `Course` says that it is enough, the
    best epoch of the first seed so far is written, with the seeds that are finished.

    Raises
    ------
    TrainingError : fewer than one seed, or nothing to train on (see `poolviz.training.fit.fit`).
    """
    if seeds < 1:
        raise TrainingError("{name} must be at least {low}.", name="seeds", low=1)
    encoder = encoder_of(prepared.vocabulary)
    if encoder is None:
        options = replace(options, min_frequency=prepared.vocabulary.min_frequency)
    course, trained = course_of(watch), []
    with scratch() as folder:
        for seed in range(options.seed, options.seed + seeds):
            try:
                checkpoint = _fit_and_save(
                    prepared,
                    model_options,
                    replace(options, seed=seed),
                    seeds,
                    folder,
                    course.all_or_nothing() if trained else course,
                )
            except Cancelled:
                if trained and course.enough():
                    break
                raise
            trained.append(checkpoint)
        first = trained[0]
        card = {
            **first.card,
            RUN: run_entry(prepared.corpus, prepared.others, encoder and encoder.hash),
            "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        weights = [prepared.mean_weights(each) for each in trained] if len(trained) > 1 else []
        if weights:
            card["seeds"] = _spread(trained, weights)
        written = write_new(
            root,
            replace(first, card=card),
            lambda folder: _fill(folder, first, prepared.corpus),
        )
        if weights:
            kept.write(written, prepared.corpus, weights)
        return written


def _fill(folder: Path, trained: Checkpoint, corpus: Corpus) -> None:
    for file in files_of(trained.kind):
        shutil.copyfile(trained.path(file), folder / file)
    own_rows.keep(corpus, folder)


def _fit_and_save(
    prepared: Prepared, model_options, options, seeds: int, parent: Path, watch: Watch
) -> Checkpoint:
    """Fit one seed, and put its files below `parent`: all of a checkpoint but `card.json`."""
    result = prepared.fit(model_options, options, watch)
    card = _card(prepared, model_options, options, result, seeds)
    name = checkpoint_name(card["head"], card["readout"], options.seed, card["kind"])
    folder = parent / name
    folder.mkdir()
    with room_for(folder, folder):
        result.model.save(folder / KERAS)
        prepared.export(result.model, folder)
        prepared.vocabulary.save(folder / VOCABULARY)
    draft = Checkpoint(folder, prepared.corpus.dataset.key, name, card)
    card |= {"sums": sums(draft, prepared.corpus)}
    return replace(draft, card={**card, **prepared.fields(draft)})


def _card(
    prepared: Prepared,
    model_options: ModelOptions | MatcherOptions,
    options: TrainingOptions,
    result: Fit,
    seeds: int,
) -> dict[str, Any]:
    corpus, head = prepared.corpus, KINDS[model_options.kind].heads[model_options.head]
    encoder = encoder_of(prepared.vocabulary)
    return {
        "kind": model_options.kind,
        "head": model_options.head,
        **({own_heads.FIELD: own_heads.as_fields(head)} if head.own else {}),
        "readout": model_options.readout,
        "seed": options.seed,
        "classes": list(corpus.dataset.classes),
        "unit": corpus.dataset.unit,
        "preparation": prepared.vocabulary.preparation.name,
        **({ENCODER: {"name": encoder.name, "hash": encoder.hash}} if encoder else {}),
        "data": {
            "files": [without_path(file) for file in corpus.files],
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


def _spread(
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
        "mean_accuracy": float(np.mean([figure["accuracy"]["value"] for figure in figures])),
        "weight_distance": float(np.mean(distances)),
    }
