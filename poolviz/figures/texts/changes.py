"""What changes from one text to another: a row per head, a column per token of either text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from poolviz.figures import colours
from poolviz.figures.figure import Figure
from poolviz.figures.layout import broken, figure, label_ticks, row_axis
from poolviz.figures.method import method
from poolviz.language import _, joined, listed, ngettext
from poolviz.text.pieces import as_label, plotly_text
from poolviz.views.captions import number, treatment
from poolviz.views.changes import Aligned, Changes, HeadChange, values_at

MAX_COLUMNS = 40  # more would not have readable labels
GONE, NEW = "−", "+"
_ROW_HEIGHT = 34


def change_map(changes: Changes) -> Figure:
    """Value after less value before of every kept token; blank where a text lacks the token.

    Where the texts have more than `MAX_COLUMNS` tokens, these are the ones that change most (what
    is gone or new by its whole value), in the order of the texts.

    Parameters
    ----------
    changes : with at least one kept token.
    """
    columns = _columns(changes)
    values = np.stack([values_at(columns, *head.summaries) for head in changes.heads])  # (N, 2, P)
    differences = values[:, 1] - values[:, 0]
    tops = _tops(differences, changes.scale_groups)
    cells = {
        "type": "heatmap",
        "z": np.round(differences / np.where(tops > 0, tops, 1)[:, None], 5),
        "customdata": [
            _hover_texts(head, changes, columns, pair)
            for head, pair in zip(changes.heads, values, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "zmin": -1,
        "zmax": 1,
        "colorscale": colours.colorscale(True),
        "xgap": 1,
        "ygap": 2,
        "colorbar": _colour_bar(tops, changes.scale_groups),
    }
    names = [head.label for head in changes.heads]
    return figure(
        [cells],
        title=_("Change after − before: {unit}").format(unit=changes.unit),
        notes=_notes(changes, columns),
        alt=ngettext(
            "Heatmap of the change of {unit} of {count} token under {heads}.",
            "Heatmap of the change of {unit} of {count} tokens under {heads}.",
            len(columns),
        ).format(unit=changes.unit, count=len(columns), heads=listed(names)),
        width=max(860, 230 + 14 * len(columns)),
        height=_ROW_HEIGHT * max(len(names), 3) + 90,
        xaxis={
            "range": [-0.5, len(columns) - 0.5],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            **_ticks(changes, columns),
        },
        yaxis=row_axis(names),
    )


def _columns(changes: Changes) -> list[Aligned]:
    """The tokens that are drawn."""
    aligned = changes.aligned
    if len(aligned) <= MAX_COLUMNS:
        return list(aligned)
    size = np.zeros(len(aligned))
    for head in changes.heads:
        before, after = values_at(aligned, *head.summaries)
        size = np.maximum(size, np.abs(np.nan_to_num(after) - np.nan_to_num(before)))
    order = np.argsort(-size, kind="stable")[:MAX_COLUMNS]
    return [aligned[number] for number in np.sort(order)]


def _tops(differences: np.ndarray, groups: Sequence[str]) -> np.ndarray:
    """(heads,): the largest change among the heads of the same group, 0 where there is none."""
    own = np.nan_to_num(np.abs(differences)).max(axis=1)
    return np.array([own[[other == group for other in groups]].max() for group in groups])


def _ticks(changes: Changes, columns: Sequence[Aligned]) -> dict[str, Any]:
    """The tokens as labels, with a sign below those that only one text has."""
    ticks = label_ticks([as_label(changes.token(each).text) for each in columns])
    signs = ["" if each.kept else GONE if each.after is None else NEW for each in columns]
    labels = zip(ticks["ticktext"], signs, strict=True)
    return ticks | {"ticktext": [f"{label}<br>{sign}" if sign else label for label, sign in labels]}


def _hover_texts(
    head: HeadChange, changes: Changes, columns: Sequence[Aligned], values: np.ndarray
) -> list[str]:
    """For each cell what the pointer shows, as Plotly's HTML."""
    texts = []
    for each, (before, after) in zip(columns, values.T, strict=True):
        lines = [f"<b>{plotly_text(head.label)}</b>"]
        lines.append(plotly_text(as_label(changes.token(each).text, limit=40)))
        if each.before is not None:
            lines.append(
                _("before: {value} at position {position}").format(
                    value=number(before), position=each.before + 1
                )
            )
        if each.after is not None:
            lines.append(
                _("after: {value} at position {position}").format(
                    value=number(after), position=each.after + 1
                )
            )
        if each.kept:
            lines.append(_("change: {value}").format(value=number(after - before)))
        texts.append("<br>".join(lines))
    return texts


def _colour_bar(tops: np.ndarray, groups: Sequence[str]) -> dict[str, Any]:
    """Numbers where there is one group of values, else shares of each group's largest change."""
    ends = [-1, -0.5, 0, 0.5, 1] if tops.any() else [0]
    bar: dict[str, Any] = {"tickvals": ends, "thickness": 14, "outlinewidth": 1}
    if len(set(groups)) == 1:
        bar["ticktext"] = [number(end * tops[0]) for end in ends]
    else:
        title = broken(_("relative to the largest change of this kind of weight"), 26)
        bar["title"] = {"text": title, "side": "right"}
        bar["ticktext"] = [f"{end:.0%}\N{EN SPACE}" for end in ends]
    return bar | {"outlinecolor": colours.RULE}


def _notes(changes: Changes, columns: Sequence[Aligned]) -> list[str]:
    sentences = [
        _("Blank: a token that only one text has, {gone} before, {new} after.").format(
            gone=GONE, new=NEW
        )
    ]
    if len(columns) < len(changes.aligned):
        sentences.append(
            _("{count} of {total:,} tokens: those that change most.").format(
                count=len(columns), total=len(changes.aligned)
            )
        )
    before = [head.panels[0] for head in changes.heads]
    notes = [*sentences, *treatment(before[0])]
    return [joined(notes), method(*(panel.summaries[0].explanation for panel in before))]
