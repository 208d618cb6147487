"""What of a view can be taken away as files: its figures, tables, and what a README says of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial

from poolviz.export.files import to_csv, to_json
from poolviz.export.formats import FORMATS, Picture
from poolviz.export.names import stem_of
from poolviz.export.pictures import Chart, Highlight
from poolviz.figures.method import method_of
from poolviz.figures.sheet import Sheet
from poolviz.figures.texts.heatmap import heatmap
from poolviz.figures.texts.lines import lines
from poolviz.figures.texts.probabilities import probabilities
from poolviz.language import _, ngettext
from poolviz.values.explanation import Explanation
from poolviz.views.captions import caption
from poolviz.views.panel import Panel, by_head
from poolviz.views.view import View

# Everything of a `View` that a figure or table can depend on.
VIEW = tuple(choice.name for choice in fields(View))


@dataclass(frozen=True)
class Figure:
    """One figure of a view.

    Parameters
    ----------
    part : key of `poolviz.export.formats.PARTS`.
    of : the head or matcher that it shows alone; None where it shows all.
    stem : its file name without extension.
    meaning : what it shows, in a phrase.
    picture : what its files are made of.
    reads : the reader's choices that it depends on, such as those of `VIEW`.
    """

    part: str
    of: str | None
    stem: str
    meaning: str
    picture: Picture
    reads: Collection[str] = ()

    def file_name(self, name: str) -> str:
        """Its file in a format, key of `FORMATS`."""
        return f"{self.stem}.{FORMATS[name].suffix}"


@dataclass(frozen=True)
class Table:
    """Numbers or explanations of a view.

    Parameters
    ----------
    part : what it holds, in the word that its file name has.
    format : "csv" or "json".
    label : of its button.
    stem : its file name without extension.
    meaning : what it holds, in a phrase.
    make : makes its content.
    reads : the reader's choices that it depends on.
    """

    part: str
    format: str
    label: str
    stem: str
    meaning: str
    make: Callable[[], bytes]
    reads: Collection[str] = ()

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.stem}.{FORMATS[self.format].suffix}"


@dataclass(frozen=True)
class Contents:
    """All of a view.

    Parameters
    ----------
    stem : file name of an archive of it, without extension.
    one : what a figure's `of` is, in a word: a head, a matcher.
    about : sections of the README, title and lines, that say what the view is of.
    models : of each checkpoint a line by which it can be known, as `model_lines` gives them.
    """

    stem: str
    one: str
    figures: Sequence[Figure]
    tables: Sequence[Table]
    about: Mapping[str, Sequence[str]]
    models: Sequence[str]

    def on(self, sheet: Sheet) -> Contents:
        """The same with its figures on another sheet."""
        figures = [replace(figure, picture=figure.picture.on(sheet)) for figure in self.figures]
        return replace(self, figures=figures)

    @property
    def file_name(self) -> str:
        """The name of an archive of it."""
        return f"{self.stem}.{FORMATS['zip'].suffix}"


def numbers_read(view: View) -> Collection[str]:
    """What numbers that have no colours depend on: of the scales only on "uniform"."""
    return [name for name in VIEW if name != "scale" or view.effective_scale == "uniform"]


def model_lines(explanations: Sequence[Explanation]) -> list[str]:
    """Data set, name and hash of the checkpoints that explain, a line each."""
    return [model_line(e.dataset, e.checkpoint, e.checkpoint_hash) for e in explanations]


def model_line(dataset: str, checkpoint: str, onnx_hash: str) -> str:
    """A checkpoint by its data set, its name and the hash of its file."""
    return f"{dataset} / {checkpoint}: model.onnx SHA-256 {onnx_hash}"


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
        stem=stem_of(explanations, "all"),
        one=_("Head"),
        figures=[
            *([_highlights(explanations, shown)] if len(heads) > 1 else []),
            *(_highlight(shown, index) for index in range(len(heads))),
            *_of_all_heads(explanations, shown),
            *(_probabilities(label, explanation, known) for label, explanation in heads),
        ],
        tables=[
            Table(
                "numbers",
                "csv",
                _("Numbers (CSV)"),
                stem_of(explanations, "numbers"),
                _("numbers (CSV): a line for each token of each weight row; from position 1"),
                partial(to_csv, shown),
                numbers_read(shown.view),
            ),
            Table(
                "explanations",
                "json",
                _("Explanation (JSON)"),
                stem_of(explanations, "explanations"),
                _("explanations (JSON): all that poolviz knows of this text under these heads"),
                partial(to_json, explanations),
            ),
        ],
        about={
            _("Text"): [text_identity(first)],
            _("View"): [shown.unit, caption(shown), method_of(shown)],
        },
        models=model_lines(explanations),
    )


def _highlight(shown: Panel, index: int) -> Figure:
    row = shown.summaries[index]
    return Figure(
        "highlight",
        row.label,
        stem_of([row.explanation], "highlight"),
        _("{head}: the text, each token tinted by its value").format(head=row.label),
        Highlight(shown, index),
        VIEW,
    )


def _highlights(explanations: Sequence[Explanation], shown: Panel) -> Figure:
    return Figure(
        "highlights",
        None,
        stem_of(explanations, "highlights"),
        _("all heads below each other: the text, each token tinted by its value"),
        Highlight(shown, None),
        VIEW,
    )


def _of_all_heads(explanations: Sequence[Explanation], shown: Panel) -> list[Figure]:
    return [
        Figure(
            part,
            None,
            stem_of(explanations, part),
            meaning,
            Chart(partial(draw, by_head(shown))),
            VIEW,
        )
        for part, meaning, draw in (
            ("heatmap", _("all heads over the text"), heatmap),
            ("lines", _("all heads along the text"), lines),
        )
    ]


def _probabilities(label: str, explanation: Explanation, known: str | None) -> Figure:
    return Figure(
        "probabilities",
        label,
        stem_of([explanation], "probabilities"),
        _("{head}: probabilities of the classes").format(head=label),
        Chart(partial(probabilities, explanation, known=known)),
    )
