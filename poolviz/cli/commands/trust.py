"""`trust`: measure how far each head's weights can be believed, on a data set's test rows."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from poolviz.cli import terminal
from poolviz.cli.commands.datasets import reads_other_rows, rows_of_run
from poolviz.cli.inputs import check_beside, chosen_checkpoints
from poolviz.cli.work import trust_text
from poolviz.cli.work.measured import check, measure_trust
from poolviz.model.kinds import CLASSIFIER, kinds_of
from poolviz.trust.rows import results
from poolviz.trust.rows.opposed import opposed, taus
from poolviz.trust.rows.survey import survey, survey_cost
from poolviz.trust.rows.verdict import Verdict, verdicts
from poolviz.trust.tables import interval, own_n
from poolviz.trust.text.measures import MEASURES, column
from poolviz.watch import Watch


def run(arguments: Namespace) -> bool:
    """Measure one head after the other; each is written beside its card when its line appears.

    Of other rows than the models' own nothing is kept. With `--shapley` a text is measured, and
    nothing is written. With `--input` all heads are measured on a part of the rows at once, and
    what is found is written there; False where some rows cannot be read.
    """
    check(arguments, "shapley")
    if arguments.shapley is not None:
        return trust_text.run(arguments)
    chosen = chosen_checkpoints(arguments, kinds_of(CLASSIFIER))
    if arguments.input is not None:
        on_rows = measure_trust(arguments, chosen)
        names = (checkpoint.name for checkpoint in chosen)
        _show(arguments, dict(zip(names, on_rows.found, strict=True)))
        return on_rows.whole
    kept = not reads_other_rows(arguments)
    if kept:
        check_beside(chosen)
    corpus = rows_of_run(arguments, chosen)
    if not kept:
        terminal.note("Nothing is kept beside the cards: the rows are others than the models' own.")
    if cost := survey_cost(chosen[0], corpus, arguments.sample):
        terminal.note(
            f"For each head the encoder reads up to {cost.passes:,} texts with tokens erased, "
            f"about {cost.seconds / 60:,.0f} minutes; --sample takes fewer rows."
        )
    found: dict[str, dict[str, Any]] = {}
    told = "Measuring was stopped by Ctrl+C; what is not listed as written was not kept."
    with terminal.stop_on_interrupt(told) as cancelled:
        for checkpoint in chosen:
            with terminal.StatusLine() as status:
                watch = Watch(terminal.count_progress(status, checkpoint.name), cancelled)
                measured = survey(checkpoint, corpus, arguments.sample, watch)
            for path in results.write(checkpoint, *measured) if kept else ():
                terminal.note(f"written: {path}")
            found[checkpoint.name] = measured[1]
    _show(arguments, found)
    return True


def _show(arguments: Namespace, found: dict[str, dict[str, Any]]) -> None:
    if arguments.json:
        terminal.write_json(
            [
                {"task": arguments.dataset, "name": name, **summary}
                for name, summary in found.items()
            ]
        )
        return
    for name, verdict in verdicts(found).items():
        _write_head(name, verdict, found[name])
    terminal.write(
        "Verdicts: t tests that allow for skewed rows, corrected by Holm over all heads listed."
    )
    _write_figures(found)


def _write_head(name: str, verdict: Verdict, summary: dict[str, Any]) -> None:
    """The verdict, tau of every ranking, and what each group of measures cost."""
    terminal.write(f"{name}: {verdict.sentence}")
    if found := taus(summary):
        each = (f"{ranking} {interval(figure)}" for ranking, figure in found.items())
        terminal.write(f"  tau with leave-one-out: {', '.join(each)}")
    for pair in opposed(summary):
        above, below = ("{:.2f} and {:.2f}".format(*means) for means in (pair.tau, pair.gap))
        terminal.write(
            f"  by tau {pair.first} stands above {pair.second} ({above}), by the faithfulness gap "
            f"below ({below})"
        )
    costs = [
        f"{group} {cost['seconds']:.1f} s, {cost['passes']:,} passes"
        for group, cost in summary.get("cost", {}).items()
    ]
    if costs:
        terminal.write(f"  cost: {'; '.join(costs)}")


def _columns() -> dict[str, str]:
    """What each heading of the table stands for in a survey."""
    measures = {
        f"{measure.terminal} {measure.arrow}": column(key, "weight", "mask")
        for key, measure in MEASURES.items()
        if measure.terminal
    }
    return {**measures, "shuffled, TVD": "stress.permuted.distance"}


def _write_figures(found: dict[str, dict[str, Any]]) -> None:
    columns = _columns()
    terminal.write()
    terminal.write_table(
        ["weights of", *columns, "rows"],
        [
            [
                name,
                *(_cell(summary["figures"].get(c), summary["rows"]) for c in columns.values()),
                f"{summary['rows']:,}",
            ]
            for name, summary in found.items()
        ],
        "l" + "r" * (len(columns) + 1),
    )
    terminal.write(
        "In brackets: 95 % interval over the rows, of 20 or more. Erased tokens are masked."
    )


def _cell(figure: dict[str, float] | None, rows: int) -> str:
    return interval(figure) + own_n(figure, rows)
