"""Everything of a view in one ZIP: all figures in all formats, numbers, explanations, a README."""

from __future__ import annotations

import io
import platform
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import version

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from poolviz.errors import ExportError
from poolviz.export import files as export
from poolviz.export.contents import Contents, Figure
from poolviz.export.render import IMAGE_FORMATS, open_renderer
from poolviz.language import _, error_message
from poolviz.version import __version__

_LIBRARIES = ("plotly", "kaleido", "numpy", "onnxruntime")
# All members get one date, so that the same content gives the same archive entries.
_DATE = (1980, 1, 1, 0, 0, 0)


class ExportCancelled(ExportError):
    """The user stopped a bundle."""


def bundle(
    contents: Contents,
    *,
    formats: Sequence[str] = IMAGE_FORMATS,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bytes:
    """The content of a ZIP file with everything that a view shows.

    Where no browser draws images, HTML, CSV and JSON are still in it and the README says why the
    rest is missing.

    Parameters
    ----------
    contents : of the view.
    formats : image formats, among `IMAGE_FORMATS`.
    progress : called with the number of files done and of all files after each.
    cancelled : asked before each file; True stops the work.

    Raises
    ------
    ExportCancelled : `cancelled` returned True.
    """
    drawn = [(item, item.draw()) for item in contents.figures]
    total = 1 + len(contents.tables) + len(drawn) * (1 + len(formats))
    files: dict[str, bytes] = {}

    def add(name: str, make: Callable[[], bytes]) -> None:
        if cancelled():
            raise ExportCancelled("The export was cancelled.")
        files[name] = make()
        progress(len(files), total)

    for table in contents.tables:
        add(table.name, table.make)
    add("html/plotly.min.js", lambda: get_plotlyjs().encode("utf-8"))
    for item, figure in drawn:
        add(f"html/{item.stem}.html", item.page or partial(export.to_linked_html, figure))
    missing = _add_images(drawn, formats, add)
    return _zipped({"README.txt": _readme(contents, missing).encode("utf-8"), **files})


def _add_images(
    drawn: Sequence[tuple[Figure, go.Figure]],
    formats: Sequence[str],
    add: Callable[[str, Callable[[], bytes]], None],
) -> str | None:
    """Draw all images in one browser; the reason where some are missing, else None."""
    try:
        with open_renderer() as renderer:
            for item, figure in drawn:
                for kind in formats:
                    add(f"{kind}/{item.stem}.{kind}", partial(renderer.image, figure, kind))
    except ExportCancelled:
        raise
    except ExportError as error:
        return error_message(error)
    return None


def _readme(contents: Contents, missing: str | None) -> str:
    """What each file is and what made it, as plain text."""
    sections = {
        **contents.about,
        _("Files"): [
            *(table.meaning for table in contents.tables),
            *(f"{item.stem}: {item.meaning}" for item in contents.figures),
            _("Unpack the archive before you open a page of html/: they share one script."),
        ],
        _("Checkpoints"): [
            f"{e.dataset} / {e.checkpoint}: model.onnx SHA-256 {e.checkpoint_hash}"
            for e in contents.explanations
        ],
        _("Made with"): [
            f"poolviz {__version__}, Python {platform.python_version()}",
            ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        ],
    }
    if missing:
        sections[_("Images are missing")] = [missing]
    return "\n\n".join("\n".join([title, *body]) for title, body in sections.items()) + "\n"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return archive.getvalue()
