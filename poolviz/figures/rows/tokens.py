"""Tokens with the largest figures as safe HTML: a panel for each head, all on one axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from poolviz.figures import colours
from poolviz.language import _, joined
from poolviz.text.pieces import as_label, html_attribute, html_text
from poolviz.text.width import width_units
from poolviz.values.interval import Interval
from poolviz.views.captions import number

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class TokenPanel:
    """One head's tokens.

    Parameters
    ----------
    table : `name`, `value`, `low`, `high`, `rows`, `occurrences`, the largest first. Few rows have
        no interval: its ends are NaN.
    instead : a sentence that stands in the place of the tokens.
    """

    title: str
    table: pd.DataFrame
    instead: str | None = None


def tokens_html(panels: Sequence[TokenPanel], quantity: str, reference: float) -> str:
    """Each token's mean as a point on its interval, the largest at the top; one `<div>`.

    A token names itself where it is clicked: `data-choose="token:好"`.

    Parameters
    ----------
    quantity : what `value` is, for the axis.
    reference : a value that every panel marks: what makes no difference.
    """
    shown = [panel.table for panel in panels if panel.instead is None]
    every = pd.concat(shown, ignore_index=True) if shown else pd.DataFrame()
    ends = every[["low", "value", "high"]].stack() if len(every) else pd.Series([reference])
    start, end = min(float(ends.min()), reference), max(float(ends.max()), reference)
    axis = _Axis(start, end, reference)
    drawn = "".join(_panel(panel, axis) for panel in panels)
    note = joined(
        [
            _("{quantity}, the same axis from {start} to {end} for every head.").format(
                quantity=quantity, start=number(start), end=number(end)
            ),
            _("The line is at {value}.").format(value=number(reference)),
            _("Click a token for its contexts."),
        ]
    )
    longest = max(
        (width_units(as_label(name)) for table in shown for name in table["name"]), default=1
    )
    style = _STYLE.replace("POINT", colours.POINT).replace("INTERVAL", colours.INTERVAL)
    return (
        f'<div class="pvk"><style>{style}</style><div class="pvk-panels" '
        f'style="--name:{0.55 * longest + 0.4:.1f}em">{drawn}</div>'
        f'<p class="pvk-note">{html_text(note)}</p></div>'
    )


class _Axis:
    """From the lowest to the highest value of all panels."""

    def __init__(self, start: float, end: float, reference: float):
        self._start, self._length = start, (end - start) or 1.0
        self.reference = self.place(reference)

    def place(self, value: float) -> float:
        return (value - self._start) / self._length


def _panel(panel: TokenPanel, axis: _Axis) -> str:
    if panel.instead is None:
        lines = panel.table.itertuples(index=False)
        body = "".join(_line(line, axis, not place) for place, line in enumerate(lines))
    else:
        body = f"<p>{html_text(panel.instead)}</p>"
    return f"<section><h4>{html_text(panel.title)}</h4><div data-choices>{body}</div></section>"


def _reach(line, axis: _Axis) -> str:
    if math.isnan(line.low):
        return ""
    low, high = axis.place(line.low), axis.place(line.high)
    return f'<i class="pvk-reach" style="left:{low:.1%};width:{high - low:.1%}"></i>'


def _line(line, axis: _Axis, first: bool) -> str:
    name = html_text(as_label(line.name))
    told = _("{token}: {value}, in {rows:,} rows, {occurrences:,} occurrences").format(
        token=as_label(line.name),
        value=Interval(*map(float, (line.value, line.low, line.high))).as_number(),
        rows=line.rows,
        occurrences=line.occurrences,
    )
    return (
        f'<button type="button" tabindex="{0 if first else -1}" title="{html_attribute(told)}" '
        f'data-choose="token:{html_attribute(line.name)}"><bdi>{name}</bdi><span class="pvk-axis">'
        f'<i class="pvk-zero" style="left:{axis.reference:.1%}"></i>'
        f"{_reach(line, axis)}"
        f'<i class="pvk-point" style="left:{axis.place(line.value):.1%}"></i></span>'
        f"<span>{number(line.value)}</span></button>"
    )
