"""The Results page's report over all data sets: one table, and what it says in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import choose
from poolviz.evaluation import exactness, measurements
from poolviz.evaluation.comparison import Comparison
from poolviz.evaluation.exactness import Cost
from poolviz.evaluation.measurements import Spread
from poolviz.language import _, joined, listed, ngettext
from poolviz.model.heads import HEADS, READOUTS
from poolviz.model.kinds import CLASSIFIER, kinds_of
from poolviz.ui.frame import loaders
from poolviz.ui.frame.controls import dataset_title, in_order
from poolviz.ui.frame.markdown import plain
from poolviz.values.interval import Interval


def title(checkpoint: Checkpoint) -> str:
    """The head's name in the language of the page."""
    return _(checkpoint.head_record.title)


def by_data_set(present: Iterable[Checkpoint]) -> dict[str, tuple[Checkpoint, ...]]:
    """The classifiers of every data set, one a head, under the first read-out that there is."""
    present = list(present)
    found = {}
    for task in in_order({checkpoint.task for checkpoint in present}):
        sides = [of_every_head(present, task, readout) for readout in READOUTS]
        if any(sides):
            found[task] = next(filter(None, sides))
    return found


def of_every_head(present: Iterable[Checkpoint], task: str, readout: str) -> tuple[Checkpoint, ...]:
    """The classifiers of one data set and read-out, one a head, in the table's order."""
    return tuple(choose(present, task, kinds_of(CLASSIFIER), readout=readout))


def draw_report(data_sets: Mapping[str, Sequence[Checkpoint]]) -> None:
    """Every data set and head in one table, and below it what the figures say."""
    rows = [_line(checkpoint) for heads in data_sets.values() for checkpoint in heads]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        key="results",
        column_config={
            _("Data set"): st.column_config.Column(width=165),
            _("Head"): st.column_config.Column(width=133),
            _("Accuracy, %"): st.column_config.Column(width=106),
            _("Macro-F1, %"): st.column_config.Column(width=106),
            _("Seeds, %"): st.column_config.Column(width=66),
            _("Parameters"): st.column_config.NumberColumn(width=76, format="localized"),
            _("Train, s"): st.column_config.NumberColumn(width=64, format="%.0f"),
            _("Explain, ms"): st.column_config.NumberColumn(width=78, format="%.2f"),
        },
    )
    st.caption(
        _(
            "On the test rows; in brackets the 95 % bootstrap interval, which says nothing of what "
            "another training would give. Seeds: the mean accuracy of several trainings. "
            "Explain: the median time from a text to its explanation, one at a time on one "
            "thread, over up to {count} test rows. Other machines and other lengths take other "
            "times, so compare within a data set."
        ).format(count=measurements.TIMED_TEXTS)
    )
    st.subheader(_("What the figures say"), anchor=False)
    findings = [f"- **{plain(dataset_title(t))}** {_findings(c)}" for t, c in data_sets.items()]
    st.markdown("\n".join(findings))
    st.caption(
        _(
            "Better: the two trained models differ by McNemar's test, and each training of the one "
            "beats each training of the other. Weights: {divergence} Exactness: the linear "
            "read-out splits a decision exactly, the MLP only by estimate; the difference is MLP − "
            "linear, with its 95 % interval over other trainings."
        ).format(divergence=divergence_meaning())
    )


def divergence_meaning() -> str:
    """What the distances between weights are, with unit, range and direction."""
    return _(
        "mean Jensen-Shannon divergence on the same test rows, from 0 (equal) to ln 2 = 0.693 nats "
        "(no token in common), multi-head's rows averaged first; average pooling, whose weights no "
        "training changes, is left out."
    )


def seeds_sentence(spread: Spread) -> str:
    """Whether another head changes the weights more than another training."""
    sentence = (
        _(
            "Heads differ more than retraining does: weights are {heads:.3f} nats apart, against "
            "{seeds:.3f}."
        )
        if spread.heads_differ_more
        else _(
            "Heads differ no more than retraining does: weights are {heads:.3f} nats apart, "
            "against {seeds:.3f}."
        )
    )
    return sentence.format(heads=spread.heads, seeds=spread.seeds)


def cost_sentence(cost: Cost) -> str:
    """What exactness costs over all heads of a data set, in plain words."""
    if not cost.difference.is_clear:
        sentence = _(
            "Exactness costs nothing that these seeds can show: MLP − linear is {points} points."
        )
    elif cost.difference.value > 0:
        sentence = _("Exactness costs accuracy: MLP − linear is {points} points.")
    else:
        sentence = _("The exact read-out is even better: MLP − linear is {points} points.")
    return sentence.format(points=cost.difference.as_points())


def _line(checkpoint: Checkpoint) -> dict[str, object]:
    card = checkpoint.card
    mean = card.get("seeds", {}).get("mean_accuracy")
    explain = (measurements.read(checkpoint) or {}).get("explain", {})
    return {
        _("Data set"): dataset_title(checkpoint.task),
        _("Head"): title(checkpoint),
        _("Accuracy, %"): Interval.read(card["test"]["accuracy"]).as_percent(),
        _("Macro-F1, %"): Interval.read(card["test"]["macro_f1"]).as_percent(),
        _("Seeds, %"): "" if mean is None else f"{100 * mean:.1f}",
        _("Parameters"): card["parameters"],
        _("Train, s"): card["fit"]["seconds"],
        _("Explain, ms"): explain.get("milliseconds"),
    }


def _findings(checkpoints: Sequence[Checkpoint]) -> str:
    """A few sentences on one data set, of what was measured."""
    rows = checkpoints[0].card["test"]["rows"]
    found = [ngettext("({rows:,} test row).", "({rows:,} test rows).", rows).format(rows=rows)]
    if measured := measurements.read(checkpoints[0]):
        tokens = measured["explain"]["tokens"]
        found = [
            _("({rows:,} test rows, timed at a median length of {tokens:.0f} tokens).").format(
                rows=rows, tokens=tokens
            )
        ]
    if any("seeds" in checkpoint.card for checkpoint in checkpoints):
        found.append(_better_sentence(loaders.comparisons(checkpoints)))
    if spread := measurements.spread(checkpoints):
        found.append(seeds_sentence(spread))
    if pairs := exactness.read(checkpoints):
        found.append(cost_sentence(exactness.mean_cost(pairs)))
    return joined(filter(None, found))


def _better_sentence(comparisons: Sequence[Comparison]) -> str:
    """Which head is better than which, across seeds; empty where none were compared."""
    if not comparisons:
        return ""
    beaten: dict[str, list[str]] = {}
    for pair in comparisons:
        if pair.better:
            worse = pair.second if pair.better == pair.first else pair.first
            beaten.setdefault(pair.better, []).append(_(HEADS[worse].title))
    if not beaten:
        return _("No head is better than another across seeds.")
    return joined(
        _("{head} is better than {others}.").format(
            head=_(HEADS[head].title), others=listed(others)
        )
        for head, others in beaten.items()
    )
