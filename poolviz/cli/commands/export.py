"""`export`: the figures and numbers of one text as files."""

from __future__ import annotations

import io
import os
import zipfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import plotly.graph_objects as go

from poolviz.cli import terminal
from poolviz.cli.arguments import FORMATS
from poolviz.cli.inputs import explanations, writable_folder
from poolviz.errors import ChoiceError
from poolviz.export import bundle
from poolviz.export import files as export
from poolviz.export.contents import Contents, compare_contents
from poolviz.export.render import IMAGE_FORMATS
from poolviz.figures.texts.heatmap import heatmap
from poolviz.figures.texts.highlight_figure import highlight_figure
from poolviz.figures.texts.lines import lines
from poolviz.figures.texts.probabilities import probabilities
from poolviz.values.explanation import Explanation
from poolviz.views.panel import Panel, panel
from poolviz.views.view import View
from poolviz.writing import replacing

_ONE_HEAD = ("highlight", "probabilities")
_DRAWN = (*IMAGE_FORMATS, "html")

# What a file is named after, the part of the view it shows, and what makes its content.
_File = tuple[Sequence[Explanation], str, Callable[[], bytes]]


def run(arguments: Namespace) -> bool:
    """Write the files and print their paths."""
    target, folder, wanted = _target(arguments)
    _check(arguments, wanted)
    found = explanations(arguments)
    view = View(
        quantity=arguments.quantity,
        target=arguments.target,
        against=arguments.against,
        spread=arguments.spread,
        words=arguments.words,
        scale=arguments.scale,
    )
    files = list(_files(found, view, wanted, arguments.figure or "heatmap"))
    if len(files) > 1 and not folder:
        raise ChoiceError(
            "The figure {figure} is one for each head; choose one with --head, or give a folder.",
            figure=arguments.figure,
        )
    writable_folder(target if folder else target.parent)
    if wanted in (*IMAGE_FORMATS, "zip") and (hint := export.cjk_font_hint()):
        terminal.note(hint)
    for named_after, part, make in files:
        name = export.file_name(named_after, part, wanted)
        _write(target / name if folder else target, make())
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
    if wanted != suffix or wanted not in FORMATS:
        raise ChoiceError(
            "The file name {name} does not end in {known}; rename it, or give a folder.",
            name=path.name,
            known=f".{arguments.format}" if arguments.format else ", ".join(FORMATS),
        )
    return path, False, wanted


def _check(arguments: Namespace, wanted: str) -> None:
    """Refuse flags that would change nothing."""
    if arguments.figure and wanted not in _DRAWN:
        raise ChoiceError(
            "A {wanted} file holds no single figure; leave out --figure, or choose one of {known}.",
            wanted=wanted,
            known=", ".join(_DRAWN),
        )
    if (arguments.target or arguments.against) and arguments.quantity != "contribution":
        raise ChoiceError("--target and --against need --quantity contribution; add it.")


def _files(found: list[Explanation], view: View, wanted: str, figure: str) -> Iterator[_File]:
    shown = panel(found, view)
    if wanted == "zip":
        yield found, "all", lambda: _bundle(compare_contents(found, shown, None))
    elif wanted == "csv":
        yield found, "numbers", lambda: export.to_csv(shown)
    elif wanted == "json":
        yield found, "explanation", lambda: export.to_json(found)
    elif figure in _ONE_HEAD:
        for index, explanation in enumerate(found):
            yield [explanation], figure, _drawing(shown, index, wanted, figure)
    else:
        yield found, figure, _drawing(shown, 0, wanted, figure)


def _drawing(shown: Panel, index: int, wanted: str, figure: str) -> Callable[[], bytes]:
    """What draws one figure; `index` is the head's number, for figures of one head."""
    if wanted == "html" and figure == "highlight":
        return lambda: export.highlight_page(shown, index)
    draw: dict[str, Callable[[], go.Figure]] = {
        "heatmap": lambda: heatmap(shown),
        "lines": lambda: lines(shown),
        "highlight": lambda: highlight_figure(shown, index),
        "probabilities": lambda: probabilities(shown.summaries[index].explanation),
    }
    if wanted == "html":
        return lambda: export.to_html(draw[figure]())
    return lambda: export.to_image(draw[figure](), wanted)


def _bundle(contents: Contents) -> bytes:
    with terminal.stop_on_interrupt() as stopped, terminal.StatusLine() as status:
        progress = terminal.count_progress(status, "Drawing")
        try:
            content = bundle.bundle(contents, progress=progress, cancelled=stopped)
        except bundle.ExportCancelled as error:
            raise KeyboardInterrupt("The export was stopped by Ctrl+C; nothing was written.") from (
                error
            )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if not any(name.endswith(".png") for name in archive.namelist()):
            terminal.note("Images are missing; README.txt in the archive says why.")
    return content


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step, so that none is ever half there, and print its path."""
    with replacing(path) as unfinished:
        unfinished.write_bytes(content)
    terminal.write(str(path))
