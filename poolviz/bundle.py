"""Everything of a view in one ZIP: all figures in all formats, numbers, explanations, a README."""

from __future__ import annotations

import io
import platform
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

import poolviz
from poolviz import export
from poolviz.errors import ExportError
from poolviz.figures.heatmap import heatmap
from poolviz.figures.highlight_figure import highlight_figure
from poolviz.figures.lines import lines
from poolviz.figures.probabilities import probabilities
from poolviz.language import _, error_message
from poolviz.render import IMAGE_FORMATS, open_renderer
from poolviz.types import Explanation
from poolviz.views import Panel, View, panel

_LIBRARIES = ("plotly", "kaleido", "numpy", "onnxruntime")
# All members get one date, so that the same content gives the same archive entries.
_DATE = (1980, 1, 1, 0, 0, 0)


class ExportCancelled(ExportError):
    """The user stopped a bundle."""


@dataclass(frozen=True)
class _Figure:
    """One figure of the bundle: its file name without extension, what it shows, its web page."""

    stem: str
    meaning: str
    figure: go.Figure
    page: Callable[[], bytes]


def bundle(
    explanations: Sequence[Explanation],
    view: View,
    *,
    known: str | None = None,
    formats: Sequence[str] = IMAGE_FORMATS,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bytes:
    """The content of a ZIP file with everything that a view shows.

    Where no browser draws images, HTML, CSV and JSON are still in it and the README says why the
    rest is missing.

    Parameters
    ----------
    explanations, view : as for `poolviz.views.panel`.
    known : the text's label, if it is known.
    formats : image formats, among `IMAGE_FORMATS`.
    progress : called with the number of files done and of all files after each.
    cancelled : asked before each file; True stops the work.

    Raises
    ------
    ExportCancelled : `cancelled` returned True.
    PoolvizError : as `poolviz.views.panel`.
    """
    shown = panel(explanations, view)
    figures = _figures(explanations, shown, known)
    total = 3 + len(figures) * (1 + len(formats))
    files: dict[str, bytes] = {}

    def add(name: str, make: Callable[[], bytes]) -> None:
        if cancelled():
            raise ExportCancelled("The export was cancelled.")
        files[name] = make()
        progress(len(files), total)

    add(export.file_name(explanations, "numbers", "csv"), lambda: export.to_csv(shown))
    add(
        export.file_name(explanations, "explanations", "json"), lambda: export.to_json(explanations)
    )
    add("html/plotly.min.js", lambda: get_plotlyjs().encode("utf-8"))
    for item in figures:
        add(f"html/{item.stem}.html", item.page)
    missing = _add_images(figures, formats, add)
    readme = _readme(shown, figures, missing).encode("utf-8")
    return _zipped({"README.txt": readme, **files})


def _figures(explanations: Sequence[Explanation], shown: Panel, known: str | None) -> list[_Figure]:
    def plotly(heads: Sequence[Explanation], part: str, meaning: str, figure: go.Figure) -> _Figure:
        stem = export.file_stem(heads, part)
        return _Figure(stem, meaning, figure, lambda: export.to_linked_html(figure))

    result = [
        plotly(explanations, "heatmap", _("all heads over the text"), heatmap(shown)),
        plotly(explanations, "lines", _("all heads along the text"), lines(shown)),
    ]
    for index, explanation in enumerate(explanations):
        label = shown.summaries[index].label
        result.append(
            _Figure(
                export.file_stem([explanation], "highlight"),
                _("{head}: the text, each token tinted by its value").format(head=label),
                highlight_figure(shown, index),
                lambda index=index: export.highlight_page(shown, index),
            )
        )
        result.append(
            plotly(
                [explanation],
                "probabilities",
                _("{head}: probabilities of the classes").format(head=label),
                probabilities(explanation, known=known),
            )
        )
    return result


def _add_images(
    figures: Sequence[_Figure],
    formats: Sequence[str],
    add: Callable[[str, Callable[[], bytes]], None],
) -> str | None:
    """Draw all images in one browser; the reason where some are missing, else None."""
    try:
        with open_renderer() as renderer:
            for item in figures:
                for kind in formats:
                    add(
                        f"{kind}/{item.stem}.{kind}",
                        lambda item=item, kind=kind: renderer.image(item.figure, kind),
                    )
    except ExportCancelled:
        raise
    except ExportError as error:
        return error_message(error)
    return None


def _readme(shown: Panel, figures: Sequence[_Figure], missing: str | None) -> str:
    """What each file is and what made it, as plain text."""
    explanations = [row.explanation for row in shown.summaries]
    first = explanations[0]
    count = _("{count} tokens, SHA-256 {hash}…").format(
        count=len(first.tokens), hash=first.text_hash
    )
    sections = {
        _("Text"): [count],
        _("View"): [shown.unit, shown.caption, shown.method],
        _("Files"): [
            _("numbers (CSV): a line for each token of each weight row; positions count from 1"),
            _("explanations (JSON): all that poolviz knows of this text under these heads"),
            *(f"{item.stem}: {item.meaning}" for item in figures),
            _("Unpack the archive before you open a page of html/: they share one script."),
        ],
        _("Checkpoints"): [
            f"{e.dataset} / {e.checkpoint}: model.onnx SHA-256 {e.checkpoint_hash}"
            for e in explanations
        ],
        _("Made with"): [
            f"poolviz {poolviz.__version__}, Python {platform.python_version()}",
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
