"""What the Compare page has below its rows, one part at a time; a closed one costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from poolviz.figures.texts.changes import change_map
from poolviz.figures.texts.heatmap import heatmap
from poolviz.figures.texts.lines import lines
from poolviz.language import N_, _
from poolviz.ui.compare.edits import change
from poolviz.ui.compare.tour import draw_tour
from poolviz.ui.frame import state
from poolviz.ui.frame.charts import draw_chart
from poolviz.ui.sidebar.choice import Choice
from poolviz.values.explanation import Explanation
from poolviz.views.changes import Changes, values_at
from poolviz.views.panel import Panel, by_head, panel, top_tokens

LARGEST = 200  # changes in the table
TOP_TOKENS = 8
# In a long text a weight is far below 0.0001: digits count from the first that is not 0.
SIGNIFICANT = st.column_config.NumberColumn(format="%.3g")
SECTIONS = {
    "heatmap": N_("Heatmap"),
    "lines": N_("Lines"),
    "top": N_("Top tokens"),
    "flips": N_("What flips it"),
    "changes": N_("What changed"),
    "tour": N_("New here? One minute"),
}


@dataclass(frozen=True)
class Shown:
    """What the rows above show.

    Parameters
    ----------
    explanations : of the text of the box.
    changes : from one text to another, where two are compared.
    """

    choice: Choice
    explanations: Sequence[Explanation]
    panel: Panel
    changes: Changes | None


def draw_sections(shown: Shown) -> None:
    """Draw the switch, and the part that is open."""
    offered = {key: name for key, name in SECTIONS.items() if key != "changes" or shown.changes}
    opened = state.open_section("section", offered)
    if opened == "heatmap":
        draw_chart(heatmap(by_head(shown.panel)), "heatmap")
    elif opened == "lines":
        draw_chart(lines(by_head(shown.panel)), "lines")
    elif opened == "top":
        _top_tokens(shown)
    elif opened == "flips":
        from poolviz.ui.compare import flips

        flips.draw_search(shown.choice, shown.explanations[0], change)
    elif opened == "changes" and shown.changes:
        _changes(shown.changes)
    elif opened == "tour":
        draw_tour(shown.explanations)


def _top_tokens(shown: Shown) -> None:
    """The tokens that every head values most, with their weight and their contribution."""
    import pandas as pd

    view = shown.panel.view
    both = {
        quantity: panel(shown.explanations, replace(view, quantity=quantity, scale="shared"))
        for quantity in ("weight", "contribution")
    }
    found = []
    for number, row in enumerate(shown.panel.summaries):
        for rank, entry in enumerate(top_tokens(row, TOP_TOKENS), 1):
            place = entry["position"] - 1
            found.append(
                {
                    _("Head"): row.label,
                    _("Rank"): rank,
                    _("Token"): entry["token"],
                    _("Position"): place + 1,
                    _("Weight"): both["weight"].summaries[number].values[place],
                    _("Contribution"): both["contribution"].summaries[number].values[place],
                }
            )
    st.dataframe(
        pd.DataFrame(found),
        hide_index=True,
        column_config=dict.fromkeys((_("Weight"), _("Contribution")), SIGNIFICANT),
        key="top_tokens",
    )


def _changes(changes: Changes) -> None:
    if changes.shared is None:
        st.info(_("These texts are too long and too different to align their tokens."))
    elif not changes.shared:
        st.info(_("These texts have no token in common, so no token's value changes."))
    else:
        draw_chart(change_map(changes), "heatmap_changes")
        _changed_tokens(changes)


def _changed_tokens(changes: Changes) -> None:
    """The largest changes of kept tokens under all heads."""
    import pandas as pd

    kept = [place for place in changes.aligned if place.kept]
    found = []
    for head in changes.heads:
        before, after = values_at(kept, *head.summaries)
        for number in np.argsort(-np.abs(after - before), kind="stable")[:LARGEST]:
            place = kept[number]
            found.append(
                {
                    _("Head"): head.label,
                    _("Token"): changes.token(place).text,
                    _("Position before"): place.before + 1,
                    _("Position after"): place.after + 1,
                    _("Before"): before[number],
                    _("After"): after[number],
                    _("Change"): (after - before)[number],
                }
            )
    table = pd.DataFrame(found)
    order = table[_("Change")].abs().sort_values(ascending=False, kind="stable").index[:LARGEST]
    st.dataframe(
        table.loc[order],
        hide_index=True,
        column_config=dict.fromkeys((_("Before"), _("After"), _("Change")), SIGNIFICANT),
        key="changes_table",
    )
    st.caption(_("Kept tokens, the largest changes first: {unit}.").format(unit=changes.unit))
