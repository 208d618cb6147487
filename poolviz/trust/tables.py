"""What the tables and charts of the Trust page hold, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from poolviz.language import N_, _, listed
from poolviz.model import own_heads
from poolviz.text.pieces import as_label
from poolviz.trust.ablation.erasure import erasures
from poolviz.trust.text.agreement import steps_for
from poolviz.trust.text.curves import BINS
from poolviz.trust.text.measures import MEASURES, ROWS, SATURATED, TEXT, column, in_table
from poolviz.trust.text.rankings import APART, DRAWS, RANKINGS, SEED
from poolviz.trust.text.reading import STRESS_TESTS, Reading
from poolviz.values.explanation import WHOLE_TEXT
from poolviz.values.interval import Interval

CONTROL = "average"  # the trained control: a head that makes no choice
TEXT_RANKINGS = ("weight", "absolute", "contribution", "gradient", "random", "uniform")
ROW_RANKINGS = ("weight", "contribution", "gradient", "random", "uniform")
COMPARED = ("weight", "absolute", "contribution", "leave-one-out", "gradient")
ROW_STRESS_TESTS = {**STRESS_TESTS, "random": N_("A random token dropped")}
_NAMED = 3  # tokens on which weight and contribution disagree

Summaries = Mapping[str, Mapping[str, Any]]  # of each head


def undefined() -> str:
    """What stands where a number has no meaning."""
    return _("n/a")


def head_title(head: str) -> str:
    """A head's name, with what the control is."""
    title = own_heads.head_title(head)
    return _("{head} (trained control)").format(head=title) if head == CONTROL else title


def measure_title(measure: str) -> str:
    """A measure's name with an arrow that says which direction is better."""
    return f"{_(MEASURES[measure].title)} {MEASURES[measure].arrow}"


def offered(summaries: Summaries, how: str) -> list[str]:
    """Keys of the measures that any head and ranking has; older files lack newer ones."""
    return [
        key
        for key in MEASURES
        if any(
            column(key, ranking, how) in summary["figures"]
            for summary in summaries.values()
            for ranking in RANKINGS
        )
    ]


def erasure_note(how: str, window: Sequence[int] = ()) -> str:
    """How tokens were erased, in a sentence.

    Parameters
    ----------
    window : how far a position's vector reads; not given by surveys of before there were others.
    """
    return _("Tokens are {erasure}.").format(erasure=_(erasures(window)[how]))


def gradient_note(window: Sequence[int]) -> list[str]:
    """A sentence where gradient × input is left out, else none; `window` as in `erasure_note`."""
    if tuple(window) != WHOLE_TEXT:
        return []
    return [
        _(
            "Gradient × input is left out: it would have to go back through the encoder, and its "
            "graph goes forward alone."
        )
    ]


def window_of(summaries: Summaries) -> Sequence[int]:
    """How far the positions of surveyed models read, as far as their surveys say it."""
    return next(iter(summaries.values())).get("window", ())


def ties_note() -> str:
    """What was done about equal scores, in a sentence."""
    return _("Ties and Random: mean of {draws} random orders, seed {seed}.").format(
        draws=DRAWS, seed=SEED
    )


def units_note(reading: Reading) -> list[str]:
    """A sentence where a text is measured in segments, else none."""
    units, tokens = reading.trust.ablation.count, len(reading.explanation.tokens)
    if units == tokens:
        return []
    return [_("{tokens:,} tokens in {units} equal segments.").format(tokens=tokens, units=units)]


def saturated_note(readings: Sequence[Reading]) -> list[str]:
    """A sentence where leave-one-out is near 0 everywhere under some heads, else none."""
    heads = [head_title(r.explanation.head) for r in readings if r.trust.saturated]
    if not heads:
        return []
    note = _(
        "{heads}: no token erased alone moves the class by {least:.0%}, so tau with leave-one-out "
        "means little."
    )
    return [note.format(heads=listed(heads), least=SATURATED)]


