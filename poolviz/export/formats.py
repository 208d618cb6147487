"""The table of formats: all that the pages, the command line and archives know of them.

It loads nothing, so that the command line can name its flags at once. One more format is one more
line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from poolviz.language import N_

# Names of the parts of all views, in the language of the context by `_`.
PARTS = {
    "standings": N_("Accuracies of the heads"),
    "highlights": N_("All heads, highlighted"),
    "highlight": N_("Highlight"),
    "anatomy": N_("Spread of the weights"),
    "heatmap": N_("Heatmap"),
    "lines": N_("Weights by position"),
    "probabilities": N_("Probabilities"),
    "matrix": N_("Pairs of tokens"),
    "pairs": N_("Strongest pairs"),
    "difference": N_("What differs"),
    "changes": N_("Changes of tokens"),
    "deletion": N_("Deletion curves"),
    "insertion": N_("Insertion curves"),
    "disagreement": N_("Weight against contribution"),
    "agreement": N_("Agreement of rankings"),
    "rankings": N_("Rankings over the test rows"),
    "spread": N_("Spread of the test rows"),
}


class Picture(Protocol):
    """What a figure's files are made of; see `poolviz.export.pictures`."""

    kind: ClassVar[str]

    def on(self, sheet: Any) -> Picture: ...

    def png(self, browser: Any) -> bytes: ...
    def svg(self, browser: Any) -> bytes: ...

    def pdf(self, browser: Any) -> bytes: ...
    def page(self) -> bytes: ...
    def linked_page(self) -> bytes: ...


Make = Callable[[Any, Any], bytes]


@dataclass(frozen=True)
class Format:
    """One kind of file.

    Parameters
    ----------
    title : its name in a menu.
    suffix : what file names end in.
    media_type : as servers say it.
    draw : makes a file of a `Picture` with a `poolviz.export.render.Browser`; None for files that
        hold no figure.
    bundled : like `draw`, in an archive beside the others; None where that is no different.
    kinds : which kinds of pictures it can draw; for each, whether that takes a browser.
    sized : whether its figures have a width; those of a page to read take what they get.
    """

    title: str
    suffix: str
    media_type: str
    draw: Make | None = None
    bundled: Make | None = None
    kinds: Mapping[str, bool] = field(default_factory=dict)
    sized: bool = True


FORMATS = {
    "svg": Format(
        "SVG",
        "svg",
        "image/svg+xml",
        lambda picture, browser: picture.svg(browser),
        kinds={"chart": True, "drawing": False, "highlight": False},
    ),
    "svg-outlines": Format(
        N_("SVG, outlines"),
        "outlines.svg",
        "image/svg+xml",
        lambda picture, browser: picture.outlines(),
        kinds={"drawing": False, "highlight": False},
    ),
    "pdf": Format(
        "PDF",
        "pdf",
        "application/pdf",
        lambda picture, browser: picture.pdf(browser),
        kinds={"chart": True, "drawing": False, "highlight": False},
    ),
    "png": Format(
        "PNG",
        "png",
        "image/png",
        lambda picture, browser: picture.png(browser),
        kinds={"chart": True, "drawing": True, "highlight": True},
    ),
    "html": Format(
        "HTML",
        "html",
        "text/html",
        lambda picture, browser: picture.page(),
        lambda picture, browser: picture.linked_page(),
        kinds={"chart": False, "drawing": False, "highlight": False},
        sized=False,
    ),
    "html-inline": Format(
        N_("HTML to paste"),
        "inline.html",
        "text/html",
        lambda picture, browser: picture.inline_page(),
        kinds={"highlight": False},
        sized=False,
    ),
    "md": Format(
        "Markdown",
        "md",
        "text/markdown",
        lambda picture, browser: picture.markdown(),
        kinds={"highlight": False},
        sized=False,
    ),
    "csv": Format("CSV", "csv", "text/csv"),
    "json": Format("JSON", "json", "application/json"),
    "live": Format(N_("Live page"), "html", "text/html"),
    "zip": Format("ZIP", "zip", "application/zip"),
}


def figure_formats() -> list[str]:
    """Keys of the formats that draw figures."""
    return [name for name, each in FORMATS.items() if each.draw]


def media_type(name: str) -> str:
    """The media type of a file by its name; of any kind of bytes where no format is known."""
    suffix = name.rpartition(".")[2]
    known = {each.suffix: each.media_type for each in FORMATS.values()}
    return known.get(suffix, "application/octet-stream")
