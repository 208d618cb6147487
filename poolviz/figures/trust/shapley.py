"""Contributions above Shapley values, token by token, under every head; one table of HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from poolviz.figures.texts.token_rows import (
    columns_of,
    legend_html,
    line_html,
    table_html,
    text_box,
    unit_class,
)
from poolviz.language import _, joined
from poolviz.text.pieces import html_attribute, html_text
from poolviz.trust.tables import erasure_note, undefined
from poolviz.trust.text.shapley import ORDER_PAIRS, Comparison
from poolviz.views.captions import contribution_sentence
from poolviz.views.decisions import named_class
from poolviz.views.panel import Row, panel
from poolviz.views.tints import tint_power
from poolviz.views.view import View

_CSS = Path(__file__).with_suffix(".css")


def shapley_html(comparisons: Sequence[Comparison], how: str) -> str:
    """A row for each head: how like the two numbers are, and both as tinted tokens on one scale.

    Parameters
    ----------
    how : the way to erase.

    Returns
    -------
    One `<div>` for `st.html`; everything that comes from the text is escaped.
    """
    explained = [comparison.explanation for comparison in comparisons]
    target = named_class(explained)
    shown = panel(
        [*explained, *(comparison.as_contributions(how) for comparison in comparisons)],
        View("contribution", target=target),
        labels=[row.label for row in panel(explained, View()).summaries] * 2,
    )
    count, power = len(comparisons), tint_power(shown)
    columns = columns_of(shown, range(len(shown.tokens)))
    rows = []
    for number, comparison in enumerate(comparisons):
        pair = (shown.summaries[number], shown.summaries[count + number])
        lines = [line_html(row, columns, power) for row in pair]
        rows.append(_row(comparison, target, how, pair, lines))
    head = (
        f'<div class="pva-row pva-head"><div>{html_text(_("Head"))}</div>'
        f"<div>{html_text(_('How like they are'))}</div>"
        f"<div>{html_text(shown.unit)}{legend_html(shown)}</div></div>"
    )
    foot = f'<div class="pva-foot">{html_text(joined(shapley_notes(comparisons, how)))}</div>'
    classes = f"pvp {unit_class(shown)}"
    return table_html(shown, f"{head}{''.join(rows)}{foot}", classes, _style())


def shapley_notes(comparisons: Sequence[Comparison], how: str) -> list[str]:
    """What both numbers are, and how they were found, a sentence each."""
    target = named_class([comparison.explanation for comparison in comparisons])
    notes = [
        contribution_sentence(*(comparison.explanation for comparison in comparisons)),
        _(
            "Shapley value: what the token adds to those before it, over all orders; they sum to "
            "the logit of the text less that of the text with all tokens erased."
        ),
        erasure_note(how, comparisons[0].explanation.window),
    ]
    if all(comparison.shapley[how].exact for comparison in comparisons):
        return [*notes, _("Over all sets of tokens.")]
    largest = max(comparison.errors(target, how).max() for comparison in comparisons)
    note = _("Sampled: {orders} orders; standard error of a value: at most {error:.3f}.")
    return [*notes, note.format(orders=2 * ORDER_PAIRS, error=largest)]


def _row(
    comparison: Comparison, target: str, how: str, pair: tuple[Row, Row], lines: Sequence[str]
) -> str:
    titles = (_("Contribution"), _("Shapley value"))
    boxes = "".join(
        f"<div>{html_text(title)}</div>"
        + text_box(row, line, _("{head}: {unit}").format(head=row.label, unit=title), " pva-stop")
        for title, row, line in zip(titles, pair, lines, strict=True)
    )
    return (
        f'<div class="pva-row" data-head="{html_attribute(comparison.explanation.head)}">'
        f'<div class="pva-name">{html_text(pair[0].label)}</div>'
        f'<div class="pvp-number">{html_text(_likeness(comparison, target, how))}</div>'
        f'<div class="pvp-lines">{boxes}</div></div>'
    )


def _likeness(comparison: Comparison, target: str, how: str) -> str:
    found = comparison.likeness(target, how)
    r, tau = (
        undefined() if math.isnan(value) else f"{value:.2f}" for value in (found.r, found.tau)
    )
    return _("r {r}, tau {tau}, same sign {share:.0%}").format(r=r, tau=tau, share=found.same_sign)


@lru_cache(maxsize=1)
def _style() -> str:
    return _CSS.read_text(encoding="utf-8")
