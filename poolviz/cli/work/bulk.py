"""Commands with `--input`: files of any number of rows in, Parquet out."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from poolviz.bulk import engines
from poolviz.bulk.outputs import PREDICTIONS
from poolviz.bulk.pairs import OTHER, Matching
from poolviz.bulk.parts import BAD_ROWS, Work
from poolviz.bulk.poolings import Pooling
from poolviz.bulk.reading.blocks import LABEL, TEXT, Columns, Reader
from poolviz.bulk.reading.inputs import inputs_of
from poolviz.bulk.run import Rows, Run
from poolviz.bulk.texts import Explaining
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.cli import terminal
from poolviz.cli.flags.bulk import DASK
from poolviz.cli.inputs import chosen_checkpoints, writable_folder
from poolviz.datasets.readers import sentences
from poolviz.encoders.encoder import Encoder
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
    made = {"outputs": work.outputs, "top": work.top}
    return _told(arguments, reader_of(arguments), work, {**models(checkpoints), **made})


def match(arguments: Namespace) -> bool:
    """Match all rows of two sentences; False where some cannot be."""
    if getattr(arguments, "outputs", None):
        raise ChoiceError("--outputs is for classifiers; leave it out for matchers.")
    kinds = (arguments.kind,) if arguments.kind else kinds_of(MATCHER)
    checkpoints = chosen_checkpoints(arguments, kinds)
    reader = reader_of(arguments, pairs=True)
    return _told(arguments, reader, Matching.of(checkpoints), models(checkpoints))


def compare(arguments: Namespace, encoder: Encoder, poolings: Sequence[str]) -> bool:
    """Cosines of all rows of two sentences under an encoder; False where some cannot be read."""
    work = Pooling(encoder, tuple(poolings))
    about = {"encoder": encoder.name, "encoder_hash": encoder.hash, "poolings": work.poolings}
    return _told(arguments, reader_of(arguments, pairs=True), work, about)


def reader_of(arguments: Namespace, pairs: bool = False, labelled: bool = False) -> Reader:
    """What reads the rows of `--input`.

    Parameters
    ----------
    pairs : whether a row has two texts.
    labelled : whether it has a label.

    Raises
    ------
    ChoiceError : the results would lie among the rows; also see
        `poolviz.bulk.reading.inputs.inputs_of`.
    DataError : see there.
    """
    inputs = inputs_of(arguments.input)
    among = Path(arguments.input).resolve()
    if among.is_dir() and arguments.output.resolve().is_relative_to(among):
        raise ChoiceError(
            "{output} lies in {input}, so that a second run would read its own results; give "
            "another folder with --output.",
            output=arguments.output,
            input=arguments.input,
        )
    texts = (arguments.text_column, arguments.other_column) if pairs else (arguments.text_column,)
    label = arguments.label_column if labelled else None
    columns = Columns(texts, arguments.id_column, arguments.encoding, label)
    names = (TEXT, OTHER) if pairs else (TEXT,)
    return Reader(inputs, columns, names, labelled)


def models(checkpoints: Sequence[Checkpoint]) -> dict[str, Any]:
    """What the manifest says of the models."""
    named = [
        {"name": c.name, "head": c.head, "readout": c.readout, "sha256": c.onnx_hash}
        for c in checkpoints
    ]
    first = checkpoints[0]
    return {"dataset": first.task, "classes": first.classes, "models": named}


def worked(
    arguments: Namespace,
    reader: Reader,
    work: Work,
    about: dict[str, Any],
    rows: Rows | None = None,
) -> tuple[Run, dict[str, Any]]:
    """Make of the rows of `--input` what is not made yet; the run, and its manifest.

    Parameters
    ----------
    reader : of all rows.
    about : what decides what is made, beside the input.
    rows : those of the reader's that are worked on; None for all.

    Raises
    ------
    ChoiceError, DataError, PoolvizError : see `poolviz.bulk.run.Run` and `poolviz.bulk.engines`.
    KeyboardInterrupt : of Ctrl+C.
    """
    columns = vars(reader.columns)
    if not reader.labelled:  # nothing is said of labels that are not read
        columns = {name: value for name, value in columns.items() if name != LABEL}
    about |= {"input": arguments.input, "columns": columns}
    folder = writable_folder(arguments.output)
    run = Run(rows or reader, work, folder, about)
    told = "Stopped by Ctrl+C; finished parts stay, and the same command goes on from there."
    with (
        terminal.stop_on_interrupt(told) as cancelled,
        terminal.StatusLine() as status,
        _engine(arguments) as engine,
    ):
        manifest = run(engine, Watch(_progress(status), cancelled))
    note_findings(reader)
    if bad := manifest["bad_rows"]:
        terminal.note(f"{bad:,} rows could not be read; why stands in {run.folder / BAD_ROWS}.")
    return run, manifest


def _told(arguments: Namespace, reader: Reader, work: Work, about: dict[str, Any]) -> bool:
    run, manifest = worked(arguments, reader, work, about)
    if arguments.json:
        terminal.write_json(manifest)
    else:
        say(run, manifest)
    return not manifest["bad_rows"]


def note_findings(reader: Reader) -> None:
    """What there is to say of the files, on stderr."""
    for name, findings in reader.findings.items():
        for said in sentences.sentences(findings):
            terminal.note(f"{name}: {said}")
    for name in reader.empty:
        terminal.note(f"{name} holds no row.")


def say(run: Run, manifest: dict[str, Any]) -> None:
    """How many rows there are, in which folder."""
    parts = len(manifest["parts"])
    before = f", {run.resumed:,} of them from before" if run.resumed else ""
    terminal.write(f"{manifest['rows']:,} rows in {parts:,} parts{before}: {run.folder}")


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
