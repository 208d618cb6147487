"""What of a view can be taken away as files: its figures, tables, and what a README says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import plotly.graph_objects as go

from poolviz.export import files as export
from poolviz.figures.texts.heatmap import heatmap
from poolviz.figures.texts.highlight_figure import highlight_figure
from poolviz.figures.texts.lines import lines
from poolviz.figures.texts.probabilities import probabilities
from poolviz.language import N_, _, ngettext
from poolviz.values.explanation import Explanation
from poolviz.views.captions import caption, method_of
from poolviz.views.panel import Panel

# Names of the parts of all views, in the language of the context by `_`.
PARTS = {
    "highlight": N_("Highlight"),
    "heatmap": N_("Heatmap"),
    "lines": N_("Weights by position"),
    "probabilities": N_("Probabilities"),
    "matrix": N_("Pairs of tokens"),
    "pairs": N_("Strongest pairs"),
    "changes": N_("Changes of tokens"),
    "deletion": N_("Deletion curves"),
    "insertion": N_("Insertion curves"),
    "disagreement": N_("Weight against contribution"),
    "agreement": N_("Agreement of rankings"),
    "rankings": N_("Rankings over the test rows"),
    "spread": N_("Spread of the test rows"),
}


@dataclass(frozen=True)
class Figure:
    """One figure of a view.

    Parameters
    ----------
    part : key of `PARTS`.
    of : the head or matcher that it shows alone; None where it shows all.
    stem : its file name without extension.
    meaning : what it shows, in a phrase.
    draw : draws it.
    page : makes its web page where that is not the drawing.
    """

    part: str
    of: str | None
    stem: str
    meaning: str
    draw: Callable[[], go.Figure]
    page: Callable[[], bytes] | None = None


@dataclass(frozen=True)
class Table:
    """Numbers or explanations of a view: key and label of its button, file name, meaning."""

    key: str
    label: str
    name: str
    meaning: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Contents:
    """All of a view.

    Parameters
    ----------
    name : file name of an archive of it.
    one : what a figure's `of` is, in a word: a head, a matcher.
    about : sections of the README, title and lines, that say what the view is of.
    explanations : one for each checkpoint, which the README names.
    """

    name: str
    one: str
    figures: Sequence[Figure]
    tables: Sequence[Table]
    about: Mapping[str, Sequence[str]]
    explanations: Sequence[Explanation]


def text_identity(explanation: Explanation) -> str:
    """Length and hash of a text in a sentence, by which somebody who has it can find it."""
    count = len(explanation.tokens)
    return ngettext(
        "{count} token, SHA-256 {hash}…", "{count} tokens, SHA-256 {hash}…", count
    ).format(count=count, hash=explanation.text_hash)


def compare_contents(
    explanations: Sequence[Explanation], shown: Panel, known: str | None
) -> Contents:
    """What the Compare page shows of one text.

    Parameters
    ----------
    shown : the panel of `explanations`.
    known : the text's label, if it is known.
    """
    labels = [row.label for row in shown.summaries]
    heads = list(zip(labels, explanations, strict=True))
    first = explanations[0]
    return Contents(
        name=export.file_name(explanations, "all", "zip"),
        one=_("Head"),
        figures=[
            *(_highlight(shown, index) for index in range(len(heads))),
            *_of_all_heads(explanations, shown),
            *(_probabilities(label, explanation, known) for label, explanation in heads),
        ],
        tables=[
            Table(
                "csv",
                _("Numbers (CSV)"),
                export.file_name(explanations, "numbers", "csv"),
                _("numbers (CSV): a line for each token of each weight row; from position 1"),
                partial(export.to_csv, shown),
            ),
            Table(
                "json",
                _("Explanation (JSON)"),
                export.file_name(explanations, "explanations", "json"),
                _("explanations (JSON): all that poolviz knows of this text under these heads"),
                partial(export.to_json, explanations),
            ),
        ],
        about={
            _("Text"): [text_identity(first)],
            _("View"): [shown.unit, caption(shown), method_of(shown)],
        },
        explanations=explanations,
    )


def _highlight(shown: Panel, index: int) -> Figure:
    row = shown.summaries[index]
    return Figure(
        "highlight",
        row.label,
        export.file_stem([row.explanation], "highlight"),
        _("{head}: the text, each token tinted by its value").format(head=row.label),
        partial(highlight_figure, shown, index),
        partial(export.highlight_page, shown, index),
    )


def _of_all_heads(explanations: Sequence[Explanation], shown: Panel) -> list[Figure]:
    return [
        Figure(part, None, export.file_stem(explanations, part), meaning, partial(draw, shown))
        for part, meaning, draw in (
            ("heatmap", _("all heads over the text"), heatmap),
            ("lines", _("all heads along the text"), lines),
        )
    ]


def _probabilities(label: str, explanation: Explanation, known: str | None) -> Figure:
    return Figure(
        "probabilities",
        label,
        export.file_stem([explanation], "probabilities"),
        _("{head}: probabilities of the classes").format(head=label),
        partial(probabilities, explanation, known=known),
    )
