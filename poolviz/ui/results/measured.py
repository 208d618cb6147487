"""What the Results page shows of a data set: the chosen heads, and what was measured of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import UNASKED, Which, choose
from poolviz.evaluation import shifted
from poolviz.evaluation.comparison import Comparison
from poolviz.evaluation.shifted import Shift
from poolviz.evaluation.standings import Standing
from poolviz.language import _
from poolviz.model.kinds import CLASSIFIER, kinds_of
from poolviz.trust.rows.believed import Believed
from poolviz.ui.frame import loaders, state
from poolviz.ui.sidebar.choice import Choice
from poolviz.ui.sidebar.models import in_order


@dataclass(frozen=True)
class Measured:
    """The chosen heads of one data set under the chosen read-out.

    Parameters
    ----------
    checkpoints : one a head, in the table's order; may be empty.
    comparisons : of the chosen heads. Corrected for all pairs of heads of the data set, however
        many of them are chosen.
    """

    task: str
    checkpoints: tuple[Checkpoint, ...]
    comparisons: Sequence[Comparison]

    @property
    def standings(self) -> list[Standing]:
        """What was measured of the heads, the most accurate first."""
        return loaders.standings(self.checkpoints)

    @property
    def believed(self) -> dict[str, Believed]:
        """Of the heads of which it was measured, how far their weights can be believed."""
        return loaders.believed(self.checkpoints)

    @property
    def shifts(self) -> list[Shift]:
        """What the heads do on rows of other samples, as far as it was measured."""
        return shifted.shifts(self.checkpoints)

    @property
    def titles(self) -> dict[str, str]:
        """The heads' names in the language of the page, by their keys."""
        return {c.head: c.head_title for c in self.checkpoints}

    def checkpoint(self, head: str) -> Checkpoint:
        """That of one of the heads."""
        return next(c for c in self.checkpoints if c.head == head)


def one_head(measured: Measured, name: str) -> Checkpoint:
    """Draw the choice of one of the heads, the first until somebody chooses another.

    Parameters
    ----------
    name : of the setting that holds the choice.
    """
    titles = measured.titles
    first = next(iter(titles))
    if st.session_state[name] not in titles:
        st.session_state[name] = first
    head = state.bound(
        st.selectbox,
        name,
        _("Head"),
        options=list(titles),
        format_func=titles.get,
        help=_("The head that this part is about."),
    )
    if head == first:
        state.leave_unsaid(name)
    return measured.checkpoint(head)


def every_data_set(choice: Choice) -> dict[str, Measured]:
    """The data sets that have classifiers, with the heads and the read-out of the choice.

    Of its data set the training that it holds, of others the one that is shown unasked.
    """
    first = choice.checkpoints[0]
    heads = {checkpoint.head for checkpoint in choice.checkpoints}
    present = loaders.all_checkpoints()
    kinds = kinds_of(CLASSIFIER)
    tasks = in_order({c.task for c in present if not c.damage and c.kind in kinds})
    chosen = Which(first.run.id, names=tuple(c.name for c in choice.checkpoints))
    return {
        task: _measured(
            present, task, first.readout, heads, chosen if task == choice.dataset else UNASKED
        )
        for task in tasks
    }


def _measured(
    present: Sequence[Checkpoint], task: str, readout: str, heads: set[str], which: Which
) -> Measured:
    found = choose(present, task, kinds_of(CLASSIFIER), None, readout, which)
    return Measured(
        task,
        tuple(checkpoint for checkpoint in found if checkpoint.head in heads),
        [each for each in loaders.comparisons(found) if {each.first, each.second} <= heads],
    )
