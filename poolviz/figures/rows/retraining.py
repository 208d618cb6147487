"""How far each head's weights lie from other heads and from its own retraining: one line a head.

Plain HTML and CSS, right without a script.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from poolviz.evaluation.retraining.apart import Apart
from poolviz.evaluation.retraining.results import Retraining
from poolviz.figures import colours
from poolviz.language import N_, _, joined
from poolviz.model.own_heads import head_title
from poolviz.text.pieces import html_attribute, html_text
from poolviz.values.interval import Interval, as_chance

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_MARKS = {"others": N_("from the other heads"), "own": N_("from its own retraining")}
_ROOM = 1.04  # of the axis, beyond the furthest end


def retraining_html(found: Retraining) -> str:
    """A line for each head: both distances with their intervals, and in words what they show.

    Returns
    -------
    One `<div>` for `st.html`; everything is escaped.
    """
    ends = [part.high for each in found.heads.values() for part in _shown(each).values()]
    end = _ROOM * max(ends)
    rows = "".join(_row(head, each, end) for head, each in found.heads.items())
    return (
        f'<div class="pvf"><style>{_style()}</style>{_header(end)}{rows}'
        f'<div class="pvf-foot">{html_text(joined(_notes(found)))}</div></div>'
    )


def said(each: Apart) -> str:
    """What a head's distances show, in words."""
    numbers = _("{others:.3f} against {own:.3f}, {p}").format(
        others=each.to_others.value, own=each.to_retrained.value, p=as_chance(each.p)
    )
    if each.further is None:
        return _("no difference shown ({numbers})").format(numbers=numbers)
    if each.further:
        return _("further from the other heads ({numbers})").format(numbers=numbers)
    return _("further from its own retraining ({numbers})").format(numbers=numbers)


def _shown(each: Apart) -> dict[str, Interval]:
    return {"others": each.to_others, "own": each.to_retrained}


def _header(end: float) -> str:
    legend = "".join(
        f'<span><b class="pvf-mark pvf-{key}"></b>{html_text(_(name))}</span>'
        for key, name in _MARKS.items()
    )
    return (
        f'<div class="pvf-row pvf-head"><div>{html_text(_("Head"))}</div>'
        f'<div><div class="pvf-legend">{legend}</div><div class="pvf-ends"><span>0</span>'
        f'<span>{end:.2f}</span></div></div><div class="pvf-said"></div></div>'
    )


def _row(head: str, each: Apart, end: float) -> str:
    shown = _shown(each)
    marks = "".join(_marks(key, at, end) for key, at in shown.items())
    read = joined(f"{_title(key, at)}." for key, at in shown.items())
    return (
        f'<div class="pvf-row" data-head="{html_attribute(head)}">'
        f'<div class="pvf-name">{html_text(head_title(head))}</div>'
        f'<div class="pvf-axis" role="img" aria-label="{html_attribute(read)}">{marks}</div>'
        f'<div class="pvf-said">{html_text(said(each))}</div></div>'
    )


def _marks(key: str, at: Interval, end: float) -> str:
    low, value, high = (place / end for place in (at.low, at.value, at.high))
    title = html_attribute(_title(key, at))
    return (
        f'<i class="pvf-{key}" style="left:{low:.1%};width:{high - low:.1%}"></i>'
        f'<b class="pvf-mark pvf-{key}" style="left:{value:.1%}" title="{title}"></b>'
    )


def _title(key: str, at: Interval) -> str:
    return f"{_(_MARKS[key])} {at.as_number(3)}"


def _notes(found: Retraining) -> list[str]:
    return [
        _(
            "Mean Jensen-Shannon divergence of the weights on {rows:,} test rows, in nats: 0 for "
            "the same weights, 0.693 for no token in common. {trainings} trainings of each head."
        ).format(rows=found.rows, trainings=found.trainings),
        _(
            "Bars: 95 % intervals over other rows and other trainings. Tests are corrected by Holm "
            "over the heads."
        ),
        _("Average pooling is left out: no training changes its weights."),
    ]


@cache
def _style() -> str:
    style = _STYLE
    for name in ("INTERVAL", "COMPARED", "POINT"):
        style = style.replace(name, getattr(colours, name))
    return style
