"""The answer over the test rows: where each head's weights stand, in one picture."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.commands import command_for
from poolviz.figures.trust.standing import standings_html
from poolviz.language import _, listed
from poolviz.trust.rows.standing import standings
from poolviz.trust.shown import standing_notes
from poolviz.trust.tables import Summaries
from poolviz.ui.sidebar.run_choice import flags_of_training


def draw_standings(checkpoints: Sequence[Checkpoint], summaries: Summaries) -> None:
    """Draw the picture, and for heads that were not measured the command that does it.

    Parameters
    ----------
    checkpoints : of the heads that somebody chose.
    """
    if summaries:
        st.html(standings_html(standings(summaries), standing_notes(summaries)))
    missing = [c for c in checkpoints if c.head not in summaries]
    if missing:
        names = listed(checkpoint.head_title for checkpoint in missing)
        st.info(_("Not measured yet: {heads}. Run this:").format(heads=names))
        flags = flags_of_training(missing[0])
        st.code(command_for("trust", missing[0], *flags), language=None)
