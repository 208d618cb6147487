"""Tinted tokens for where styles and scripts are taken away: Markdown, and HTML that is pasted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from poolviz.figures.colours import BLACK, LEFT_OUT, css, over
from poolviz.language import _, joined
from poolviz.text.pieces import html_piece, html_text, one_line, pieces
from poolviz.views.captions import caption
from poolviz.views.panel import Panel, Row
from poolviz.views.tints import strengths, tint_power

HEAVY = 0.6  # strength from which on a token is bold in Markdown, or struck through where negative
_SPECIAL = frozenset(r"\`*_{}[]()#+-.!|<>~&$")


def markdown(panel: Panel, rows: Sequence[Row]) -> str:
    """A line for each row: its name, and the text with its strongest tokens marked.

    Whatever the text holds is shown as it is: it has no meaning in Markdown.
    """
    power = tint_power(panel)
    found = [f"**{_plain(row.label)}**: {_marked(row, power)}" for row in rows]
    notes = [_("Bold: tokens of the highest values.")]
    if panel.diverging:
        notes.append(_("Struck through: tokens of the lowest negative values."))
    heading = f"### {_plain(panel.unit)}"
    return "\n\n".join([heading, *found, _plain(joined([*notes, caption(panel)]))]) + "\n"


def inline_html(panel: Panel, rows: Sequence[Row]) -> str:
    """A paragraph for each row whose tokens have their colours in themselves; nothing to load."""
    power = tint_power(panel)
    found = [
        f"<p><b>{html_text(row.label)}</b><br>{''.join(_spans(row, power))}</p>" for row in rows
    ]
    foot = html_text(joined([_("{unit}.").format(unit=panel.unit), caption(panel)]))
    return "\n".join([*found, f"<p><small>{foot}</small></p>", ""])


def _marked(row: Row, power: float) -> str:
    parts = []
    for text, index, strength in _pieces(row, power):
        shown = _plain(one_line(text))
        if index is None or abs(strength) < HEAVY or not text.strip():
            parts.append(shown)
        else:
            # Marks beside letters count only where they are HTML.
            parts.append(f"<b>{shown}</b>" if strength > 0 else f"<s>{shown}</s>")
    return "".join(parts)


def _spans(row: Row, power: float) -> Iterator[str]:
    for text, index, strength in _pieces(row, power):
        if index is None:
            yield f'<span style="color:{css(LEFT_OUT)}">{html_piece(text)}</span>'
        else:
            back = css(over(strength, row.low < 0))
            yield (
                f'<span style="background:{back};color:{css(BLACK)}" '
                f'title="{row.values[index]:.4g}">{html_piece(text)}</span>'
            )


def _pieces(row: Row, power: float) -> Iterator[tuple[str, int | None, float]]:
    explanation, strength = row.explanation, strengths(row, power)
    for text, index in pieces(explanation.text, explanation.tokens):
        yield text, index, 0.0 if index is None else float(strength[index])


def _plain(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)
