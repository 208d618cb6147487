"""What the Results page shows of a data set, ready to be taken away as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation.comparison import Comparison
from poolviz.evaluation.report import Lines, difference_lines, head_lines
from poolviz.evaluation.standings import Standing, answer
from poolviz.export.contents import Contents, Figure, Table, model_line
from poolviz.export.files import lines_to_csv
from poolviz.export.names import file_stem
from poolviz.export.pictures import Drawn
from poolviz.figures.drawing import Drawing
from poolviz.figures.rows.standings import standings_html
from poolviz.figures.rows.standings_figure import standings_drawing
from poolviz.figures.sheet import Sheet
from poolviz.language import _
from poolviz.trust.rows.believed import Believed


@dataclass(frozen=True, eq=False)
class Standings(Drawn):
    """The heads of a data set as rows of one picture: accuracies on one axis, costs beside it.

    Parameters
    ----------
    found, believed : see `poolviz.figures.rows.standings.standings_html`.
    title : what it shows, for the heading of its files.
    sheet : what its files are fitted to.
    """

    found: Sequence[Standing]
    believed: Mapping[str, Believed]
    title: str
    sheet: Sheet = Sheet()

    @cached_property
    def drawing(self) -> Drawing:
        """What files are written of."""
        return standings_drawing(self.found, self.believed, self.title, self.sheet)

    def heading(self) -> str:
        """Of its page."""
        return self.title

    def body(self) -> str:
        """HTML of its page."""
        return standings_html(self.found, self.believed)

    def on(self, sheet: Sheet) -> Standings:
        """The same on another sheet."""
        return replace(self, sheet=sheet)


def results_contents(
    checkpoints: Sequence[Checkpoint],
    found: Sequence[Standing],
    believed: Mapping[str, Believed],
    comparisons: Sequence[Comparison],
    title: str,
) -> Contents:
    """The picture of a data set's heads and the numbers behind it.

    Parameters
    ----------
    checkpoints : one a head, of one data set and read-out.
    found, believed, comparisons : what was measured of them.
    title : of the data set.
    """
    names = [checkpoint.name for checkpoint in checkpoints]
    stem = partial(file_stem, checkpoints[0].task, names, of="test-rows")
    tables = [
        (
            "results",
            _("Results (CSV)"),
            _("results (CSV): a line for each head"),
            _lines(head_lines(checkpoints), believed),
        ),
    ]
    if comparisons:
        tables.append(
            (
                "differences",
                _("Differences (CSV)"),
                _("differences (CSV): McNemar's test of each pair of heads"),
                difference_lines(comparisons),
            )
        )
    return Contents(
        stem=stem("results"),
        one=_("Head"),
        figures=[
            Figure(
                "standings",
                None,
                stem("standings"),
                _("accuracies of the heads with intervals and other trainings, and their costs"),
                Standings(found, believed, _("Test accuracy: {title}").format(title=title)),
            )
        ],
        tables=[
            Table(part, "csv", label, stem(part), meaning, partial(lines_to_csv, lines))
            for part, label, meaning, lines in tables
        ],
        about={_("Answer"): answer(found, comparisons)},
        models=[model_line(c.task, c.name, c.onnx_hash) for c in checkpoints],
    )


def _lines(lines: Lines, believed: Mapping[str, Believed]) -> Lines:
    """The lines of heads with how far their weights can be believed."""
    return [
        {
            **line,
            "naopc": each.weights if (each := believed.get(line["head"])) else None,
            "naopc of chance": each.chance if each else None,
        }
        for line in lines
    ]
