"""Queued work on models that are there: measuring them on their test rows, and their trust."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.identity import Rows
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.runs import check_rows, runs_of
from poolviz.checkpoints.selection import Which, demand
from poolviz.datasets import Corpus
from poolviz.explore import measuring
from poolviz.model.kinds import KINDS
from poolviz.trainings.report import Report
from poolviz.trainings.request import Request
from poolviz.trainings.state import Made, Progress
from poolviz.trust.rows import results
from poolviz.trust.rows.survey import survey
from poolviz.watch import Watch


def evaluate(request: Request, corpus: Corpus, report: Report) -> None:
    """Keep beside the cards what the pages show of all rows.

    Raises
    ------
    CheckpointError : a model is missing or damaged.
    DataError : the models were trained on other rows.
    Cancelled : it was stopped.
    """
    passes = []
    for checkpoint, watch in _each(request, corpus, report):
        found, written = measuring.measure(checkpoint, corpus, watch)
        passes.append(found)
        _note_written(written)
    _note_written(measuring.write_together(passes, _present(request)))
    for each in passes:
        _tell_made(each.checkpoint, report)


def survey_trust(request: Request, corpus: Corpus, report: Report) -> None:
    """Keep beside the cards how far the models' weights can be believed.

    Raises
    ------
    CheckpointError : a model is missing or damaged.
    DataError : the models were trained on other rows.
    Cancelled : it was stopped.
    """
    for checkpoint, watch in _each(request, corpus, report):
        measured = survey(checkpoint, corpus, request.sample, watch)
        _note_written(results.write(checkpoint, *measured))
        _tell_made(checkpoint, report)


def _each(request: Request, corpus: Corpus, report: Report) -> Iterator[tuple[Checkpoint, Watch]]:
    """The models in their order, with what tells how far all of the work is."""
    present = _present(request)
    readout = request.model.get("readout", KINDS[request.kind].usual_readout)
    which = Which(_run_of(corpus, present), names=request.names)
    chosen = demand(present, request.dataset, [request.kind], request.heads, readout, which)
    check_rows(chosen, corpus, present)
    for number, checkpoint in enumerate(chosen):

        def tell(done: int, total: int | None, head: str = checkpoint.head, before: int = number):
            share = (before + (done / total if total else 0.0)) / len(chosen)
            report.tell(Progress(head, min(share, 1.0)))

        yield checkpoint, Watch(tell, report.stopped)


def _run_of(corpus: Corpus, present: Sequence[Checkpoint]) -> str | None:
    """The run that these rows are of; None where there is none, or the data set has just one."""
    rows, runs = Rows.of(corpus), runs_of(present, corpus.dataset.key)
    found = (run.id for run in runs if all(rows.are_of(c.card) for c in run.checkpoints))
    return next(found, None) if len(runs) > 1 else None


def _present(request: Request) -> list[Checkpoint]:
    own = places.checkpoints_of(request.owner)
    roots = (places.SHIPPED_CHECKPOINTS, places.user_checkpoints(), own)
    return list_checkpoints(tuple(dict.fromkeys(roots)))


def _tell_made(checkpoint: Checkpoint, report: Report) -> None:
    report.made(checkpoint.head, Made(checkpoint.task, checkpoint.name))


def _note_written(paths: Iterable[Path]) -> None:
    for path in paths:
        print(f"written: {path}", flush=True)
