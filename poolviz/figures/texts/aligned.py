"""All heads on one text as rows of one table: a token stands below itself in every row.

A head with several weight rows opens them.
"""

from __future__ import annotations

from collections.abc import Sequence

from poolviz.figures.texts.token_rows import (
    Column,
    columns_of,
    legend_html,
    line_html,
    table_html,
    table_notes,
    text_box,
    unit_class,
)
from poolviz.language import _, joined, listed
from poolviz.model.class_names import class_label, meaning_of
from poolviz.text.pieces import html_attribute, html_text
from poolviz.text.tokens import has_visible
from poolviz.values.explanation import Explanation
from poolviz.views.changes import Aligned, Changes
from poolviz.views.decisions import tally
from poolviz.views.panel import Panel, Row
from poolviz.views.tints import tint_power


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
    columns = columns_of(panel, part or range(len(panel.tokens)))
    rows = []
    for row in panel.summaries:
        line = line_html(row, columns, power)
        parts = "".join(
            _text(each, line_html(each, columns, power), " pva-stop pva-rows")
            for each in _weight_rows(panel, row)
        )
        rows.append(_head_row(row, target, known, None, _text(row, line), parts))
    decided = _("{heads}.").format(heads=tally([row.explanation for row in panel.summaries]))
    return _framed(panel, target, rows, [decided, *table_notes(panel)])


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
            _text(
                before,
                line_html(before, _side(changes, aligned, 0), power, "pva-gone", stop=None),
                " pva-earlier",
            ),
            _text(after, line_html(after, _side(changes, aligned, 1), power, "pva-new")),
        ]
        rows.append(_head_row(after, target, None, head.explained[0], _both(lines), ""))
    flipped = [head.label for head in changes.heads if head.flips]
    note = (
        _("Another decision under: {heads}.").format(heads=listed(flipped))
        if flipped
        else _("Every head decides as before.")
    )
    return _framed(panel, target, rows, [note, *table_notes(panel)])


def _both(lines: Sequence[str]) -> str:
    return f'<div class="pva-both">{"".join(lines)}</div>'


def _framed(panel: Panel, target: str, rows: Sequence[str], notes: Sequence[str]) -> str:
    foot = f'<div class="pva-foot">{html_text(joined(notes))}</div>'
    return table_html(panel, f"{_header(panel, target)}{''.join(rows)}{foot}", unit_class(panel))


def _header(panel: Panel, target: str) -> str:
    classes = panel.summaries[0].explanation.classes
    if len(classes) == 2:
        low, high = (meaning_of(name) for name in (_other(classes, target), target))
        axis = _("Decision ({low} ◂ ▸ {high})").format(low=low, high=high)
    else:
        axis = _("Decision; bar: share of {name}").format(name=class_label(target))
    return (
        f'<div class="pva-row pva-head"><div>{html_text(_("Head"))}</div>'
        f"<div>{html_text(axis)}</div><div>{html_text(panel.unit)}{legend_html(panel)}</div></div>"
    )


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


def _text(row: Row, line: str, classes: str = " pva-stop") -> str:
    label = _("{head}: {unit}").format(head=row.label, unit=row.unit)
    return text_box(row, line, label, classes)


def _side(changes: Changes, aligned: Sequence[Aligned], side: int) -> list[Column]:
    """The columns of the text before (0) or after (1), with room for what only the other has."""
    columns = []
    for each in aligned:
        of, index = (0, each.before) if each.after is None else (1, each.after)
        assert index is not None, "one of the texts has it"
        explanation = changes.heads[0].panels[of].summaries[0].explanation
        token = explanation.tokens[index]
        end = explanation.tokens[index - 1].end if index else 0
        gap = explanation.text[end : token.start]
        if not index and not has_visible(gap):
            gap = ""
        rest = explanation.text[token.end :] if index == len(explanation.tokens) - 1 else ""
        position = each.after if side else each.before
        columns.append(Column(gap, token, position, not each.kept, rest))
    return columns


def _weight_rows(panel: Panel, summary: Row) -> list[Row]:
    """The rows of a head with several, on the scale of the table; none of a head with one."""
    found = [row for row in panel.rows if row.explanation is summary.explanation]
    if len(found) < 2:
        return []
    return found


def _other(classes: Sequence[str], target: str) -> str:
    return classes[1 - classes.index(target)]
