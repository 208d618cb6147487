"""All heads on one text as rows of one table: a token stands below itself in every row.

Plain HTML and CSS that is right without a script: the numbers of a token are in its title, a head
with several weight rows opens them. Every row lays out the same tokens in the same widths, so they
wrap at the same columns and stay in columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import regex

from poolviz.figures import colours
from poolviz.language import _, joined, listed
from poolviz.model.class_names import class_label, meaning_of
from poolviz.text.pieces import as_label, html_attribute, html_text
from poolviz.text.tokens import Token
from poolviz.values.explanation import Explanation
from poolviz.views.captions import number, treatment, window_sentence
from poolviz.views.changes import Aligned, Changes
from poolviz.views.decisions import tally
from poolviz.views.panel import Panel, Row
from poolviz.views.tints import strengths, tint_power

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_RIGHT_TO_LEFT = regex.compile(r"[\p{bc=R}\p{bc=AL}]")
_LEGEND_STEPS = 12


@dataclass(frozen=True)
class _Column:
    """Where a token stands: its position in the row's text, or the room of one that is not there.

    `gap` is what stands before it in the text.
    """

    gap: str
    token: Token
    index: int | None
    alone: bool = False


def aligned_html(
    panel: Panel, target: str, part: range | None = None, known: str | None = None
) -> str:
    """One row a head: its name, its decision on the axis of one class, its tokens tinted.

    Parameters
    ----------
    panel : what to show.
    target : the class on whose axis all decisions stand.
    part : the tokens to show; None for all.
    known : the class the text is known to have, or None.

    Returns
    -------
    One `<div>` for `st.html`; everything that comes from the text is escaped.
    """
    power = tint_power(panel)
    columns = _columns(panel, part or range(len(panel.tokens)))
    rows = []
    for row in panel.summaries:
        line = _line(row, columns, power)
        parts = "".join(
            _text_box(each, _line(each, columns, power), " pva-rows")
            for each in _weight_rows(panel, row)
        )
        rows.append(_head_row(row, target, known, None, _text_box(row, line), parts))
    decided = _("{heads}.").format(heads=tally([row.explanation for row in panel.summaries]))
    return _framed(panel, target, rows, [decided, *_notes(panel)])


def aligned_changes_html(changes: Changes, target: str, part: range | None = None) -> str:
    """The same for two texts: each head's row has a line before and a line after.

    Parameters
    ----------
    part : of `changes.aligned`, those to show; None for all.
    """
    panel = changes.heads[0].panels[1]
    power = min(tint_power(each) for head in changes.heads for each in head.panels)
    aligned = changes.aligned[part.start : part.stop] if part else changes.aligned
    rows = []
    for head in changes.heads:
        before, after = head.summaries
        lines = [
            _text_box(
                before,
                _line(before, _side(changes, aligned, 0), power, "pva-gone", stepped=False),
                " pva-earlier",
            ),
            _text_box(after, _line(after, _side(changes, aligned, 1), power, "pva-new")),
        ]
        rows.append(_head_row(after, target, None, head.explained[0], _both(lines), ""))
    flipped = [head.label for head in changes.heads if head.flips]
    note = (
        _("Another decision under: {heads}.").format(heads=listed(flipped))
        if flipped
        else _("Every head decides as before.")
    )
    return _framed(panel, target, rows, [note, *_notes(panel)])


def _both(lines: Sequence[str]) -> str:
    return f'<div class="pva-both">{"".join(lines)}</div>'


def _framed(panel: Panel, target: str, rows: Sequence[str], notes: Sequence[str]) -> str:
    window = panel.summaries[0].explanation.window
    kind = "signed" if panel.diverging else "weight"
    return (
        f'<div class="pva {_unit_class(panel)} pva-{kind}" data-window="{window[0]},{window[1]}" '
        f'data-text="{panel.summaries[0].explanation.text_hash}">'
        f"<style>{_style(panel.diverging)}</style>"
        f"{_header(panel, target)}{''.join(rows)}"
        f'<div class="pva-foot">{html_text(joined(notes))}</div></div>'
    )


def _header(panel: Panel, target: str) -> str:
    classes = panel.summaries[0].explanation.classes
    if len(classes) == 2:
        low, high = (meaning_of(name) for name in (_other(classes, target), target))
        axis = _("Decision ({low} ◂ ▸ {high})").format(low=low, high=high)
    else:
        axis = _("Decision; bar: share of {name}").format(name=class_label(target))
    return (
        f'<div class="pva-row pva-head"><div>{html_text(_("Head"))}</div>'
        f"<div>{html_text(axis)}</div><div>{html_text(panel.unit)}{_legend(panel)}</div></div>"
    )


def _legend(panel: Panel) -> str:
    """The tints from one end of the scale to the other, as the tokens have them."""
    power = tint_power(panel)
    start = -1.0 if panel.diverging else 0.0
    fractions = np.linspace(start, 1, _LEGEND_STEPS)
    cells = "".join(
        f'<b class="{_tint_class(step)}"></b>'
        for step in _steps(np.sign(fractions) * np.abs(fractions) ** power)
    )
    low, high = _ends(panel)
    return f'<span class="pva-scale">{low}<span class="pva-bar">{cells}</span>{high}</span>'


def _ends(panel: Panel) -> tuple[str, str]:
    """What stands at the ends of the scale: numbers, where they hold for every row."""
    ends = {(row.low, row.high) for row in panel.summaries}
    if len(ends) > 1:
        return "", html_text(_("each row's own scale"))
    [(low, high)] = ends
    return number(low), number(high)


def _head_row(
    row: Row,
    target: str,
    known: str | None,
    before: Explanation | None,
    lines: str,
    parts: str,
) -> str:
    name = html_text(row.label)
    if parts:
        title = html_attribute(_("Open its weight rows"))
        name = f'<details><summary title="{title}">{name}</summary></details>'
    return (
        f'<div class="pva-row" data-head="{html_attribute(row.explanation.head)}" '
        f'data-label="{html_attribute(row.label)}">'
        f'<div class="pva-name">{name}</div>'
        f'<div class="pva-decision">{_decision(row.explanation, target, known, before)}</div>'
        f"{lines}{parts}</div>"
    )


def _decision(
    explanation: Explanation, target: str, known: str | None, before: Explanation | None
) -> str:
    """The predicted class with its share, whether it is right, and the bar on the target's axis."""
    share = explanation.probabilities.max()
    mark = ""
    if known is not None:
        right = known == explanation.predicted
        word = _("right") if right else _("wrong: it is {name}").format(name=class_label(known))
        state, sign = ("right", "✓") if right else ("wrong", "✗")
        mark = f' <span class="pva-{state}" title="{html_attribute(word)}">{sign}</span>'
    ghost = was = ""
    if before is not None:
        ghost = _bar(before, target, "pva-ghost")
        said = _("before: {name} {share:.0%}").format(
            name=class_label(before.predicted), share=before.probabilities.max()
        )
        was = f'<div class="pva-was">{html_text(said)}</div>'
    middle = '<i class="pva-middle" style="left:50%"></i>' if len(explanation.classes) == 2 else ""
    return (
        f"{html_text(class_label(explanation.predicted))} <b>{share:.0%}</b>{mark}"
        f'<div class="pva-axis">{_bar(explanation, target)}{ghost}{middle}</div>{was}'
    )