def bins_note(reading: Reading) -> str:
    """How many units of a text the shares of comprehensiveness and sufficiency are."""
    count = reading.trust.ablation.count
    return _("Top {shares} % of {count}: {steps}, rounded up.").format(
        shares=listed(f"{share:.0%}".rstrip("%") for share in BINS),
        count=count,
        steps=listed(str(steps_for(share, count)) for share in BINS),
    )


def text_table(readings: Sequence[Reading]) -> pd.DataFrame:
    """The measures of a text: a line for each head and ranking, undefined ones as "n/a"."""
    return pd.DataFrame(
        {
            _("Head"): head_title(reading.explanation.head),
            _("Ranking"): _(RANKINGS[ranking]),
            **{measure_title(key): _number(figures.get(key, math.nan)) for key in in_table(TEXT)},
        }
        for reading in readings
        for ranking in TEXT_RANKINGS
        if (figures := reading.trust.figures.get(ranking)) is not None
    )


def disagreement_table(readings: Sequence[Reading]) -> pd.DataFrame:
    """Where each head's weights and contributions rank the text's units most unlike."""
    return pd.DataFrame(
        {
            _("Head"): head_title(reading.explanation.head),
            _("Tau with contribution"): _number(reading.agreement("weight", "contribution")),
            _("Tau with |contribution|"): _number(reading.agreement("weight", "absolute")),
            _("Heavy, yet adds little"): _passages(reading, 1),
            _("Light, yet adds much"): _passages(reading, -1),
        }
        for reading in readings
    )


def stress_table(readings: Sequence[Reading], test: str) -> pd.DataFrame:
    """What one stress test does to a text under every head."""
    titles = (
        _("Head"),
        _("Probability of the class"),
        _("Total variation distance"),
        _("Another class"),
        _("Divergence of the weights (nats)"),
    )
    lines = [[head_title(r.explanation.head), *_stress_cells(r, test)] for r in readings]
    return pd.DataFrame(lines, columns=titles)


def rows_table(summaries: Summaries, how: str) -> pd.DataFrame:
    """The measures over the test rows: a line for each head and ranking.

    A cell names its own n where the figure is not defined in all the rows it was measured on.
    """
    measures = [key for key in offered(summaries, how) if key in in_table(ROWS)]
    lines = []
    for head, summary in summaries.items():
        for ranking in ROW_RANKINGS:
            line: dict[str, Any] = {_("Head"): head_title(head)}
            line[_("Ranking")] = _(RANKINGS[ranking])
            normalised = summary["figures"].get(column("naopc.comprehensiveness", ranking, how))
            for measure in measures:
                figure = summary["figures"].get(column(measure, ranking, how))
                of = None if MEASURES[measure].normalised else summary["rows"]
                line[measure_title(measure)] = interval(figure) + own_n(figure, of)
            line[_("n, NAOPC")] = normalised["n"] if normalised else 0
            segments = summary["figures"].get("naopc.in_segments")
            line[_("NAOPC in segments")] = f"{segments['value']:.0%}" if segments else undefined()
            lines.append(line | {_("n, others"): summary["rows"]})
    return pd.DataFrame(lines)


def rows_stress_table(summaries: Summaries) -> pd.DataFrame:
    """The stress tests over the test rows: a line for each head and test that has a meaning."""
    return pd.DataFrame(
        {
            _("Head"): head_title(head),
            _("Stress test"): _(title),
            _("Total variation distance"): interval(figures.get(f"stress.{test}.distance")),
            _("Decision flips"): interval(figures.get(f"stress.{test}.flips"), share=True),
            _("Divergence of the weights (nats)"): interval(
                figures.get(f"stress.{test}.divergence")
            ),
            "n": figures.get(f"stress.{test}.distance", {"n": 0})["n"],
        }
        for head, figures in ((head, summary["figures"]) for head, summary in summaries.items())
        for test, title in ROW_STRESS_TESTS.items()
    )


