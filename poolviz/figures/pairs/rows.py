"""All matchers on two or three sentences as rows of one table, their thresholds on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from poolviz.figures.texts.token_rows import (
    columns_of,
    end_colours,
    legend_html,
    line_html,
    table_html,
    table_notes,
    text_box,
    unit_class,
)
from poolviz.language import _, joined, listed
from poolviz.model.class_names import meaning_of
from poolviz.model.kinds import OUTCOMES
from poolviz.text.pieces import html_attribute, html_text
from poolviz.views.matchers import MatcherRow
from poolviz.views.panel import Panel
from poolviz.views.passages import part_at
from poolviz.views.tints import tint_power

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Accuracy:
    """How often a matcher is right on its test pairs: the share, and the same with its interval."""

    share: str
    interval: str


def match_rows_html(
    rows: Sequence[MatcherRow],
    panels: Mapping[str, Panel],
    accuracies: Sequence[Accuracy] | None,
    chosen: str,
    headline: str,
    notes: Sequence[str] = (),
    right: Sequence[bool] | None = None,
) -> str:
    """One row a matcher: its name, how good it is, its verdict on the axis, the sentences tinted.

    Where nothing was trained, one row a pooling: its name, the cosine, the sentences.

    Parameters
    ----------
    rows : one with a single mark has a bar from the threshold, one with two has two dots.
    panels : `poolviz.views.pairs.sentence_panels` of the same matchers.
    accuracies : of the matchers; None where nothing was trained.
    chosen : name of the chosen one.
    headline : what they say together.
    notes : sentences below the table.
    right : whether each verdict is the known one; None where none is known.

    Returns
    -------
    One `<div>` for `st.html`; everything that comes from the sentences is escaped.
    """
    first = next(iter(panels.values()))
    power = min(tint_power(panel) for panel in panels.values())
    texts = [_Text(name, panel) for name, panel in panels.items()]
    lines = [
        _row(
            row,
            None if accuracies is None else accuracies[index],
            row.name == chosen,
            None if right is None else right[index],
            _texts(texts, index, power),
        )
        for index, row in enumerate(rows)
    ]
    foot = html_text(joined([*notes, *table_notes(*panels.values())]))
    head = _header(panels, _matcher_titles() if accuracies is not None else _pooling_titles())
    content = (
        f'<div class="pvm-count">{html_text(headline)}</div>{head}{"".join(lines)}'
        f'<div class="pva-foot">{foot}</div>'
    )
    classes = "pvm" if accuracies is not None else "pvm pvm-untrained"
    return table_html(first, content, classes, _style())


def _header(panels: Mapping[str, Panel], titles: str) -> str:
    first = next(iter(panels.values()))
    shown = _("{head}: {unit}").format(head=listed(panels), unit=first.unit)
    return (
        f'<div class="pva-row pva-head">{titles}'
        f"<div>{html_text(shown)}{legend_html(first)}</div></div>"
    )


def _matcher_titles() -> str:
    """Heads of the columns before the sentences."""
    low, high = map(meaning_of, OUTCOMES)
    axis = html_attribute(
        _(
            "Left half: probability from 0 to the matcher's own threshold. Right half: from there "
            "to 1."
        )
    )
    return (
        f'<div class="pvm-head-name">{html_text(_("Matcher"))}</div>'
        f'<div class="pvm-head-accuracy">{html_text(_("Accuracy"))}</div>'
        f'<div class="pvm-ends" title="{axis}"><span>{html_text(low)}</span>'
        f"<span>◂ {html_text(_('threshold'))} ▸</span><span>{html_text(high)}</span></div>"
    )


def _pooling_titles() -> str:
    return (
        f'<div class="pvm-head-name">{html_text(_("Pooling"))}</div>'
        '<div class="pvm-ends"><span>−1</span>'
        f"<span>◂ {html_text(_('cosine'))} ▸</span><span>1</span></div>"
    )


def _row(
    row: MatcherRow, accuracy: Accuracy | None, chosen: bool, right: bool | None, texts: str
) -> str:
    state = ' pva-row-chosen" aria-current="true' if chosen else ""
    return (
        f'<div class="pva-row{state}" data-head="{html_attribute(row.name)}" '
        f'data-label="{html_attribute(row.label)}">'
        f'<div class="pva-name">{html_text(row.label)}</div>'
        f'{_accuracy(accuracy)}<div class="pva-decision">'
        f"<b>{html_text(row.verdict)}</b>{_mark(right)} · "
        f'{html_text(row.standing)}<div class="pva-axis">{_marks(row.marks)}'
        f'<i class="pva-middle" style="left:50%"></i></div></div>{texts}</div>'
    )


def _accuracy(accuracy: Accuracy | None) -> str:
    if accuracy is None:
        return ""
    title = html_attribute(accuracy.interval)
    return f'<div class="pvm-accuracy" title="{title}">{html_text(accuracy.share)}</div>'


def _mark(right: bool | None) -> str:
    if right is None:
        return ""
    state, word, sign = ("right", _("right"), "✓") if right else ("wrong", _("wrong"), "✗")
    return f' <span class="pva-{state}" title="{html_attribute(word)}">{sign}</span>'


def _marks(places: Sequence[float]) -> str:
    """A bar from the threshold to one place, or a dot at each of two, the second one open."""
    shares = [(place + 1) / 2 for place in places]
    if len(shares) == 1:
        [share] = shares
        left, width = min(0.5, share), abs(share - 0.5)
        low = "pva-low" if share < 0.5 else ""
        return f'<i class="{low}" style="left:{left:.1%};width:{width:.1%}"></i>'
    return "".join(
        f'<i class="pvm-dot{shape}" style="left:{share:.1%}"></i>'
        for share, shape in zip(shares, ("", " pvm-open"), strict=True)
    )


class _Text:
    """What all rows share of one sentence."""

    def __init__(self, name: str, panel: Panel):
        self.name = name
        self.panel = panel
        self.columns = columns_of(panel, part_at(0, len(panel.tokens)))
        self.unit = unit_class(panel)


def _texts(texts: Sequence[_Text], index: int, power: float) -> str:
    """The sentences of one row; together they are one stop for Tab."""
    boxes = []
    for of, text in enumerate(texts):
        row = text.panel.summaries[index]
        line = line_html(row, text.columns, power, stop=-1 if of else 0)
        label = _("{head}: {unit}").format(head=f"{row.label}, {text.name}", unit=row.unit)
        boxes.append(text_box(row, line, label, f" {text.unit}", of))
    return f'<div class="pvm-texts pva-stop">{"".join(boxes)}</div>'


@lru_cache(maxsize=1)
def _style() -> str:
    return end_colours(_STYLE)