def _bar(explanation: Explanation, target: str, style: str = "") -> str:
    """Of two classes from the middle of the axis to one side; of more from its left end."""
    share = float(explanation.probabilities[explanation.classes.index(target)])
    start = 0.5 if len(explanation.classes) == 2 else 0.0
    left, width = min(start, share), abs(share - start)
    classes = f"{style} pva-low" if share < start else style
    return f'<i class="{classes}" style="left:{left:.1%};width:{width:.1%}"></i>'


def _text_box(row: Row, line: str, style: str = "") -> str:
    label = _("{head}: {unit}").format(head=row.label, unit=row.unit)
    return (
        f'<div class="pva-text{style}" dir="auto" role="list" data-count="{len(row.values)}" '
        f'aria-label="{html_attribute(label)}">{line}</div>'
    )


def _line(
    row: Row, columns: Sequence[_Column], power: float, alone: str = "", stepped: bool = True
) -> str:
    """The tokens of one row.

    `stepped`: the first can be reached by Tab, and arrows lead to the others.
    """
    steps = _steps(strengths(row, power))
    values = row.values.tolist()
    known = [token.known for token in row.explanation.tokens]
    found, stop = [], 0
    for column in columns:
        text = html_text(column.token.text)
        if column.index is None:
            found.append(f'{html_text(column.gap)}<span class="pva-t pva-void">{text}</span>')
            continue
        index, value = column.index, number(values[column.index])
        classes = _tint_class(steps[index])
        classes += "" if known[index] else " pva-u"
        classes += f" {alone}" if column.alone else ""
        tab = f'tabindex="{stop}" ' if stepped else ""
        found.append(
            f'{html_text(column.gap)}<span class="pva-t {classes}" role="listitem" '
            f'{tab}data-position="{index}" '
            f'data-value="{value}" title="{html_attribute(as_label(column.token.text))} {value}">'
            f"{text}</span>"
        )
        stop = -1
    return "".join(found)


