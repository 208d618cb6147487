"""What the Heads page shows of a text, ready to be taken away as files."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from poolviz.evaluation.report import anatomy_lines
from poolviz.export.contents import Contents, Table, compare_contents
from poolviz.export.files import lines_to_csv
from poolviz.export.names import stem_of
from poolviz.figures.texts.anatomy import weight_rows
from poolviz.language import _
from poolviz.views.panel import Panel


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
    return replace(contents, tables=[table, *contents.tables])
