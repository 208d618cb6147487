"""All heads over one text: a row per weight row, a column per token."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolviz.figures import colours
from poolviz.figures.binning import binned
from poolviz.figures.figure import Figure
from poolviz.figures.heaviest import heads_with_heaviest
from poolviz.figures.layout import broken, column_names, figure, row_axis, token_axis
from poolviz.figures.method import method_of
from poolviz.language import _, ngettext
from poolviz.text.pieces import plotly_text
from poolviz.views.captions import caption, number
from poolviz.views.panel import Panel

MAX_COLUMNS = 120
_ROW_HEIGHT = 34


def heatmap(panel: Panel) -> Figure:
    """Heatmap with a row per weight row and a column per token; repeated tokens stay apart.

    Texts of more than `MAX_COLUMNS` tokens have several tokens per column, which the axis and the
    caption say.

    >>> import poolviz
    >>> from poolviz.views.panel import panel
    >>> from poolviz.views.view import View
    >>> heatmap(panel(poolviz.explain("很好", "chnsenticorp_htl_all"), View())).data[0]["z"].shape
    (8, 2)
    """
    said = heads_with_heaviest(panel)
    panel = binned(panel, MAX_COLUMNS)
    labels = [row.label for row in panel.rows]
    cells = {
        "type": "heatmap",
        "z": np.round([row.fractions for row in panel.rows], 5),
        "customdata": _hover_texts(panel),
        "hovertemplate": "%{customdata}<extra></extra>",
        "zmin": -1 if panel.diverging else 0,
        "zmax": 1,
        "colorscale": colours.colorscale(panel.diverging),
        "xgap": 1,
        "ygap": 2,
        "colorbar": _colour_bar(panel),
    }
    return figure(
        [cells],
        title=_title(panel),
        notes=(caption(panel), method_of(panel)),
        alt=_alt_text(panel, said),
        width=max(860, 230 + 14 * len(panel.tokens)),
        height=_ROW_HEIGHT * max(len(labels), 3) + 90,
        xaxis=token_axis(panel),
        yaxis=row_axis(labels),
    )


def _title(panel: Panel) -> str:
    if len(panel.summaries) == 1:
        return _("{head}: {unit}").format(head=panel.summaries[0].label, unit=panel.unit)
    return _("All heads: {unit}").format(unit=panel.unit)


def _hover_texts(panel: Panel) -> list[list[str]]:
    """For each cell what the pointer shows: head, token, position and value, as Plotly's HTML."""
    names = column_names(panel)
    return [
        [
            f"<b>{plotly_text(row.label)}</b><br>{name}<br>{plotly_text(row.unit)}: {number(value)}"
            for name, value in zip(names, row.values, strict=True)
        ]
        for row in panel.rows
    ]


def _colour_bar(panel: Panel) -> dict[str, Any]:
    """Numbers at the ends where one colour is one number everywhere, else shares of each row."""
    ends = [-1, -0.5, 0, 0.5, 1] if panel.diverging else [0, 0.5, 1]
    if not any(row.high for row in panel.rows):
        ends = [0]  # nothing but zeros: the scale has no other number
    bar: dict[str, Any] = {"tickvals": ends}
    if panel.one_scale:
        bar["ticktext"] = [number(end * panel.rows[0].high) for end in ends]
    else:
        title = broken(_("relative to the end of the row's scale"), 26)
        bar["title"] = {"text": title, "side": "right"}
        # The space keeps the title off the labels.
        bar["ticktext"] = [f"{end:.0%}\N{EN SPACE}" for end in ends]
    return bar | {
        "thickness": 14,
        "outlinewidth": 1,
        "outlinecolor": colours.RULE,
    }


def _alt_text(panel: Panel, heads: str) -> str:
    count = len(panel.rows[0].explanation.tokens)
    return ngettext(
        "Heatmap of {unit} over {count} token; rows ({rows}): {heads}. {caption}",
        "Heatmap of {unit} over {count} tokens; rows ({rows}): {heads}. {caption}",
        count,
    ).format(
        unit=panel.unit,
        rows=len(panel.rows),
        heads=heads,
        count=count,
        caption=caption(panel),
    )
