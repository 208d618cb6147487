"""Everything of a view in one ZIP: all figures in all formats, numbers, explanations, a README."""

from __future__ import annotations

import io
import platform
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version

from poolviz.errors import ExportError
from poolviz.export.contents import Contents
from poolviz.export.formats import FORMATS, figure_formats
from poolviz.export.render import Browser
from poolviz.language import _, error_message
from poolviz.version import __version__
from poolviz.watch import QUIET, Watch

_LIBRARIES = ("plotly", "kaleido", "numpy", "onnxruntime")
# All members get one date, so that the same content gives the same archive entries.
_DATE = (1980, 1, 1, 0, 0, 0)


def bundle(contents: Contents, watch: Watch = QUIET) -> bytes:
    """The content of a ZIP file with everything that a view shows, figures in every format.

    Where a format cannot be drawn, the rest is still in it and the README says what is missing.

    Parameters
    ----------
    contents : of the view.
    watch : looked at before each file; counts files.
    """
    files: dict[str, bytes] = {}
    missing: dict[str, list[str]] = {}  # of each reason the files
    makers = dict(_makers(contents, Browser()))
    for done, (name, make) in enumerate(makers.items(), 1):
        watch.check()
        try:
            files[name] = make()
        except ExportError as error:
            missing.setdefault(error_message(error), []).append(name)
        watch.progress(done, len(makers))
    return _zipped({"README.txt": _readme(contents, missing).encode("utf-8"), **files})


def _makers(contents: Contents, browser: Browser) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The names of all files but the README, and what makes each."""
    for table in contents.tables:
        yield table.file_name, table.make
    if any(figure.picture.kind == "chart" for figure in contents.figures):
        yield "html/plotly.min.js", _plotlys_script
    for name in figure_formats():
        draw = FORMATS[name].bundled or FORMATS[name].draw
        assert draw is not None, "it draws figures"
        for figure in contents.figures:
            if figure.picture.kind in FORMATS[name].kinds:
                yield f"{name}/{figure.file_name(name)}", partial(draw, figure.picture, browser)


def _plotlys_script() -> bytes:
    from plotly.offline import get_plotlyjs

    return get_plotlyjs().encode("utf-8")


def _readme(contents: Contents, missing: Mapping[str, Sequence[str]]) -> str:
    """What each file is and what made it, as plain text."""
    sections = {
        **contents.about,
        _("Files"): [
            *(table.meaning for table in contents.tables),
            *(f"{item.stem}: {item.meaning}" for item in contents.figures),
            _("Unpack the archive before you open a page of html/: they share one script."),
        ],
        _("Checkpoints"): contents.models,
        _("Made with"): [
            f"poolviz {__version__}, Python {platform.python_version()}",
            ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        ],
    }
    if missing:
        sections[_("Images are missing")] = [
            line for reason, names in missing.items() for line in (reason, *names)
        ]
    return "\n\n".join("\n".join([title, *body]) for title, body in sections.items()) + "\n"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return archive.getvalue()
