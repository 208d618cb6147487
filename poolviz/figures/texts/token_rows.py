"""Rows of tinted tokens in one table of HTML: its lines, its legend, its style.

Plain HTML and CSS that is right without a script: the numbers of a token are in its title. Every
row lays out the same tokens in the same widths, so they wrap at the same columns and stay in
columns. `poolviz.ui.tokens.token_rows` adds what a script can do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import regex

from poolviz.figures import colours
from poolviz.figures.heaviest import heaviest
from poolviz.language import _
from poolviz.text.pieces import as_label, html_attribute, html_piece, html_text
from poolviz.text.tokens import Token, has_visible
from poolviz.values.explanation import WHOLE_TEXT
from poolviz.views.captions import (
    contribution_sentence,
    left_out_sentence,
    number,
    special_sentence,
    treatment,
    window_sentence,
)
from poolviz.views.doubts import SAID_FROM, share_unknown
from poolviz.views.panel import Panel, Row
from poolviz.views.tints import strengths, tint_power

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_RIGHT_TO_LEFT = regex.compile(r"[\p{bc=R}\p{bc=AL}]")
LEGEND_STEPS = 12


@dataclass(frozen=True)
class Column:
    """Where a token stands: its position in the row's text, or the room of one that is not there.

    `gap` is what stands before it in the text, `rest` what stands behind the last one.
    """

    gap: str
    token: Token
    index: int | None
    alone: bool = False
    rest: str = ""

    @cached_property
    def before(self) -> str:
        """`gap` as HTML."""
        return _between(self.gap)

    @cached_property
    def after(self) -> str:
        """`rest` as HTML."""
        return _between(self.rest)

    @cached_property
    def text(self) -> str:
        """The token as HTML."""
        return html_piece(self.token.text)

    @cached_property
    def label(self) -> str:
        """The token, as short as labels are, within an attribute of HTML."""
        return html_attribute(as_label(self.token.text))


def table_html(panel: Panel, content: str, classes: str, style: str = "") -> str:
    """The table around its rows, with its style.

    Parameters
    ----------
    panel : of the rows, or of one of the texts in them.
    classes : of the table, beside those that all have.
    style : rules beside those of all such tables.
    """
    explanation = panel.summaries[0].explanation
    # What has read all has no neighbours to be outlined.
    before, after = (0, 0) if explanation.window == WHOLE_TEXT else explanation.window
    kind = "signed" if panel.diverging else "weight"
    return (
        f'<div class="pva {classes} pva-{kind}" data-window="{before},{after}" '
        f'data-text="{explanation.text_hash}">'
        f"<style>{table_style(panel.diverging)}{style}</style>{content}</div>"
    )


def legend_html(panel: Panel) -> str:
    """The tints from one end of the scale to the other, as the tokens have them."""
    power = tint_power(panel)
    start = -1.0 if panel.diverging else 0.0
    fractions = np.linspace(start, 1, LEGEND_STEPS)
    cells = "".join(
        f'<b class="{_tint_class(step)}"></b>'
        for step in _steps(np.sign(fractions) * np.abs(fractions) ** power)
    )
    low, high = _ends(panel)
    return f'<span class="pva-scale">{low}<span class="pva-bar">{cells}</span>{high}</span>'


def text_box(row: Row, line: str, label: str, classes: str = "", of: int = 0) -> str:
    """The place of one line of tokens in a row.

    Parameters
    ----------
    row : whose tokens they are.
    label : what they are, for those who cannot see it; the heaviest are named behind it.
    classes : more of its classes; "pva-stop" where it is one stop for Tab.
    of : which of the table's texts this is, where it shows several.
    """
    said = _("{line}; most: {tokens}").format(line=label, tokens=heaviest(row))
    return (
        f'<div class="pva-text{classes}" dir="auto" role="list" data-of="{of}" '
        f'data-count="{len(row.values)}" aria-label="{html_attribute(said)}">{line}</div>'
    )


def line_html(
    row: Row, columns: Sequence[Column], power: float, alone: str = "", stop: int | None = 0
) -> str:
    """The tokens of one line.

    Parameters
    ----------
    power : of the tints, see `poolviz.views.tints.tint_power`.
    alone : class of tokens that another text lacks.
    stop : `tabindex` of the first token: 0 where Tab leads to it and arrows to the others, -1
        where arrows lead to it, too; None where nothing leads into the line.
    """
    steps = _steps(strengths(row, power))
    values = row.values.tolist()
    known = [token.known for token in row.explanation.tokens]
    found = []
    for column in columns:
        if column.index is None:
            found.append(f'{column.before}<span class="pva-t pva-void">{column.text}</span>')
            continue
        index, value = column.index, number(values[column.index])
        classes = _tint_class(steps[index])
        classes += "" if known[index] else " pva-u"
        classes += f" {alone}" if column.alone else ""
        tab = "" if stop is None else f'tabindex="{stop}" '
        found.append(
            f'{column.before}<span class="pva-t {classes}" role="listitem" {tab}'
            f'data-position="{index}" data-value="{value}" title="{column.label} {value}">'
            f"{column.text}</span>{column.after}"
        )
        stop = None if stop is None else -1
    return "".join(found)


def columns_of(panel: Panel, part: range) -> list[Column]:
    """The tokens of a part of a text, and what is left out between them."""
    explanation = panel.summaries[0].explanation
    text, tokens = explanation.text, explanation.tokens
    ends = [0, *(token.end for token in tokens)]
    columns = []
    for i in part:
        gap = text[ends[i] : tokens[i].start]
        if i == part.start and (i or not has_visible(gap)):
            gap = ""
        rest = text[tokens[i].end :] if i == len(tokens) - 1 else ""
        columns.append(Column(gap, tokens[i], i, rest=rest))
    return columns


def _between(text: str) -> str:
    """What stands between tokens: white space, and in grey what the models do not read."""
    if not has_visible(text):
        return html_piece(text)
    return (
        f'<span class="pva-left" title="{html_attribute(_("left out"))}">{html_piece(text)}</span>'
    )


def table_notes(*panels: Panel) -> list[str]:
    """What one must know to read a table of one text or several, a sentence each."""
    first = panels[0].summaries[0].explanation
    notes = [*treatment(panels[0]), window_sentence(first.window)]
    notes += special_sentence(token for panel in panels for token in panel.tokens)
    if panels[0].view.quantity == "contribution":
        shown = (row.explanation for panel in panels for row in panel.summaries)
        notes.append(contribution_sentence(*shown))
    for panel in panels:
        notes += left_out_sentence(panel.summaries[0].explanation)
    share = share_unknown([token for panel in panels for token in panel.tokens])
    if share >= SAID_FROM:
        notes.append(_("Dotted underline: not in the vocabulary, {share:.0%}.").format(share=share))
    elif share:
        notes.append(_("Dotted underline: not in the vocabulary."))
    return list(dict.fromkeys(notes))


def unit_class(panel: Panel) -> str:
    """Words and texts that run from right to left flow; characters stand in boxes of one width."""
    explanation = panel.summaries[0].explanation
    longest = max(len(token.text) for token in explanation.tokens)
    flows = longest > 2 or _RIGHT_TO_LEFT.search(explanation.text)
    return "pva-w" if flows else "pva-c"


def _ends(panel: Panel) -> tuple[str, str]:
    """What stands at the ends of the scale: numbers, where they hold for every row."""
    ends = {(row.low, row.high) for row in panel.summaries}
    if len(ends) > 1:
        return "", html_text(_("each row's own scale"))
    [(low, high)] = ends
    return number(low), number(high)


def _steps(strength: np.ndarray) -> list[int]:
    return np.rint(strength * colours.TINT_STEPS).astype(int).tolist()


@lru_cache(maxsize=2 * colours.TINT_STEPS + 1)
def _tint_class(step: int) -> str:
    return "pva-0" if not step else f"pva-{'n' if step < 0 else 'p'}{abs(step)}"


def end_colours(rules: str) -> str:
    """Rules in which HIGH_LIGHT, HIGH_DARK, LOW_LIGHT and LOW_DARK are the ends of both tints."""
    for each, kind in (("HIGH", "positive"), ("LOW", "negative")):
        for page, colour in colours.TINT_ENDS[kind].items():
            rules = rules.replace(f"{each}_{page.upper()}", colours.css(colour))
    return rules


@lru_cache(maxsize=2)
def table_style(diverging: bool) -> str:
    """Rules of such a table; `diverging` as that of its panel."""
    kinds = {"p": "positive", "n": "negative"} if diverging else {"p": "weight"}
    rules = [end_colours(_STYLE)]
    for sign, kind in kinds.items():
        for step in range(1, colours.TINT_STEPS + 1):
            light, dark = (colours.tint(kind, step, page) for page in ("light", "dark"))
            back, text = (
                f"light-dark({colours.css(one)},{colours.css(other)})"
                for one, other in zip(light, dark, strict=True)
            )
            rules.append(f".pva-{'signed' if diverging else 'weight'} .pva-{sign}{step}")
            rules.append(f"{{background:{back};color:{text}}}")
    return "".join(rules)
