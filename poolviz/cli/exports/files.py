"""The files of a view that flags of `export` ask for."""

from __future__ import annotations

import io
import zipfile
from argparse import Namespace
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from poolviz.cli import terminal
from poolviz.cli.exports.contents import STOPPED
from poolviz.errors import check_choice
from poolviz.export import bundle
from poolviz.export.contents import Contents, Figure, Table
from poolviz.export.formats import FORMATS
from poolviz.export.pictures import to_file
from poolviz.language import N_
from poolviz.watch import Watch

# The figure that is drawn where none is asked for: the first of these that there is.
_MAIN_FIGURES = ("changes", "heatmap", "deletion", "matrix", "highlight")


@dataclass(frozen=True)
class File:
    """A file to write: name in a folder, what makes it, and the choices that it depends on."""

    name: str
    make: Callable[[], bytes]
    reads: Collection[str]


def files_of(contents: Contents, arguments: Namespace, wanted: str) -> list[File]:
    """What is to be written of a view.

    Parameters
    ----------
    wanted : key of `FORMATS`.

    Raises
    ------
    ChoiceError : no such figure, or no such table.
    """
    if wanted == "zip":
        reads = {name for item in (*contents.figures, *contents.tables) for name in item.reads}
        return [File(contents.file_name, partial(_bundle, contents), reads)]
    if not FORMATS[wanted].draw:
        return [
            File(table.file_name, table.make, table.reads)
            for table in _tables(contents.tables, arguments.table, wanted)
        ]
    return [
        File(figure.file_name(wanted), partial(to_file, figure.picture, wanted), figure.reads)
        for figure in _figures(contents.figures, arguments.figure, wanted)
    ]


def _tables(tables: Sequence[Table], part: str | None, wanted: str) -> list[Table]:
    fitting = {table.part: table for table in tables if table.format == wanted}
    if part is None:
        return list(fitting.values())
    check_choice(N_("table"), part, fitting)
    return [fitting[part]]


def _figures(figures: Sequence[Figure], part: str | None, wanted: str) -> list[Figure]:
    kinds = FORMATS[wanted].kinds
    parts = dict.fromkeys(figure.part for figure in figures if figure.picture.kind in kinds)
    if part is None:
        part = next(name for name in (*_MAIN_FIGURES, *parts) if name in parts)
    check_choice(N_("figure"), part, parts)
    return [figure for figure in figures if figure.part == part]


def _bundle(contents: Contents) -> bytes:
    with terminal.stop_on_interrupt(STOPPED) as cancelled, terminal.StatusLine() as status:
        watch = Watch(terminal.count_progress(status, "Drawing"), cancelled)
        content = bundle.bundle(contents, watch)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if not any(name.endswith(".png") for name in archive.namelist()):
            terminal.note("Images are missing; README.txt in the archive says why.")
    return content
