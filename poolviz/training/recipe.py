"""From a data set to finished checkpoints: vocabulary, fits over seeds, files, figures, card."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from poolviz.checkpoints import own_rows
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
from poolviz.datasets.samples import Samples, encode_splits
from poolviz.datasets.trainable import check_trainable
from poolviz.encoders.vocabulary import encoder_of
from poolviz.engine.runtime import Engine
from poolviz.errors import TrainingError
from poolviz.evaluation.measurements import mean_weights
from poolviz.evaluation.retraining import kept
from poolviz.evaluation.sums import sums
from poolviz.evaluation.texts import figures_on_test_rows
from poolviz.model.options import (
    MatcherOptions,
    ModelOptions,
    TrainingOptions,
)
from poolviz.scratch import scratch
from poolviz.text.vocabulary import Vocabulary
from poolviz.training.card_entry import between_seeds, card_entry
from poolviz.training.classifier import WINDOW, export_onnx
from poolviz.training.course.standing import course_of
from poolviz.training.epochs import Fit
from poolviz.training.fit import fit
from poolviz.watch import QUIET, Cancelled, Watch
from poolviz.writing import room_for


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
    window = WINDOW  # neighbours that a position has read on each side

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
        return {"window": list(self.window), "test": figures_on_test_rows(draft, self.corpus)}

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
    return PreparedTexts(corpus, vocabulary, **encode_splits(corpus, vocabulary))


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

    `prepared` comes from `poolviz.training.kinds.recipes.prepare`, with options of its kind.

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
            card["seeds"] = between_seeds(trained, weights)
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
    card = card_entry(prepared.corpus, prepared.vocabulary, model_options, options, result, seeds)
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
