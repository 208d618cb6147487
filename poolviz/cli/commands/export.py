"""`export`: the figures and numbers of a view as files, the same as the pages offer."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from poolviz.cli import terminal
from poolviz.cli.exports.contents import contents_of
from poolviz.cli.exports.files import File, files_of
from poolviz.cli.exports.lines import Lines, check_lines
from poolviz.cli.inputs import family_for, has_text, writable_folder
from poolviz.errors import ChoiceError
from poolviz.export.files import cjk_font_hint
from poolviz.export.formats import FORMATS, figure_formats
from poolviz.figures.sheet import PAGE, Sheet
from poolviz.model.kinds import CLASSIFIER
from poolviz.writing import replacing

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


def run(arguments: Namespace) -> bool:
    """Write the files and print their paths."""
    target, folder, wanted = _target(arguments)
    _check(arguments, wanted)
    if arguments.lines:
        check_lines(arguments, wanted, folder)
    lines = Lines(arguments) if arguments.lines else None
    groups = lines.files(wanted) if lines else iter([_of_one_view(arguments, wanted)])
    first = next(groups, [])
    if first:
        _refuse_idle_choices(arguments, first)
    if len(first) > 1 and not folder:
        raise _several(arguments, first)
    writable_folder(target if folder else target.parent)
    if (FORMATS[wanted].draw or wanted == "zip") and (hint := cjk_font_hint()):
        terminal.note(hint)
    for file in chain(first, chain.from_iterable(groups)):
        path = target / file.name if folder else target
        with replacing(path) as unfinished:
            unfinished.write_bytes(file.make())
        terminal.write(str(path))
    return lines is None or lines.good


def _of_one_view(arguments: Namespace, wanted: str) -> list[File]:
    contents = contents_of(arguments).on(Sheet(arguments.width, not arguments.no_title))
    return files_of(contents, arguments, wanted)


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


def _refuse_idle_choices(arguments: Namespace, files: Sequence[File]) -> None:
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


def _several(arguments: Namespace, files: Sequence[File]) -> ChoiceError:
    """One file was asked for, and there would be several."""
    return ChoiceError(
        "These are {count} files, {first} and others; choose one with {flags}, or give a folder.",
        count=len(files),
        first=files[0].name,
        flags="--table" if files[0].name.endswith((".csv", ".json")) else "--figure and --head",
    )