def _columns(panel: Panel, part: range) -> list[_Column]:
    explanation = panel.summaries[0].explanation
    ends = [0, *(token.end for token in explanation.tokens)]
    return [
        _Column(explanation.text[ends[i] : token.start] if i > part.start else "", token, i)
        for i, token in zip(part, explanation.tokens[part.start : part.stop], strict=True)
    ]


def _side(changes: Changes, aligned: Sequence[Aligned], side: int) -> list[_Column]:
    """The columns of the text before (0) or after (1), with room for what only the other has."""
    columns = []
    for each in aligned:
        of, index = (0, each.before) if each.after is None else (1, each.after)
        assert index is not None, "one of the texts has it"
        explanation = changes.heads[0].panels[of].summaries[0].explanation
        token = explanation.tokens[index]
        end = explanation.tokens[index - 1].end if index else token.start
        gap = explanation.text[end : token.start]
        position = each.after if side else each.before
        columns.append(_Column(gap, token, position, not each.kept))
    return columns


def _weight_rows(panel: Panel, summary: Row) -> list[Row]:
    """The rows of a head with several, on the scale of the table; none of a head with one."""
    found = [row for row in panel.rows if row.explanation is summary.explanation]
    if len(found) < 2:
        return []
    return found


def _notes(panel: Panel) -> list[str]:
    notes = [*treatment(panel), window_sentence(panel.summaries[0].explanation.window)]
    if any(not token.known for token in panel.tokens):
        notes.append(_("Dotted underline: not in the vocabulary."))
    return notes


def _unit_class(panel: Panel) -> str:
    """Words and texts that run from right to left flow; characters stand in boxes of one width."""
    explanation = panel.summaries[0].explanation
    longest = max(len(token.text) for token in explanation.tokens)
    flows = longest > 2 or _RIGHT_TO_LEFT.search(explanation.text)
    return "pva-w" if flows else "pva-c"


def _other(classes: Sequence[str], target: str) -> str:
    return classes[1 - classes.index(target)]


def _steps(strength: np.ndarray) -> list[int]:
    return np.rint(strength * colours.TINT_STEPS).astype(int).tolist()


@lru_cache(maxsize=2 * colours.TINT_STEPS + 1)
def _tint_class(step: int) -> str:
    return "pva-0" if not step else f"pva-{'n' if step < 0 else 'p'}{abs(step)}"


@lru_cache(maxsize=2)
def _style(diverging: bool) -> str:
    kinds = {"p": "positive", "n": "negative"} if diverging else {"p": "weight"}
    rules = [_STYLE]
    for each, kind in (("HIGH", "positive"), ("LOW", "negative")):
        for page, colour in colours.TINT_ENDS[kind].items():
            rules[0] = rules[0].replace(f"{each}_{page.upper()}", colours.css(colour))
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
