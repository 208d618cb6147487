"""The probabilities of the classes as bars, small enough for a card."""

from __future__ import annotations

import numpy as np

from poolviz.figures import colours
from poolviz.figures.figure import Figure
from poolviz.figures.layout import figure, row_axis
from poolviz.figures.method import method
from poolviz.language import _, ngettext
from poolviz.model.class_names import class_label
from poolviz.model.own_heads import head_title
from poolviz.text.pieces import plotly_text, shortened
from poolviz.values.explanation import Explanation

_BAR_HEIGHT = 26


def probabilities(explanation: Explanation, top: int = 5, known: str | None = None) -> Figure:
    """Horizontal bars: all classes where they are few, else the `top` ones and "others".

    Parameters
    ----------
    explanation : whose probabilities.
    top : how many classes get a bar of their own.
    known : the text's label where it is known; it always has a bar, marked right (✓) or wrong (✗).
    """
    names, values = _bars(explanation, top, known)
    bars = {
        "type": "bar",
        "x": values,
        "y": list(range(len(values))),
        "orientation": "h",
        "marker": {
            "color": [
                colours.PREDICTED if name == explanation.predicted else colours.OTHER
                for name in names
            ]
        },
        "text": [f"{value:.1%}" for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [
            f"{plotly_text(class_label(name))}: {value:.4f}"
            for name, value in zip(names, values, strict=True)
        ],
        "hoverinfo": "text",
    }
    labels = [_label(name, explanation, known) for name in names]
    head = head_title(explanation.head)
    return figure(
        [bars],
        title=_("{head}: probabilities").format(head=head),
        notes=(method(explanation),),
        alt=_alt_text(explanation, head),
        width=460,
        height=_BAR_HEIGHT * len(values) + 12,
        xaxis={"range": [0, 1.18], "visible": False, "fixedrange": True},
        yaxis=row_axis(names) | {"ticktext": labels, "fixedrange": True},
        bargap=0.25,
        showlegend=False,
    )


def _bars(explanation: Explanation, top: int, known: str | None) -> tuple[list[str], list[float]]:
    """Names and values in the order of the classes, so that heads can be compared.

    What is left of many classes is one bar at the end.
    """
    order = np.argsort(-explanation.probabilities, kind="stable").tolist()
    # One class left over is shown by name: "others" would take the same room.
    shown_count = len(order) if len(order) <= top + 1 else top
    chosen = [
        index
        for rank, index in enumerate(order)
        if rank < shown_count or explanation.classes[index] == known
    ]
    chosen.sort()
    names = [explanation.classes[index] for index in chosen]
    values = [float(explanation.probabilities[index]) for index in chosen]
    left = len(order) - len(chosen)
    if left:
        names.append(ngettext("{count} other", "{count} others", left).format(count=left))
        values.append(max(1.0 - sum(values), 0.0))
    return names, values


def _label(name: str, explanation: Explanation, known: str | None) -> str:
    label = plotly_text(shortened(class_label(name), limit=24))
    if name == explanation.predicted:
        label = f"<b>{label}</b>"
    if name != known:
        return label
    return f"{label} {'✓' if name == explanation.predicted else '✗'}"


def _alt_text(explanation: Explanation, head: str) -> str:
    return _("{head} predicts {predicted} with probability {probability}.").format(
        head=head,
        predicted=class_label(explanation.predicted),
        probability=f"{explanation.probabilities.max():.1%}",
    )
