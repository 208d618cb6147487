"""What all Plotly figures share: fonts, titles, wrapped captions, tokens on an axis, alt text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import regex

from poolviz.figures import colours
from poolviz.figures.figure import Figure, Trace
from poolviz.language import _
from poolviz.text.pieces import as_label, plotly_text
from poolviz.text.width import width_units
from poolviz.views.panel import Panel

FONTS = (
    "Arial, Helvetica, 'Liberation Sans', 'Noto Sans', 'Noto Sans CJK SC', 'Source Han Sans SC', "
    "'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', 'Noto Sans Arabic', sans-serif"
)
_MAX_LABELS = 90  # columns that can have a readable label each
_AXIS_UNITS = 75  # narrow characters that fit side by side under a chart
_NOTE_UNIT = 7 / 12  # of its size a narrow character of a note is wide, at most


def figure(
    data: Sequence[Trace],
    title: str,
    notes: Sequence[str],
    alt: str,
    width: int,
    height: int,
    **layout: Any,
) -> Figure:
    """A chart with what every one has: title, notes under it, fonts, clear background.

    Parameters
    ----------
    data : the traces.
    width : in pixels, for which the notes are broken into lines; the page may give it another.
    height : of the plot in pixels, without the title and the notes.
    layout : what this chart has besides: its axes, its legend, other margins.
    """
    shape, top = heading(title, notes, width)
    shape["margin"] |= layout.pop("margin", {})
    shared = {
        "height": height + top,
        "font": {"family": FONTS},
        "paper_bgcolor": colours.NOTHING,
        "plot_bgcolor": colours.NOTHING,
        "hoverlabel": {"font": {"family": FONTS}},
        "dragmode": False,  # a finger moves the page; zooming has a button
    }
    return Figure(data, shape | shared | layout, title, notes, alt)


def heading(
    title: str, notes: Sequence[str], width: float, sizes: tuple[float, float] = (15, 12)
) -> tuple[dict[str, Any], int]:
    """The part of a layout that holds title and notes, and how many pixels they take at the top.

    Parameters
    ----------
    sizes : of the letters of the title, and of the notes.
    """
    title_size, note_size = sizes
    per_line = int(width / (_NOTE_UNIT * note_size))
    note_text = "<br>".join(broken(note, per_line) for note in notes)
    lines = note_text.count("<br>") + 1 if notes else 0
    top = round(31 + title_size + 4 / 3 * note_size * lines)
    shape = {
        "title": {
            "text": plotly_text(title),
            "subtitle": {"text": note_text, "font": {"size": note_size}},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 12, "l": 8},
            "font": {"size": title_size},
            "automargin": False,
        },
        "margin": {"t": top, "l": 8, "r": 8, "b": 8},
    }
    return shape, top


def token_axis(panel: Panel) -> dict[str, Any]:
    """An x-axis over columns 0 … T-1 with tokens as labels, or positions where there are many."""
    count = len(panel.tokens)
    axis: dict[str, Any] = {
        "range": [-0.5, count - 0.5],
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
    }
    if count > _MAX_LABELS or panel.per_column > 1:
        columns = range(0, count, math.ceil(count / 16))
        return axis | {
            "tickvals": list(columns),
            "ticktext": [str(column * panel.per_column + 1) for column in columns],
            "title": {"text": _position_title(panel.per_column)},
        }
    return axis | label_ticks([as_label(token.text) for token in panel.tokens])


def row_axis(labels: Sequence[str]) -> dict[str, Any]:
    """A y-axis over rows 0 … with their names, the first at the top."""
    return {
        "tickvals": list(range(len(labels))),
        "ticktext": [plotly_text(label) for label in labels],
        "range": [len(labels) - 0.5, -0.5],
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
    }


def label_ticks(labels: Sequence[str]) -> dict[str, Any]:
    """A label for each of the columns 0 … of an x-axis, upright where they would run together."""
    count = len(labels)
    longest = max(width_units(label) for label in labels)
    return {
        "tickvals": list(range(count)),
        "ticktext": [plotly_text(label) for label in labels],
        "tickangle": -90 if longest > 2 and longest * count > _AXIS_UNITS else 0,
        "tickfont": {"size": max(9, min(14, 850 // count))},
    }


def column_names(panel: Panel) -> list[str]:
    """For hover texts: each column's tokens and position, counted from 1."""
    return [
        plotly_text(f"{as_label(token.text, limit=40)} · {_position(panel, column)}")
        for column, token in enumerate(panel.tokens)
    ]


def broken(text: str, width: int) -> str:
    """Plain text for Plotly, in lines of at most `width` narrow characters where it can break."""
    return "<br>".join(plotly_text(line) for line in wrapped(text, width))


def wrapped(text: str, width: int) -> list[str]:
    """Plain text in lines of at most `width` narrow characters where it can break."""
    lines, line, used = [], "", 0
    for word in regex.findall(r"\p{Han}[\p{P}\s]*|(?:(?!\p{Han})\S)+\s*|\s+", text):
        size = width_units(word.rstrip())
        if line and used + size > width:
            lines.append(line.rstrip())
            line, used = "", 0
        line += word
        used += width_units(word)
    return [*lines, line.rstrip()] if line else lines


def _position(panel: Panel, column: int) -> str:
    first = column * panel.per_column + 1
    last = min(first + panel.per_column - 1, len(panel.rows[0].explanation.tokens))
    if first == last:
        return _("position {position}").format(position=first)
    return _("positions {first}–{last}").format(first=first, last=last)


def _position_title(per_column: int) -> str:
    if per_column == 1:
        return _("position")
    return _("position ({count} tokens per column)").format(count=per_column)
