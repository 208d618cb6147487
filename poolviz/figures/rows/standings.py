"""The heads of a data set as rows of one picture: accuracy on one axis, costs and belief beside it.

Plain HTML and CSS, right without a script; numbers that have no room are in titles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from poolviz.evaluation.standings import Standing
from poolviz.figures import colours
from poolviz.language import _, joined
from poolviz.text.pieces import html_attribute, html_text
from poolviz.trust.rows.believed import Believed

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # between two ticks
_MOST_TICKS = 7
_MARGIN = 0.02  # of the axis, on each side


class Axis:
    """Accuracies as places on one axis that holds all intervals and trainings of some heads.

    Parameters
    ----------
    found : one or more.
    """

    def __init__(self, found: Sequence[Standing]):
        ends = [end for s in found for end in (s.accuracy.low, s.accuracy.high, *s.seeds)]
        low, high = min(ends), max(ends)
        room = _MARGIN * (high - low) or _STEPS[0]
        self.low, self.high = low - room, high + room

    def place(self, accuracy: float) -> float:
        """Where an accuracy stands, from 0 to 1."""
        return (accuracy - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> dict[float, str]:
        """Round accuracies on the axis, and how they are written."""
        spans = (self.high - self.low) / _MOST_TICKS
        step = next((step for step in _STEPS if step >= spans), _STEPS[-1])
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        form = ".1%" if step < 0.01 else ".0%"
        return {number * step: format(number * step, form) for number in range(first, last + 1)}


def standings_html(
    found: Sequence[Standing], believed: Mapping[str, Believed], notes: Sequence[str] = ()
) -> str:
    """One row a head: its accuracy with interval and trainings, its costs, belief in its weights.

    Parameters
    ----------
    found : one or more, in their order.
    believed : of the heads of which it was measured.
    notes : sentences to stand below.

    Returns
    -------
    One `<div>` for `st.html`; everything is escaped.
    """
    axis = Axis(found)
    lines = "".join(_row(standing, believed.get(standing.head), axis) for standing in found)
    return (
        f'<div class="pvs"><style>{_style()}</style>{_header(axis)}{lines}'
        f'<div class="pvs-foot">{_legend(found, list(believed.values()), notes)}</div></div>'
    )


def _header(axis: Axis) -> str:
    ticks = "".join(
        f'<span style="left:{axis.place(tick):.2%}">{text}</span>'
        for tick, text in axis.ticks.items()
    )
    titles = "".join(
        f'<div class="pvs-number pvs-small">{html_text(title)}</div>' for title in _column_titles()
    )
    return (
        f'<div class="pvs-row pvs-head"><div>{html_text(_("Head"))}</div><div class="pvs-axis">'
        f'<span class="pvs-what">{html_text(_("Test accuracy"))}</span>{ticks}</div>{titles}</div>'
    )


def _column_titles() -> tuple[str, ...]:
    return (
        _("Accuracy, %"),
        _("Parameters"),
        _("Training"),
        _("Explaining"),
        _("Weights believable"),
    )


def _row(standing: Standing, believed: Believed | None, axis: Axis) -> str:
    explaining = standing.explaining
    cells = (
        standing.accuracy.as_percent(),
        f"{standing.parameters:,}",
        f"{standing.training:.0f} s",
        "–" if explaining is None else f"{explaining:.2f} ms",
    )
    numbers = "".join(
        f'<div class="pvs-number pvs-small" data-what="{html_attribute(what)}">'
        f"{html_text(cell)}</div>"
        for what, cell in zip(_column_titles(), cells, strict=False)
    )
    return (
        f'<div class="pvs-row" data-head="{html_attribute(standing.head)}">'
        f'<div class="pvs-name">{html_text(standing.name)}</div>'
        f'<div class="pvs-axis" title="{html_attribute(_said(standing))}">'
        f"{_grid(axis)}{_marks(standing, axis)}</div>{numbers}{_belief(believed)}</div>"
    )


def _grid(axis: Axis) -> str:
    return "".join(f'<i style="left:{axis.place(tick):.2%}"></i>' for tick in axis.ticks)


def _marks(standing: Standing, axis: Axis) -> str:
    """The interval, a tick for every other training, and the dot on top of them."""
    low, high = (axis.place(end) for end in (standing.accuracy.low, standing.accuracy.high))
    seeds = "".join(
        f'<i class="pvs-seed" style="left:{axis.place(seed):.2%}"></i>'
        for seed in standing.other_seeds
    )
    dot = axis.place(standing.accuracy.value)
    return (
        f'<i class="pvs-range" style="left:{low:.2%};width:{high - low:.2%}"></i>{seeds}'
        f'<i class="pvs-dot" style="left:{dot:.2%}"></i>'
    )


def _said(standing: Standing) -> str:
    """The numbers of the axis in words."""
    said = f"{standing.name}: {standing.accuracy.as_share()}"
    if standing.trained_once:
        return said
    trainings = ", ".join(f"{seed:.1%}" for seed in standing.other_seeds)
    return _("{accuracy}; other trainings: {trainings}").format(accuracy=said, trainings=trainings)


def _belief(believed: Believed | None) -> str:
    what = html_attribute(_("Weights believable"))
    if believed is None:
        return f'<div class="pvs-believed pvs-small" data-what="{what}">–</div>'
    chance = f'<i class="pvs-chance" style="left:{_bounded(believed.chance.value):.1%}"></i>'
    by_chance = _("a random order: {chance}").format(chance=believed.chance.as_number(2))
    if believed.weights is None:
        bar, number = "", "–"
        said = _("equal weights rank nothing; {chance}").format(chance=by_chance)
    else:
        bar = f'<i style="width:{_bounded(believed.weights.value):.1%}"></i>'
        number = f"{believed.weights.value:.2f}"
        said = f"{believed.weights.as_number(2)}; {by_chance}"
    return (
        f'<div class="pvs-believed pvs-small" data-what="{what}" title="{html_attribute(said)}">'
        f'<span class="pvs-meter">{bar}{chance}</span><b>{number}</b></div>'
    )


def _bounded(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _legend(found: Sequence[Standing], believed: Sequence[Believed], notes: Sequence[str]) -> str:
    """What the marks mean, each beside its mark, what the last column is, and the notes."""
    keys = [
        (
            '<i class="pvs-range" style="left:0;width:100%"></i>'
            '<i class="pvs-dot" style="left:50%"></i>',
            _("the model shown here, with its 95 % interval over {rows:,} test rows").format(
                rows=found[0].rows
            ),
        )
    ]
    if not all(standing.trained_once for standing in found):
        tick = '<i class="pvs-seed" style="left:50%"></i>'
        keys.append((tick, _("other trainings of the head, with other seeds")))
    parts = [
        f'<span class="pvs-key pvs-axis">{mark}</span>{html_text(meaning)}'
        for mark, meaning in keys
    ]
    return " &nbsp; ".join(parts) + "<br>" + html_text(joined([*_sentences(believed), *notes]))


def _sentences(believed: Sequence[Believed]) -> list[str]:
    sentences = [_("Explaining: one text on one thread, median; compare within a data set.")]
    if believed:
        sentences.append(
            _(
                "Weights believable: erase tokens by falling weight; 0 is the worst order, 1 the "
                "best, the tick a random one (NAOPC, Normalised Area Over the Perturbation Curve, "
                "on {rows} test rows; more on the page Trust)."
            ).format(rows=believed[0].rows)
        )
    return sentences


@cache
def _style() -> str:
    style = _STYLE
    for name in ("INTERVAL", "COMPARED", "POINT"):
        style = style.replace(name, getattr(colours, name))
    return style
