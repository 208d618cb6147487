"""The process that does one piece of queued work, from its folder."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from poolviz import datasets, places
from poolviz.cli.loading import load_training
from poolviz.cli.rivals import said_of_rivals
from poolviz.cli.work.surveys import evaluate, survey_trust
from poolviz.datasets import Corpus
from poolviz.datasets.own import load_own
from poolviz.datasets.trainable import check_trainable
from poolviz.errors import PoolvizError
from poolviz.trainings import spool
from poolviz.trainings.report import Report, why
from poolviz.trainings.request import EVALUATE, TRAIN, TRUST, Request
from poolviz.trainings.state import CANCELLED, DONE, FAILED, Made
from poolviz.trainings.state import Progress as HowFar
from poolviz.watch import Cancelled, Watch

if TYPE_CHECKING:
    from poolviz.training.fit import Progress


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
            WORK[request.work](request, training.file, report)
        except Cancelled:
            report.end(CANCELLED)
        except Exception as error:
            if not isinstance(error, PoolvizError):
                traceback.print_exc()  # into the log
            report.end(FAILED, why(error))
        else:
            report.end(DONE)
    return report.state.status == DONE


def _train(request: Request, file: Path | None, report: Report) -> None:
    corpus = _rows(request, file)
    options = request.options
    others = [datasets.load(key) for key in options.others]
    check_trainable(corpus)
    recipe, recipes = load_training("recipe", "recipes")
    prepared = recipes.prepare(corpus, request.kind, options.min_frequency, others)
    models, root = request.models(), places.checkpoints_of(request.owner)
    for number, model in enumerate(models):
        if model.head in report.state.made:
            continue
        tell = _Telling(report, request, model.head, number * request.seeds)
        watch = Watch(tell, report.stopped)
        checkpoint = recipe.train_checkpoint(prepared, model, options, root, request.seeds, watch)
        report.made(model.head, Made(checkpoint.task, checkpoint.name))
        print(f"{checkpoint.name}: written to {checkpoint.folder}", flush=True)
        if rivals := said_of_rivals(checkpoint, places.user_checkpoints()):
            print(f"  {rivals}", flush=True)


def _rows(request: Request, file: Path | None) -> Corpus:
    if request.file is None or file is None:
        return datasets.load(request.dataset)
    return load_own(request.dataset, file, request.file.unit, request.file.wanted)


class _Telling:
    """Turns what a fit says into progress of the whole work, and into points of the curve.

    Parameters
    ----------
    before : how many fits came before those of this head.
    """

    def __init__(self, report: Report, request: Request, head: str, before: int):
        self._report = report
        self._head = head
        self._seed = request.options.seed
        self._fit = before
        self._fits = len(request.heads) * request.seeds
        self._last = (0, 0)
        self._losses: list[float] = []

    def __call__(self, now: Progress) -> None:
        place = (now.epoch, now.batch)
        if place <= self._last:  # the next seed has begun
            self._seed += 1
            self._fit += 1
        self._last = place
        done = (now.epoch - 1 + now.batch / now.batches) / now.epochs
        told = self._report.tell(
            HowFar(
                self._head,
                (self._fit + done) / self._fits,
                seed=self._seed,
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
            seed=self._seed,
            epoch=now.epoch,
            batch=now.batch,
            batches=now.batches,
            loss=loss,
            **validated,
        )


WORK: dict[str, Callable[[Request, Path | None, Report], None]] = {
    TRAIN: _train,
    EVALUATE: lambda request, file, report: evaluate(request, _rows(request, file), report),
    TRUST: lambda request, file, report: survey_trust(request, _rows(request, file), report),
}
