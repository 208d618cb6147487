"""What the Trust page shows, ready to be taken away as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from poolviz.export.contents import Contents, Figure, Table, model_lines, text_identity
from poolviz.export.names import file_stem, stem_of
from poolviz.export.pictures import Chart
from poolviz.export.trust_csv import (
    curves_to_csv,
    measures_to_csv,
    rows_to_csv,
    scores_to_csv,
    stress_to_csv,
)
from poolviz.figures.trust.readings import agreement_figure, curves_figure, disagreement_figure
from poolviz.figures.trust.rows import distribution_chart, ranking_chart
from poolviz.language import _
from poolviz.trust.ablation.stress import EPSILON, SHUFFLES
from poolviz.trust.shown import RowsShown
from poolviz.trust.tables import erasure_note, head_title, ties_note, units_note
from poolviz.trust.text.rankings import SEED
from poolviz.trust.text.reading import Reading

READS = ("erase",)  # the reader's choice that everything but the survey depends on


def trust_contents(
    readings: Sequence[Reading], rows: RowsShown | None, extra: Sequence[Table] = ()
) -> Contents:
    """All figures and numbers of one text and, where a survey was made, of the test rows.

    Parameters
    ----------
    extra : tables of other parts of the page.
    """
    explanations = [reading.explanation for reading in readings]
    first = readings[0]
    return Contents(
        stem=stem_of(explanations, "trust"),
        one=_("Head"),
        figures=[
            *(figure for draw in _DRAWN for figure in _of_each(readings, draw)),
            *(_of_rows(rows) if rows else ()),
        ],
        tables=[*_tables(readings), *([_rows_numbers(rows)] if rows else []), *extra],
        about={
            _("Text"): [text_identity(first.explanation)],
            _("View"): [
                erasure_note(first.how, first.explanation.window),
                *units_note(first),
                ties_note(),
                _("Shuffles: {shuffles}; ε = {epsilon}; seed {seed}.").format(
                    shuffles=SHUFFLES, epsilon=EPSILON, seed=SEED
                ),
            ],
        },
        models=model_lines(explanations),
    )


_DRAWN = {
    "deletion": partial(curves_figure, inserting=False),
    "insertion": partial(curves_figure, inserting=True),
    "disagreement": disagreement_figure,
    "agreement": agreement_figure,
}


def _of_each(readings: Sequence[Reading], part: str) -> Iterator[Figure]:
    meanings = {
        "deletion": _("{head}: the class while the text is erased"),
        "insertion": _("{head}: the class while the text is put in"),
        "disagreement": _("{head}: weight against contribution"),
        "agreement": _("{head}: tau between rankings"),
    }
    for reading in readings:
        head = head_title(reading.explanation.head)
        yield Figure(
            part,
            head,
            stem_of([reading.explanation], part),
            meanings[part].format(head=head),
            Chart(partial(_DRAWN[part], reading)),
            READS,
        )


def _of_rows(rows: RowsShown) -> Iterator[Figure]:
    for part, meaning, draw in (
        (
            "rankings",
            _("{measure} of every ranking over the test rows"),
            partial(ranking_chart, rows.means, rows.title, rows.notes),
        ),
        (
            "spread",
            _("{measure}: how single test rows are spread"),
            partial(distribution_chart, rows.spread, rows.title, rows.spread_notes),
        ),
    ):
        stem = _rows_stem(rows, part)
        yield Figure(part, None, stem, meaning.format(measure=rows.title), Chart(draw), READS)


def _tables(readings: Sequence[Reading]) -> list[Table]:
    explanations = [reading.explanation for reading in readings]
    described = (
        (
            "measures",
            _("Measures (CSV)"),
            _("measures (CSV) of each ranking of this text"),
            measures_to_csv,
        ),
        (
            "curves",
            _("Curves (CSV)"),
            _("curves (CSV): the class's probability at each step"),
            curves_to_csv,
        ),
        (
            "scores",
            _("Rankings (CSV)"),
            _("rankings (CSV): what each token or segment scores"),
            scores_to_csv,
        ),
        ("stress", _("Stress tests (CSV)"), _("stress tests (CSV) of this text"), stress_to_csv),
    )
    return [
        Table(
            f"trust-{key}",
            "csv",
            label,
            stem_of(explanations, f"trust-{key}"),
            meaning,
            partial(make, readings),
            READS,
        )
        for key, label, meaning, make in described
    ]


def _rows_numbers(rows: RowsShown) -> Table:
    return Table(
        "trust-rows",
        "csv",
        _("Test rows (CSV)"),
        _rows_stem(rows, "trust-rows"),
        _("test rows (CSV): every figure of the survey with its interval"),
        partial(rows_to_csv, rows.summaries),
    )


def _rows_stem(rows: RowsShown, part: str) -> str:
    return file_stem(rows.dataset, list(rows.summaries), part, "test-rows")
