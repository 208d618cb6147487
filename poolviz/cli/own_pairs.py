"""A file of one's own pairs on the command line: what is said of it, and what was read."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from poolviz.cli import terminal
from poolviz.cli.own_file import as_json, cautions, wanted_of
from poolviz.datasets import holdings
from poolviz.datasets.own_pairs.corpus import of_pairs
from poolviz.datasets.own_pairs.rows import OwnPairs, read_path, read_tests, with_tests
from poolviz.datasets.readers import sentences
from poolviz.datasets.readers.reading import Wanted
from poolviz.errors import ChoiceError
from poolviz.model.options import MatchingOptions
from poolviz.text.pieces import one_line, shortened
from poolviz.text.scripts import on_unit, usual_unit
from poolviz.watch import Watch

_SHOWN = 60  # characters of a text


def own_pairs(arguments: Namespace) -> OwnPairs:
    """The pairs of `--csv` and `--test-csv`, with a progress bar while they are read.

    Raises
    ------
    ChoiceError, DataError : see `poolviz.datasets.own_pairs.rows`.
    """
    wanted = wanted_of(arguments)
    if wanted.join_labels:
        raise ChoiceError("--join-labels is for classes; leave it out, and see --match for pairs.")
    found = _read(read_path, arguments.csv, wanted)
    if arguments.test_csv:
        found = with_tests(found, _read(read_tests, arguments.test_csv, wanted))
    return replace(found, findings=(*found.division.findings(), *found.findings))


def write_pairs(found: OwnPairs, asked: str | None, json: bool) -> None:
    """How a file was read, what it holds, and its first pairs.

    Parameters
    ----------
    asked : the unit of `--unit`; None for that of the texts' script.
    """
    unit = asked or usual_unit(found.texts)
    if json:
        terminal.write_json({**_as_json(found, unit), "unit_guessed": asked is None})
        return
    terminal.write(f"{found.name}: {sentences.of_reading(found.how)}")
    terminal.write(f"columns: {', '.join(found.names)}")
    split = f"; split: {found.split}" if found.split else ""
    texts = ", ".join(found.columns.texts)
    terminal.write(f"texts: {texts}; labels: {found.columns.label or 'none'}{split}; unit: {unit}")
    if asked is None:
        terminal.write(f"  {on_unit(found.texts)} --unit says otherwise.")
    holds = of_pairs(found)
    for line in (*holdings.told(holds), holdings.told_of_lengths(holds)):
        terminal.write(line)
    for said in sentences.sentences(found.findings):
        terminal.write(f"- {said}")
    for caution in cautions(found.texts, unit, MatchingOptions().min_frequency):
        terminal.write(caution)
    terminal.write()
    shown = [
        [label, *(shortened(one_line(t), _SHOWN) for t in pair)] for label, *pair in found.sample
    ]
    terminal.write_table(["label", "first text", "second text"], shown, "lll")


def _read(read: Callable[[Path, Wanted, Watch], OwnPairs], path: Path, wanted: Wanted) -> OwnPairs:
    with terminal.StatusLine() as status:
        return read(path, wanted, Watch(terminal.count_progress(status, path.name)))


def _as_json(found: OwnPairs, unit: str) -> dict[str, Any]:
    holds = of_pairs(found)
    return {
        **as_json(found.name, found.how, found.names, holds, found.findings),
        "text_columns": list(found.columns.texts),
        "label_column": found.columns.label,
        "split_column": found.split,
        "unit": unit,
        "outcomes": dict(found.outcomes),
        "kept_apart": found.division.rule,
        "sentences_shared": found.division.shared,
        "classes": holds.classes,
        "sample": [
            {"label": label, "text_a": first, "text_b": second}
            for label, first, second in found.sample
        ],
    }
