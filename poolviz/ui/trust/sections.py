"""What the Trust page has below its pictures, one part at a time; a closed one costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.language import N_, _
from poolviz.model.own_heads import head_title
from poolviz.trust.ablation.selfcheck import PaddedRun, padding_check
from poolviz.trust.tables import Summaries
from poolviz.trust.text.reading import Reading
from poolviz.ui.frame import kept, loaders, state
from poolviz.ui.sidebar.choice import Choice
from poolviz.ui.trust.comparisons import draw_disagreement, draw_numbers, draw_stress, stress_note
from poolviz.ui.trust.padding import draw_padding
from poolviz.ui.trust.plausibility import draw_plausibility
from poolviz.ui.trust.rows import draw_cost, draw_measure, draw_rows, draw_rows_stress
from poolviz.ui.trust.shapley import draw_shapley


@dataclass(frozen=True)
class Shown:
    """What the pictures above show.

    Parameters
    ----------
    measured : checkpoints of the chosen heads and the control.
    summaries : of the test rows, of those heads that have one.
    found : of the text; empty where nothing is measured of it.
    how : the way to erase.
    """

    choice: Choice
    measured: Sequence[Checkpoint]
    summaries: Summaries
    found: Sequence[Reading]
    how: str


@dataclass(frozen=True)
class Section:
    """One part: its title, what draws it, and whether it is about the test rows alone."""

    title: str
    draw: Callable[[Shown], None]
    of_rows: bool = False


def draw_sections(shown: Shown) -> None:
    """Draw the switch, and the part that is open."""
    offered = [key for key, part in SECTIONS.items() if shown.summaries or not part.of_rows]
    chosen = st.session_state["trust_section"]
    st.session_state["_trust_section"] = chosen if chosen in offered else None
    opened = st.segmented_control(
        _("More"),
        offered,
        format_func=lambda key: _(SECTIONS[key].title),
        key="_trust_section",
        on_change=state.copy_back,
        args=("trust_section",),
        help=_("Opens a part below, or closes it; a closed one costs nothing."),
        label_visibility="collapsed",
    )
    if opened:
        SECTIONS[opened].draw(shown)


def _numbers(shown: Shown) -> None:
    if shown.found:
        draw_numbers(shown.found)


def _disagreement(shown: Shown) -> None:
    if shown.found:
        draw_disagreement(shown.found)


def _shapley(shown: Shown) -> None:
    if shown.found:
        draw_shapley(shown.found)


def _stress(shown: Shown) -> None:
    if shown.found:
        draw_stress(shown.found)
    if shown.summaries:
        st.markdown(f"**{_('Over the test rows')}**")
        draw_rows_stress(shown.summaries)
    st.caption(stress_note())


def _padding(shown: Shown) -> None:
    def check() -> dict[str, list[PaddedRun]]:
        return {
            reading.explanation.head: padding_check(
                reading.model.explainer.engine, reading.trust.ablation.ids
            )
            for reading in shown.found
        }

    if shown.found:
        text = shown.found[0].explanation.text
        runs = kept.once("padding", (text, [c.onnx_hash for c in shown.measured]), check)
        draw_padding(_("Head"), {head_title(head): found for head, found in runs.items()})


def _person(shown: Shown) -> None:
    explainers = {c.head: loaders.explainer(c) for c in shown.choice.checkpoints}
    draw_plausibility(shown.choice, explainers, [reading.explanation for reading in shown.found])


SECTIONS = {
    "measure": Section(
        N_("The measure"), lambda shown: draw_measure(shown.summaries, shown.how), of_rows=True
    ),
    "rows": Section(
        N_("All numbers"),
        lambda shown: draw_rows(shown.measured, shown.summaries, shown.how),
        of_rows=True,
    ),
    "text": Section(N_("Numbers of this text"), _numbers),
    "disagreement": Section(N_("Weight against contribution"), _disagreement),
    "shapley": Section(N_("Shapley values"), _shapley),
    "stress": Section(N_("Stress tests"), _stress),
    "person": Section(N_("A person's reasons"), _person),
    "padding": Section(N_("Padding"), _padding),
    "cost": Section(N_("Cost"), lambda shown: draw_cost(shown.summaries), of_rows=True),
}
