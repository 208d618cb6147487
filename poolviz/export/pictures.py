"""Pictures: charts of Plotly and drawings of our own, and the files that can be made of each."""

from __future__ import annotations

import html
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar
from xml.etree import ElementTree

from poolviz.export.formats import FORMATS, Picture
from poolviz.export.render import Browser
from poolviz.export.vectors.pdf import to_pdf
from poolviz.export.vectors.svg import to_outlined_svg, to_svg
from poolviz.export.vectors.truetype import FAMILY, web_font
from poolviz.figures.drawing import Drawing
from poolviz.figures.figure import Figure
from poolviz.figures.layout import FONTS
from poolviz.figures.sheet import Sheet
from poolviz.figures.texts.aligned import aligned_html
from poolviz.figures.texts.highlight import highlight_html
from poolviz.figures.texts.highlight_figure import highlight_drawing
from poolviz.figures.texts.plain import inline_html, markdown
from poolviz.language import _, current
from poolviz.views.decisions import named_class
from poolviz.views.panel import Panel, Row

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head>
<body><h1>{title}</h1>{body}</body></html>
"""
_FOR_READING = (
    ":root{color-scheme:light dark}"
    "body{font-family:sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
)
# A figure's SVG alone; "@page" takes away what browsers print around it.
_PRINTED = (
    "<!DOCTYPE html><meta charset='utf-8'><style>{font}@page{{margin:0}}body{{margin:0}}"
    f"svg{{{{display:block}}}}svg text,svg tspan{{{{font-family:{FAMILY},{FONTS}!important}}}}"
    "</style>{svg}"
)


def to_file(picture: Picture, name: str) -> bytes:
    """One picture as a file's content; for several use `poolviz.export.bundle`.

    Parameters
    ----------
    name : a format that draws figures, key of `FORMATS`.

    Raises
    ------
    ExportError : it takes a browser and there is none, or it failed.
    """
    draw = FORMATS[name].draw
    assert draw is not None, "it draws figures"
    return draw(picture, Browser())


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure that Plotly draws.

    Parameters
    ----------
    draw : makes it, once, when it is first needed.
    sheet : what its files are fitted to.
    """

    draw: Callable[[], Figure]
    sheet: Sheet = Sheet()
    kind: ClassVar[str] = "chart"

    @cached_property
    def figure(self) -> Figure:
        """What was drawn."""
        return self.draw()

    def on(self, sheet: Sheet) -> Chart:
        """The same on another sheet."""
        return replace(self, sheet=sheet)

    def png(self, browser: Browser) -> bytes:
        """300 dots an inch."""
        return browser.image(self.figure, "png", self.sheet)

    def svg(self, browser: Browser) -> bytes:
        """Vectors and text, no bitmaps."""
        return browser.image(self.figure, "svg", self.sheet)

    def pdf(self, browser: Browser) -> bytes:
        """Vectors and text in embedded TrueType fonts, no bitmaps."""
        svg = self.svg(browser).decode("utf-8")
        root = ElementTree.fromstring(svg)
        page = _PRINTED.format(font=web_font("".join(root.itertext())), svg=svg)
        return browser.document(page, float(root.attrib["width"]), float(root.attrib["height"]))

    def page(self) -> bytes:
        """A page of its own that works offline, Plotly's script (5 MB) within."""
        return self._page(include_plotlyjs=True)

    def linked_page(self) -> bytes:
        """Like `page`, but for a folder that holds the script as `plotly.min.js` once."""
        return self._page(include_plotlyjs="directory")

    def _page(self, include_plotlyjs: bool | str) -> bytes:
        page = self.figure.plotly().to_html(
            include_plotlyjs=include_plotlyjs,
            include_mathjax=False,
            config={"displaylogo": False, "responsive": True},
        )
        return page.encode("utf-8")


class Drawn(ABC):
    """A picture of rectangles and letters; only PNG takes a browser."""

    kind: ClassVar[str] = "drawing"

    @property
    @abstractmethod
    def drawing(self) -> Drawing:
        """What files are written of."""

    @abstractmethod
    def heading(self) -> str:
        """Of its page."""

    @abstractmethod
    def body(self) -> str:
        """HTML of its page."""

    def png(self, browser: Browser) -> bytes:
        """300 dots an inch."""
        page = _PRINTED.format(font="", svg=self.svg(browser).decode("utf-8"))
        return browser.screenshot(page, math.ceil(self.drawing.width))

    def svg(self, browser: Browser) -> bytes:
        """Rectangles and text; needs no browser."""
        return to_svg(self.drawing)

    def outlines(self) -> bytes:
        """SVG that needs no font where it is shown: its letters are outlines."""
        return to_outlined_svg(self.drawing)

    def pdf(self, browser: Browser) -> bytes:
        """Rectangles and text in an embedded font; needs no browser."""
        return to_pdf(self.drawing)

    def page(self) -> bytes:
        """A page of its own: numbers on hover and focus, no script."""
        page = _PAGE.format(
            language=current().replace("_", "-"),
            title=html.escape(self.heading()),
            style=_FOR_READING,
            body=self.body(),
        )
        return page.encode("utf-8")

    def _repr_html_(self) -> str:
        """What a notebook shows of it: the body of its page."""
        return self.body()

    def linked_page(self) -> bytes:
        """`page`, which needs no script."""
        return self.page()


@dataclass(frozen=True, eq=False)
class Highlight(Drawn):
    """The text with each token tinted by its value, under one head or under all.

    Parameters
    ----------
    panel : what to show.
    index : which of the panel's summaries (heads); None for all of them.
    sheet : what its files are fitted to.
    """

    panel: Panel
    index: int | None
    sheet: Sheet = Sheet()
    kind: ClassVar[str] = "highlight"

    @cached_property
    def drawing(self) -> Drawing:
        """What files are written of."""
        return highlight_drawing(self.panel, self._rows, self.sheet)

    def heading(self) -> str:
        """Of its page."""
        if self.index is None:
            return _("{head}: {unit}").format(head=_("All heads"), unit=self.panel.unit)
        [row] = self._rows
        return _("{head}: {unit}").format(head=row.label, unit=row.unit)

    def body(self) -> str:
        """HTML of its page."""
        if self.index is None:
            return aligned_html(self.panel, named_class([row.explanation for row in self._rows]))
        return highlight_html(self.panel, self.index)

    def on(self, sheet: Sheet) -> Highlight:
        """The same on another sheet."""
        return replace(self, sheet=sheet)

    def inline_page(self) -> bytes:
        """HTML without styles or scripts of its own, to paste into another page."""
        return inline_html(self.panel, self._rows).encode("utf-8")

    def markdown(self) -> bytes:
        """Markdown with the strongest tokens marked."""
        return markdown(self.panel, self._rows).encode("utf-8")

    @property
    def _rows(self) -> Sequence[Row]:
        summaries = self.panel.summaries
        return summaries if self.index is None else [summaries[self.index]]
