"""How heads divide their weight over one text: a row each, with bars along the text and distances.

Plain HTML and CSS, right without a script; numbers that have no room are in titles.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np

from poolviz.evaluation.anatomy import divergences, effective_tokens
from poolviz.figures import colours
from poolviz.figures.binning import binned
from poolviz.language import _, joined
from poolviz.text.pieces import as_label, html_attribute, html_text
from poolviz.text.width import width_units
from poolviz.views.captions import number
from poolviz.views.panel import Panel, Row

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
MAX_COLUMNS = 120
_NAMED_COLUMNS = 40  # as many characters stand side by side above the bars
_TOP_TOKENS = 3
_LEGEND_STEPS = 12
_ALIKE = 1e-4  # relative: what rounding leaves of equal weights


def anatomy_html(panel: Panel) -> str:
    """A row for each weight row: how spread out it is, where it lies, how far from the others.

    Parameters
    ----------
    panel : weights relative to average pooling.

    Returns
    -------
    One `<div>` for `st.html`; everything that comes from the text is escaped.
    """
    weights = weight_rows(panel)
    distances, spread = divergences(weights), effective_tokens(weights)
    short = binned(panel, MAX_COLUMNS)
    top = max(float(row.values.max()) for row in short.rows)
    lines = "".join(
        _line(number, panel.rows[number], short.rows[number], top, spread[number], distances)
        for number in range(len(panel.rows))
    )
    return (
        f'<div class="pvh"><style>{_style()}</style>{_header(short)}{lines}'
        f'<div class="pvh-foot">{html_text(joined(anatomy_notes(short, top)))}</div></div>'
    )


def weight_rows(panel: Panel) -> np.ndarray:
    """(R, T): the weights of all rows of a panel, which each sum to 1."""
    return np.array([row.explanation.weights[row.number] for row in panel.rows])


def letter(index: int) -> str:
    """What a row is called where its name has no room: A, B, … Z, 27, …"""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def _header(panel: Panel) -> str:
    letters = "".join(f"<span>{letter(index)}</span>" for index in range(len(panel.rows)))
    legend = "".join(
        f'<b style="{colours.tint_style("weight", step / (_LEGEND_STEPS - 1))}"></b>'
        for step in range(_LEGEND_STEPS)
    )
    return (
        f'<div class="pvh-row pvh-head"><div>{html_text(_("Head, spread out as … tokens"))}</div>'
        f"<div>{html_text(_('Weight along the text, × average'))}{_tokens(panel)}</div>"
        f'<div><div class="pvh-scale">{html_text(_("Distance"))} 0<span>{legend}</span>0.69</div>'
        f'<div class="pvh-cells">{letters}</div></div></div>'
    )


def _tokens(panel: Panel) -> str:
    """The characters above the bars, where they find room."""
    labels = [as_label(token.text) for token in panel.tokens]
    wide = any(width_units(label) > 2 for label in labels)
    if len(labels) > _NAMED_COLUMNS or wide or panel.per_column > 1:
        return ""
    return (
        '<div class="pvh-tokens" dir="ltr" aria-hidden="true">'
        + "".join(f"<span>{html_text(label)}</span>" for label in labels)
        + "</div>"
    )


def _line(
    index: int, row: Row, short: Row, top: float, spread: float, distances: np.ndarray
) -> str:
    count = len(row.values)
    share = 100 * spread / count
    heaviest = _heaviest(row)
    cells = "".join(
        _cell(index, other, float(distance)) for other, distance in enumerate(distances[index])
    )
    return (
        f'<div class="pvh-row" data-head="{html_attribute(row.label)}">'
        f'<div><div class="pvh-name"><small>{letter(index)}</small>{html_text(row.label)}</div>'
        f'<div class="pvh-spread"><span class="pvh-meter"><i style="width:{share:.1f}%"></i></span>'
        f"{html_text(_('{few} of {count:,}').format(few=f'{spread:.1f}', count=count))}</div></div>"
        f'<div title="{html_attribute(heaviest)}">{_bars(short.values, top)}'
        f'<div class="pvh-top">{html_text(heaviest)}</div></div>'
        f'<div class="pvh-cells">{cells}</div></div>'
    )


def _bars(values: np.ndarray, top: float) -> str:
    """One outline of bars over the tokens, with a dotted line at 1, the average."""
    share = 100 / len(values)
    steps = [
        f"{share * place:.2f}% {100 * (1 - value / top):.1f}%"
        for index, value in enumerate(values.tolist())
        for place in (index, index + 1)
    ]
    outline = ",".join(["0 100%", *steps, "100% 100%"])
    return (
        f'<div class="pvh-bars"><i style="clip-path:polygon({outline})"></i>'
        f'<b style="top:{100 * (1 - 1 / top):.1f}%"></b></div>'
    )


def _heaviest(row: Row) -> str:
    """The tokens with the largest weights, with their shares of the sum."""
    weights = row.explanation.weights[row.number]
    if np.ptp(weights) < _ALIKE * weights.max():
        return _("all tokens alike")
    order = np.argsort(-weights, kind="stable")[:_TOP_TOKENS]
    tokens = row.explanation.tokens
    return " · ".join(f"{as_label(tokens[i].text)} {weights[i]:.0%}" for i in order)


def _cell(index: int, other: int, distance: float) -> str:
    if index == other:
        return '<span class="pvh-own"></span>'
    style = colours.tint_style("weight", distance / math.log(2))
    title = html_attribute(f"{letter(index)} – {letter(other)}: {distance:.4f}")
    return f'<span style="{style}" title="{title}">{distance:.2f}</span>'


def anatomy_notes(panel: Panel, top: float) -> list[str]:
    """What one must know to read the rows, a sentence each; `top` is where the bars' scale ends."""
    notes = [
        _(
            "Spread out: exp(entropy), as many tokens with equal weights are as spread out. Bars: "
            "one scale for all rows, to {top} × average; dotted: 1 × average. Distance: "
            "Jensen-Shannon divergence in nats, the unit of natural logarithms, from 0 (the same "
            "weights) to ln 2 = 0.69 (no token in common)."
        ).format(top=number(top))
    ]
    if panel.per_column > 1:
        notes.append(_("{count} tokens per column, their mean.").format(count=panel.per_column))
    return notes


@cache
def _style() -> str:
    return _STYLE.replace("POINT", colours.POINT)
