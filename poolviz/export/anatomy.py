"""What the Heads page shows of a text, ready to be taken away as files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

from poolviz.evaluation.report import anatomy_lines
from poolviz.export.contents import Contents, Figure, Table, compare_contents
from poolviz.export.files import lines_to_csv
from poolviz.export.names import stem_of
from poolviz.export.pictures import Drawn
from poolviz.figures.drawing import Drawing
from poolviz.figures.sheet import Sheet
from poolviz.figures.texts.anatomy import anatomy_html, weight_rows
from poolviz.figures.texts.anatomy_figure import anatomy_drawing
from poolviz.language import _
from poolviz.views.panel import Panel


@dataclass(frozen=True, eq=False)
class Anatomy(Drawn):
    """How heads divide their weight over a text, a row each.

    Parameters
    ----------
    panel : weights relative to average pooling.
    sheet : what its files are fitted to.
    """

    panel: Panel
    sheet: Sheet = Sheet()

    @cached_property
    def drawing(self) -> Drawing:
        """What files are written of."""
        return anatomy_drawing(self.panel, self.heading(), self.sheet)

    def heading(self) -> str:
        """Of its page."""
        return _("Where do the heads put their weight?")

    def body(self) -> str:
        """HTML of its page."""
        return anatomy_html(self.panel)

    def on(self, sheet: Sheet) -> Anatomy:
        """The same on another sheet."""
        return replace(self, sheet=sheet)


def anatomy_contents(shown: Panel, known: str | None) -> Contents:
    """The contents of a view of weights, with how each row divides them.

    Parameters
    ----------
    known : the text's label, if it is known.
    """
    explanations = [row.explanation for row in shown.summaries]
    contents = compare_contents(explanations, shown, known)
    lines = anatomy_lines([row.label for row in shown.rows], weight_rows(shown))
    table = Table(
        "anatomy",
        "csv",
        _("Anatomy (CSV)"),
        stem_of(explanations, "anatomy"),
        _("anatomy (CSV): of each weight row entropy, effective tokens, distance from the others"),
        partial(lines_to_csv, lines),
    )
    figure = Figure(
        "anatomy",
        None,
        stem_of(explanations, "anatomy"),
        _("how each head divides its weight over the text, and how far from the others"),
        Anatomy(shown),
    )
    return replace(
        contents,
        figures=[figure, *contents.figures],
        tables=[table, *contents.tables],
    )
