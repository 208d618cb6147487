"""Two texts side by side: one card a head, then the changes of all heads together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from poolviz.figures.texts.changes import change_map
from poolviz.figures.texts.highlight import compared_html
from poolviz.language import _, listed
from poolviz.ui.compare.cards import SIGNIFICANT
from poolviz.ui.frame.charts import chart
from poolviz.ui.frame.markdown import plain
from poolviz.views.changes import Changes, HeadChange, values_at
from poolviz.views.passages import LONG, PART, part_at

LARGEST = 200  # changes in the table
_BEFORE_THE_FIRST = 40  # tokens shown of a long text before its first difference


def change_cards(changes: Changes) -> None:
    """Draw what two texts are under every head."""
    flipped = [head.label for head in changes.heads if head.flips]
    if flipped:
        st.markdown(_("**Another decision** under: {heads}.").format(heads=listed(flipped)))
    else:
        st.markdown(_("Every head decides as before."))
    if any(len(panel.tokens) > LONG for panel in changes.heads[0].panels):
        st.caption(
            _("Of a long text {count} tokens are shown, around the first difference.").format(
                count=PART
            )
        )
    for head in changes.heads:
        with st.container(border=True):
            st.subheader(head.label, anchor=False)
            st.markdown(_verdict(head))
            st.html(compared_html(_named(head), 0, _parts(changes, head), changes.alone))
    if changes.shared is None:
        st.info(_("These texts are too long and too different to align their tokens."))
    elif not changes.shared:
        st.info(_("These texts have no token in common, so no token's value changes."))
    else:
        chart(change_map(changes), "heatmap_changes")
        with st.expander(_("The changes in numbers")):
            _table(changes)


def _verdict(head: HeadChange) -> str:
    """The class decided before: its probability in both texts; and the new class if it is one."""
    before, after = head.explained
    first, second = head.probabilities[:, before.predicted_index]
    sentence = _("**{name}** {before:.1%} → {after:.1%} ({points} points)").format(
        name=plain(before.predicted),
        before=first,
        after=second,
        points=points(second - first),
    )
    if not head.flips:
        return sentence
    now = _("now {name} with {share:.1%}").format(
        name=plain(after.predicted), share=after.probabilities.max()
    )
    return f"{sentence} · :orange[:material/swap_horiz: {now}]"


def points(share: float) -> str:
    """Percentage points with their sign; never "−0.0"."""
    return f"{round(100 * float(share), 1) + 0:+.1f}".replace("-", "−")


def _named(head: HeadChange) -> dict:
    return dict(zip((_("Before"), _("After")), head.panels, strict=True))


def _parts(changes: Changes, head: HeadChange) -> list[range]:
    """The tokens that the highlights show; of a long text those around the first difference."""
    firsts = [min(alone, default=None) for alone in changes.alone]
    known = [first for first in firsts if first is not None]
    start = max(min(known, default=0) - _BEFORE_THE_FIRST, 0)
    return [part_at(start, len(panel.tokens)) for panel in head.panels]


def _table(changes: Changes) -> None:
    """The largest changes of kept tokens under all heads."""
    kept = [each for each in changes.aligned if each.kept]
    lines = []
    for head in changes.heads:
        before, after = values_at(kept, *head.summaries)
        for number in np.argsort(-np.abs(after - before), kind="stable")[:LARGEST]:
            each = kept[number]
            lines.append(
                {
                    _("Head"): head.label,
                    _("Token"): changes.token(each).text,
                    _("Position before"): each.before + 1,
                    _("Position after"): each.after + 1,
                    _("Before"): before[number],
                    _("After"): after[number],
                    _("Change"): (after - before)[number],
                }
            )
    table = pd.DataFrame(lines)
    order = table[_("Change")].abs().sort_values(ascending=False, kind="stable").index[:LARGEST]
    st.dataframe(
        table.loc[order],
        hide_index=True,
        column_config=dict.fromkeys((_("Before"), _("After"), _("Change")), SIGNIFICANT),
        key="changes_table",
    )
    st.caption(_("Kept tokens, the largest changes first: {unit}.").format(unit=changes.unit))
