"""The process that does one piece of queued work, from its folder."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from poolviz import datasets, places
from poolviz.checkpoints import film
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.cli import plugins
from poolviz.cli.loading import load_training
from poolviz.cli.rivals import said_of_rivals
from poolviz.cli.work.surveys import evaluate, survey_trust
from poolviz.datasets import Corpus
from poolviz.datasets.own.texts import load_own
from poolviz.datasets.own_pairs.corpus import load_pairs
from poolviz.datasets.trainable import check_trainable
from poolviz.errors import PoolvizError
from poolviz.model.kinds import KINDS
from poolviz.trainings import estimate, spool
from poolviz.trainings.report import Report, why
from poolviz.trainings.request import EVALUATE, TRAIN, TRUST, Request
from poolviz.trainings.spool import Training
from poolviz.trainings.state import CANCELLED, DONE, FAILED, Made
from poolviz.trainings.state import Progress as HowFar
from poolviz.watch import Cancelled

if TYPE_CHECKING:
    from poolviz.training.epochs import Progress


def carry_out(name: str) -> bool:
    """Do the work of this id, and say in its folder how it went; True where all of it was done.

    Raises
    ------
    TrainingError : there is no such work, its files are damaged, or it does not wait.
    """
    training = spool.read(name)
    request = spool.request_of(training)
    with spool.alive(training.folder):
        report = Report(training.folder)
        try:
            if request.plugins:
                plugins.load([Path(file) for file in request.plugins])
            WORK[request.work](request, _rows(request, training), report)
        except Cancelled:
            report.end(CANCELLED)
        except Exception as error:
            if not isinstance(error, PoolvizError):
                traceback.print_exc()  # into the log
            report.end(FAILED, why(error))
        else:
            report.end(DONE)
            shutil.rmtree(training.folder / spool.FITS, ignore_errors=True)
    return report.state.status == DONE


def _train(request: Request, corpus: Corpus, report: Report) -> None:
    plugins.enter_heads(request.heads)
    options = request.options
    others = [datasets.load(key) for key in options.others]
    check_trainable(corpus)
    root = places.checkpoints_of(request.owner)
    recipe, recipes, standing, filming = load_training(
        "recipe", "kinds.recipes", "course.standing", "course.filming"
    )
    models = request.models()
    encoder = models[0].encoder
    prepared = recipes.prepare(corpus, request.kind, options.min_frequency, others, encoder)
    for number, model in enumerate(models):
        if report.is_finished(model.head):
            continue
        if report.stopped():
            raise Cancelled("The work was stopped.")
        fits = report.folder / spool.FITS / model.head
        filmed = filming.Filming(
            request.pinned, prepared.vocabulary, options.seed, fits / film.NAME
        )
        watch = standing.Course(
            _Telling(report, request, model.head, number * request.seeds),
            enough=report.stopped,
            after_epoch=filmed,
            folder=fits,
        )
        checkpoint = recipe.train_checkpoint(prepared, model, options, root, request.seeds, watch)
        if filmed.film:
            film.write(checkpoint, filmed.film)
        _tell_of(checkpoint, root, report)
        estimate.keep_speed(model, _characters(corpus), corpus.dataset.unit, checkpoint.card["fit"])
    if report.stopped() and not all(map(report.is_finished, request.heads)):
        raise Cancelled("The work was stopped.")


def _characters(corpus: Corpus) -> int:
    """Of all texts to train on."""
    rows = corpus.split("train")
    return sum(int(rows[column].str.len().sum()) for column in corpus.dataset.text_columns)


def _tell_of(checkpoint: Checkpoint, root: Path, report: Report) -> None:
    """A checkpoint was written; it takes the place of one that was stopped on its way there."""
    before = report.state.made.get(checkpoint.head)
    folder = checkpoint.folder.relative_to(root).as_posix()
    made = Made(checkpoint.task, checkpoint.name, folder, report.stopped())
    report.made(checkpoint.head, made)
    print(f"{checkpoint.name}: written to {checkpoint.folder}", flush=True)
    if rivals := said_of_rivals(checkpoint, root):
        print(f"  {rivals}", flush=True)
    if before and before.folder != folder:
        shutil.rmtree(root / before.folder, ignore_errors=True)


def _rows(request: Request, training: Training) -> Corpus:
    own, file = request.file, training.file
    if own is None or file is None:
        return datasets.load(request.dataset)
    load = {"classification": load_own, "matching": load_pairs}[KINDS[request.kind].rows]
    return load(request.dataset, file, own.unit, own.wanted, training.tests)


class _Telling:
    """Turns what a fit says into progress of the whole work, and into points of the curve.

    Parameters
    ----------
    before : how many fits came before those of this head.
    """

    def __init__(self, report: Report, request: Request, head: str, before: int):
        self._report = report
        self._head = head
        self._before = before - request.options.seed
        self._fits = len(request.heads) * request.seeds
        self._seed: int | None = None
        self._losses: list[float] = []

    def __call__(self, now: Progress) -> None:
        if now.seed != self._seed:
            self._seed = now.seed
            spool.cut_curve(self._report.folder, self._head, now.seed, now.epoch - 1)
        done = self._before + now.seed + (now.epoch - 1 + now.batch / now.batches) / now.epochs
        told = self._report.tell(
            HowFar(
                self._head,
                done / self._fits,
                seed=now.seed,
                epoch=now.epoch,
                epochs=now.epochs,
                batch=now.batch,
                batches=now.batches,
            )
        )
        self._losses.append(now.loss)
        if now.validation_loss is not None:
            self._point(
                now,
                now.loss,
                validation_loss=now.validation_loss,
                validation_accuracy=now.validation_accuracy,
            )
        elif told:
            self._point(now, sum(self._losses) / len(self._losses))

    def _point(self, now: Progress, loss: float, **validated) -> None:
        self._losses.clear()
        self._report.point(
            head=self._head,
            seed=now.seed,
            epoch=now.epoch,
            batch=now.batch,
            batches=now.batches,
            loss=loss,
            **validated,
        )


WORK: dict[str, Callable[[Request, Corpus, Report], None]] = {
    TRAIN: _train,
    EVALUATE: evaluate,
    TRUST: survey_trust,
}
