"""Where each head's weights stand between the worst and the best order: one line a head.

Plain HTML and CSS. An axis runs from 0 to 1 and has a mark for random orders, for the head's
weights and for its contributions, each on its 95 % interval; beside it stands what that says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from poolviz.figures.trust.palette import RANKING_COLOURS
from poolviz.language import N_, _, joined
from poolviz.model.own_heads import head_title
from poolviz.text.pieces import html_attribute, html_text
from poolviz.trust.rows.standing import SHOWN, Standing
from poolviz.values.interval import Interval

_CSS = Path(__file__).with_suffix(".css")
_NAMES = {
    "random": N_("random order"),
    "weight": N_("by weight"),
    "contribution": N_("by contribution"),
}


def standings_html(standings: Sequence[Standing], notes: Sequence[str]) -> str:
    """A line for each head.

    Parameters
    ----------
    notes : sentences below: what was measured on what.

    Returns
    -------
    One `<div>` for `st.html`; names and sentences are escaped.
    """
    rows = "".join(_row(standing) for standing in standings)
    return (
        f'<div class="pvs"><style>{_style()}</style>{_lead()}{_header()}{rows}'
        f'<div class="pvs-foot">{html_text(joined(notes))}</div></div>'
    )


def _lead() -> str:
    test = _(
        "The test: erase a text's tokens one after the other, those of the greatest weight first. "
        "If that is what the head decides by, the probability of its class falls early."
    )
    return f'<div class="pvs-lead">{html_text(test)}</div>'


def _header() -> str:
    legend = "".join(
        f'<span><b class="pvs-mark pvs-{ranking}"></b>{html_text(_(_NAMES[ranking]))}</span>'
        for ranking in SHOWN
    )
    low, high = html_text(_("0: worst order")), html_text(_("1: best order"))
    scale = html_text(_("NAOPC, Normalised Area Over the Perturbation Curve"))
    return (
        f'<div class="pvs-row pvs-head"><div>{html_text(_("Head"))}</div>'
        f'<div><div>{scale}</div><div class="pvs-legend">{legend}</div>'
        f'<div class="pvs-ends"><span>{low}</span><span>{high}</span></div></div>'
        f'<div class="pvs-said">{html_text(_("How good an order its weights give"))}</div></div>'
    )


def _row(standing: Standing) -> str:
    shown = [(ranking, standing.shown[ranking]) for ranking in SHOWN if ranking in standing.shown]
    spans = "".join(_span(ranking, at) for ranking, at in shown)
    marks = "".join(_mark(ranking, at) for ranking, at in shown)
    read = joined(f"{_title(ranking, at)}." for ranking, at in shown)
    return (
        f'<div class="pvs-row" data-head="{html_attribute(standing.head)}">'
        f'<div class="pvs-name">{html_text(head_title(standing.head))}</div>'
        f'<div class="pvs-axis" role="img" aria-label="{html_attribute(read)}">{spans}{marks}</div>'
        f'<div class="pvs-said">{html_text(standing.sentence)}</div></div>'
    )


def _span(ranking: str, at: Interval) -> str:
    if math.isnan(at.low):
        return ""
    place = f"left:{at.low:.1%};width:{at.high - at.low:.1%}"
    return f'<i class="pvs-{ranking}" style="{place}"></i>'


def _mark(ranking: str, at: Interval) -> str:
    title = html_attribute(_title(ranking, at))
    style = f"left:{at.value:.1%}"
    return f'<b class="pvs-mark pvs-{ranking}" style="{style}" title="{title}"></b>'


def _title(ranking: str, at: Interval) -> str:
    return f"{_(_NAMES[ranking])} {at.as_number(2)}"


@lru_cache(maxsize=1)
def _style() -> str:
    style = _CSS.read_text(encoding="utf-8")
    for ranking in SHOWN:
        style = style.replace(ranking.upper(), RANKING_COLOURS[ranking])
    return style
