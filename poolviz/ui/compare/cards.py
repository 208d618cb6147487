"""One card a head: what it predicts, what it looks at, its top tokens."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.figures.texts.highlight import highlight_html
from poolviz.figures.texts.probabilities import probabilities
from poolviz.language import _
from poolviz.model.heads import HEADS
from poolviz.ui.frame.markdown import plain
from poolviz.values.explanation import Explanation
from poolviz.values.interval import Interval
from poolviz.views.panel import Panel, Row, panel, top_tokens

TOP_TOKENS = 8
FIVE_LINES = 215  # pixels: with a part of the next line, which says that there are more
COLUMNS = 2
# In a long text a weight is far below 0.0001: digits count from the first that is not 0.
SIGNIFICANT = st.column_config.NumberColumn(format="%.3g")


def cards(
    checkpoints: tuple[Checkpoint, ...],
    explanations: list[Explanation],
    shown: Panel,
    part: range,
    known: str | None,
) -> None:
    """Draw the cards, two in a row.

    Parameters
    ----------
    shown : the panel of `explanations`, whose summaries the highlights draw.
    part : the tokens that the highlights show.
    known : the label the text is known to have, or None.
    """
    both = {
        quantity: panel(explanations, replace(shown.view, quantity=quantity, scale="shared"))
        for quantity in ("weight", "contribution")
    }
    width = min(COLUMNS, len(explanations))
    for start in range(0, len(explanations), width):
        for column, index in zip(st.columns(width), range(start, start + width), strict=True):
            if index < len(explanations):
                with column, st.container(border=True):
                    _verdict(checkpoints[index], explanations[index], known)
                    st.html(highlight_html(shown, index, part))
                    _details(explanations[index], known, shown, index, both)


def _verdict(checkpoint: Checkpoint, explanation: Explanation, known: str | None) -> None:
    head = HEADS[explanation.head]
    st.subheader(_(head.title), anchor=False, help=_(head.meaning))
    parts = [
        _("predicts **{name}** with {share:.1%}").format(
            name=plain(explanation.predicted), share=explanation.probabilities.max()
        )
    ]
    if known is not None:
        right = known == explanation.predicted
        parts.append(
            f":green[:material/check: {_('right')}]"
            if right
            else f":red[:material/close: {_('wrong: it is {name}').format(name=plain(known))}]"
        )
    parts.append(_test_accuracy(checkpoint))
    st.markdown(" · ".join(parts))


def _test_accuracy(checkpoint: Checkpoint) -> str:
    accuracy = Interval.read(checkpoint.card["test"]["accuracy"])
    return _("test accuracy {figure}").format(figure=accuracy.as_share())


def _details(
    explanation: Explanation,
    known: str | None,
    shown: Panel,
    index: int,
    both: dict[str, Panel],
) -> None:
    figure = _untitled(probabilities(explanation, known=known))
    st.plotly_chart(
        figure,
        key=f"probabilities_{explanation.checkpoint}",
        config={"displayModeBar": False},
        alt=figure.layout.meta["alt"],
    )
    top = _top_table(shown.summaries[index], {q: p.summaries[index] for q, p in both.items()})
    st.dataframe(
        top,
        hide_index=True,
        height=FIVE_LINES if len(top) > 5 else "content",
        column_config={
            "#": st.column_config.NumberColumn(width=40),
            **dict.fromkeys((_("Weight"), _("Contribution")), SIGNIFICANT),
        },
        key=f"top_{explanation.checkpoint}",
    )


def _untitled(figure: go.Figure) -> go.Figure:
    """The figure for a narrow card: no title, as the card says the same, and room for numbers."""
    top, height = figure.layout.margin.t, figure.layout.height
    figure.update_xaxes(range=[0, 1.2])
    return figure.update_layout(title=None, margin={"t": 0}, height=height - top)


def _top_table(row: Row, others: dict[str, Row]) -> pd.DataFrame:
    """The top tokens by what is shown, with their weight and their contribution."""
    top = top_tokens(row, TOP_TOKENS)
    positions = [entry["position"] - 1 for entry in top]
    return pd.DataFrame(
        {
            "#": [position + 1 for position in positions],
            _("Token"): [entry["token"] for entry in top],
            _("Weight"): others["weight"].values[positions],
            _("Contribution"): others["contribution"].values[positions],
        }
    )
