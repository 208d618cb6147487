"""Sentences and numbers that go with a panel: range, method, what was done to the values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poolviz.language import _
from poolviz.types import Explanation

if TYPE_CHECKING:
    from poolviz.views import Panel


def number(value: float) -> str:
    """A value as people read it: three significant digits, never "-0"."""
    return f"{value:.3g}" if value else "0"


def method(*explanations: Explanation) -> str:
    """Data set, read-out and exactness of explanations that are shown together."""
    parts = dict.fromkeys(
        _("{dataset}, {readout} read-out, {exactness}").format(
            dataset=explanation.dataset,
            readout=explanation.readout,
            exactness=_("exact") if explanation.exact else _("approximate"),
        )
        for explanation in explanations
    )
    return " · ".join(parts)


def caption(panel: Panel) -> str:
    """The range of the colours in the panel's rows, and what was done to the numbers."""
    view = panel.view
    sentences = [_range_sentence(panel)]
    if view.effective_scale == "uniform":
        sentences.append(_("1 is what average pooling gives."))
    elif view.effective_scale != view.scale:
        sentences.append(_("Contributions have no scale relative to uniform."))
    if view.spread:
        sentences.append(_("Each value is spread over the window its position has read."))
    if view.words:
        sentences.append(_("Characters are folded to words, sums kept."))
    if panel.per_column > 1:
        sentences.append(_bin_sentence(panel))
    return " ".join(sentences)


def window_sentence(window: tuple[int, int]) -> str:
    """How far a position's vector has read."""
    return _("A position has read {before} before it and {after} after it.").format(
        before=window[0], after=window[1]
    )


def _range_sentence(panel: Panel) -> str:
    if panel.view.effective_scale == "head":
        highs = [row.high for row in panel.rows]
        return _("Each row has its own colour scale; it ends between {low} and {high}.").format(
            low=number(min(highs)), high=number(max(highs))
        )
    if panel.one_scale:
        ranges = [(panel.unit, panel.rows[0].low, panel.rows[0].high)]
    else:
        ranges = list(dict.fromkeys((row.unit, row.low, row.high) for row in panel.rows))
    listed = "; ".join(f"{unit}: {number(low)} – {number(high)}" for unit, low, high in ranges)
    return _("One colour scale for all rows; {ranges}.").format(ranges=listed)


def _bin_sentence(panel: Panel) -> str:
    if panel.view.quantity == "contribution":
        return _("{count} tokens per column, their sum.").format(count=panel.per_column)
    return _("{count} tokens per column, their mean.").format(count=panel.per_column)
