"""`export`: the figures and numbers of a view as files, the same as the pages offer."""

from __future__ import annotations

import io
import os
import zipfile
from argparse import Namespace
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from poolviz.cli import terminal
from poolviz.cli.commands.export_contents import STOPPED, contents_of
from poolviz.cli.inputs import family_for, has_text, writable_folder
from poolviz.errors import ChoiceError, check_choice
from poolviz.export import bundle
from poolviz.export.contents import Contents, Figure, Table
from poolviz.export.files import cjk_font_hint
from poolviz.export.formats import FORMATS, figure_formats
from poolviz.export.pictures import to_file
from poolviz.figures.sheet import PAGE, Sheet
from poolviz.language import N_
from poolviz.model.kinds import CLASSIFIER
from poolviz.watch import Watch
from poolviz.writing import replacing

# The figure that is drawn where none is asked for: the first of these that there is.
_MAIN_FIGURES = ("changes", "heatmap", "deletion", "matrix", "highlight")
# What a view depends on, and what it says where nothing is asked for.
_CHOICES = {
    "quantity": "weight",
    "target": None,
    "against": None,
    "scale": "shared",
    "words": False,
    "spread": False,
    "erase": "mask",
}


@dataclass(frozen=True)
class _File:
    """A file to write: name in a folder, what makes it, and the choices that it depends on."""

    name: str
    make: Callable[[], bytes]
    reads: Collection[str]


def run(arguments: Namespace) -> bool:
    """Write the files and print their paths."""
    target, folder, wanted = _target(arguments)
    _check(arguments, wanted)
    contents = contents_of(arguments).on(Sheet(arguments.width, not arguments.no_title))
    files = _files(contents, arguments, wanted)
    _refuse_idle_choices(arguments, files)
    if len(files) > 1 and not folder:
        raise _several(arguments, files)
    writable_folder(target if folder else target.parent)
    if (FORMATS[wanted].draw or wanted == "zip") and (hint := cjk_font_hint()):
        terminal.note(hint)
    for file in files:
        path = target / file.name if folder else target
        with replacing(path) as unfinished:
            unfinished.write_bytes(file.make())
        terminal.write(str(path))
    return True


def _target(arguments: Namespace) -> tuple[Path, bool, str]:
    """The path to write to, whether it is a folder, and the format.

    Raises
    ------
    ChoiceError : the file's name ends in no format, or in another than `--format`.
    """
    path = Path(arguments.output)
    if path.is_dir() or arguments.output.endswith(("/", os.sep)) or not path.suffix:
        return path, True, arguments.format or "zip"
    suffix = path.suffix[1:].lower()
    wanted = arguments.format or suffix
    if wanted not in FORMATS or FORMATS[wanted].suffix.split(".")[-1] != suffix:
        raise ChoiceError(
            "The file name {name} does not end in {known}; rename it, or give a folder.",
            name=path.name,
            known=f".{FORMATS[wanted].suffix}" if arguments.format else ", ".join(FORMATS),
        )
    return path, False, wanted


def _check(arguments: Namespace, wanted: str) -> None:
    """Refuse flags that would change nothing, as far as that is known before the work.

    Raises
    ------
    ChoiceError : there is one.
    """
    if wanted == "live":
        _check_live(arguments)
    elif not has_text(arguments):
        raise ChoiceError("There is no text; give one with --text, --text-file, or - for stdin.")
    tables = {"csv", "json"}
    if arguments.figure and not FORMATS[wanted].draw:
        raise ChoiceError(
            "A {wanted} file holds no single figure; leave out --figure, or choose one of {known}.",
            wanted=wanted,
            known=", ".join(figure_formats()),
        )
    if arguments.table and wanted not in tables:
        raise ChoiceError(
            "A {wanted} file holds no single table; leave out --table, or choose csv or json.",
            wanted=wanted,
        )
    sized = wanted == "zip" or (FORMATS[wanted].draw and FORMATS[wanted].sized)
    if not sized and (arguments.width != PAGE or arguments.no_title):
        raise ChoiceError(
            "A {wanted} file has no width and no title to leave out; leave out --width and "
            "--no-title, or choose another format.",
            wanted=wanted,
        )
    if (arguments.target or arguments.against) and arguments.quantity != "contribution":
        raise ChoiceError("--target and --against need --quantity contribution; add it.")
    if arguments.scale == "uniform" and arguments.quantity == "contribution":
        raise ChoiceError("Contributions have no --scale uniform; choose another scale.")


def _check_live(arguments: Namespace) -> None:
    if family_for(arguments) is not CLASSIFIER:
        raise ChoiceError("A live page is of classifiers; give a data set of single texts.")
    if arguments.trust or arguments.changed is not None:
        raise ChoiceError("A live page is of one text; leave out --trust and --changed.")


def _files(contents: Contents, arguments: Namespace, wanted: str) -> list[_File]:
    """What is to be written."""
    if wanted == "zip":
        reads = {name for item in (*contents.figures, *contents.tables) for name in item.reads}
        return [_File(contents.file_name, partial(_bundle, contents), reads)]
    if not FORMATS[wanted].draw:
        return [
            _File(table.file_name, table.make, table.reads)
            for table in _tables(contents.tables, arguments.table, wanted)
        ]
    return [
        _File(figure.file_name(wanted), partial(to_file, figure.picture, wanted), figure.reads)
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


def _refuse_idle_choices(arguments: Namespace, files: Sequence[_File]) -> None:
    """Refuse a choice on which none of the files depends.

    Raises
    ------
    ChoiceError : there is one.
    """
    for name, usual in _CHOICES.items():
        if getattr(arguments, name) != usual and not any(name in file.reads for file in files):
            raise ChoiceError(
                "--{name} changes nothing in {file}; leave it out.", name=name, file=files[0].name
            )


def _several(arguments: Namespace, files: Sequence[_File]) -> ChoiceError:
    """One file was asked for, and there would be several."""
    return ChoiceError(
        "These are {count} files, {first} and others; choose one with {flags}, or give a folder.",
        count=len(files),
        first=files[0].name,
        flags="--table" if files[0].name.endswith((".csv", ".json")) else "--figure and --head",
    )


def _bundle(contents: Contents) -> bytes:
    with terminal.stop_on_interrupt(STOPPED) as cancelled, terminal.StatusLine() as status:
        watch = Watch(terminal.count_progress(status, "Drawing"), cancelled)
        content = bundle.bundle(contents, watch)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if not any(name.endswith(".png") for name in archive.namelist()):
            terminal.note("Images are missing; README.txt in the archive says why.")
    return content