def cost_table(summaries: Summaries) -> pd.DataFrame:
    """Passes through the model and seconds of each group of measures, for all rows of a head."""
    groups = {
        **{
            how: _("all measures, tokens {erasure}").format(erasure=_(title))
            for how, title in erasures(window_of(summaries)).items()
        },
        "naopc": _("bounds of AOPC, for NAOPC"),
        "stress": _("stress tests"),
    }
    return pd.DataFrame(
        {
            _("Head"): head_title(head),
            _("Measures"): title,
            _("Passes through the model"): f"{cost['passes']:,}" if cost["passes"] else undefined(),
            _("Seconds"): f"{cost['seconds']:.1f}",
            _("Rows"): f"{summary['rows']:,}",
        }
        for head, summary in summaries.items()
        for group, title in groups.items()
        if (cost := summary["cost"].get(group))
    )


def figures_table(summaries: Summaries, measure: str, how: str) -> pd.DataFrame:
    """Means with intervals of a measure: a line for each head and ranking that has one.

    Columns as `poolviz.figures.trust.rows.ranking_chart` takes them.
    """
    lines = [
        {
            "head": head_title(head),
            "ranking": ranking,
            **vars(Interval.read(figure)),
            "n": figure["n"],
        }
        for head, summary in summaries.items()
        for ranking in RANKINGS
        if (figure := summary["figures"].get(column(measure, ranking, how)))
    ]
    return pd.DataFrame(lines, columns=["head", "ranking", "value", "low", "high", "n"])


def spread_table(rows: Mapping[str, pd.DataFrame | None], measure: str) -> pd.DataFrame:
    """The five numbers of a box for each head and ranking, over single rows, tokens masked.

    `rows`: of each head what `poolviz.trust.rows.results.read_rows` reads.

    Columns as `poolviz.figures.trust.rows.distribution_chart` takes them.
    """
    names = ("lowest", "first", "median", "third", "highest")
    lines = []
    for head, table in rows.items():
        for ranking in RANKINGS:
            name = column(measure, ranking, "mask")
            if table is None or name not in table or table[name].isna().all():
                continue
            box = np.nanpercentile(table[name], [5, 25, 50, 75, 95])
            line = {"head": head_title(head), "ranking": ranking}
            lines.append(line | dict(zip(names, box, strict=True)))
    return pd.DataFrame(lines, columns=["head", "ranking", *names])


def interval(figure: Mapping[str, float] | None, share: bool = False) -> str:
    """A mean with its interval in brackets, as a share in per cent; "n/a" where there is none."""
    if figure is None:
        return undefined()
    found = Interval.read(figure)
    return found.as_share() if share else found.as_number()


def own_n(figure: Mapping[str, float] | None, rows: int | None) -> str:
    """In how many rows a figure is defined, to stand after it where these are not all of `rows`."""
    return f", n {figure['n']:,}" if figure and rows and figure["n"] != rows else ""


def _stress_cells(reading: Reading, test: str) -> list[str]:
    outcome, explanation = reading.stress[test], reading.explanation
    if outcome is None:
        return [undefined()] * 4
    before, target = explanation.probabilities, explanation.predicted_index
    return [
        f"{before[target]:.1%} → {outcome.probabilities[target]:.1%}",
        _number(outcome.distance),
        explanation.classes[int(outcome.probabilities.argmax())] if outcome.flips else _("no"),
        _number(outcome.divergence),
    ]


def _passages(reading: Reading, sign: int) -> str:
    """The units that stand at least `APART` higher by weight (1) or by contribution (-1)."""
    apart = reading.apart()
    if apart is None:
        return undefined()
    order = np.argsort(-sign * apart, kind="stable")[:_NAMED]
    texts = reading.unit_texts()
    return listed(as_label(texts[i], limit=16) for i in order if sign * apart[i] >= APART) or _(
        "none"
    )


def _number(value: float) -> str:
    """A number, or that there is none."""
    return undefined() if math.isnan(value) else f"{value:z.3f}"
