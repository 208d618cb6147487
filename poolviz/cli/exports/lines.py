"""`export --lines`: each line of a file as a text, in one table or in files of its own."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from functools import partial

from poolviz.cli import terminal
from poolviz.cli.exports.contents import view_of
from poolviz.cli.exports.files import File, files_of
from poolviz.cli.inputs import chosen_explainers, explanations, family_for, the_lines
from poolviz.errors import ChoiceError, TextError, check_choice
from poolviz.export.contents import compare_contents, numbers_read
from poolviz.export.files import several_to_csv
from poolviz.export.formats import FORMATS
from poolviz.export.names import file_stem
from poolviz.figures.sheet import Sheet
from poolviz.language import N_, error_message
from poolviz.model.kinds import CLASSIFIER
from poolviz.values.explanation import Explanation
from poolviz.views.panel import panel

# What one table holds of all lines, by its format; of others each line has files of its own.
TABLES = {"csv": "numbers", "json": "explanations"}


class Lines:
    """The lines of a file under the chosen heads.

    `good` is whether all of those that were read could be.

    Raises
    ------
    ChoiceError, CheckpointError, DataError, TextError : there is no such file, line or head.
    """

    def __init__(self, arguments: Namespace):
        self._arguments = arguments
        self._view = view_of(arguments)
        self._lines = the_lines(arguments)
        self._explainers = chosen_explainers(arguments)
        self.good = True

    def files(self, wanted: str) -> Iterator[list[File]]:
        """What is to be written: for a format of tables one file, for others some for each line.

        Parameters
        ----------
        wanted : key of `poolviz.export.formats.FORMATS`.
        """
        if wanted in TABLES:
            yield from self._table(wanted)
            return
        arguments = self._arguments
        sheet = Sheet(arguments.width, not arguments.no_title)
        digits = len(str(self._lines[-1][0]))
        for number, found in self._explained():
            contents = compare_contents(found, panel(found, self._view), None).on(sheet)
            yield [
                File(f"line-{number:0{digits}}_{file.name}", file.make, file.reads)
                for file in files_of(contents, arguments, wanted)
            ]

    def _table(self, wanted: str) -> Iterator[list[File]]:
        found = dict(self._explained())
        if not found:
            return
        names = [explainer.checkpoint.name for explainer in self._explainers]
        stem = file_stem(self._arguments.dataset, names, TABLES[wanted], f"{len(found)}-lines")
        name = f"{stem}.{FORMATS[wanted].suffix}"
        if wanted == "json":
            yield [File(name, partial(_to_json, found), ())]
            return
        panels = {number: panel(each, self._view) for number, each in found.items()}
        yield [File(name, partial(several_to_csv, "line", panels), numbers_read(self._view))]

    def _explained(self) -> Iterator[tuple[int, Sequence[Explanation]]]:
        for number, text in self._lines:
            where = f"Line {number:,}: "
            try:
                yield number, explanations(self._explainers, text, where)
            except TextError as error:
                terminal.note(where + error_message(error))
                self.good = False


def check_lines(arguments: Namespace, wanted: str, folder: bool) -> None:
    """Refuse what cannot be written of many lines.

    Parameters
    ----------
    folder : whether files are written to one.

    Raises
    ------
    ChoiceError : something cannot.
    """
    if family_for(arguments) is not CLASSIFIER:
        raise ChoiceError("--lines is for classifiers; leave it out for matchers.")
    if wanted == "live" or arguments.trust or arguments.changed is not None:
        raise ChoiceError(
            "--lines writes views of texts; leave it out with --trust, --changed and live pages."
        )
    if wanted in TABLES and arguments.table is not None:
        check_choice(N_("table"), arguments.table, [TABLES[wanted]])
    if wanted not in TABLES and not folder:
        raise ChoiceError(
            "Of this format each line has a file of its own; give a folder, or write csv or json."
        )


def _to_json(found: dict[int, Sequence[Explanation]]) -> bytes:
    objects = [{"line": line, **e.to_json()} for line, every in found.items() for e in every]
    return json.dumps(objects, ensure_ascii=False).encode("utf-8")
