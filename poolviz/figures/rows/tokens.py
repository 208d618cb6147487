"""Charts of tokens (Altair): the tokens with the largest figures, each with its interval."""

from __future__ import annotations

import altair as alt
import pandas as pd

from poolviz.figures import colours
from poolviz.language import _

_LINE = 20  # pixels of a token


def token_chart(table: pd.DataFrame, quantity: str) -> alt.LayerChart | alt.FacetChart:
    """Each token's mean as a point on its interval, the largest at the top.

    Parameters
    ----------
    table : `name` (how the token is written), `value`, `low`, `high`, `rows`, `occurrences`.
    quantity : what `value` is, for the axis.
    """
    base = alt.Chart(table).encode(
        y=alt.Y(
            "name:N",
            title=None,
            sort=None,
            axis=alt.Axis(labelFontSize=13, labelOverlap=False, labelFlush=False),
        )
    )
    interval = base.mark_rule(strokeWidth=3, color=colours.INTERVAL).encode(
        x=alt.X(
            "low:Q",
            title=quantity,
            scale=alt.Scale(zero=False),
            axis=alt.Axis(tickCount=4, format="~g"),
        ),
        x2="high:Q",
    )
    point = base.mark_point(filled=True, size=60, color=colours.POINT, opacity=1).encode(
        x="value:Q",
        tooltip=[
            alt.Tooltip("name:N", title=_("Token")),
            alt.Tooltip("value:Q", title=quantity, format=".3g"),
            alt.Tooltip("low:Q", title="2.5 %", format=".3g"),
            alt.Tooltip("high:Q", title="97.5 %", format=".3g"),
            alt.Tooltip("rows:Q", title=_("Rows"), format=","),
            alt.Tooltip("occurrences:Q", title=_("Occurrences"), format=","),
        ],
    )
    return (interval + point).properties(height=_LINE * len(table) + 50)
