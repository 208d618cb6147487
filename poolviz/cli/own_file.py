"""A file of one's own on the command line: what is said of it, and what was read."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.cli import terminal
from poolviz.datasets import Corpus, holdings, small
from poolviz.datasets.holdings import Holdings
from poolviz.datasets.own.entering import FLAGS_OF_FILE, JOIN_LABELS
from poolviz.datasets.own.texts import (
    read_own,
    read_tests,
    straddling,
    to_measure,
    with_tests,
)
from poolviz.datasets.readers import sentences
from poolviz.datasets.readers.brought.rows import OwnRows
from poolviz.datasets.readers.reading import AS_FOUND, SHOWN_LINES, Finding, How, Wanted
from poolviz.errors import ChoiceError
from poolviz.explore.meanings import numbers_of, proposed, read_said
from poolviz.model.options import TrainingOptions
from poolviz.text.pieces import one_line, shortened
from poolviz.text.scripts import on_unit, usual_unit
from poolviz.text.vocabulary import RESERVED_IDS, Vocabulary
from poolviz.watch import Watch

_SHOWN = 100  # characters of a row
_ASKED = 12  # labels in a sentence
_FEW_TEXTS = 1_000  # more of them have tokens enough


def wanted_of(arguments: Namespace) -> Wanted:
    """What the flags say of `--csv`."""
    return Wanted(
        arguments.encoding,
        arguments.text_column,
        arguments.label_column,
        arguments.sheet,
        arguments.join_labels,
        arguments.split_column,
        arguments.other_column,
        arguments.negative_column,
        arguments.match,
    )


def check_no_file_flags(arguments: Namespace) -> None:
    """Check that nothing is said of a file that is not given.

    Raises
    ------
    ChoiceError : something is.
    """
    if wanted_of(arguments) != AS_FOUND or arguments.test_csv:
        raise ChoiceError(
            f"{', '.join(FLAGS_OF_FILE)} and {JOIN_LABELS} are for --csv; leave them out, or name "
            "a file."
        )


def own_rows(arguments: Namespace) -> OwnRows:
    """The rows of `--csv` and `--test-csv`, with a progress bar while they are read.

    What there is to say of the second file stands on stderr.

    Raises
    ------
    ChoiceError, DataError : see `poolviz.datasets.own.texts`.
    """
    wanted = wanted_of(arguments)
    if wanted.other or wanted.negative or wanted.match:
        raise ChoiceError(
            "--other-column, --negative-column and --match are for pairs; leave them out, or say "
            "what is trained on pairs: --kind siamese, interactive or triplet."
        )
    rows = _read(read_own, arguments.csv, wanted)
    if arguments.test_csv:
        tests = _read(read_tests, arguments.test_csv, wanted)
        findings = [finding for finding in tests.findings if finding.kind != "few rows"]
        for said in (sentences.of_reading(tests.how), *sentences.sentences(findings)):
            terminal.note(f"{tests.name}: {said}")
        rows = with_tests(rows, tests, wanted.join_labels)
    return replace(rows, findings=(*straddling(rows), *rows.findings))


def _read(read: Callable[[Path, Wanted, Watch], OwnRows], path: Path, wanted: Wanted) -> OwnRows:
    with terminal.StatusLine() as status:
        return read(path, wanted, Watch(terminal.count_progress(status, path.name)))


def rows_to_measure(arguments: Namespace, checkpoint: Checkpoint) -> Corpus:
    """The rows of `--csv` for models that were trained on others; `--labels` says what labels mean.

    What there is to say of the file, and of labels that are no classes, stands on stderr.

    Raises
    ------
    ChoiceError : no label is a class, or `--labels` names other classes.
    DataError : see `poolviz.datasets.own.texts`.
    """
    classes, rows = checkpoint.classes, own_rows(arguments)
    for said in sentences.sentences(rows.findings):
        terminal.note(said)
    numbers = numbers_of(classes, read_said(arguments.labels, classes) if arguments.labels else {})
    strange = [label for label in rows.classes if label not in numbers]
    if rows.classes and len(strange) == len(rows.classes):
        raise ChoiceError("{said}", said=_strange(rows, strange, classes))
    if strange:
        terminal.note(_strange(rows, strange, classes))
    unit, prepared = checkpoint.card["unit"], checkpoint.preparation
    corpus = to_measure(checkpoint.task, arguments.csv, rows, unit, classes, numbers, prepared)
    if count := corpus.report["empty"]:
        terminal.note(
            "Left out, since the models were trained on texts without what they hold, such as "
            f"digits, marks, @names or [codes]: {count:,} rows."
        )
    return corpus


def _strange(rows: OwnRows, strange: Sequence[str], classes: Sequence[str]) -> str:
    meanings = proposed(rows.classes, classes)
    said = [f"{label}={meanings[label]}" for label in strange if meanings[label]]
    count = sum(rows.classes[label] for label in strange)
    lines = [
        f"{line:,}"
        for label, line in zip(rows.labels or (), rows.lines, strict=True)
        if label in strange
    ][:SHOWN_LINES]
    return (
        f"Labels of {rows.name} that are no classes of these models ({', '.join(classes)}): "
        f"{', '.join(strange[:_ASKED])}; left out with them: {count:,} rows, in lines "
        f"{', '.join(lines)} …. If it is so, say what they mean: --labels "
        f'"{",".join(said) or "LABEL=CLASS"}"'
    )


def write_report(rows: OwnRows, asked: str | None, as_json: bool) -> None:
    """How a file was read, what it holds, its classes, and its first rows.

    Parameters
    ----------
    asked : the unit of `--unit`; None for that of the texts' script.
    """
    holds, unit = holdings.of_own(rows), asked or usual_unit(rows.texts)
    if as_json:
        terminal.write_json({**_as_json(rows, holds, unit), "unit_guessed": asked is None})
        return
    terminal.write(f"{rows.name}: {sentences.of_reading(rows.how)}")
    terminal.write(f"columns: {', '.join(rows.columns)}")
    split = f"; split: {rows.split}" if rows.split else ""
    terminal.write(f"texts: {rows.text}; labels: {rows.label or 'none'}{split}; unit: {unit}")
    if asked is None:
        terminal.write(f"  {on_unit(rows.texts)} --unit says otherwise.")
    for line in (*holdings.told(holds), holdings.told_of_lengths(holds)):
        terminal.write(line)
    for said in sentences.sentences(rows.findings):
        terminal.write(f"- {said}")
    for caution in cautions(rows.texts, unit, TrainingOptions().min_frequency):
        terminal.write(caution)
    if rows.classes:
        terminal.write()
        counts = [[label, f"{count:,}"] for label, count in rows.classes.items()]
        terminal.write_table(["class", "rows"], counts, "lr")
    terminal.write()
    shown = [[label, shortened(one_line(text), _SHOWN)] for label, text in rows.sample]
    terminal.write_table(["label", "text"], shown, "ll")


def cautions(texts: Sequence[str], unit: str, min_frequency: int) -> list[str]:
    """A caution where hardly any token occurs as often as a vocabulary asks of it."""
    if len(texts) > _FEW_TEXTS:
        return []
    known = Vocabulary.build(texts, unit, min_frequency)
    return small.of_training(len(known) - RESERVED_IDS)


def as_json(
    name: str,
    how: How,
    columns: Sequence[str],
    holds: Holdings,
    findings: Sequence[Finding],
) -> dict[str, Any]:
    """What is said of any file, of single texts or of pairs."""
    return {
        "name": name,
        "form": how.form,
        "encoding": how.encoding,
        "separator": how.separator,
        "header": how.header,
        "part": how.part,
        "parts": list(how.parts),
        "columns": list(columns),
        "rows_read": holds.read,
        "rows": holds.rows,
        "left_out": holds.left_out,
        "rows_per_split": holds.splits,
        "duplicates": holds.duplicates,
        "conflicting_rows": holds.conflicting,
        "lengths": holdings.lengths_in_brief(holds),
        "findings": [
            {
                "kind": finding.kind,
                "count": finding.count,
                "lines": list(finding.lines),
                "grave": finding.grave,
                "sentence": sentences.sentence(finding),
            }
            for finding in findings
        ],
    }


def _as_json(rows: OwnRows, holds: Holdings, unit: str) -> dict[str, Any]:
    return {
        **as_json(rows.name, rows.how, rows.columns, holds, rows.findings),
        "text_column": rows.text,
        "label_column": rows.label,
        "split_column": rows.split,
        "unit": unit,
        "classes": rows.classes,
        "sample": [{"label": label, "text": text} for label, text in rows.sample],
    }
