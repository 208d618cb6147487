"""The Results page's section about retraining: does another head change the weights more?"""

from __future__ import annotations

import streamlit as st

from poolviz.checkpoints.commands import command_for, train_more
from poolviz.evaluation import measurements
from poolviz.evaluation.measurements import Spread
from poolviz.evaluation.report import weight_lines
from poolviz.evaluation.retraining import results
from poolviz.evaluation.retraining.results import Retraining, apart_lines, duel_lines
from poolviz.figures.rows.retraining import retraining_html
from poolviz.language import _, joined, listed
from poolviz.model.own_heads import head_title
from poolviz.ui.frame.markdown import plain
from poolviz.ui.results.measured import Measured
from poolviz.ui.results.tables import draw_table


def draw_retraining(measured: Measured) -> None:
    """Each head against its own retraining; without weights of all trainings the means alone."""
    found = results.read(measured.checkpoints)
    if found:
        st.markdown(f"**{plain(_answer(found))}**")
        st.html(retraining_html(found))
        draw_table(apart_lines(found), "weights", f"{measured.task}_weights")
        if found.duels:
            _draw_duels(found, measured)
        return
    spread = measurements.spread(measured.checkpoints)
    if spread is None:
        st.info(
            _("Shown where the weights of several heads, and of their trainings, were measured.")
        )
        return
    st.markdown(f"**{_means(spread)}**")
    draw_table(weight_lines(spread), "weights", f"{measured.task}_weights")
    st.caption(_("Average pooling is left out: no training changes its weights."))
    _draw_commands(measured)


def _answer(found: Retraining) -> str:
    """Of which heads it is shown that other heads lie further away than their own retraining."""
    heads = found.heads.items()
    further = [head_title(head) for head, each in heads if each.further]
    others = [head_title(head) for head, each in heads if not each.further]
    said = []
    if further:
        said.append(
            _("Another head changes the weights more than another training: {heads}.").format(
                heads=listed(further)
            )
        )
    if others:
        said.append(_("Not shown of {heads}.").format(heads=listed(others)))
    return joined(said)


def _draw_duels(found: Retraining, measured: Measured) -> None:
    """Accuracies over the same trainings, and what becomes of "better" on the first screen."""
    st.markdown(f"**{_('Accuracy over all these trainings')}**")
    st.markdown(_fought(found, measured))
    draw_table(duel_lines(found), "duels", f"{measured.task}_accuracy_of_trainings")
    st.caption(_of_trainings(found, measured))


def _fought(found: Retraining, measured: Measured) -> str:
    """In how many pairs one head is better, and what becomes of those of the first screen."""
    over_trainings = {frozenset((duel.first, duel.second)): duel.better for duel in found.duels}
    said = [
        _("Over these trainings one head is shown to be better in {count} of {all} pairs.").format(
            count=sum(each is not None for each in over_trainings.values()), all=len(found.duels)
        )
    ]
    better = [each for each in measured.comparisons if each.better]
    if better:
        kept = [
            each
            for each in better
            if over_trainings.get(frozenset((each.first, each.second))) == each.better
        ]
        said.append(
            _(
                "Borne out: {kept} of {count} pairs in which the first screen shows one head to be "
                "better."
            ).format(kept=len(kept), count=len(better))
        )
    return joined(said)


def _of_trainings(found: Retraining, measured: Measured) -> str:
    """Which trainings these are, whether they are others than those shown, and their time."""
    first_screen = {
        seed for c in measured.checkpoints for seed in c.card.get("seeds", {}).get("seeds", ())
    }
    said = [
        _("Trainings of each head with the seeds {seeds}.").format(
            seeds=listed(str(seed) for seed in found.seeds)
        )
    ]
    if first_screen.isdisjoint(found.seeds):
        said.append(_("None of them is one that the first screen speaks of."))
    if found.seconds is not None:
        said.append(
            _("Together they took {minutes:.0f} minutes.").format(minutes=found.seconds / 60)
        )
    return joined(said)


def _means(spread: Spread) -> str:
    return _(
        "Weights of two heads are {heads:.3f} apart, those of two trainings of one head "
        "{seeds:.3f}. These are means without an interval, which show nothing of a single head."
    ).format(heads=spread.heads, seeds=spread.seeds)


def _draw_commands(measured: Measured) -> None:
    """How to measure each head with an interval."""
    st.caption(_("With an interval for each head, once these have trained it again:"))
    first = measured.checkpoints[0]
    root = ("OUTPUT", "--root", "OUTPUT")
    commands = (
        train_more(first, "--head", "all", "--seeds", "3", "--output", root[0]),
        command_for("evaluate", first, *root[1:], "--write"),
    )
    st.code("\n".join(commands), language=None)
