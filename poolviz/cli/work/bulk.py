"""Commands with `--input`: files of any number of rows in, Parquet out."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from poolviz.bulk import engines
from poolviz.bulk.blocks import TEXT, Columns, Reader
from poolviz.bulk.inputs import inputs_of
from poolviz.bulk.outputs import PREDICTIONS
from poolviz.bulk.pairs import OTHER, Matching
from poolviz.bulk.parts import BAD_ROWS, Work
from poolviz.bulk.run import Run
from poolviz.bulk.texts import Explaining
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.cli import terminal
from poolviz.cli.flags.bulk import DASK
from poolviz.cli.inputs import chosen_checkpoints, writable_folder
from poolviz.datasets.readers import sentences
from poolviz.errors import ChoiceError
from poolviz.model.kinds import CLASSIFIER, MATCHER, kinds_of
from poolviz.watch import Watch


def explain(arguments: Namespace) -> bool:
    """Explain all rows; False where some cannot be."""
    if arguments.other_column:
        raise ChoiceError("--other-column is for matchers; leave it out for classifiers.")
    checkpoints = chosen_checkpoints(arguments, kinds_of(CLASSIFIER))
    outputs = arguments.outputs or (PREDICTIONS,)
    work = Explaining.of(checkpoints, outputs, arguments.top)
    columns = Columns((arguments.text_column,), arguments.id_column, arguments.encoding)
    reader = Reader(inputs_of(arguments.input), columns)
    made = {"outputs": work.outputs, "top": work.top}
    return _run(arguments, reader, work, {**_models(checkpoints), **made})


def match(arguments: Namespace) -> bool:
    """Match all rows of two sentences; False where some cannot be."""
    if arguments.outputs:
        raise ChoiceError("--outputs is for classifiers; leave it out for matchers.")
    kinds = (arguments.kind,) if arguments.kind else kinds_of(MATCHER)
    checkpoints = chosen_checkpoints(arguments, kinds)
    columns = Columns(
        (arguments.text_column, arguments.other_column), arguments.id_column, arguments.encoding
    )
    reader = Reader(inputs_of(arguments.input), columns, (TEXT, OTHER))
    return _run(arguments, reader, Matching.of(checkpoints), _models(checkpoints))


def _models(checkpoints: Sequence[Checkpoint]) -> dict[str, Any]:
    """What the manifest says of the models."""
    models = [
        {"name": c.name, "head": c.head, "readout": c.readout, "sha256": c.onnx_hash}
        for c in checkpoints
    ]
    first = checkpoints[0]
    return {"dataset": first.task, "classes": first.classes, "models": models}


def _run(arguments: Namespace, reader: Reader, work: Work, about: dict[str, Any]) -> bool:
    about |= {"input": arguments.input, "columns": vars(reader.columns)}
    folder = writable_folder(arguments.output)
    run = Run(reader, work, folder, about)
    told = "Stopped by Ctrl+C; finished parts stay, and the same command goes on from there."
    with (
        terminal.stop_on_interrupt(told) as cancelled,
        terminal.StatusLine() as status,
        _engine(arguments) as engine,
    ):
        manifest = run(engine, Watch(_progress(status), cancelled))
    _say_findings(reader)
    if arguments.json:
        terminal.write_json(manifest)
    else:
        _say(run, manifest)
    return not manifest["bad_rows"]


def _engine(arguments: Namespace) -> AbstractContextManager[engines.Engine]:
    if arguments.engine == DASK:
        return engines.dask(arguments.scheduler, arguments.workers)
    return engines.local(arguments.workers)


def _progress(status: terminal.StatusLine) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        share = done / max(total, 1)
        line = f"{terminal.bar(done, max(total, 1))} {share:.0%} of {total / 1e6:,.1f} MB"
        status.show(line, milestone=done == total)

    return report


def _say(run: Run, manifest: dict[str, Any]) -> None:
    parts = len(manifest["parts"])
    before = f", {run.resumed:,} of them from before" if run.resumed else ""
    terminal.write(f"{manifest['rows']:,} rows in {parts:,} parts{before}: {run.folder}")
    if bad := manifest["bad_rows"]:
        terminal.note(f"{bad:,} rows could not be read; why stands in {run.folder / BAD_ROWS}.")


def _say_findings(reader: Reader) -> None:
    for name, findings in reader.findings.items():
        for said in sentences.sentences(findings):
            terminal.note(f"{name}: {said}")
